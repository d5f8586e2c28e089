internal import Bytes
internal import MailProtocols

/// Reads a message line by line as it passes: header fields, MIME structure (RFC 2045, 2046), sizes of parts, and the
/// beginning of the text. It holds one header field at a time and never the message.
struct MessageScanner: BitwiseCopyable {
  private enum Mode: UInt8, BitwiseCopyable {
    case header
    /// A leaf's content.
    case body
    /// What stands before the first and behind the last boundary.
    case outside
  }
  private static var depthLimit: Int { 8 }

  private var mode = Mode.header
  private var depth = 0
  private var partCount = 0
  private var headerByteCount = 0
  private var isPartHeader = false
  /// The header field under way, where it is one of those that say what a part is; −1 when it is none.
  private var field: Int32 = -1
  private var role = ContentField.none
  /// Where the header field under way stands in the record; −1 when it does not.
  private var recordedField: Int32 = -1
  /// Content-Type and Content-Disposition of the part under way, parted by a NUL.
  private var description: Int32 = -1
  private var disposition: Int32 = -1
  /// The boundaries of the multiparts around, one after the other.
  private var boundaries: Int32 = -1
  private var boundaryRanges = InlineArray<8, OctetRange>(repeating: OctetRange(0, 0))
  private var text: Int32 = -1
  /// The depths at which a multipart is a digest, a bit each.
  private var digests: UInt16 = 0

  private var kind = ContentType.Summary.Kind.textPlain
  private var encoding = TransferEncoding.sevenBit
  private var decoder = TransferDecoder(.sevenBit)
  private var isAttachment = false
  private var lacksHeader = false
  private var keepsText = false
  /// Of the part under way, and of the best before it.
  private var textRank = TextRank.plain
  private var bestTextRank = TextRank.none
  private var encodedByteCount: UInt64 = 0
  private var decodedByteCount: UInt64 = 0
  /// Octets of the last line's end, which belong to a boundary that follows.
  private var lastEndCount: UInt64 = 0
  private var isLastEndDecoded = false
  /// The message's number for who taps it; −1 when nobody does.
  var tapped: Int32 = -1
  private(set) var isPartTapped = false

  init() {}

  /// Begins within a body, of which nothing says what it is: IMAP's BODY[TEXT] and BODY[1.2].
  mutating func beginBody(fields: inout BufferPool) {
    mode = .body
    lacksHeader = true
    keepsText = true
    text = fields.allocate()
  }

  /// Whether whole lines of which none begins with a hyphen may be given together.
  var takesRuns: Bool { mode == .body }

  /// Whether what comes is base64 that is only counted, so that `countRun` may take it.
  var countsRuns: Bool { mode == .body && encoding == .base64 && !keepsText }
  /// Takes what is nothing but base64 from `start` on, within a line or from line to line; returns where that ends.
  mutating func countRun(_ bytes: Span<UInt8>, from start: Int) -> Int {
    let (end, octetCount) = decoder.countRun(bytes, from: start)
    guard end > start else { return start }
    encodedByteCount &+= UInt64(end &- start)
    decodedByteCount &+= UInt64(octetCount)
    lastEndCount = UInt64(end &- start &- bytes.extracting(start..<end).contentCount)
    return end
  }
  /// Takes a line with its end, or a piece of one. Lines of header fields come whole unless they are longer than the
  /// limit.
  @inline(__always) mutating func receive(
    _ line: Span<UInt8>, isStart: Bool, isEnd: Bool, fields: inout BufferPool, recorder: inout Recorder,
    log: inout ConversationLog
  ) {
    switch mode {
    case .header: receiveHeader(line, isStart: isStart, isEnd: isEnd, fields: &fields, recorder: &recorder, log: &log)
    case .outside:
      if isStart, depth > 0, line.count >= 3, line[0] == UInt8(ascii: "-"), line[1] == UInt8(ascii: "-") {
        _ = receiveBoundary(line, fields: &fields, recorder: &recorder, log: &log)
      }
    case .body:
      if isStart, depth > 0, line.count >= 3, line[0] == UInt8(ascii: "-"), line[1] == UInt8(ascii: "-"),
        receiveBoundary(line, fields: &fields, recorder: &recorder, log: &log)
      {
        return
      }
      receiveBody(line, isEnd: isEnd, fields: &fields, recorder: &recorder)
    }
  }
  /// The message is over.
  mutating func finish(fields: inout BufferPool, recorder: inout Recorder, log: inout ConversationLog) {
    if mode == .header {
      flushField(fields: &fields, recorder: &recorder, log: &log)
      if partCount > 0 || isPartHeader { beginPart(fields: &fields, recorder: &recorder, log: &log) }
    }
    lastEndCount = 0
    if mode == .body { endPart(fields: &fields, recorder: &recorder, log: &log) }
    let buffers: InlineArray<5, Int32> = [field, description, disposition, boundaries, text]
    for position in buffers.indices where buffers[position] >= 0 { fields.release(buffers[position]) }
    self = MessageScanner()
  }

