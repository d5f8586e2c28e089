package import Bytes

/// The words of a command's arguments or of a response's data (RFC 9051 §4, §9), one after the other.
///
///     "quoted \"string\""   atom   {5}CRLF hello   (   )   BODY[HEADER.FIELDS (TO)]<0>
///
/// A literal stands in the octets whole: its announcement, CRLF, and its octets; `~{5}` announces one that may hold
/// NULs (literal8, RFC 9051 §4.3).
package struct IMAPTokens: BitwiseCopyable, Sendable {
  package enum Token: BitwiseCopyable, Equatable, Sendable {
    /// An atom with its section and partial, if any.
    case atom(OctetRange)
    /// The octets between the quotes, escapes as they stand.
    case quoted(OctetRange)
    case literal(OctetRange)
    case open
    case close
  }
  private var offset: Int
  package init(from offset: Int = 0) { self.offset = offset }

  /// The next token of `octets`; nil at the end or where no token begins.
  package mutating func next(_ octets: Span<UInt8>) -> Token? {
    while offset < octets.count, ASCII.isBlank(octets[offset]) { offset += 1 }
    guard offset < octets.count else { return nil }
    switch octets[offset] {
    case UInt8(ascii: "("):
      offset += 1
      return .open
    case UInt8(ascii: ")"):
      offset += 1
      return .close
    case UInt8(ascii: "\""): return quoted(octets)
    case UInt8(ascii: "{"): return literal(octets)
    case UInt8(ascii: "~") where offset + 1 < octets.count && octets[offset + 1] == UInt8(ascii: "{"):
      offset += 1
      return literal(octets)
    default: return atom(octets)
    }
  }
  private mutating func quoted(_ octets: Span<UInt8>) -> Token {
    let start = offset + 1
    offset = start
    while offset < octets.count, octets[offset] != UInt8(ascii: "\"") {
      offset += octets[offset] == UInt8(ascii: "\\") ? 2 : 1
    }
    let end = min(offset, octets.count)
    offset = min(offset + 1, octets.count)
    return .quoted(OctetRange(start, end))
  }
  private mutating func literal(_ octets: Span<UInt8>) -> Token? {
    guard let close = octets.firstOffset(of: UInt8(ascii: "}"), from: offset),
      let announced = IMAPLiteral.parse(endOf: octets.extracting(offset..<close + 1)), announced.range.lower == 0
    else { return atom(octets) }
    var start = close + 1
    if start < octets.count, octets[start] == ASCII.carriageReturn { start += 1 }
    if start < octets.count, octets[start] == ASCII.lineFeed { start += 1 }
    let end = start + Int(min(announced.byteCount, UInt64(octets.count - start)))
    offset = end
    return .literal(OctetRange(start, end))
  }
  private mutating func atom(_ octets: Span<UInt8>) -> Token {
    let start = offset
    var depth = 0
    while offset < octets.count {
      let octet = octets[offset]
      if octet == UInt8(ascii: "[") { depth += 1 }
      if octet == UInt8(ascii: "]"), depth > 0 { depth -= 1 }
      if depth == 0, ASCII.isBlank(octet) || octet == UInt8(ascii: "(") || octet == UInt8(ascii: ")") { break }
      offset += 1
    }
    if offset == start { offset += 1 }
    return .atom(OctetRange(start, offset))
  }
  /// A string's octets, quotes and escapes undone.
  package static func value(_ token: Token, of octets: Span<UInt8>) -> [UInt8] {
    var writer = ByteWriter()
    append(token, of: octets, to: &writer)
    return writer.withOctets { $0.copied() }
  }
  /// Appends a string's octets, quotes and escapes undone.
  package static func append(_ token: Token, of octets: Span<UInt8>, to writer: inout ByteWriter) {
    switch token {
    case .atom(let range), .literal(let range): writer.append(octets.extracting(octets.bounds(range)))
    case .quoted(let range):
      var offset = range.lower
      while offset < range.upper {
        if octets[offset] == UInt8(ascii: "\\"), offset + 1 < range.upper { offset += 1 }
        writer.append(octets[offset])
        offset += 1
      }
    case .open, .close: break
    }
  }
  /// Writes text as an astring: an atom where it may be one, else quoted, else a literal (RFC 9051 §4.3).
  package static func encode(_ text: String, into writer: inout ByteWriter) {
    let octets = Array(text.utf8)
    if !octets.isEmpty, octets.allSatisfy({ ASCII.isLetter($0) || ASCII.isDigit($0) || "-_.@/:+=$!".utf8.contains($0) })
    {
      writer.append(string: text)
    } else if octets.allSatisfy({ $0 != 0 && $0 != 10 && $0 != 13 && $0 < 128 }) {
      writer.append(UInt8(ascii: "\""))
      for octet in octets {
        if octet == UInt8(ascii: "\"") || octet == UInt8(ascii: "\\") { writer.append(UInt8(ascii: "\\")) }
        writer.append(octet)
      }
      writer.append(UInt8(ascii: "\""))
    } else {
      IMAPLiteral(byteCount: UInt64(octets.count), isNonSynchronizing: false, range: OctetRange(0, 0)).encode(
        into: &writer)
      writer.append(octets.span)
    }
  }
}
