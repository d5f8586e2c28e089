internal import Bytes
internal import Ciphers
internal import Streams

/// A message on its way: undoes the dot-stuffing (RFC 5321 §4.5.2, RFC 1939 §3), finds the end, counts, digests, and
/// gives the scanner line after line. Nothing of it is held but an unfinished line.
struct MessageStream: BitwiseCopyable {
  private(set) var isOpen = false
  /// The final dot has been seen.
  private(set) var hasReachedEnd = false
  /// The last line was a dot that some servers take for the end: bare LFs stand around it.
  private(set) var awaitsJudgement = false
  /// The chunk under way is the last (RFC 3030).
  var isLastChunk = false
  /// The ordinal under which the server judges the message.
  var replyOrdinal: UInt32 = 0
  private var scanner = MessageScanner()
  private var digest: Int32 = -1
  private var byteCount: UInt64 = 0
  private var gapByteCount: UInt64 = 0
  private var isMidLine = false
  private var lastLineEndedBare = false
  /// The end of line behind a dot that awaits judgement.
  private var judgedEndCount: UInt8 = 0
  private var lastMark = LineMark()
  /// What is heard begins within the message's body.
  private var lacksBeginning = false
  /// How many ranges it was fetched in.
  private var rangeCount: UInt16 = 0
  /// Nothing of it is missing unless another range follows.
  var isWholeUnlessContinued = false

  /// Whether something of it was not captured, so that its end may have been missed.
  var isTorn: Bool { isOpen && (gapByteCount > 0 || lacksBeginning) }

  /// Begins a message that belongs to the request `ordinal`; `label` tells more (a section, a URL). One that
  /// `lacksBeginning` is heard from within its body on.
  mutating func begin(
    via: MessageVia, ordinal: UInt32, label: Span<UInt8> = Span(), at mark: LineMark, fields: inout BufferPool,
    recorder: inout Recorder, log: inout ConversationLog, lacksBeginning: Bool = false
  ) {
    // Both sides of an IMAP connection may send one at the same time; the first is then told as far as it came.
    if isOpen { end(isComplete: isWholeUnlessContinued, fields: &fields, recorder: &recorder, log: &log) }
    let bodyOnly = lacksBeginning || via == .fetch && Self.isBody(label)
    self = MessageStream()
    isOpen = true
    self.lacksBeginning = lacksBeginning
    replyOrdinal = ordinal
    lastMark = mark
    log.messageCount &+= 1
    if recorder.hashes { beginDigest(MessageHead(via, label, mark, log), &recorder) }
    recorder.record(
      Record(
        .message, flags: via == .data || via == .bdat || via == .append || via == .request ? .fromClient : .none,
        word: via.rawValue, ordinal: ordinal, mark: mark), label, in: &log)
    if bodyOnly { scanner.beginBody(fields: &fields) }
  }
  /// The next range of a message that is fetched range by range follows, under another request.
  mutating func goOn(ranges: UInt16, replyOrdinal: UInt32) {
    rangeCount = ranges
    isWholeUnlessContinued = false
    self.replyOrdinal = replyOrdinal
  }
  /// Whether what is fetched as `label` has no header (RFC 9051 §6.4.5.1, RFC 3501 §6.4.5): `BODY[TEXT]`, `BODY[2]`, and
  /// not `BODY[]`, `BODY[2.HEADER]`, `BODY[1.MIME]`.
  private static func isBody(_ label: Span<UInt8>) -> Bool {
    guard let open = label.firstOffset(of: UInt8(ascii: "[")) else { return label.equalsIgnoringCase("rfc822.text") }
    var word = open + 1
    while word < label.count, ASCII.isDigit(label[word]) || label[word] == ASCII.dot { word += 1 }
    if label.startsIgnoringCase(with: "header", at: word) || label.startsIgnoringCase(with: "mime", at: word) {
      return false
    }
    return word > open + 1 || !(word < label.count && label[word] == UInt8(ascii: "]"))
  }

