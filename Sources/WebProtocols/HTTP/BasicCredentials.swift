package import Bytes

/// User and password of the Basic scheme (RFC 7617 §2).
///
///     Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==
package struct BasicCredentials: Equatable, Sendable {
  package var user: [UInt8]
  package var password: [UInt8]

  package init(user: [UInt8], password: [UInt8]) { (self.user, self.password) = (user, password) }

  /// The credentials in the value of an Authorization field; nil where the scheme is another or no colon is.
  package static func parse(_ value: Span<UInt8>) -> BasicCredentials? {
    token(in: value).flatMap { parse(base64: value.extracting(value.bounds($0))) }
  }
  /// The credentials in `base64`, as `HTTPHead.authorizationBasic` finds it; missing padding is tolerated.
  package static func parse(base64: Span<UInt8>) -> BasicCredentials? {
    let octets = Base64.decodeLenient(base64)
    guard let colon = octets.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    return BasicCredentials(user: Array(octets[..<colon]), password: Array(octets[(colon + 1)...]))
  }
  /// Writes the value of an Authorization field. A colon in `user` would end it and cannot be sent.
  package func encode(into writer: inout ByteWriter) {
    writer.append("Basic ")
    let octets = user + [UInt8(ascii: ":")] + password
    Base64.encode(octets.span, into: &writer)
  }

  /// The base64 behind the scheme's name.
  static func token(in value: Span<UInt8>) -> OctetRange? {
    guard value.startsIgnoringCase(with: "basic "), value.count > 6 else { return nil }
    return value.trimmed(OctetRange(6, value.count))
  }
}
