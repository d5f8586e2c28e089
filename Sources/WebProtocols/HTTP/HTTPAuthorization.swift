package import Bytes

/// What an Authorization or Proxy-Authorization field carries (RFC 9110 §11.6.2).
///
///     credentials = auth-scheme [ 1*SP ( token68 / #auth-param ) ]
///
///     Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==                        (RFC 7617)
///     Digest username="Mufasa", realm="http-auth@example.org", … response="…"   (RFC 7616)
///     Bearer mF_9.B5f-4.1JqM                                    (RFC 6750)
package struct HTTPAuthorization: BitwiseCopyable, Sendable {
  package enum Scheme: UInt8, BitwiseCopyable, Sendable { case basic, digest, bearer, ntlm, negotiate, other }
  package let scheme: Scheme
  /// Where the scheme's name stands in the value.
  package let name: OctetRange
  /// Where what follows it stands.
  package let credentials: OctetRange

  /// The parts of a field's value; nil where it is empty.
  package static func parse(_ value: Span<UInt8>) -> HTTPAuthorization? {
    let name = value.word(from: 0)
    if name.isEmpty { return nil }
    let word = value.extracting(value.bounds(name))
    let scheme: Scheme =
      if word.equalsIgnoringCase("basic") {
        .basic
      } else if word.equalsIgnoringCase("digest") {
        .digest
      } else if word.equalsIgnoringCase("bearer") {
        .bearer
      } else if word.equalsIgnoringCase("ntlm") {
        .ntlm
      } else if word.equalsIgnoringCase("negotiate") {
        .negotiate
      } else {
        .other
      }
    return HTTPAuthorization(
      scheme: scheme, name: name, credentials: value.trimmed(OctetRange(name.upper, value.count)))
  }
  /// The user's name among Digest's parameters, which stands in clear: `username`, or `username*` where it is no ASCII
  /// (RFC 7616 §3.4, RFC 8187); nil where it is hashed or missing.
  ///
  ///     username*=UTF-8''J%C3%A4s%C3%B8n%20Doe
  package static func digestUserName(in parameters: Span<UInt8>) -> String? {
    if value(of: "userhash", in: parameters)?.lowercased() == "true" { return nil }
    if let extended = value(of: "username*", in: parameters) {
      let pieces = extended.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
      guard pieces.count == 3 else { return extended }
      let form = Array("x=\(pieces[2].replacing("+", with: "%2B"))".utf8)
      return FormDecoder.decode(form.span).fields.first?.value
    }
    return value(of: "username", in: parameters)
  }
  /// auth-param = token BWS "=" BWS ( token / quoted-string )
  private static func value(of name: StaticString, in parameters: Span<UInt8>) -> String? {
    var offset = 0
    while offset < parameters.count {
      while offset < parameters.count, ASCII.isBlank(parameters[offset]) || parameters[offset] == UInt8(ascii: ",") {
        offset += 1
      }
      let start = offset
      while offset < parameters.count, HTTPField.isTokenOctet(parameters[offset]) { offset += 1 }
      let isWanted = parameters.extracting(start..<offset).equalsIgnoringCase(name)
      while offset < parameters.count, ASCII.isBlank(parameters[offset]) { offset += 1 }
      guard offset < parameters.count, parameters[offset] == UInt8(ascii: "=") else { return nil }
      offset += 1
      while offset < parameters.count, ASCII.isBlank(parameters[offset]) { offset += 1 }
      let value = word(parameters, &offset)
      if isWanted { return value }
    }
    return nil
  }
  private static func word(_ parameters: Span<UInt8>, _ offset: inout Int) -> String {
    var octets: [UInt8] = []
    let isQuoted = offset < parameters.count && parameters[offset] == UInt8(ascii: "\"")
    if isQuoted { offset += 1 }
    while offset < parameters.count {
      let octet = parameters[offset]
      if isQuoted ? octet == UInt8(ascii: "\"") : octet == UInt8(ascii: ",") || ASCII.isBlank(octet) { break }
      if isQuoted, octet == UInt8(ascii: "\\"), offset + 1 < parameters.count { offset += 1 }
      octets.append(parameters[offset])
      offset += 1
    }
    if isQuoted { offset += 1 }
    return octets.span.text()
  }
}