  /// Takes dot-stuffed octets until they end or the message does; returns how many.
  mutating func receive(
    _ bytes: Span<UInt8>, from start: Int, at position: StreamPosition, carry: inout LineCarry,
    acceptsBareLineFeedEnd: Bool, lines: inout BufferPool, fields: inout BufferPool, recorder: inout Recorder,
    log: inout ConversationLog
  ) -> Int {
    if awaitsJudgement { resolveAsText(fields: &fields, recorder: &recorder, log: &log) }
    lastMark = LineMark(position, offset: start, byteCount: 0)
    var offset = start
    var digested = start
    while offset < bytes.count {
      let counted = countRun(bytes, from: offset, carry)
      if scanner.isPartTapped { tapRun(bytes.extracting(offset..<counted), recorder) }
      byteCount &+= UInt64(counted &- offset)
      offset = counted
      if offset == bytes.count { break }
      guard let lineFeed = bytes.firstOffset(of: ASCII.lineFeed, from: offset) else {
        digestOctets(bytes.extracting(digested..<offset), &recorder)
        keep(bytes, from: offset, at: position, &carry, lines: &lines, fields: &fields, recorder: &recorder, log: &log)
        return bytes.count &- start
      }
      var end = lineFeed &+ 1
      if carry.isEmpty, !isMidLine {
        if bytes[offset] == ASCII.dot {
          digestOctets(bytes.extracting(digested..<offset), &recorder)
          digested = end
          if receiveDotted(
            bytes.extracting(offset..<end), isFollowed: end < bytes.count, acceptsBareLineFeedEnd,
            fields: &fields, recorder: &recorder, log: &log)
          {
            return end &- start
          }
        } else {
          end = endOfRun(bytes, from: offset, lineEnd: end)
          byteCount &+= UInt64(end &- offset)
          scanner.receive(
            bytes.extracting(offset..<end), isStart: true, isEnd: true, fields: &fields, recorder: &recorder, log: &log)
          lastLineEndedBare = end &- 1 == offset || bytes[end &- 2] != ASCII.carriageReturn
        }
      } else {
        digestOctets(bytes.extracting(digested..<offset), &recorder)
        digested = end
        let isEnd = finishCarried(
          bytes.extracting(offset..<end), at: position, offset: offset, isFollowed: end < bytes.count,
          acceptsBareLineFeedEnd, &carry, lines: &lines, fields: &fields, recorder: &recorder, log: &log)
        if isEnd { return end &- start }
      }
      offset = end
    }
    digestOctets(bytes.extracting(digested..<bytes.count), &recorder)
    return bytes.count &- start
  }
  /// Takes base64 from `start` on, if that is only counted, through to where it says more; returns where that is.
  @inline(__always) private mutating func countRun(_ bytes: Span<UInt8>, from start: Int, _ carry: LineCarry) -> Int {
    guard scanner.countsRuns, carry.isEmpty else { return start }
    let end = scanner.countRun(bytes, from: start)
    if end > start {
      isMidLine = bytes[end &- 1] != ASCII.lineFeed
      if !isMidLine { lastLineEndedBare = end &- 1 == start || bytes[end &- 2] != ASCII.carriageReturn }
    }
    return end
  }
  /// Where the run of whole lines ends that begins with the line up to `end`: lines of a body that no boundary and no
  /// dot can interrupt go to the scanner together.
  @inline(__always) private func endOfRun(_ bytes: Span<UInt8>, from start: Int, lineEnd: Int) -> Int {
    guard scanner.takesRuns, bytes[start] != UInt8(ascii: "-") else { return lineEnd }
    var end = lineEnd
    while end < bytes.count, bytes[end] != ASCII.dot, bytes[end] != UInt8(ascii: "-"),
      let lineFeed = bytes.firstOffset(of: ASCII.lineFeed, from: end)
    {
      end = lineFeed &+ 1
    }
    return end
  }
  /// Takes octets that are message as they are (BDAT, literals, HTTP bodies); those of a message that another has ended
  /// are nobody's.
  mutating func receiveChunk(
    _ bytes: Span<UInt8>, at position: StreamPosition, offset: Int, carry: inout LineCarry, lines: inout BufferPool,
    fields: inout BufferPool, recorder: inout Recorder, log: inout ConversationLog
  ) {
    guard isOpen else { return }
    lastMark = LineMark(position, offset: offset, byteCount: bytes.count)
    byteCount &+= UInt64(bytes.count)
    digestOctets(bytes, &recorder)
    var start = 0
    while start < bytes.count {
      let counted = countRun(bytes, from: start, carry)
      if scanner.isPartTapped { tapRun(bytes.extracting(start..<counted), recorder) }
      start = counted
      if start == bytes.count { break }
      guard let lineFeed = bytes.firstOffset(of: ASCII.lineFeed, from: start) else {
        let rest = bytes.extracting(start...)
        if !carry.hasRoom(for: rest.count, in: lines) {
          let filled = carry.fill(with: rest, at: position, offset: offset &+ start, in: &lines)
          scanCarried(&carry, isEnd: false, lines: &lines, fields: &fields, recorder: &recorder, log: &log)
          scanner.receive(
            rest.extracting(filled...), isStart: !isMidLine, isEnd: false, fields: &fields, recorder: &recorder,
            log: &log)
          isMidLine = true
        } else {
          carry.append(
            rest, at: position, offset: offset &+ start, limit: DialogueLimits.messageLineByteCount, in: &lines)
        }
        return
      }
      var end = lineFeed &+ 1
      if !carry.hasRoom(for: end &- start, in: lines) {
        start &+= carry.fill(
          with: bytes.extracting(start..<end), at: position, offset: offset &+ start, in: &lines)
        scanCarried(&carry, isEnd: false, lines: &lines, fields: &fields, recorder: &recorder, log: &log)
      }
      if carry.isEmpty {
        if !isMidLine { end = endOfRun(bytes, from: start, lineEnd: end) }
        scanner.receive(
          bytes.extracting(start..<end), isStart: !isMidLine, isEnd: true, fields: &fields, recorder: &recorder,
          log: &log)
        isMidLine = false
      } else {
        carry.append(
          bytes.extracting(start..<end), at: position, offset: offset &+ start,
          limit: DialogueLimits.messageLineByteCount, in: &lines)
        scanCarried(&carry, isEnd: true, lines: &lines, fields: &fields, recorder: &recorder, log: &log)
      }
      start = end
    }
  }
  mutating func gap(_ byteCount: Int) {
    gapByteCount &+= UInt64(byteCount)
    isMidLine = false
    awaitsJudgement = false
  }
  /// Ends the message. What is kept of an unfinished line must have been given before.
  mutating func end(
    isComplete: Bool, fields: inout BufferPool, recorder: inout Recorder, log: inout ConversationLog
  ) {
    guard isOpen else { return }
    isOpen = false
    scanner.finish(fields: &fields, recorder: &recorder, log: &log)
    var record = Record(
      .messageEnd, flags: isComplete && gapByteCount == 0 && !lacksBeginning ? .isComplete : .none,
      code: rangeCount, ordinal: replyOrdinal, number: byteCount,
      otherNumber: gapByteCount, mark: lastMark)
    record.word = digest >= 0 ? 1 : 0
    if digest >= 0 {
      let octets = recorder.digests.finish(digest)
      recorder.tap?.end(
        Int(digest),
        MessageTail(
          isComplete: record.flags.contains(.isComplete), byteCount: byteCount, gapByteCount: gapByteCount,
          lastFrame: lastMark.lastFrame, digest: octets))
      digest = -1
      recorder.record(record, octets.span, in: &log)
    } else {
      recorder.record(record, in: &log)
    }
  }

