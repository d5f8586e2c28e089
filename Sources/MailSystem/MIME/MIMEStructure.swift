internal import Bytes
package import MailProtocols

/// What a message is made of (RFC 2045, RFC 2046 §5), as ranges of its octets: nothing is copied.
///
///     header: Content-Type: multipart/mixed; boundary=b   ─┐ header
///                                                          ─┘
///     body:   --b                                          ─┐ body
///             Content-Type: text/plain     parts[0].header  │
///                                                           │
///             hello                        parts[0].body    │
///             --b--                                        ─┘
package struct MIMEStructure: Equatable, Sendable {
  /// What of a message is looked at, so that its depth and size cost little.
  enum Limits {
    /// Entities within entities; those deeper are octets without structure.
    static let depth = 32
    /// Entities of one message; those behind are left out.
    static let partCount = 1000
    /// What a boundary may have (RFC 2046 §5.1.1), with room for mailers that do not count.
    static let boundaryByteCount = 256
  }
  /// The header with the empty line behind it.
  package var header: Range<Int>
  package var body: Range<Int>
  /// What the entity says it is, or text/plain, or message/rfc822 within a digest.
  package var contentType: ContentType
  /// The parts of a multipart; of message/rfc822, the one message.
  package var parts: [MIMEStructure] = []

  package var isMultipart: Bool { contentType.type == "multipart" }
  package var isMessage: Bool { contentType.type == "message" && !parts.isEmpty }
  package var isText: Bool { contentType.type == "text" }

  /// The structure of a message.
  package static func parse(_ octets: Span<UInt8>) -> MIMEStructure {
    var count = 0
    return parse(octets, 0..<octets.count, depth: 0, count: &count, isInDigest: false)
  }
  private static func parse(
    _ octets: Span<UInt8>, _ range: Range<Int>, depth: Int, count: inout Int, isInDigest: Bool
  ) -> MIMEStructure {
    count += 1
    let headerEnd = endOfHeader(octets, range)
    let plain = ContentType(
      type: "text", subtype: "plain", parameters: ParameterList([.init(attribute: "charset", value: "us-ascii")]))
    let usual = isInDigest ? ContentType(type: "message", subtype: "rfc822") : plain
    var entity = MIMEStructure(
      header: range.lowerBound..<headerEnd, body: headerEnd..<range.upperBound, contentType: usual)
    if let value = HeaderFields(octets, entity.header).first("content-type"),
      let said = ContentType.parse(octets.extracting(value)), !said.subtype.isEmpty
    {
      entity.contentType = said
    }
    let isEmbedded =
      entity.contentType.type == "message" && ["rfc822", "global"].contains(entity.contentType.subtype)
    guard entity.isMultipart || isEmbedded else { return entity }
    guard depth < Limits.depth else {
      entity.contentType = ContentType(type: "application", subtype: "octet-stream")
      return entity
    }
    if isEmbedded {
      entity.parts = [parse(octets, entity.body, depth: depth + 1, count: &count, isInDigest: false)]
      return entity
    }
    for part in partRanges(octets, entity) where count < Limits.partCount {
      entity.parts.append(
        parse(octets, part, depth: depth + 1, count: &count, isInDigest: entity.contentType.subtype == "digest"))
    }
    // A multipart without parts is none (RFC 2046 §5.1).
    if entity.parts.isEmpty { entity.contentType = plain }
    return entity
  }
  /// Where the body begins: behind the first empty line.
  private static func endOfHeader(_ octets: Span<UInt8>, _ range: Range<Int>) -> Int {
    var start = range.lowerBound
    while start < range.upperBound {
      let end = endOfLine(octets, start, range.upperBound)
      if isEmptyLine(octets, start, end) { return end }
      start = end
    }
    return range.upperBound
  }
  static func endOfLine(_ octets: Span<UInt8>, _ start: Int, _ limit: Int) -> Int {
    min(limit, octets.firstOffset(of: ASCII.lineFeed, from: start).map { $0 + 1 } ?? limit)
  }
  private static func isEmptyLine(_ octets: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    switch end - start {
    case 1: octets[start] == ASCII.lineFeed
    case 2: octets[start] == ASCII.carriageReturn && octets[start + 1] == ASCII.lineFeed
    default: false
    }
  }
  /// What stands between the delimiters, without the line end that belongs to the delimiter behind (RFC 2046 §5.1.1).
  private static func partRanges(_ octets: Span<UInt8>, _ entity: MIMEStructure) -> [Range<Int>] {
    guard let boundary = entity.contentType.boundary, !boundary.isEmpty,
      boundary.utf8.count <= Limits.boundaryByteCount
    else { return [] }
    let delimiter = Array("--\(boundary)".utf8)
    var ranges: [Range<Int>] = []
    var partStart: Int?
    var start = entity.body.lowerBound
    let limit = entity.body.upperBound
    while start < limit {
      let end = endOfLine(octets, start, limit)
      let kind = delimiterKind(octets, start, end, delimiter)
      if kind != .none {
        if let partStart { ranges.append(partStart..<max(partStart, beforeLineEnd(octets, partStart, start))) }
        partStart = kind == .between ? end : nil
        if kind == .last || ranges.count >= Limits.partCount { return ranges }
      }
      start = end
    }
    if let partStart { ranges.append(partStart..<limit) }
    return ranges
  }
  private enum Delimiter { case none, between, last }
  private static func delimiterKind(_ octets: Span<UInt8>, _ start: Int, _ end: Int, _ delimiter: [UInt8]) -> Delimiter
  {
    guard end - start >= delimiter.count else { return .none }
    for index in delimiter.indices where octets[start + index] != delimiter[index] { return .none }
    var rest = start + delimiter.count
    var kind = Delimiter.between
    if end - rest >= 2, octets[rest] == UInt8(ascii: "-"), octets[rest + 1] == UInt8(ascii: "-") {
      kind = .last
      rest += 2
    }
    while rest < end {
      guard ASCII.isBlank(octets[rest]) || octets[rest] == 10 || octets[rest] == 13 else { return .none }
      rest += 1
    }
    return kind
  }
  private static func beforeLineEnd(_ octets: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
    guard end > start, octets[end - 1] == ASCII.lineFeed else { return end }
    return end - 1 > start && octets[end - 2] == ASCII.carriageReturn ? end - 2 : end - 1
  }

  /// The entity that part numbers name (RFC 9051 §6.4.5.1); none for the message itself.
  package func entity(_ part: [UInt32]) -> MIMEStructure? {
    guard let first = part.first else { return self }
    var entity = numbered(first)
    for number in part.dropFirst() {
      guard let outer = entity else { return nil }
      entity = outer.isMessage ? outer.parts[0].numbered(number) : outer.isMultipart ? outer.numbered(number) : nil
    }
    return entity
  }
  /// A message that is no multipart is its own part 1.
  private func numbered(_ number: UInt32) -> MIMEStructure? {
    guard isMultipart else { return number == 1 ? self : nil }
    return number >= 1 && number <= parts.count ? parts[Int(number) - 1] : nil
  }
  /// The lines of the body, a last one without end included.
  package func lineCount(_ octets: Span<UInt8>) -> Int {
    var count = 0
    var start = body.lowerBound
    while start < body.upperBound {
      start = Self.endOfLine(octets, start, body.upperBound)
      count += 1
    }
    return count
  }
}
