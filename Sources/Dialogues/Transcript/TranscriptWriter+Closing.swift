internal import Bytes
internal import MailProtocols
internal import Packets
internal import Streams
internal import WebProtocols

/// TLS, the end of the conversation, and what was missing or odd.
extension TranscriptWriter {
  mutating func writeProtection(_ arena: Span<UInt8>) {
    let first = landmarks.firstProtected
    guard first >= 0 else { return }
    var second = -1
    var alert = -1
    for index in first + 1..<max(recordCount, first + 1) where kind(index) == .protected {
      if self.record(index, arena).code >= Record.alertOffset { alert = index } else { second = index }
    }
    var record = self.record(first, arena)
    out.append(",\"protection\":{\"kind\":\"")
    out.append(record.word == 1 ? "implicit\"" : "starttls\"")
    var index = first
    while index >= 0 {
      defer { index = index == first ? second : -1 }
      let candidate = self.record(index, arena)
      if candidate.textByteCount > 0 {
        out.append(",\"serverName\":")
        out.append(json: arena.extracting(text(index, candidate)))
      }
    }
    out.append(",\"frames\":[")
    out.append(decimal: Int(record.mark.frame))
    if second >= 0 {
      record = self.record(second, arena)
      out.append(UInt8(ascii: ","))
      out.append(decimal: Int(record.mark.frame))
    }
    out.append(UInt8(ascii: "]"))
    if alert >= 0 {
      record = self.record(alert, arena)
      out.append(",\"alert\":{\"name\":\"")
      out.append(TLSAlert.name(UInt8(truncatingIfNeeded: record.code - Record.alertOffset)))
      out.append(record.flags.contains(.fromClient) ? "\",\"by\":\"client\"" : "\",\"by\":\"server\"")
      out.append(",\"frame\":")
      out.append(decimal: Int(record.mark.frame))
      out.append(UInt8(ascii: "}"))
    }
    writeAgreement(arena)
    if landmarks.hasDecryption { writeDecryption(arena) }
    out.append(UInt8(ascii: "}"))
  }
  /// What the server chose, as its hello says in clear or, where that came in pieces, as was found while reading.
  private mutating func writeAgreement(_ arena: Span<UInt8>) {
    var agreed = TLSAgreement(number: 0)
    for index in 0..<recordCount where kind(index) == .protected || kind(index) == .decrypted {
      if agreed.number == 0 { agreed = TLSAgreement(number: record(index, arena).number) }
    }
    if let version = agreed.version {
      out.append(",\"version\":\"")
      out.append(version)
      out.append(UInt8(ascii: "\""))
    }
    if let suite = agreed.cipherSuite {
      out.append(",\"cipherSuite\":\"")
      out.append(suite)
      out.append(UInt8(ascii: "\""))
    }
  }
  /// From where on TLS was read, and why not, or no longer.
  private mutating func writeDecryption(_ arena: Span<UInt8>) {
    out.append(",\"decryption\":{")
    var isFirst = true
    for index in 0..<recordCount where kind(index) == .decrypted {
      let record = self.record(index, arena)
      out.append(commaUnless: isFirst)
      isFirst = false
      guard let obstacle = TLSSession.Obstacle(rawValue: record.word) else {
        out.append("\"frame\":")
        out.append(decimal: Int(record.mark.frame))
        continue
      }
      out.append("\"obstacle\":{\"name\":\"")
      out.append(obstacle.name)
      out.append("\",\"text\":\"")
      out.append(obstacle.text)
      out.append("\",\"frame\":")
      out.append(decimal: Int(record.mark.frame))
      out.append(UInt8(ascii: "}"))
    }
    out.append(UInt8(ascii: "}"))
  }