  // MARK: Header

  private mutating func receiveHeader(
    _ line: Span<UInt8>, isStart: Bool, isEnd: Bool, fields: inout BufferPool, recorder: inout Recorder,
    log: inout ConversationLog
  ) {
    let contentCount = line.contentCount
    if isStart, contentCount == 0, line.count > 0 {
      flushField(fields: &fields, recorder: &recorder, log: &log)
      beginPart(fields: &fields, recorder: &recorder, log: &log)
      return
    }
    let isContinuation = !isStart || (line.count > 0 && ASCII.isBlank(line[0]))
    let content = line.extracting(0..<contentCount)
    if isContinuation {
      return continueField(content, fields: &fields, recorder: &recorder, log: &log)
    }
    flushField(fields: &fields, recorder: &recorder, log: &log)
    let parsed = HeaderField.parse(content)
    if parsed == nil, !line.starts(with: "From "), !line.starts(with: ">From ") {
      // The empty line is missing: what is no header field is the body's first line.
      beginPart(fields: &fields, recorder: &recorder, log: &log)
      return receive(line, isStart: isStart, isEnd: isEnd, fields: &fields, recorder: &recorder, log: &log)
    }
    // Mailboxes put a `From ` line before the first field.
    if let parsed { beginField(content, parsed, fields: &fields, recorder: &recorder, log: &log) }
  }
  /// A field begins: it goes straight into the record, and what says what a part is (RFC 2045 §3, RFC 2183) is kept.
  private mutating func beginField(
    _ content: Span<UInt8>, _ parsed: HeaderField, fields: inout BufferPool, recorder: inout Recorder,
    log: inout ConversationLog
  ) {
    guard hasHeaderRoom(content.count, &log) else { return }
    if !isPartHeader {
      let record = Record(
        .field, number: UInt64(parsed.name.upper), otherNumber: UInt64(parsed.value.lower), mark: LineMark())
      let recordCount = log.recordCount
      recorder.record(record, content, limit: DialogueLimits.headerByteCount, in: &log)
      recordedField = log.recordCount == recordCount ? -1 : log.lastRecord
    }
    guard content[0] | 0x20 == UInt8(ascii: "c") else { return }
    role = ContentField(content)
    guard role != .none else { return }
    field = fields.allocate()
    keepField(content, &fields, &log)
  }
  /// A folded line of the field under way, or a piece of a long one: unfolding takes the line end away and leaves the
  /// blank (RFC 5322 §2.2.3).
  private mutating func continueField(
    _ content: Span<UInt8>, fields: inout BufferPool, recorder: inout Recorder, log: inout ConversationLog
  ) {
    guard hasHeaderRoom(content.count, &log) else { return }
    if recordedField >= 0 {
      recordedField = recorder.extend(
        recordedField, content, limit: DialogueLimits.headerByteCount, in: &log)
    }
    if field >= 0 { keepField(content, &fields, &log) }
  }
  private mutating func hasHeaderRoom(_ byteCount: Int, _ log: inout ConversationLog) -> Bool {
    headerByteCount &+= byteCount
    if headerByteCount <= DialogueLimits.headerByteCount * 4 { return true }
    log.omittedCount &+= 1
    return false
  }
  private func keepField(_ content: Span<UInt8>, _ fields: inout BufferPool, _ log: inout ConversationLog) {
    if content.count <= fields.room(field) {
      fields.append(content, to: field)
    } else {
      log.omittedCount &+= 1
    }
  }
  /// The field under way is over.
  @inline(__always) private mutating func flushField(
    fields: inout BufferPool, recorder: inout Recorder, log: inout ConversationLog
  ) {
    recordedField = -1
    if field >= 0 { readField(fields: &fields, log: &log) }
  }
  /// Reads the Content- field that was kept.
  @inline(never) private mutating func readField(fields: inout BufferPool, log: inout ConversationLog) {
    var content = OctetRange(0, 0)
    fields.withOctets(of: field) { octets in
      guard let colon = octets.firstOffset(of: UInt8(ascii: ":")) else { return }
      content = octets.trimmed(OctetRange(colon + 1, octets.count))
      switch role {
      case .type: kind = ContentType.Summary.kind(of: octets.extracting(octets.bounds(content)))
      case .transferEncoding: encoding = TransferEncoding.parse(octets.extracting(octets.bounds(content)))
      case .disposition: isAttachment = octets.startsIgnoringCase(with: "attachment", at: content.lower)
      case .none: break
      }
    }
    if role == .type {
      keep(content, in: &description, fields: &fields, log: &log)
    } else if role == .disposition {
      keep(content, in: &disposition, fields: &fields, log: &log)
    }
    fields.release(field)
    field = -1
    role = .none
  }
  private func keep(
    _ content: OctetRange, in buffer: inout Int32, fields: inout BufferPool, log: inout ConversationLog
  ) {
    if buffer < 0 { buffer = fields.allocate() }
    fields.removeAll(buffer)
    guard content.count <= fields.room(buffer) else { return log.omittedCount &+= 1 }
    fields.copy(content, of: field, to: buffer)
  }
  /// Gives back what describes a part: once that is recorded, or another part begins.
  private mutating func forgetDescription(_ fields: inout BufferPool) {
    if description >= 0 { fields.release(description) }
    if disposition >= 0 { fields.release(disposition) }
    description = -1
    disposition = -1
  }

