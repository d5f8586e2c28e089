import Bytes
import TestSupport
import Testing

@testable import Dialogues

@Suite struct CredentialTests {
  @Test(arguments: [
    (Script.smtp, "alice", "secret", true), (.smtpRefused, "alice", "wrong", false),
    (.pop3, "bob", "geheim wort", true),
    (.pop3Challenges, "bob", "geheim", true), (.imap, "bob", "ge\"eim", true),
    (.imapAuthenticate, "bob", "geheim", true),
    (.http, "bob", "geheim", true),
  ])
  func areFound(_ script: Script, _ user: String, _ password: String, _ accepted: Bool) throws {
    let conversation = try #require(try conversations(script.dialogue(lines)).first)
    let credential = try #require(conversation.credentials.first)
    #expect(credential.username == user)
    #expect(credential.password == password)
    #expect(credential.accepted == accepted)
  }
  @Test(arguments: Script.all) func areMaskedInEveryForm(_ script: Script) throws {
    var options = DissectionOptions()
    options.masksPasswords = true
    let secrets = [
      "c2VjcmV0", "secret", "AGFsaWNlAHdyb25n", "wrong", "geheim", "Z2VoZWlt", "AGJvYgBnZWhlaW0=", "ge\\\"eim",
      "Ym9iOmdlaGVpbQ==", "g%21",
    ]
    for json in try analyse(script.dialogue(lines), options: options) {
      let text = String(decoding: json, as: UTF8.self)
      for secret in secrets { #expect(!text.contains(secret), "\(secret) in \(text)") }
    }
  }
  /// A token may be longer than what is kept of other lines; Kerberos' tickets are.
  @Test func aLongTokenIsKeptWhole() throws {
    let token = "user=bob\u{1}auth=Bearer \(String(repeating: "t", count: 20_000))\u{1}\u{1}"
    let encoded = String(decoding: Base64.encode(Array(token.utf8).span), as: UTF8.self)
    for asked in [
      [client("a AUTHENTICATE XOAUTH2 \(encoded)\r\n")],
      [client("a AUTHENTICATE XOAUTH2\r\n"), server("+ \r\n"), client("\(encoded)\r\n")],
    ] {
      let script = Script(
        "a long token", port: 143, [server("* OK ready\r\n")] + asked + [server("a OK\r\n"), client("b LOGOUT\r\n")])
      let conversation = try #require(
        try conversations(
          script.dialogue { octets in
            stride(from: 0, to: octets.count, by: 1_400).map { Array(octets[$0..<min($0 + 1_400, octets.count)]) }
          }
        ).first)
      #expect(conversation.credentials.map(\.username) == ["bob"])
      #expect(conversation.credentials.map(\.encoded) == [[encoded]])
      #expect(conversation.credentials.map(\.accepted) == [true])
    }
  }
}
