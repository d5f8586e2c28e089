package import Bytes

/// A field line (RFC 9112 §5).
///
///     field-line = field-name ":" OWS field-value OWS
package struct HTTPField: BitwiseCopyable, Equatable, Sendable {
  package let name: OctetRange
  /// The value without the white space around it.
  package let value: OctetRange

  /// The field in `line`, which may carry its line end; nil where there is no name and colon. A blank before the colon
  /// is tolerated, though it once served to smuggle requests (RFC 9112 §5.1).
  package static func parse(_ line: Span<UInt8>) -> HTTPField? {
    var colon = 0
    while colon < line.count, isTokenOctet(line[colon]) { colon &+= 1 }
    let name = OctetRange(0, colon)
    while colon < line.count, ASCII.isBlank(line[colon]) { colon &+= 1 }
    guard !name.isEmpty, colon < line.count, line[colon] == UInt8(ascii: ":") else { return nil }
    var lower = colon &+ 1
    var upper = line.count
    while lower < upper, HTTPLine.isWhiteSpace(line[lower]) { lower &+= 1 }
    while upper > lower, HTTPLine.isWhiteSpace(line[upper &- 1]) { upper &-= 1 }
    return HTTPField(name: name, value: OctetRange(lower, upper))
  }

  /// Writes a field line; line ends and NUL in `value` become spaces: no value can begin another field (RFC 9110 §5.5).
  package static func encode(name: String, value: String, into writer: inout ByteWriter) {
    for octet in name.utf8 where isTokenOctet(octet) { writer.append(octet) }
    writer.append(": ")
    for octet in value.utf8 { writer.append(octet == 10 || octet == 13 || octet == 0 ? ASCII.space : octet) }
    writer.append("\r\n")
  }

  /// tchar (RFC 9110 §5.6.2).
  static func isTokenOctet(_ octet: UInt8) -> Bool {
    if ASCII.isLetter(octet) || ASCII.isDigit(octet) { return true }
    switch octet {
    case 33, 35, 36, 37, 38, 39, 42, 43, 45, 46, 94, 95, 96, 124, 126: return true  // ! # $ % & ' * + - . ^ _ ` | ~
    default: return false
    }
  }
}
