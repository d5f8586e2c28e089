internal import Bytes
internal import MailProtocols

/// The opening and the exchanges: who said what, and what was answered.
extension TranscriptWriter {
  mutating func writeOpening(_ subject: Subject, _ arena: Span<UInt8>) {
    out.append(",\"opening\":{")
    let client = landmarks.firstRequest
    let server = landmarks.firstReply
    if recordCount > 0 {
      out.append("\"first\":\"")
      out.append(subject.firstDirection == subject.clientDirection ? "client\"" : "server\"")
    }
    if client >= 0 {
      out.append(",\"client\":{\"lines\":[")
      writeLine(client, subject.dissected, arena)
      out.append("],")
      writeEvidence(record(client, arena).mark)
      out.append(UInt8(ascii: "}"))
    }
    if server >= 0 {
      out.append(",\"server\":")
      writeReply(from: server, isGrouped: false, subject.dissected, arena, asLines: true)
    }
    if landmarks.hasGaps { writeOpeningGaps(arena) }
    out.append(UInt8(ascii: "}"))
  }
  /// How much of each side is missing before what is written as its first message.
  private mutating func writeOpeningGaps(_ arena: Span<UInt8>) {
    var isFirst = true
    for (flag, first) in [(Record.Flags.fromClient, landmarks.firstRequest), (.none, landmarks.firstReply)] {
      var byteCount: UInt64 = 0
      for index in 0..<(first < 0 ? recordCount : first) where kind(index) == .gap {
        let gap = record(index, arena)
        if gap.flags == flag { byteCount &+= gap.number }
      }
      if byteCount == 0 { continue }
      out.append(isFirst ? ",\"gaps\":{" : ",")
      isFirst = false
      out.append(flag == .fromClient ? "\"client\":" : "\"server\":")
      out.append(decimal: Int(byteCount))
    }
    if !isFirst { out.append(UInt8(ascii: "}")) }
  }

