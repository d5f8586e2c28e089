internal import Bytes
internal import MailProtocols

/// What the name of a form's field, of a member of JSON or of a parameter says of its value.
///
/// No standard names them, so parts of names are looked for: `_pass`, `j_password`, `rcmloginpwd`, `user[password]`.
enum SecretName {
  /// Whether the field carries a password that logs in.
  static func isPassword(_ name: String) -> Bool { Letters(name).namePassword }
  /// Whether what the field carries is to be hidden: a password, or something that serves as one.
  static func isSecret(_ name: String) -> Bool { Letters(name).nameSecret }
  /// How surely the field names the user: 3 where its name says so, 1 where it may, 0 where it does not.
  static func userNameRank(_ name: String) -> Int {
    let letters = Letters(name)
    if letters.nameSecret { return 0 }
    if letters.end(with: "user") || letters.end(with: "username") || letters.end(with: "benutzer") { return 3 }
    if letters.contain("user") || letters.are("login") || letters.are("loginname") { return 2 }
    return letters.end(with: "mail") || letters.end(with: "mailaddress") || letters.are("name") || letters.are("uid")
      || letters.end(with: "account") || letters.end(with: "accountname") ? 1 : 0
  }
  /// Whether one of the words of an IMAP line from `start` on names a secret, as in `ID ("password" "…")` (RFC 2971).
  static func isSpelled(in line: Span<UInt8>, from start: Int) -> Bool {
    var tokens = IMAPTokens(from: start)
    while let token = tokens.next(line) {
      var word = ByteWriter()
      IMAPTokens.append(token, of: line, to: &word)
      if word.withOctets({ isSecret($0.text()) }) { return true }
    }
    return false
  }

  /// The letters of a name, in small; what stands between them parts words and says nothing.
  private struct Letters {
    private var octets: [UInt8] = []

    init(_ name: String) {
      octets.reserveCapacity(name.utf8.count)
      for octet in name.utf8 where ASCII.isLetter(octet) { octets.append(ASCII.lowercased(octet)) }
    }
    func are(_ word: StaticString) -> Bool { octets.span.equals(word) }
    func contain(_ word: StaticString) -> Bool { octets.span.firstOffsetIgnoringCase(of: word) != nil }
    func end(with word: StaticString) -> Bool {
      let start = octets.count - word.utf8CodeUnitCount
      return start >= 0 && octets.span.starts(with: word, at: start)
    }
    var namePassword: Bool {
      contain("password") || contain("passwd") || contain("passwort") || contain("passphrase") || contain("passcode")
        || contain("kennwort") || contain("pwd") || end(with: "pass") && !isNoPassword || end(with: "pw")
    }
    /// A word that ends like one.
    private var isNoPassword: Bool { end(with: "compass") || end(with: "bypass") }
    var nameSecret: Bool {
      namePassword || contain("pass") || contain("secret") || contain("token") || contain("credential")
        || contain("apikey") || contain("privatekey") || are("pin") || are("otp")
    }
  }
}