  mutating func writeClosing(_ subject: Subject, _ arena: Span<UInt8>) {
    out.append(",\"closing\":{\"how\":\"")
    switch subject.summary.ending {
    case .finished: out.append("finished\"")
    case .reset: out.append("reset\"")
    case .captureEnded: out.append("capture-ended\"")
    case .reused: out.append("reused\"")
    case .evicted: out.append("evicted\"")
    }
    if let quit = lastQuit(subject.dissected, arena) {
      out.append(",\"quit\":")
      writeExchange(quit, record(quit, arena), subject.dissected, arena)
    } else if subject.dissected == .smtp, landmarks.hasGaps, let goodbye = goodbyeToLostQuit(arena) {
      out.append(",\"quit\":{\"replies\":[")
      writeReply(from: goodbye, isGrouped: false, subject.dissected, arena)
      out.append("]}")
    }
    out.append(",\"finishes\":[")
    writeSegments(subject, subject.summary.sides[0].finishFrame, subject.summary.sides[1].finishFrame)
    out.append("],\"resets\":[")
    writeSegments(subject, subject.summary.sides[0].resetFrame, subject.summary.sides[1].resetFrame)
    out.append("]}")
  }
  private func lastQuit(_ dissected: DissectedProtocol, _ arena: Span<UInt8>) -> Int? {
    let word: UInt8
    switch dissected {
    case .smtp: word = SMTPDialogue.Asked.quit.rawValue
    case .pop3: word = POP3Dialogue.Asked.quit.rawValue
    case .imap: word = IMAPCommand.Name.logout.rawValue
    case .http, .tls: return nil
    }
    var index = recordCount - 1
    while index >= 0 {
      let entry = entries[index]
      if entry.kind == .request, entry.word == word, record(index, arena).code == 0 { return index }
      index -= 1
    }
    return nil
  }
  /// The first line of the server's last reply where that answers a QUIT that was not captured, or not whole: 221 does
  /// nothing else (RFC 5321 §4.2.3).
  private func goodbyeToLostQuit(_ arena: Span<UInt8>) -> Int? {
    guard (0..<recordCount).contains(where: { kind($0) == .gap && isOfClient($0) }) else { return nil }
    var goodbye: Int?
    for index in (0..<recordCount).reversed() where kind(index) == .reply {
      let reply = record(index, arena)
      let request = Int(ordinals[Int(reply.ordinal)].request)
      let isUnasked = reply.ordinal == 0 || request < 0 || entries[request].flags.contains(.hasHole)
      guard reply.code == 221, isUnasked, goodbye == nil || !reply.flags.contains(.isLast) else { return goodbye }
      goodbye = index
    }
    return goodbye
  }
  /// FINs or RSTs of both sides in the order of their frames.
  private mutating func writeSegments(_ subject: Subject, _ lower: UInt32, _ upper: UInt32) {
    let isLowerFirst = lower > 0 && (upper == 0 || lower < upper)
    var isFirst = true
    for turn in 0..<2 {
      let direction = isLowerFirst ? turn : turn ^ 1
      let frame = direction == 0 ? lower : upper
      if frame == 0 { continue }
      out.append(commaUnless: isFirst)
      out.append("{\"by\":\"")
      isFirst = false
      out.append(direction == subject.clientDirection ? "client" : "server")
      out.append("\",\"frame\":")
      out.append(decimal: Int(frame))
      out.append(UInt8(ascii: "}"))
    }
  }

  mutating func writeRemarks(_ subject: Subject, _ arena: Span<UInt8>, _ remarks: borrowing RemarkBook) {
    out.append(",\"gaps\":[")
    var isFirst = true
    for index in 0..<(landmarks.hasGaps ? recordCount : 0) where kind(index) == .gap {
      let record = self.record(index, arena)
      out.append(commaUnless: isFirst)
      out.append("{\"by\":\"")
      isFirst = false
      out.append(record.flags.contains(.fromClient) ? "client" : "server")
      out.append("\",\"byteCount\":")
      out.append(decimal: Int(record.number))
      out.append(",\"frame\":")
      out.append(decimal: Int(record.mark.frame))
      out.append(UInt8(ascii: "}"))
    }
    out.append("],\"anomalies\":[")
    isFirst = true
    for index in 0..<(landmarks.hasAnomalies ? recordCount : 0) where kind(index) == .anomaly {
      let record = self.record(index, arena)
      guard let anomaly = Anomaly(rawValue: record.word) else { continue }
      out.append(commaUnless: isFirst)
      out.append("{\"name\":\"")
      isFirst = false
      out.append(anomaly.name)
      out.append("\",\"by\":\"")
      out.append(record.flags.contains(.fromClient) ? "client" : "server")
      out.append("\",\"text\":\"")
      out.append(anomaly.description)
      out.append("\",\"frame\":")
      out.append(decimal: Int(record.mark.frame))
      out.append(UInt8(ascii: "}"))
    }
    remarks.forEach(of: subject.summary) { entry, earlier, later in
      out.append(commaUnless: isFirst)
      isFirst = false
      write(entry, earlier, later, subject)
    }
    out.append(UInt8(ascii: "]"))
  }
  /// What was unusual about the connection's segments; of a conflict both versions of the octets.
  private mutating func write(
    _ entry: RemarkBook.Entry, _ earlier: Span<UInt8>, _ later: Span<UInt8>, _ subject: Subject
  ) {
    out.append("{\"name\":\"")
    out.append(entry.irregularity.name)
    out.append("\",\"by\":\"")
    out.append(Int(entry.direction) == subject.clientDirection ? "client" : "server")
    out.append("\",\"text\":\"")
    out.append(entry.irregularity.text)
    out.append("\",\"frame\":")
    out.append(decimal: Int(entry.frames[0]))
    out.append(",\"count\":")
    out.append(decimal: Int(entry.count))
    out.append(",\"frames\":[")
    for index in 0..<Int(entry.frameCount) {
      if index > 0 { out.append(UInt8(ascii: ",")) }
      out.append(decimal: Int(entry.frames[index]))
    }
    out.append(UInt8(ascii: "]"))
    if entry.irregularity.isCommon { out.append(",\"isCommon\":true") }
    if entry.earlierFrame > 0 {
      out.append(",\"earlierFrame\":")
      out.append(decimal: Int(entry.earlierFrame))
    }
    if entry.irregularity == .overlapConflict, !masksPasswords {
      // Either version may hold a password.
      out.append(",\"earlier\":")
      out.append(json: earlier)
      out.append(",\"later\":")
      out.append(json: later)
    }
    out.append(UInt8(ascii: "}"))
  }
}
