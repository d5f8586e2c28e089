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
}
