package import Bytes

/// What a client says in a SASL exchange (RFC 4422), step by step, base64 undone.
///
///     AUTH PLAIN AGFsaWNlAHNlY3JldA==             authzid NUL authcid NUL passwd (RFC 4616)
///     AUTH LOGIN → 334 → user → 334 → password   (draft-murchison-sasl-login)
///     AUTH OAUTHBEARER → n,a=user,^Ahost=…^Aauth=Bearer …^A^A (RFC 7628 §3.1)
///     AUTH CRAM-MD5 → 334 challenge → user SP digest (RFC 2195)
///     AUTH SCRAM-SHA-256 n,,n=user,r=nonce        (RFC 5802 §7)
///     AUTH EXTERNAL Ym9i                          the identity to act as, none for one's own (RFC 4422 appendix A)
///     AUTH NTLM → negotiation → 334 challenge → authentication ([MS-NLMP] §2.2.1.3)
package enum SASLResponse {
  package enum Mechanism: UInt8, BitwiseCopyable, Sendable {
    case plain, login, cramMD5, digestMD5, xoauth2, oauthBearer, scram, ntlm, external, other

    package static func parse(_ name: Span<UInt8>) -> Mechanism {
      if name.equalsIgnoringCase("plain") { return .plain }
      if name.equalsIgnoringCase("login") { return .login }
      if name.equalsIgnoringCase("cram-md5") { return .cramMD5 }
      if name.equalsIgnoringCase("digest-md5") { return .digestMD5 }
      if name.equalsIgnoringCase("xoauth2") { return .xoauth2 }
      if name.equalsIgnoringCase("oauthbearer") { return .oauthBearer }
      if name.startsIgnoringCase(with: "scram-") { return .scram }
      if name.equalsIgnoringCase("ntlm") { return .ntlm }
      if name.equalsIgnoringCase("external") { return .external }
      return .other
    }
  }
  /// Reads the response of the given `step` (from 0) and appends what it tells to the user name or the password.
  /// False when it is not valid base64; `=` stands for a response of no octets (RFC 4954 §4, RFC 5034 §4).
  /// What is decoded passes through `scratch`.
  package static func read(
    _ response: Span<UInt8>, step: Int, of mechanism: Mechanism, userName: inout ByteWriter,
    password: inout ByteWriter, scratch: inout ByteWriter
  ) -> Bool {
    var range = response.trimmed(OctetRange(0, response.count))
    if response.extracting(response.bounds(range)).equals("=") { range = OctetRange(0, 0) }
    scratch.removeAll()
    guard Base64.decode(response.extracting(response.bounds(range)), into: &scratch) else { return false }
    scratch.withOctets { take($0, step: step, of: mechanism, userName: &userName, password: &password) }
    return true
  }
  /// Takes what a decoded response tells.
  private static func take(
    _ decoded: Span<UInt8>, step: Int, of mechanism: Mechanism, userName: inout ByteWriter,
    password: inout ByteWriter
  ) {
    switch mechanism {
    // An empty response tells nothing: some servers ask again.
    case .plain where step == 0 || userName.count == 0 && password.count == 0:
      guard let first = decoded.firstOffset(of: 0), let second = decoded.firstOffset(of: 0, from: first + 1) else {
        return
      }
      userName.append(decoded.extracting(first + 1..<second))
      password.append(decoded.extracting((second + 1)...))
    case .login where step == 0: userName.append(decoded)
    case .login where step == 1: password.append(decoded)
    case .cramMD5 where step == 0:
      var end = decoded.count
      while end > 0, decoded[end - 1] != ASCII.space { end -= 1 }
      userName.append(decoded.extracting(0..<max(0, end - 1)))
    case .digestMD5 where step == 0:
      appendParameter("username=\"", of: decoded, until: UInt8(ascii: "\""), to: &userName)
    case .xoauth2 where step == 0: appendParameter("user=", of: decoded, until: 1, to: &userName)
    case .oauthBearer where step == 0: appendParameter(",a=", of: decoded, until: UInt8(ascii: ","), to: &userName)
    case .scram where step == 0: appendSCRAMName(of: decoded, to: &userName)
    case .external where step == 0: userName.append(decoded)
    case .ntlm: NTLMMessage.appendUserName(of: decoded, to: &userName)
    case .plain, .login, .cramMD5, .digestMD5, .xoauth2, .oauthBearer, .scram, .external, .other: break
    }
  }
  /// The user name of a client's first message; a comma and an equals sign in it are escaped (RFC 5802 §5.1).
  ///
  ///     saslname = 1*(value-safe-char / "=2C" / "=3D")
  private static func appendSCRAMName(of decoded: Span<UInt8>, to writer: inout ByteWriter) {
    guard var offset = decoded.firstOffsetIgnoringCase(of: ",n=").map({ $0 + 3 }) else { return }
    while offset < decoded.count, decoded[offset] != UInt8(ascii: ",") {
      if decoded.startsIgnoringCase(with: "=2c", at: offset) {
        writer.append(UInt8(ascii: ","))
        offset += 3
      } else if decoded.startsIgnoringCase(with: "=3d", at: offset) {
        writer.append(UInt8(ascii: "="))
        offset += 3
      } else {
        writer.append(decoded[offset])
        offset += 1
      }
    }
  }
  /// Whether a response, decoded, says the password, be it an empty one.
  package static func tellsPassword(_ decoded: Span<UInt8>, step: Int, of mechanism: Mechanism) -> Bool {
    mechanism == .login ? step == 1 : mechanism == .plain && tellsAll(decoded)
  }
  /// The same of the user name.
  package static func tellsUserName(_ decoded: Span<UInt8>, step: Int, of mechanism: Mechanism) -> Bool {
    mechanism == .login ? step == 0 : mechanism == .plain && tellsAll(decoded)
  }
  /// Whether a response has the two NULs of PLAIN (RFC 4616 §2).
  private static func tellsAll(_ decoded: Span<UInt8>) -> Bool {
    decoded.firstOffset(of: 0).flatMap { decoded.firstOffset(of: 0, from: $0 + 1) } != nil
  }
  private static func appendParameter(
    _ name: StaticString, of decoded: Span<UInt8>, until end: UInt8, to writer: inout ByteWriter
  ) {
    guard let start = decoded.firstOffsetIgnoringCase(of: name) else { return }
    let lower = start + name.utf8CodeUnitCount
    writer.append(decoded.extracting(lower..<(decoded.firstOffset(of: end, from: lower) ?? decoded.count)))
  }
}
