import TestSupport
import Testing

@testable import Dialogues

/// AUTH LOGIN has no standard: what a server asks for decides what an answer is, and only else the order.
@Suite struct LoginChallengeTests {
  private static let user = "Ym9i"
  private static let password = "Z2VoZWlt"

  private static func smtp(_ name: String, _ turns: [(isFromClient: Bool, text: String)]) -> Script {
    Script(
      name, port: 25,
      [server("220 mx\r\n"), client("EHLO c\r\n"), server("250 AUTH LOGIN\r\n")] + turns + [server("235 ok\r\n")])
  }
  @Test(arguments: [
    smtp(
      "SMTP, the password first",
      [
        client("AUTH LOGIN\r\n"), server("334 UGFzc3dvcmQ6\r\n"), client("\(password)\r\n"),
        server("334 VXNlcm5hbWU6\r\n"), client("\(user)\r\n"),
      ]),
    // `pass`, `LOGIN:`
    smtp(
      "SMTP, other words",
      [
        client("AUTH LOGIN\r\n"), server("334 cGFzcw==\r\n"), client("\(password)\r\n"), server("334 TE9HSU46\r\n"),
        client("\(user)\r\n"),
      ]),
    // `What?`
    smtp(
      "SMTP, words that do not tell",
      [
        client("AUTH LOGIN\r\n"), server("334 V2hhdD8=\r\n"), client("\(user)\r\n"), server("334 V2hhdD8=\r\n"),
        client("\(password)\r\n"),
      ]),
    smtp(
      "SMTP, asked for the name in spite of an initial response",
      [
        client("AUTH LOGIN eA==\r\n"), server("334 VXNlcm5hbWU6\r\n"), client("\(user)\r\n"),
        server("334 UGFzc3dvcmQ6\r\n"), client("\(password)\r\n"),
      ]),
    smtp(
      "SMTP, both answers to the first challenge",
      [
        client("AUTH LOGIN\r\n"), server("334 VXNlcm5hbWU6\r\n"), client("\(user)\r\n\(password)\r\n"),
        server("334 UGFzc3dvcmQ6\r\n"),
      ]),
    Script(
      "POP3, the password first", port: 110,
      [
        server("+OK\r\n"), client("AUTH LOGIN\r\n"), server("+ UGFzc3dvcmQ6\r\n"), client("\(password)\r\n"),
        server("+ VXNlcm5hbWU6\r\n"), client("\(user)\r\n"), server("+OK\r\n"),
      ]),
    Script(
      "IMAP, the password first", port: 143,
      [
        server("* OK\r\n"), client("a AUTHENTICATE LOGIN\r\n"), server("* OK wait\r\n+ UGFzc3dvcmQ6\r\n"),
        client("\(password)\r\n"), server("+ VXNlcm5hbWU6\r\n"), client("\(user)\r\n"), server("a OK\r\n"),
      ]),
  ])
  func tellsWhatAnAnswerIs(_ script: Script) throws {
    for cut in [lines, { [$0] }] {
      let dialogue = script.dialogue(cut)
      let conversation = try #require(try conversations(dialogue).first)
      let credential = try #require(conversation.credentials.first)
      #expect(conversation.credentials.count == 1)
      #expect(credential.username == "bob" && credential.password == "geheim" && credential.accepted == true)
      let decoded = try steps(dialogue).flatMap(\.decoded).map { "\($0.label): \($0.text)" }
      #expect(decoded.contains("user name: bob") && decoded.contains("password: geheim"), "\(decoded)")
      let text = try masked(dialogue)
      #expect(!text.contains("geheim") && !text.contains(Self.password), "\(text)")
    }
  }
}
