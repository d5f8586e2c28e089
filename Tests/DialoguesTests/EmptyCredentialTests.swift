import TestSupport
import Testing

@testable import Dialogues

/// What was said is told even where it is nothing, a password or a name; what was not said is not.
@Suite struct EmptyCredentialTests {
  @Test(arguments: [
    Script(
      "PLAIN", port: 25,
      [
        server("220 mx\r\n"), client("EHLO c\r\n"), server("250 mx\r\n"), client("AUTH PLAIN AGJvYgA=\r\n"),
        server("535 no\r\n"),
      ]),
    Script(
      "LOGIN", port: 25,
      [
        server("220 mx\r\n"), client("EHLO c\r\n"), server("250 mx\r\n"), client("AUTH LOGIN Ym9i\r\n"),
        server("334 UGFzc3dvcmQ6\r\n"), client("\r\n"), server("535 no\r\n"),
      ]),
    Script(
      "PASS", port: 110,
      [server("+OK\r\n"), client("USER bob\r\n"), server("+OK\r\n"), client("PASS \r\n"), server("-ERR\r\n")]),
    Script("quoted", port: 143, [server("* OK\r\n"), client("a LOGIN bob \"\"\r\n"), server("a NO no\r\n")]),
    Script("literal", port: 143, [server("* OK\r\n"), client("a LOGIN bob {0+}\r\n\r\n"), server("a NO no\r\n")]),
  ])
  func isTold(_ script: Script) throws {
    let credential = try #require(try conversations(script.dialogue(lines)).first?.credentials.first)
    #expect(credential.username == "bob")
    #expect(credential.password == "")
    #expect(credential.accepted == false)
  }
  @Test(arguments: [
    Script(
      "cancelled", port: 25,
      [
        server("220 mx\r\n"), client("EHLO c\r\n"), server("250 mx\r\n"), client("AUTH LOGIN Ym9i\r\n"),
        server("334 UGFzc3dvcmQ6\r\n"), client("*\r\n"), server("501 no\r\n"),
      ]),
    Script("USER alone", port: 110, [server("+OK\r\n"), client("USER bob\r\n"), server("-ERR\r\n")]),
    Script("unanswered", port: 110, [server("+OK\r\n"), client("USER bob\r\n"), server("+OK\r\n"), client("PASS ")]),
  ])
  func isNotMadeUp(_ script: Script) throws {
    let credential = try #require(try conversations(script.dialogue(lines)).first?.credentials.first)
    #expect(credential.username == "bob")
    #expect(credential.password == nil)
  }
  /// A server that asks again after an empty initial response gets the whole answer (RFC 4954 §4).
  @Test func anAnswerBehindAnEmptyOneIsRead() throws {
    let script = Script(
      "=", port: 25,
      [
        server("220 mx\r\n"), client("EHLO c\r\n"), server("250 mx\r\n"), client("AUTH PLAIN =\r\n"),
        server("334 \r\n"), client("AGJvYgBnZWhlaW0=\r\n"), server("235 yes\r\n"),
      ])
    let credential = try #require(try conversations(script.dialogue(lines)).first?.credentials.first)
    #expect(credential.username == "bob")
    #expect(credential.password == "geheim")
  }
  @Test func theIdentityOfEXTERNALIsTold() throws {
    let script = Script(
      "EXTERNAL", port: 25,
      [
        server("220 mx\r\n"), client("EHLO c\r\n"), server("250 mx\r\n"), client("AUTH EXTERNAL Ym9i\r\n"),
        server("235 yes\r\n"),
      ])
    let credential = try #require(try conversations(script.dialogue(lines)).first?.credentials.first)
    #expect(credential.username == "bob")
    #expect(credential.password == nil)
  }
  /// `=` is an initial response of no octets (RFC 4954 §4, RFC 5034 §4, RFC 4959 §3): a name that is known to be empty.
  @Test(arguments: [
    Script(
      "LOGIN =", port: 25,
      [
        server("220 mx\r\n"), client("EHLO c\r\n"), server("250 mx\r\n"), client("AUTH LOGIN =\r\n"),
        server("334 UGFzc3dvcmQ6\r\n"), client("Z2VoZWlt\r\n"), server("535 no\r\n"),
      ]),
    Script(
      "an empty line", port: 110,
      [
        server("+OK\r\n"), client("AUTH LOGIN\r\n"), server("+ VXNlcm5hbWU6\r\n"), client("\r\n"),
        server("+ UGFzc3dvcmQ6\r\n"), client("Z2VoZWlt\r\n"), server("-ERR no\r\n"),
      ]),
    Script(
      "PLAIN", port: 25,
      [
        server("220 mx\r\n"), client("EHLO c\r\n"), server("250 mx\r\n"), client("AUTH PLAIN AABnZWhlaW0=\r\n"),
        server("535 no\r\n"),
      ]),
    Script("quoted", port: 143, [server("* OK\r\n"), client("a LOGIN \"\" geheim\r\n"), server("a NO no\r\n")]),
    Script(
      "Basic", port: 80,
      [
        client("GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Basic OmdlaGVpbQ==\r\n\r\n"),
        server("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"),
      ]),
  ])
  func anEmptyNameIsTold(_ script: Script) throws {
    let credential = try #require(try conversations(script.dialogue(lines)).first?.credentials.first)
    #expect(credential.username == "" && credential.password == "geheim" && credential.accepted == false)
  }
  /// Who is asked again, and gives up, has said none.
  @Test func aNameThatIsAskedForAgainIsNotMadeUp() throws {
    let script = Script(
      "= and *", port: 25,
      [
        server("220 mx\r\n"), client("EHLO c\r\n"), server("250 mx\r\n"), client("AUTH LOGIN =\r\n"),
        server("334 VXNlcm5hbWU6\r\n"), client("*\r\n"), server("501 no\r\n"),
      ])
    let credential = try #require(try conversations(script.dialogue(lines)).first?.credentials.first)
    #expect(credential.username == nil && credential.password == nil)
  }
}
