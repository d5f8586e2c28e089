import Bytes
import TestSupport
import Testing

@testable import Dialogues

/// What is left of lines when passwords are masked.
@Suite struct MaskTests {
  private func redacted(
    _ line: String, _ dissected: DissectedProtocol, code: UInt16 = 0, flags: Record.Flags = .fromClient
  ) -> String {
    let octets = Array(line.utf8)
    let record = Record(.request, flags: flags, code: code, ordinal: 1, mark: LineMark())
    return Redaction.redacted(octets.span, record, of: dissected) ?? line
  }

  @Test(arguments: [
    ("EHLO client.example", "EHLO client.example"), ("AUTH LOGIN", "AUTH LOGIN"),
    ("AUTH PLAIN AGJvYgBnZWhlaW0=", "AUTH PLAIN ********"), ("auth login Ym9i", "auth login ********"),
    ("AUTH AGJvYgBnZWhlaW0=", "AUTH ********"), ("c2VjcmV0", "********"), ("PASS geheim", "********"),
    ("", "********"), ("ETRN example.org", "ETRN example.org"), ("MAIL FROM:<>", "MAIL FROM:<>"),
  ])
  func ofSMTP(_ line: String, _ expected: String) { #expect(redacted(line, .smtp) == expected) }

  @Test(arguments: [
    ("USER bob", "USER bob"), ("PASS geheim wort", "PASS ********"), ("pass x", "pass ********"),
    ("APOP m.rose c4c9334bac560ecc979e58001b3e22fb", "APOP m.rose ********"), ("heim wort", "********"),
    ("AUTH PLAIN AGJvYgBnZWhlaW0=", "AUTH PLAIN ********"), ("RETR 1", "RETR 1"), ("LAST", "LAST"),
  ])
  func ofPOP3(_ line: String, _ expected: String) { #expect(redacted(line, .pop3) == expected) }

  @Test(arguments: [
    ("a1 LOGIN bob geheim", "a1 LOGIN ********"), ("a1 AUTHENTICATE PLAIN", "a1 AUTHENTICATE PLAIN"),
    ("a1 AUTHENTICATE PLAIN AGJv", "a1 AUTHENTICATE PLAIN ********"), ("AGJvYgBnZWhlaW0=", "********"),
    (#"a1 ID ("name" "x" "PassWord" "geheim")"#, "a1 ID ********"), (#"a1 ID ("name" "x")"#, #"a1 ID ("name" "x")"#),
    ("geheim wort", "********"), ("a1 UID FETCH 1 BODY[]", "a1 UID FETCH 1 BODY[]"),
    ("a1 SORT (DATE)", "a1 SORT (DATE)"),
  ])
  func ofIMAP(_ line: String, _ expected: String) { #expect(redacted(line, .imap) == expected) }

  @Test func ofAnswers() {
    #expect(redacted("anything", .smtp, code: 1, flags: .clientSecret) == "********")
    #expect(redacted("DONE", .imap, code: 1) == "DONE")
    #expect(redacted("geheim", .imap, code: 1) == "********")
  }

  @Test(arguments: [
    ("GET /login?user=eve&password=geheim1 HTTP/1.1", "GET /login?user=eve&password=******** HTTP/1.1"),
    ("GET /?user%5Bpassword%5D=g&x=1 HTTP/1.1", "GET /?user%5Bpassword%5D=********&x=1 HTTP/1.1"),
    ("GET http://eve:geheim@mail.example/a:b@c HTTP/1.1", "GET http://eve:********@mail.example/a:b@c HTTP/1.1"),
    ("Cookie: a=b; pass=\"ge heim\"; c=d", "Cookie: a=b; pass=********; c=d"),
    ("Referer: http://x/?secretkey=abc#top", "Referer: http://x/?secretkey=********#top"),
    ("GET /?page=2&subject=a HTTP/1.1", "GET /?page=2&subject=a HTTP/1.1"),
    ("GET /?password= HTTP/1.1", "GET /?password= HTTP/1.1"),
  ])
  func ofHTTP(_ line: String, _ expected: String) { #expect(redacted(line, .http) == expected) }

  @Test(arguments: [
    "password", "passwd", "pass", "pwd", "_pass", "j_password", "rcmloginpwd", "user[password]", "userPassword",
    "Passwort", "login_pw", "imappass",
  ])
  func namesAPassword(_ name: String) { #expect(SecretName.isPassword(name) && SecretName.isSecret(name)) }
  @Test(arguments: ["secretkey", "_token", "access_token", "pin", "api-key", "otp", "client_secret"])
  func namesASecret(_ name: String) { #expect(SecretName.isSecret(name) && !SecretName.isPassword(name)) }
  @Test(arguments: ["subject", "to", "user", "page", "option", "shipping", "spinner", ""])
  func namesNoSecret(_ name: String) { #expect(!SecretName.isSecret(name)) }

  /// Of a line whose middle is missing neither half is seen, in no form.
  @Test(arguments: [
    Script(
      "PASS", port: 110,
      [
        server("+OK ready\r\n"), client("USER bob\r\n"), server("+OK\r\n"), client("PASS ge"), client("heim "),
        client("wort\r\n"), server("+OK in\r\n"), client("QUIT\r\n"), server("+OK\r\n"),
      ]),
    Script(
      "AUTH LOGIN", port: 25,
      [
        server("220 mail.example.org ESMTP\r\n"), client("EHLO x\r\n"), server("250 AUTH LOGIN\r\n"),
        client("AUTH LOGIN Ym9i\r\n"), server("334 UGFzc3dvcmQ6\r\n"), client("Z2Vo"), client("ZWlt"),
        client("LXdvcnQ=\r\n"), server("235 ok\r\n"), client("QUIT\r\n"), server("221 bye\r\n"),
      ]),
  ])
  func halvesOfALine(_ script: Script) throws {
    var dialogue = script.dialogue { [$0] }
    let missing = try #require(
      dialogue.packets.firstIndex { ["heim ", "ZWlt"].contains(String(decoding: $0.payload, as: UTF8.self)) })
    dialogue.packets.remove(at: missing)
    let text = try masked(dialogue)
    for secret in ["PASS ge", "wort", "WORT", "Z2Vo", "LXdvcnQ", "LXDVCNQ"] {
      #expect(!text.contains(secret), "\(secret) in \(text)")
    }
  }
  /// Servers repeat what they do not understand.
  @Test func whatTheServerRepeats() throws {
    let script = Script(
      "echo", port: 25,
      [
        server("220 mail.example.org ESMTP\r\n"), client("EHLO x\r\n"), server("250 ok\r\n"), client("geheim wort\r\n"),
        server("500 5.5.1 Command unrecognized: \"geheim wort\"!\r\n"), client("AUTH PLAIN AGJvYgBnZWhlaW0=\r\n"),
        server("535-AGJvYgBnZWhlaW0= does not log in:\r\n535 geheim is wrong for bob\r\n"), client("QUIT\r\n"),
        server("221 bye\r\n"),
      ])
    let text = try masked(script.dialogue(lines))
    for secret in ["geheim", "wort", "AGJvYgBnZWhlaW0="] { #expect(!text.contains(secret), "\(secret) in \(text)") }
    #expect(text.contains("535 ******** is wrong for bob"))
  }
  /// A gap within a form may have lost the name that tells a password.
  @Test func aFormWithAGap() throws {
    let body = "user=bob&password=geheim"
    let script = Script(
      "gap", port: 80,
      [
        client(
          "POST / HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 24\r\n\r\nuser=bob&"),
        client("password"), client("=geheim"), server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
      ])
    #expect(body.utf8.count == 24)
    var dialogue = script.dialogue { [$0] }
    dialogue.packets.removeAll { $0.payload == Array("password".utf8) }
    #expect(try conversations(dialogue).first?.messages.first?.isComplete == false)
    #expect(try conversations(dialogue).first?.credentials.isEmpty == true)
    #expect(try !masked(dialogue).contains("geheim"))
  }
}
