import TestSupport
import Testing

@testable import Dialogues

/// Logins of which only a part was captured: the client's direction alone, or what follows a challenge.
@Suite struct PartialLoginTests {
  private func oneWay(_ script: Script) -> Dialogue {
    var dialogue = script.dialogue(lines)
    dialogue.packets.removeAll { !$0.isFromClient }
    return dialogue
  }
  /// From the turn that holds `text` on.
  private func cut(_ script: Script, from text: String) throws -> Dialogue {
    var dialogue = script.dialogue(lines)
    let start = try #require(
      dialogue.packets.firstIndex { String(decoding: $0.payload, as: UTF8.self).hasPrefix(text) })
    dialogue.packets.removeSubrange(..<start)
    return dialogue
  }
  private static let imapPlain = Script(
    "AUTHENTICATE PLAIN", port: 143,
    [
      server("* OK ready\r\n"), client("a1 ID NIL\r\n"), server("* ID NIL\r\na1 OK\r\n"),
      client("a2 AUTHENTICATE PLAIN\r\n"), server("+ \r\n"), client("AGJvYgBnZWhlaW0=\r\n"), server("a2 OK in\r\n"),
      client("a3 SELECT INBOX\r\n"), server("a3 OK\r\n"), client("a4 LOGOUT\r\n"), server("* BYE\r\na4 OK\r\n"),
    ])

  private static let pop3Login = Script(
    "AUTH LOGIN", port: 110,
    [
      server("+OK ready\r\n"), client("AUTH LOGIN\r\n"), server("+ VXNlcm5hbWU6\r\n"), client("Ym9i\r\n"),
      server("+ UGFzc3dvcmQ6\r\n"), client("Z2VoZWlt\r\n"), server("+OK in\r\n"), client("QUIT\r\n"),
      server("+OK\r\n"),
    ])

  @Test(arguments: [
    (Script.smtp, "LOGIN", "alice", "secret"), (imapPlain, "PLAIN", "bob", "geheim"),
    (pop3Login, "LOGIN", "bob", "geheim"),
  ])
  func areReadFromTheClientAlone(_ script: Script, _ mechanism: String, _ user: String, _ password: String) throws {
    let conversation = try #require(try conversations(oneWay(script)).first)
    let credential = try #require(conversation.credentials.first)
    #expect(conversation.credentials.count == 1)
    #expect(credential.mechanism == mechanism)
    #expect(credential.username == user && credential.password == password)
    #expect(credential.accepted == nil)
    let decoded = try steps(oneWay(script)).flatMap(\.decoded).map { "\($0.label): \($0.text)" }
    #expect(decoded.contains("user name: \(user)") && decoded.contains("password: \(password)"), "\(decoded)")
  }
  @Test(arguments: [
    ("334 VXNlcm5hbWU6", "alice", "secret"), ("YWxpY2U=", "alice", "secret"), ("334 UGFzc3dvcmQ6", nil, "secret"),
  ])
  func areReadFromTheMiddleOn(_ start: String, _ user: String?, _ password: String) throws {
    let dialogue = try cut(.smtp, from: start)
    let credential = try #require(try conversations(dialogue).first?.credentials.first)
    #expect(credential.mechanism == "LOGIN")
    #expect(credential.username == user && credential.password == password)
    #expect(credential.accepted == true)
    let text = try masked(dialogue)
    #expect(!text.contains("secret") && !text.contains("c2VjcmV0"), "\(text)")
  }
  /// What the password alone is, without its challenge, cannot be told; it is hidden all the same.
  @Test func aLoneAnswerIsHidden() throws {
    let dialogue = try cut(.smtp, from: "c2VjcmV0")
    #expect(try conversations(dialogue).first?.credentials.first?.mechanism == "unknown")
    #expect(try !masked(dialogue).contains("c2VjcmV0"))
  }
  @Test(arguments: [Script.smtp, imapPlain, pop3Login, .imap])
  func areMasked(_ script: Script) throws {
    #expect(try conversations(oneWay(script)).count == 1)
    let text = try masked(oneWay(script))
    for secret in ["c2VjcmV0", "secret", "geheim", "Z2VoZWlt", "AGJvYgBnZWhlaW0=", "eim"] {
      #expect(!text.contains(secret), "\(secret) in \(text)")
    }
  }
  /// A client that does not wait for the challenges has answered them all the same.
  @Test func answersMayComeBeforeTheirChallenges() throws {
    let script = Script(
      "pipelined", port: 25,
      [
        server("220 mail.example.org ESMTP\r\n"), client("EHLO x\r\n"), server("250 AUTH LOGIN\r\n"),
        client("AUTH LOGIN\r\nYWxpY2U=\r\nc2VjcmV0\r\nNOOP\r\n"),
        server("334 VXNlcm5hbWU6\r\n334 UGFzc3dvcmQ6\r\n235 ok\r\n250 ok\r\n"), client("QUIT\r\n"),
        server("221 bye\r\n"),
      ])
    let conversation = try #require(try conversations(script.dialogue(lines)).first)
    let credential = try #require(conversation.credentials.first)
    #expect(credential.username == "alice" && credential.password == "secret" && credential.accepted == true)
    #expect(conversation.exchanges?.compactMap(\.request?.verb) == ["EHLO", "AUTH", "*", "*", "NOOP", "QUIT"])
  }
  /// 235 alone accepts (RFC 4954 §6).
  @Test(arguments: [("235 ok", true), ("535 no", false), ("454 later", false), ("221 bye", nil), ("250 ok", nil)])
  func whatAReplySaysOfTheLogin(_ reply: String, _ accepted: Bool?) throws {
    let script = Script(
      reply, port: 25,
      [
        server("220 mail.example.org ESMTP\r\n"), client("EHLO x\r\n"), server("250 AUTH PLAIN\r\n"),
        client("AUTH PLAIN AGJvYgBnZWhlaW0=\r\n"), server("\(reply)\r\n"),
      ])
    #expect(try conversations(script.dialogue(lines)).first?.credentials.first?.accepted == accepted)
  }
  /// USER alone opens nothing (RFC 1939 §7).
  @Test(arguments: [("+OK", nil), ("-ERR no such user", false)])
  func theNameOfAMailboxIsNoLogin(_ reply: String, _ accepted: Bool?) throws {
    let script = Script(
      reply, port: 110,
      [
        server("+OK ready\r\n"), client("USER bob\r\n"), server("\(reply)\r\n"), client("QUIT\r\n"),
        server("+OK bye\r\n"),
      ])
    let credential = try #require(try conversations(script.dialogue(lines)).first?.credentials.first)
    #expect(credential.username == "bob" && credential.password == nil)
    #expect(credential.accepted == accepted)
  }
}
