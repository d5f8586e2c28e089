internal import Bytes
internal import MailProtocols

/// One attempt to log in, written out: what it says, the server's verdict, and where both stand.
extension TranscriptWriter {
  mutating func writeAttempt(_ subject: Subject, _ arena: Span<UInt8>) {
    out.append("{\"mechanism\":")
    if attempt.mechanismIndex >= 0 {
      let record = self.record(attempt.mechanismIndex, arena)
      let line = arena.extracting(text(attempt.mechanismIndex, record))
      // What stands in its place may be the password itself.
      if masksPasswords, !Redaction.isMechanism(line.extracting(line.bounds(attempt.mechanismName))) {
        writeMask()
      } else {
        writeMechanism(attempt.mechanismName, of: line)
      }
    } else {
      out.append(UInt8(ascii: "\""))
      out.append(attempt.mechanism)
      out.append(UInt8(ascii: "\""))
    }
    let isHeard = isHeardWhole(subject, arena)
    if userName.count > 0 || attempt.tellsUserName && isHeard {
      out.append(",\"username\":")
      Self.append(userName, to: &out)
    }
    if password.count > 0 || attempt.tellsPassword && isHeard {
      out.append(",\"password\":")
      if masksPasswords {
        writeMask()
      } else {
        Self.append(password, to: &out)
      }
    }
    out.append(",\"encoded\":[")
    for position in 0..<attempt.encoded.count {
      if position > 0 { out.append(UInt8(ascii: ",")) }
      let encoded = attempt.encoded[position]
      let line = arena.extracting(text(Int(encoded.index), record(Int(encoded.index), arena)))
      if masksPasswords {
        writeMask()
      } else {
        out.append(json: line.extracting(line.bounds(encoded.range)))
      }
    }
    out.append(UInt8(ascii: "]"))
    let verdict = writeVerdict(subject, arena)
    writeEvidence(verdict: verdict, arena)
    out.append(UInt8(ascii: "}"))
  }
  /// Whether what was said is whole, since the server answered: what of it is empty was said so.
  private func isHeardWhole(_ subject: Subject, _ arena: Span<UInt8>) -> Bool {
    for position in 0..<attempt.evidence.count
    where entries[Int(attempt.evidence[position])].flags.contains(.hasHole) { return false }
    let ordinal = Int(record(attempt.verdictOf, arena).ordinal)
    return ordinal > 0 && ordinals[ordinal].firstReply >= 0 || subject.dissected == .http
  }
  private mutating func writeMechanism(_ name: OctetRange, of line: Span<UInt8>) {
    out.append(UInt8(ascii: "\""))
    for offset in line.bounds(name) {
      let octet = line[offset]
      if ASCII.isLetter(octet) {
        out.append(octet & 0xDF)
      } else if ASCII.isDigit(octet) || octet == 45 {
        out.append(octet)
      }
    }
    out.append(UInt8(ascii: "\""))
  }
  static func append(_ text: borrowing ByteWriter, to out: inout ByteWriter) {
    text.withOctets { out.append(json: $0) }
  }
  /// Whether the server accepted, and its words; returns the record that says so, or −1.
  private mutating func writeVerdict(_ subject: Subject, _ arena: Span<UInt8>) -> Int {
    let request = record(attempt.verdictOf, arena)
    let ordinal = Int(request.ordinal)
    guard ordinal > 0, ordinals[ordinal].firstReply >= 0 else { return -1 }
    let index = lastOfReply(Int(ordinals[ordinal].firstReply), isGrouped: true, subject.dissected, arena)
    let reply = record(index, arena)
    let accepted: Bool? =
      switch subject.dissected {
      case .smtp: reply.flags.contains(.isLast) ? Self.isAccepted(smtp: reply.code) : nil
      case .http: isAccepted(request, http: reply.code, arena)
      // USER alone is no login, whatever the server says to it; refused, it is a refused one (RFC 1939 §7).
      case .pop3:
        reply.code == 1 ? false : reply.code == 0 && request.word != POP3Dialogue.Asked.user.rawValue ? true : nil
      case .imap: reply.flags.contains(.isLast) ? reply.code == UInt16(IMAPResponse.Status.ok.rawValue) : nil
      case .tls: nil
      }
    if let accepted {
      out.append(",\"accepted\":")
      out.append(json: accepted)
    }
    out.append(",\"reply\":")
    writeServerLine(index, arena)
    return index
  }
  /// 235 alone accepts; 4yz and 5yz refuse, and anything else says nothing of the login (RFC 4954 §6).
  private static func isAccepted(smtp code: UInt16) -> Bool? { code == 235 ? true : code >= 400 ? false : nil }
  private mutating func writeEvidence(verdict: Int, _ arena: Span<UInt8>) {
    var hasHole = false
    for position in 0..<attempt.evidence.count {
      hasHole = hasHole || entries[Int(attempt.evidence[position])].flags.contains(.hasHole)
    }
    if hasHole { out.append(",\"isComplete\":false") }
    out.append(",\"frames\":[")
    var isFirst = true
    var previous: UInt32 = 0
    for position in 0..<attempt.evidence.count {
      let index = Int(attempt.evidence[position])
      writeFrame(record(index, arena).mark, &isFirst, &previous)
      let ordinal = Int(record(index, arena).ordinal)
      if ordinal > 0, Int(ordinals[ordinal].request) == index, ordinals[ordinal].firstReply >= 0 {
        writeFrame(record(Int(ordinals[ordinal].firstReply), arena).mark, &isFirst, &previous)
      }
    }
    if verdict >= 0 { writeFrame(record(verdict, arena).mark, &isFirst, &previous) }
    out.append("],\"bytes\":[")
    isFirst = true
    for position in 0..<attempt.evidence.count {
      if writeBytes(record(Int(attempt.evidence[position]), arena).mark, isFirst: isFirst) { isFirst = false }
    }
    out.append(UInt8(ascii: "]"))
    if landmarks.hasPieces { writePieceCounts(arena) }
  }
  /// How many of the byte ranges belong to each of the lines, where one has several.
  @inline(never) private mutating func writePieceCounts(_ arena: Span<UInt8>) {
    var counts: [Int] = []
    for position in 0..<attempt.evidence.count {
      let count = byteRangeCount(record(Int(attempt.evidence[position]), arena).mark)
      if count > 0 { counts.append(count) }
    }
    if counts.allSatisfy({ $0 == 1 }) { return }
    out.append(",\"pieces\":[")
    for (position, count) in counts.enumerated() {
      if position > 0 { out.append(UInt8(ascii: ",")) }
      out.append(decimal: count)
    }
    out.append(UInt8(ascii: "]"))
  }
  private mutating func writeFrame(_ mark: LineMark, _ isFirst: inout Bool, _ previous: inout UInt32) {
    guard mark.frame > 0, mark.frame > previous else { return }
    writeFrames(mark, isFirst: isFirst, after: previous)
    previous = mark.lastFrame
    isFirst = false
  }
}
