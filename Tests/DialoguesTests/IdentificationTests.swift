import TestSupport
import Testing

@testable import Dialogues

@Suite struct IdentificationTests {
  @Test(arguments: [
    (Script.smtp, "smtp"), (.smtpRefused, "smtp"), (.lmtp, "smtp"), (.pop3, "pop3"), (.pop3Challenges, "pop3"),
    (.imap, "imap"),
    (.imapAuthenticate, "imap"), (.http, "http"),
  ])
  func onAnyPort(_ script: Script, _ name: String) throws {
    for port in [script.port, 31_337, 25, 110, 80] as [UInt16] {
      var moved = script
      moved.port = port
      #expect(try conversations(moved.dialogue(lines)).map(\.protocol) == [name], "port \(port)")
      let byOctet = moved.dialogue { $0.map { [$0] } }
      #expect(try conversations(byOctet).map(\.protocol) == [name], "by octet, port \(port)")
    }
  }
  /// The text of a greeting is not required (RFC 5321 §4.2, RFC 9051 §7.1).
  @Test(
    arguments: [
      ("220\r\n", 25, "smtp"), ("220\r\n", 2526, "smtp"), ("* OK\r\n", 1143, "imap"), ("+OK\r\n", 1110, "pop3"),
    ] as [(String, UInt16, String)])
  func aGreetingMayBeBare(_ greeting: String, _ port: UInt16, _ name: String) throws {
    let command = name == "smtp" ? "EHLO a.example\r\n" : name == "imap" ? "a LOGOUT\r\n" : "QUIT\r\n"
    for cut in [{ [$0] }, { $0.map { [$0] } }] as [([UInt8]) -> [[UInt8]]] {
      let dialogue = Script(name, port: port, [server(greeting), client(command)]).dialogue(cut)
      #expect(try conversations(dialogue).map(\.protocol) == [name])
    }
  }
  @Test(
    arguments: [
      (
        "Redis", 6_379,
        [
          client("*1\r\n$4\r\nPING\r\n"), server("+PONG\r\n"), client("SET a b\r\n"), server("+OK\r\n"),
          client("QUIT\r\n"), server("+OK\r\n"),
        ]
      ),
      ("Redis", 6_379, [client("AUTH secret\r\n"), server("+OK\r\n"), client("SET a b\r\n"), server("+OK\r\n")]),
      (
        "FTP", 21,
        [
          server("220 ProFTPD FTP Server ready\r\n"), client("USER alice\r\n"), server("331 password\r\n"),
          client("PASS secret\r\n"), server("230 in\r\n"), client("QUIT\r\n"), server("221 bye\r\n"),
        ]
      ),
      (
        "FTP", 21,
        [
          server("220 Welcome\r\n"), client("USER alice\r\n"), server("331 password\r\n"), client("PASS secret\r\n"),
          server("230 in\r\n"), client("LIST\r\n"), server("150 here\r\n226 done\r\n"), client("QUIT\r\n"),
          server("221 bye\r\n"),
        ]
      ),
      ("SSH", 22, [server("SSH-2.0-OpenSSH_9.2\r\n"), client("SSH-2.0-OpenSSH_9.2\r\n")]),
      ("noise", 9_000, [client("\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}"), server("\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}")]),
    ] as [(String, UInt16, [(isFromClient: Bool, text: String)])])
  func othersAreForeign(_ name: String, _ port: UInt16, _ turns: [(isFromClient: Bool, text: String)]) throws {
    let script = Script(name, port: port, turns)
    for cut in [{ [$0] }, lines, { $0.map { [$0] } }] as [([UInt8]) -> [[UInt8]]] {
      #expect(try conversations(script.dialogue(cut)).map(\.protocol) == [])
    }
  }
  @Test func withoutTheHandshakeRolesComeFromWhatIsSaid() throws {
    for script in [Script.smtp, .pop3, .imap, .http] {
      var moved = script
      // A server port above the client's: the ports alone would tell the wrong way.
      moved.port = 50_000
      var dialogue = moved.dialogue(lines)
      dialogue.packets.removeFirst(3)
      let conversation = try #require(try conversations(dialogue).first, "\(script.name)")
      #expect(conversation.server.port == 50_000, "\(script.name)")
      #expect(conversation.roles == "content", "\(script.name)")
    }
  }
}