  mutating func writeExchanges(_ subject: Subject, _ arena: Span<UInt8>) {
    out.append(",\"exchanges\":[")
    var isFirst = true
    var lastUnasked = -1
    for index in 0..<recordCount {
      let record = self.record(index, arena)
      // A line of HTTP that begins no message is only what was said first.
      if subject.dissected == .http, record.ordinal == 0, record.code == 0 { continue }
      switch record.kind {
      case .request, .messageEnd:
        if record.kind == .messageEnd, subject.dissected != .smtp || Int(ordinals[Int(record.ordinal)].request) != index
        {
          continue
        }
        out.append(commaUnless: isFirst)
        isFirst = false
        writeExchange(index, record, subject.dissected, arena, isTimed: true)
      case .reply:
        // What was not asked for stands alone; its further lines were written with its first.
        let ordinal = Int(record.ordinal)
        guard ordinal == 0 || ordinals[ordinal].request < 0, index > lastUnasked else { continue }
        out.append(commaUnless: isFirst)
        isFirst = false
        out.append("{\"replies\":[")
        lastUnasked = writeReply(from: index, isGrouped: false, subject.dissected, arena, isTimed: true)
        out.append("]}")
      case .message, .field, .part, .partEnd, .text, .gap, .anomaly, .protected, .decrypted, .superseded, .pieces:
        continue
      }
    }
    out.append(UInt8(ascii: "]"))
  }
  /// One exchange: the request at `index` and its replies.
  mutating func writeExchange(
    _ index: Int, _ record: Record, _ dissected: DissectedProtocol, _ arena: Span<UInt8>, isTimed: Bool = false
  ) {
    out.append("{\"request\":{\"verb\":")
    if record.kind == .messageEnd {
      out.append("\".\",\"line\":\".\"")
    } else {
      let line = arena.extracting(text(index, record))
      writeVerb(line, record, dissected)
      out.append(",\"line\":")
      writeLine(index, dissected, arena)
      if dissected == .imap, record.code == 0, !isHidden(line, record, dissected), let command = IMAPCommand.parse(line)
      {
        out.append(",\"tag\":")
        out.append(json: line.extracting(line.bounds(command.tag)))
      }
    }
    out.append(UInt8(ascii: ","))
    if isTimed { writeTime(record.mark) }
    writeEvidence(record.mark)
    out.append("},\"replies\":[")
    writeReplies(to: record, index, dissected, arena, isTimed: isTimed)
    out.append("]}")
  }
  /// The replies to a request, each of one or more lines.
  private mutating func writeReplies(
    to record: Record, _ index: Int, _ dissected: DissectedProtocol, _ arena: Span<UInt8>, isTimed: Bool
  ) {
    let ordinal = Int(record.ordinal)
    guard ordinal > 0, Int(ordinals[ordinal].request) == index, ordinals[ordinal].firstReply >= 0 else { return }
    let first = Int(ordinals[ordinal].firstReply)
    var reply = first
    while reply >= 0 {
      if reply != first { out.append(UInt8(ascii: ",")) }
      let last = writeReply(from: reply, isGrouped: true, dissected, arena, isTimed: isTimed)
      reply = next(last, isGrouped: true, arena)
    }
  }
  private mutating func writeTime(_ mark: LineMark) {
    out.append("\"time\":")
    write(mark.timestamp)
    out.append(UInt8(ascii: ","))
  }
  /// One reply that begins at record `first`. Grouped, it is all that belongs to the ordinal; else the lines up to the
  /// one that ends it. Returns the last record.
  @discardableResult mutating func writeReply(
    from first: Int, isGrouped: Bool, _ dissected: DissectedProtocol, _ arena: Span<UInt8>, asLines: Bool = false,
    isTimed: Bool = false
  ) -> Int {
    let ending = lastOfReply(first, isGrouped: isGrouped, dissected, arena)
    let last = record(ending, arena)
    out.append(UInt8(ascii: "{"))
    if !asLines { writeStatus(last, dissected) }
    if isTimed { writeTime(record(first, arena).mark) }
    out.append("\"lines\":[")
    var index = first
    while true {
      if index != first { out.append(UInt8(ascii: ",")) }
      writeServerLine(index, arena)
      if index == ending { break }
      index = next(index, isGrouped: isGrouped, arena)
    }
    out.append("],\"frames\":[")
    index = first
    var previous: UInt32 = 0
    while true {
      let mark = record(index, arena).mark
      writeFrames(mark, isFirst: index == first, after: previous)
      previous = mark.lastFrame
      if index == ending { break }
      index = next(index, isGrouped: isGrouped, arena)
    }
    out.append("],\"bytes\":[")
    index = first
    var isFirst = true
    while true {
      if writeBytes(record(index, arena).mark, isFirst: isFirst) { isFirst = false }
      if index == ending { break }
      index = next(index, isGrouped: isGrouped, arena)
    }
    out.append("]}")
    return ending
  }
  private mutating func writeStatus(_ record: Record, _ dissected: DissectedProtocol) {
    switch dissected {
    case .smtp, .http:
      if record.code > 0 {
        out.append("\"code\":")
        out.append(decimal: Int(record.code))
        out.append(UInt8(ascii: ","))
      }
    case .pop3:
      let status: StaticString = record.code == 1 ? "-ERR" : record.code == 2 ? "+" : "+OK"
      out.append("\"status\":\"")
      out.append(status)
      out.append("\",")
    case .imap:
      let status: StaticString? =
        switch IMAPResponse.Status(rawValue: UInt8(truncatingIfNeeded: record.code)) {
        case .ok: "OK"
        case .no: "NO"
        case .bad: "BAD"
        case .preauthenticated: "PREAUTH"
        case .bye: "BYE"
        case .some(.none), nil: nil
        }
      if let status {
        out.append("\"status\":\"")
        out.append(status)
        out.append("\",")
      }
    case .tls: break
    }
  }
  func lastOfReply(_ first: Int, isGrouped: Bool, _ dissected: DissectedProtocol, _ arena: Span<UInt8>) -> Int {
    var index = first
    while true {
      // A command of LMTP may have several replies.
      if !isGrouped || dissected == .smtp, entries[index].flags.contains(.isLast) { return index }
      let following = next(index, isGrouped: isGrouped, arena)
      if following < 0 { return index }
      index = following
    }
  }
  /// The line behind `index` of the same reply; −1 when there is none.
  func next(_ index: Int, isGrouped: Bool, _ arena: Span<UInt8>) -> Int {
    if isGrouped { return Int(entries[index].next) }
    let ordinal = record(index, arena).ordinal
    var following = index + 1
    while following < recordCount, following < index + 64 {
      if kind(following) == .reply { return record(following, arena).ordinal == ordinal ? following : -1 }
      following += 1
    }
    return -1
  }
  private mutating func writeVerb(_ line: Span<UInt8>, _ record: Record, _ dissected: DissectedProtocol) {
    if record.flags.contains(.isSecret), record.code != 0 {
      out.append("\"*\"")
      return
    }
    if isHidden(line, record, dissected) { return writeMask() }
    var verb = line.word(from: 0)
    if dissected == .imap, record.code == 0, let command = IMAPCommand.parse(line) { verb = command.nameRange }
    out.append(UInt8(ascii: "\""))
    for offset in verb.lower..<min(verb.upper, verb.lower + 32) {
      let octet = line[offset]
      if !ASCII.isPrintable(octet) || octet == UInt8(ascii: "\"") || octet == UInt8(ascii: "\\") { break }
      out.append(ASCII.isLetter(octet) ? octet & 0xDF : octet)
    }
    out.append(UInt8(ascii: "\""))
  }
  /// Whether nothing of a client's line may be shown.
  private func isHidden(_ line: Span<UInt8>, _ record: Record, _ dissected: DissectedProtocol) -> Bool {
    masksPasswords && Redaction.redacted(line, record, of: dissected) == "\(Redaction.mask)"
  }
  /// A client's line, its secrets masked when that is asked for.
  mutating func writeLine(_ index: Int, _ dissected: DissectedProtocol, _ arena: Span<UInt8>) {
    let record = self.record(index, arena)
    let line = arena.extracting(text(index, record))
    if masksPasswords, let redacted = Redaction.redacted(line, record, of: dissected) {
      out.append(json: redacted)
    } else {
      out.append(json: line)
    }
  }
}
