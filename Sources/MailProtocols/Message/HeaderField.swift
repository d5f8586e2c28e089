package import Bytes

/// A header field of a message (RFC 5322 §2.2).
///
///     field      = field-name ":" field-body CRLF
///     field-name = 1*ftext          ; %d33-57 / %d59-126
package struct HeaderField: BitwiseCopyable, Equatable, Sendable {
  /// The name, without the blanks that obsolete syntax allows before the colon (RFC 5322 §4.5).
  package let name: OctetRange
  /// The body behind the colon, without blanks and line ends around it; folding within it is kept.
  package let value: OctetRange

  package init(name: OctetRange, value: OctetRange) {
    self.name = name
    self.value = value
  }
  /// The field in `line`, which may be folded and may carry its line end; nil where there is no field name and colon.
  package static func parse(_ line: Span<UInt8>) -> HeaderField? {
    guard let colon = line.firstOffset(of: UInt8(ascii: ":")) else { return nil }
    var nameEnd = colon
    while nameEnd > 0, ASCII.isBlank(line[nameEnd &- 1]) { nameEnd &-= 1 }
    guard nameEnd > 0, line.extracting(0..<nameEnd).isVisibleASCII else { return nil }
    var lower = colon &+ 1
    var upper = line.count
    while lower < upper, isWhiteSpace(line[lower]) { lower &+= 1 }
    while upper > lower, isWhiteSpace(line[upper &- 1]) { upper &-= 1 }
    return HeaderField(name: OctetRange(0, nameEnd), value: OctetRange(lower, upper))
  }

  /// Writes a field whose `value` is already in its wire form, folded at blanks to lines of 78 octets where it can be
  /// (RFC 5322 §2.1.1, §2.2.3). Line ends in `value` become spaces: no value can begin another field.
  package static func encode(name: String, value: String, into writer: inout ByteWriter) {
    for octet in name.utf8 where isNameOctet(octet) { writer.append(octet) }
    writer.append(":")
    var lineOctets = name.utf8.count &+ 1
    // A unit is a run of blanks and the word behind it; the line may end before it.
    let octets = [ASCII.space] + value.utf8.map { $0 == 10 || $0 == 13 ? ASCII.space : $0 }
    var start = 0
    while start < octets.count {
      var end = start
      while end < octets.count, ASCII.isBlank(octets[end]) { end &+= 1 }
      let hasWord = end < octets.count
      while end < octets.count, !ASCII.isBlank(octets[end]) { end &+= 1 }
      if start > 0, hasWord, lineOctets &+ end &- start > MessageLimits.preferredLineOctets {
        writer.append("\r\n")
        lineOctets = 0
      }
      writer.append(octets.span.extracting(start..<end))
      lineOctets &+= end &- start
      start = end
    }
    writer.append("\r\n")
  }

  /// Writes an unstructured field (RFC 5322 §3.6.5), with encoded words where `text` needs them (RFC 2047 §5).
  package static func encode(name: String, text: String, into writer: inout ByteWriter) {
    encode(name: name, value: EncodedWord.encode(text, column: name.utf8.count + 2), into: &writer)
  }

  static func isNameOctet(_ octet: UInt8) -> Bool { octet > 32 && octet < 127 && octet != UInt8(ascii: ":") }
  static func isWhiteSpace(_ octet: UInt8) -> Bool { ASCII.isBlank(octet) || octet == 10 || octet == 13 }
}