  // MARK: Parts

  /// The header is over: what it describes begins.
  @inline(never) private mutating func beginPart(
    fields: inout BufferPool, recorder: inout Recorder, log: inout ConversationLog
  ) {
    partCount += 1
    if description < 0 {
      description = fields.allocate()
      if isInDigest { fields.append(Array("message/rfc822".utf8).span, to: description) }
    }
    fields.append(value: UInt8(0), to: description)
    if disposition >= 0 {
      fields.copy(OctetRange(0, fields.count(disposition)), of: disposition, to: description)
    }
    var boundary = OctetRange(0, 0)
    var joinedBoundary: [UInt8] = []
    var record = Record(.part, word: encoding.rawValue, code: isAttachment ? 1 : 0, mark: LineMark())
    record.depth = UInt8(depth)
    let isRecorded = partCount <= DialogueLimits.partCount
    fields.withOctets(of: description) { octets in
      if kind == .multipart {
        let end = octets.firstOffset(of: 0) ?? octets.count
        let type = ContentType.Summary.parse(octets.extracting(0..<end))
        boundary = type.boundary
        if type.isBoundaryExtended { joinedBoundary = Self.joinedBoundary(octets.extracting(0..<end)) }
        let isDigest = octets.extracting(octets.bounds(type.subtype)).equalsIgnoringCase("digest")
        digests = digests & ~(1 << UInt16(depth)) | (isDigest ? 1 << UInt16(depth) : 0)
      }
      textRank = isAttachment ? .none : TextRank(kind)
      if depth > 0, textRank > bestTextRank, TextRank.isFile(octets) { textRank = .file }
      if isRecorded { recorder.record(record, octets, in: &log) }
      isPartTapped = tapped >= 0 && isRecorded && kind != .multipart && tapPart(octets, recorder)
    }
    if kind == .multipart, !boundary.isEmpty, depth < Self.depthLimit {
      if boundaries < 0 { boundaries = fields.allocate() }
      let start = fields.count(boundaries)
      if joinedBoundary.isEmpty {
        fields.copy(boundary, of: description, to: boundaries)
      } else {
        fields.append(joinedBoundary.span, to: boundaries)
      }
      boundaryRanges[depth] = OctetRange(start, fields.count(boundaries))
      depth += 1
      mode = .outside
    } else {
      mode = .body
      keepsText = textRank > bestTextRank
      if keepsText { text = fields.allocate() }
      decoder = TransferDecoder(encoding)
    }
    encodedByteCount = 0
    decodedByteCount = 0
    lastEndCount = 0
    forgetDescription(&fields)
  }
  @inline(never) private static func joinedBoundary(_ type: Span<UInt8>) -> [UInt8] {
    Array((ContentType.parse(type)?.boundary ?? "").utf8)
  }
  @inline(never) private func tapPart(_ description: Span<UInt8>, _ recorder: borrowing Recorder) -> Bool {
    let head = PartHead(description, isDisposed: isAttachment, encoding)
    return recorder.tap?.beginPart(head, of: Int(tapped)) ?? false
  }
  private mutating func receiveBody(
    _ line: Span<UInt8>, isEnd: Bool, fields: inout BufferPool, recorder: inout Recorder
  ) {
    encodedByteCount &+= UInt64(line.count)
    if isPartTapped { recorder.tap?.receive(part: line, of: Int(tapped)) }
    if keepsText { return keepText(line, fields: &fields, recorder: &recorder) }
    lastEndCount = UInt64(line.count &- line.contentCount)
    decodedByteCount &+= UInt64(decoder.count(line))
    if encoding == .quotedPrintable {
      let last = line.contentCount
      isLastEndDecoded = !(last > 0 && line[last &- 1] == UInt8(ascii: "="))
    }
  }
  @inline(never) private mutating func keepText(
    _ line: Span<UInt8>, fields: inout BufferPool, recorder: inout Recorder
  ) {
    let contentCount = line.contentCount
    lastEndCount = UInt64(line.count &- contentCount)
    isLastEndDecoded = !(contentCount > 0 && line[contentCount &- 1] == UInt8(ascii: "="))
    let room = min(DialogueLimits.textByteCount + 2 - fields.count(text), fields.room(text))
    if encoding.isIdentity {
      decodedByteCount &+= UInt64(line.count)
      if room > 0 { fields.append(line.extracting(0..<min(room, line.count)), to: text) }
    } else {
      recorder.scratch.removeAll()
      decoder.decode(line, into: &recorder.scratch)
      decodedByteCount &+= UInt64(recorder.scratch.count)
      if room > 0 { recorder.scratch.withOctets { fields.append($0.extracting(0..<min(room, $0.count)), to: text) } }
    }
  }
  /// Ends the leaf under way; the last line's end belongs to the boundary (RFC 2046 §5.1.1).
  @inline(never) private mutating func endPart(
    fields: inout BufferPool, recorder: inout Recorder, log: inout ConversationLog
  ) {
    encodedByteCount &-= min(encodedByteCount, lastEndCount)
    let isEndDecoded = encoding.isIdentity || (encoding == .quotedPrintable && isLastEndDecoded)
    if isEndDecoded { decodedByteCount &-= min(decodedByteCount, lastEndCount) }
    if isPartTapped {
      recorder.tap?.endPart(boundaryByteCount: isEndDecoded ? Int(lastEndCount) : 0, of: Int(tapped))
      isPartTapped = false
    }
    if keepsText {
      if isEndDecoded, UInt64(fields.count(text)) > decodedByteCount {
        fields.truncate(text, to: Int(decodedByteCount))
      }
      let isCut = decodedByteCount > UInt64(min(fields.count(text), DialogueLimits.textByteCount))
      fields.withOctets(of: text) { octets in
        if lacksHeader, Self.isEncoded(octets) { return }
        if TextRank.isBlank(octets) { textRank = .blank }
        guard textRank > bestTextRank else { return }
        bestTextRank = textRank
        recorder.record(
          Record(.text, flags: isCut ? .isCut : .none, word: kind == .textHTML ? 1 : 0, mark: LineMark()), octets,
          limit: DialogueLimits.textByteCount, in: &log)
      }
      fields.release(text)
      text = -1
      keepsText = false
    }
    if partCount <= DialogueLimits.partCount {
      recorder.record(
        Record(.partEnd, number: encodedByteCount, otherNumber: decodedByteCount, mark: LineMark()), in: &log)
    }
  }
  /// Whether what nothing is known of is base64, by its first line (RFC 2045 §6.8): that is nothing to read.
  private static func isEncoded(_ octets: Span<UInt8>) -> Bool {
    let line = octets.extracting(octets.firstLine)
    return line.count >= 40 && line.count % 4 == 0 && Base64.decode(line) != nil
  }
  /// Where a part that names no type is a message rather than text (RFC 2046 §5.1.5).
  private var isInDigest: Bool { depth > 0 && digests & 1 << UInt16(depth - 1) != 0 }
  /// A line that may be a boundary of one of the multiparts around. False when it is text.
  @inline(never) private mutating func receiveBoundary(
    _ line: Span<UInt8>, fields: inout BufferPool, recorder: inout Recorder, log: inout ConversationLog
  ) -> Bool {
    let content = line.trimmed(OctetRange(2, line.contentCount))
    var level = depth - 1
    var isClosing = false
    while level >= 0 {
      let range = boundaryRanges[level]
      var isMatch = false
      fields.withOctets(of: boundaries) { octets in
        guard content.lower == 2, content.count >= range.count else { return }
        for offset in 0..<range.count where octets[range.lower + offset] != line[2 + offset] { return }
        let rest = content.count - range.count
        isClosing =
          rest == 2 && line[2 + range.count] == UInt8(ascii: "-") && line[3 + range.count] == UInt8(ascii: "-")
        isMatch = rest == 0 || isClosing
      }
      if isMatch { break }
      level -= 1
    }
    guard level >= 0 else { return false }
    if mode == .body { endPart(fields: &fields, recorder: &recorder, log: &log) }
    depth = isClosing ? level : level + 1
    fields.truncate(boundaries, to: depth > 0 ? boundaryRanges[depth - 1].upper : 0)
    if isClosing {
      mode = .outside
    } else {
      mode = .header
      isPartHeader = true
      kind = isInDigest ? .messageRFC822 : .textPlain
      encoding = .sevenBit
      isAttachment = false
      forgetDescription(&fields)
    }
    return true
  }
}
