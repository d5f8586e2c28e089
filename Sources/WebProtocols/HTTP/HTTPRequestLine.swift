package import Bytes

/// The first line of a request (RFC 9112 §3).
///
///     request-line = method SP request-target SP HTTP-version
///
///     GET /inbox?page=2 HTTP/1.1
package struct HTTPRequestLine: BitwiseCopyable, Equatable, Sendable {
  package let method: OctetRange
  /// The target; blanks inside are kept, as some clients send them.
  package let target: OctetRange
  /// `HTTP/1.1`; empty where the line has none.
  package let version: OctetRange

  /// The parts of `line`, which may carry its line end; nil where no method and target are.
  package static func parse(_ line: Span<UInt8>) -> HTTPRequestLine? {
    let whole = HTTPLine.trimmed(line)
    var position = whole.lower
    while position < whole.upper, HTTPField.isTokenOctet(line[position]) { position &+= 1 }
    let method = OctetRange(whole.lower, position)
    guard !method.isEmpty, position < whole.upper, ASCII.isBlank(line[position]) else { return nil }
    var version = OctetRange(whole.upper, whole.upper)
    var last = whole.upper
    while last > position, !ASCII.isBlank(line[last &- 1]) { last &-= 1 }
    if line.startsIgnoringCase(with: "http/", at: last) { version = OctetRange(last, whole.upper) }
    let target = line.trimmed(OctetRange(position, version.lower))
    return target.isEmpty ? nil : HTTPRequestLine(method: method, target: target, version: version)
  }

  /// Writes a request line; blanks and controls in the target are escaped (RFC 3986 §2.1), so none can end it.
  package static func encode(method: String, target: String, into writer: inout ByteWriter) {
    for octet in method.utf8 where HTTPField.isTokenOctet(octet) { writer.append(octet) }
    writer.append(" ")
    for octet in target.utf8 {
      if octet > 32 && octet < 127 {
        writer.append(octet)
      } else {
        writer.append("%")
        writer.append(ASCII.hexadecimalDigit(octet >> 4))
        writer.append(ASCII.hexadecimalDigit(octet))
      }
    }
    writer.append(" HTTP/1.1\r\n")
  }
}

/// The methods that decide how messages are framed, and the common others (RFC 9110 §9.3, RFC 5789).
package enum HTTPMethod: UInt8, BitwiseCopyable, Sendable {
  case get, head, post, put, delete, connect, options, trace, patch, other

  /// The method that `name` (of a request line, case matters) is.
  package static func parse(_ name: Span<UInt8>) -> HTTPMethod {
    if name.equals("GET") { return .get }
    if name.equals("POST") { return .post }
    if name.equals("HEAD") { return .head }
    if name.equals("PUT") { return .put }
    if name.equals("DELETE") { return .delete }
    if name.equals("CONNECT") { return .connect }
    if name.equals("OPTIONS") { return .options }
    if name.equals("TRACE") { return .trace }
    return name.equals("PATCH") ? .patch : .other
  }
}

enum HTTPLine {
  /// The line without blanks and line ends around it.
  static func trimmed(_ line: Span<UInt8>) -> OctetRange {
    var lower = 0
    var upper = line.count
    while lower < upper, isWhiteSpace(line[lower]) { lower &+= 1 }
    while upper > lower, isWhiteSpace(line[upper &- 1]) { upper &-= 1 }
    return OctetRange(lower, upper)
  }
  static func isWhiteSpace(_ octet: UInt8) -> Bool { ASCII.isBlank(octet) || octet == 10 || octet == 13 }
}
