internal import Bytes
internal import MailProtocols

/// What the name of a form's field, of a member of JSON or of a parameter says of its value.
///
/// No standard names them, so parts of names are looked for: `_pass`, `j_password`, `rcmloginpwd`, `user[password]`.
enum SecretName {
  /// Whether the field carries a password that logs in.
  static func isPassword(_ name: String) -> Bool {
    let letters = letters(of: name)
    return passwordParts.contains { letters.contains($0) } || ["pass", "pw"].contains { letters.hasSuffix($0) }
  }
  /// Whether what the field carries is to be hidden: a password, or something that serves as one.
  static func isSecret(_ name: String) -> Bool {
    let letters = letters(of: name)
    return isPassword(name) || secretParts.contains { letters.contains($0) } || ["pin", "otp"].contains(letters)
  }
  /// How surely the field names the user: 2 where its name says so, 1 where it may, 0 where it does not.
  static func userNameRank(_ name: String) -> Int {
    let letters = letters(of: name)
    if isSecret(name) { return 0 }
    if ["username", "user", "benutzer"].contains(where: { letters.hasSuffix($0) }) { return 3 }
    if letters.contains("user") || letters == "login" || letters == "loginname" { return 2 }
    return ["email", "mail", "emailaddress", "name", "account", "accountname", "uid", "userid"].contains(letters)
      ? 1 : 0
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
  private static let passwordParts = ["password", "passwd", "passwort", "passphrase", "passcode", "kennwort", "pwd"]
  private static let secretParts = ["pass", "secret", "token", "credential", "apikey", "privatekey"]

  private static func letters(of name: String) -> String {
    String(String.UnicodeScalarView(name.lowercased().unicodeScalars.filter { ("a"..."z").contains($0) }))
  }
}