  @inline(never) private mutating func beginDigest(_ head: MessageHead, _ recorder: inout Recorder) {
    digest = recorder.digests.allocate()
    guard let tap = recorder.tap else { return }
    tap.begin(Int(digest), head)
    scanner.tapped = digest
  }
  @inline(__always) private func digestOctets(_ octets: Span<UInt8>, _ recorder: inout Recorder) {
    if digest >= 0, octets.count > 0 { recorder.take(octets, of: digest) }
  }
  @inline(never) private func tapRun(_ octets: Span<UInt8>, _ recorder: borrowing Recorder) {
    if octets.count > 0 { recorder.tap?.receive(part: octets, of: Int(digest)) }
  }
  /// A line that begins with a dot. True when it ends the message.
  @inline(never) private mutating func receiveDotted(
    _ line: Span<UInt8>, isFollowed: Bool, _ acceptsBareLineFeedEnd: Bool, fields: inout BufferPool,
    recorder: inout Recorder, log: inout ConversationLog
  ) -> Bool {
    let contentCount = line.contentCount
    if contentCount == 1 {
      let isBare = line.count == 2 || lastLineEndedBare
      if !isBare || acceptsBareLineFeedEnd {
        hasReachedEnd = true
        return true
      }
      if !isFollowed {
        awaitsJudgement = true
        judgedEndCount = UInt8(line.count - 1)
        return false
      }
      noteDot(&recorder, &log)
    }
    receiveText(line.extracting(1...), fields: &fields, recorder: &recorder, log: &log)
    return false
  }
  /// What ends no message may end one for a server, which then takes orders from whoever wrote the text (RFC 5321
  /// §4.1.1.4 forbids that).
  @inline(never) private func noteDot(_ recorder: inout Recorder, _ log: inout ConversationLog) {
    recorder.anomaly(.bareLineFeedDot, fromClient: true, at: lastMark, in: &log)
  }
  private mutating func receiveText(
    _ line: Span<UInt8>, fields: inout BufferPool, recorder: inout Recorder, log: inout ConversationLog
  ) {
    byteCount &+= UInt64(line.count)
    digestOctets(line, &recorder)
    lastLineEndedBare = line.count &- line.contentCount == 1
    scanner.receive(line, isStart: true, isEnd: true, fields: &fields, recorder: &recorder, log: &log)
  }
  /// The message goes on behind a dot that might have been its end: the dot was stuffing.
  private mutating func resolveAsText(
    fields: inout BufferPool, recorder: inout Recorder, log: inout ConversationLog
  ) {
    awaitsJudgement = false
    noteDot(&recorder, &log)
    let end: InlineArray<2, UInt8> = [ASCII.carriageReturn, ASCII.lineFeed]
    receiveText(
      end.span.extracting((judgedEndCount == 1 ? 1 : 0)...), fields: &fields, recorder: &recorder, log: &log)
  }
  /// Keeps an unfinished line; one that grows too long goes to the scanner piece by piece.
  private mutating func keep(
    _ bytes: Span<UInt8>, from offset: Int, at position: StreamPosition, _ carry: inout LineCarry,
    lines: inout BufferPool, fields: inout BufferPool, recorder: inout Recorder, log: inout ConversationLog
  ) {
    let rest = bytes.extracting(offset...)
    if carry.hasRoom(for: rest.count, in: lines) {
      return carry.append(
        rest, at: position, offset: offset, limit: DialogueLimits.messageLineByteCount, in: &lines)
    }
    let filled = carry.fill(with: rest, at: position, offset: offset, in: &lines)
    takePieces(&carry, lines: &lines, fields: &fields, recorder: &recorder, log: &log)
    takePiece(rest.extracting(filled...), fields: &fields, recorder: &recorder, log: &log)
  }
  /// Gives the scanner what is kept of a line that is not over.
  private mutating func takePieces(
    _ carry: inout LineCarry, lines: inout BufferPool, fields: inout BufferPool, recorder: inout Recorder,
    log: inout ConversationLog
  ) {
    if carry.isEmpty { return }
    lines.withOctets(of: carry.buffer) { takePiece($0, fields: &fields, recorder: &recorder, log: &log) }
    carry.release(in: &lines)
  }
  private mutating func takePiece(
    _ piece: Span<UInt8>, fields: inout BufferPool, recorder: inout Recorder, log: inout ConversationLog
  ) {
    let isStart = !isMidLine
    let octets = piece.extracting((isStart && piece.count > 0 && piece[0] == ASCII.dot ? 1 : 0)...)
    byteCount &+= UInt64(octets.count)
    digestOctets(octets, &recorder)
    scanner.receive(octets, isStart: isStart, isEnd: false, fields: &fields, recorder: &recorder, log: &log)
    isMidLine = true
  }
  private mutating func finishCarried(
    _ rest: Span<UInt8>, at position: StreamPosition, offset: Int, isFollowed: Bool, _ acceptsBareLineFeedEnd: Bool,
    _ carry: inout LineCarry, lines: inout BufferPool, fields: inout BufferPool, recorder: inout Recorder,
    log: inout ConversationLog
  ) -> Bool {
    var filled = 0
    if !carry.hasRoom(for: rest.count, in: lines) {
      filled = carry.fill(with: rest, at: position, offset: offset, in: &lines)
      takePieces(&carry, lines: &lines, fields: &fields, recorder: &recorder, log: &log)
    }
    if carry.isEmpty {
      finishLine(rest.extracting(filled...), fields: &fields, recorder: &recorder, log: &log)
      return false
    }
    carry.append(rest, at: position, offset: offset, limit: DialogueLimits.messageLineByteCount, in: &lines)
    var isEnd = false
    lines.withOctets(of: carry.buffer) { line in
      if !isMidLine, line[0] == ASCII.dot {
        isEnd = receiveDotted(
          line, isFollowed: isFollowed, acceptsBareLineFeedEnd, fields: &fields, recorder: &recorder, log: &log)
      } else {
        finishLine(line, fields: &fields, recorder: &recorder, log: &log)
      }
    }
    isMidLine = false
    carry.release(in: &lines)
    return isEnd
  }
  /// Takes the last piece of a line, or all of it.
  private mutating func finishLine(
    _ line: Span<UInt8>, fields: inout BufferPool, recorder: inout Recorder, log: inout ConversationLog
  ) {
    byteCount &+= UInt64(line.count)
    digestOctets(line, &recorder)
    lastLineEndedBare = line.count &- line.contentCount == 1
    scanner.receive(line, isStart: !isMidLine, isEnd: true, fields: &fields, recorder: &recorder, log: &log)
    isMidLine = false
  }
  /// Gives the scanner what is kept of an undotted line.
  mutating func scanCarried(
    _ carry: inout LineCarry, isEnd: Bool, lines: inout BufferPool, fields: inout BufferPool,
    recorder: inout Recorder, log: inout ConversationLog
  ) {
    guard isOpen, !carry.isEmpty else { return carry.release(in: &lines) }
    let isStart = !isMidLine
    lines.withOctets(of: carry.buffer) { line in
      scanner.receive(line, isStart: isStart, isEnd: isEnd, fields: &fields, recorder: &recorder, log: &log)
    }
    isMidLine = !isEnd
    carry.release(in: &lines)
  }
  /// Takes an unfinished dot-stuffed line at the end of the stream as it is.
  mutating func takeUnfinished(
    _ carry: inout LineCarry, lines: inout BufferPool, fields: inout BufferPool, recorder: inout Recorder,
    log: inout ConversationLog
  ) {
    guard isOpen, !carry.isEmpty else { return }
    let isStart = !isMidLine
    lines.withOctets(of: carry.buffer) { line in
      let octets = line.extracting((isStart && line[0] == ASCII.dot ? 1 : 0)...)
      byteCount &+= UInt64(octets.count)
      digestOctets(octets, &recorder)
      scanner.receive(octets, isStart: isStart, isEnd: true, fields: &fields, recorder: &recorder, log: &log)
    }
    carry.release(in: &lines)
  }
}
