internal import Bytes
internal import MailProtocols
internal import Streams

/// Messages that stand within their response as quoted strings, as short ones without a line end may (RFC 9051 §4.3):
///
///     S: * 1 FETCH (BODY[] "Subject: \"so\"" UID 7)
///
///     nstring = string / nil      string = quoted / literal
extension IMAPDissector {
  /// A message in quotes, and what it was fetched as.
  struct Quoted {
    var number: [UInt8]
    var section: [UInt8]
    /// Without the quotes, and with escapes undone.
    var octets: [UInt8]
  }

  /// Takes the messages in quotes of a server's line, or of its piece up to a literal: those of `carry` and `line`, which
  /// is the last that came of it, from `offset` on in its segment.
  @inline(__always) mutating func takeQuoted(
    _ line: Span<UInt8>, _ carry: LineCarry, at position: StreamPosition, offset: Int, lines: inout BufferPool,
    fields: inout BufferPool, recorder: inout Recorder
  ) {
    let mayHold =
      carry.isEmpty
      ? line[0] == UInt8(ascii: "*") && Self.mayHoldQuoted(line, from: 0)
      : lines.withOctets(of: carry.buffer) { Self.mayHoldQuoted($0, from: quotedSearch) }
    if !mayHold { return }
    takeAllQuoted(line, carry, at: position, offset: offset, lines: &lines, fields: &fields, recorder: &recorder)
  }
  /// Whether a quoted string stands behind what may be the name of a message: most lines have none, and those of ENVELOPE
  /// and BODYSTRUCTURE need not be taken apart.
  private static func mayHoldQuoted(_ line: Span<UInt8>, from start: Int) -> Bool {
    var from = min(start, line.count)
    while let quote = line.firstOffset(of: UInt8(ascii: "\""), from: from) {
      var end = quote
      while end > 0, ASCII.isBlank(line[end - 1]) { end -= 1 }
      // `BODY[1]`, `BODY[]<0>`, `RFC822`, `RFC822.TEXT`, `RFC822.HEADER`
      if end > 0, end < quote {
        switch line[end - 1] {
        case UInt8(ascii: "]"), UInt8(ascii: ">"), UInt8(ascii: "2"), UInt8(ascii: "T"), UInt8(ascii: "t"),
          UInt8(ascii: "R"), UInt8(ascii: "r"):
          return true
        default: break
        }
      }
      from = quote + 1
    }
    return false
  }
  @inline(never) private mutating func takeAllQuoted(
    _ line: Span<UInt8>, _ carry: LineCarry, at position: StreamPosition, offset: Int, lines: inout BufferPool,
    fields: inout BufferPool, recorder: inout Recorder
  ) {
    let mark = carry.isEmpty ? LineMark(position, offset: offset, byteCount: line.count) : carry.mark
    var search = quotedSearch
    defer { quotedSearch = search }
    while let found = carry.isEmpty
      ? Self.nextQuoted(line, from: &search)
      : lines.withOctets(of: carry.buffer, { Self.nextQuoted($0, from: &search) })
    {
      // Behind the last octet, some servers say that nothing is left.
      let isRest = FetchedRanges.range(found.section.span).map { $0.origin > 0 } ?? false
      if isRest, found.octets.isEmpty, !ranges.isWaiting { continue }
      beginFetched(
        found.section.span, of: found.number.span, byteCount: UInt64(found.octets.count), mark, fields: &fields,
        recorder: &recorder)
      if ranges.count < 2 { serverMessageCarry.release(in: &lines) }
      message.receiveChunk(
        found.octets.span, at: position, offset: offset, carry: &serverMessageCarry, lines: &lines, fields: &fields,
        recorder: &recorder, log: &log)
      endLiteral(fromClient: false, lines: &lines, fields: &fields, recorder: &recorder)
    }
  }
  /// A message that was fetched begins, or its next range.
  mutating func beginFetched(
    _ section: Span<UInt8>, of number: Span<UInt8>, byteCount: UInt64, _ mark: LineMark, fields: inout BufferPool,
    recorder: inout Recorder
  ) {
    clientLiteral.isAbandoned = awaitedAppend == nil
    let heard = dialogue.heardUntagged(.none)
    if ranges.begin(section, of: number, byteCount: byteCount) {
      message.goOn(ranges: ranges.count, replyOrdinal: heard.ordinal)
    } else {
      message.begin(
        via: .fetch, ordinal: heard.ordinal, label: section, at: mark, fields: &fields, recorder: &recorder, log: &log,
        lacksBeginning: FetchedRanges.range(section).map { $0.origin > 0 } ?? false)
    }
  }
  /// The next message in quotes of a FETCH response, from `search` on, which is moved behind it, or to where the literal
  /// begins that the line announces; nil where there is none.
  private static func nextQuoted(_ line: Span<UInt8>, from search: inout Int) -> Quoted? {
    let content = line.extracting(0..<line.contentCount)
    guard search < content.count, let response = IMAPResponse.parse(content), response.kind == .untagged,
      content.extracting(content.bounds(response.name)).equalsIgnoringCase("fetch")
    else { return nil }
    let literal = IMAPLiteral.parse(endOf: content)
    let end = literal?.range.lower ?? content.count
    let searched = content.extracting(0..<end)
    var tokens = IMAPTokens(from: min(max(search, response.name.upper), end))
    var label = OctetRange(0, 0)
    while let token = tokens.next(searched) {
      if case .quoted(let range) = token, range.upper < end, isMessage(content.extracting(content.bounds(label))) {
        search = range.upper + 1
        return Quoted(
          number: content.extracting(content.bounds(response.number)).copied(),
          section: content.extracting(content.bounds(label)).copied(), octets: IMAPTokens.value(token, of: content))
      }
      if case .atom(let range) = token { label = range } else { label = OctetRange(0, 0) }
    }
    search = end
    return nil
  }
}
