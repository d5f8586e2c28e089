import TestSupport
import Testing

@testable import Dialogues

/// What stands behind the command that begins TLS, in the same segment and in clear, must not be carried out by a server
/// (RFC 3207 §4.2, RFC 2595 §4, RFC 9051 §6.2.1): an attacker may have put it there.
@Suite struct StartTLSTests {
  private static let dialogues: [Script] = [
    Script(
      "SMTP", port: 25,
      [
        server("220 mail.example ESMTP\r\n"), client("EHLO a\r\n"), server("250 STARTTLS\r\n"),
        client("STARTTLS\r\nRSET\r\n"), server("220 go\r\n"),
      ]),
    Script("POP3", port: 110, [server("+OK ready\r\n"), client("STLS\r\nSTAT\r\n"), server("+OK go\r\n")]),
    Script("IMAP", port: 143, [server("* OK ready\r\n"), client("a STARTTLS\r\nb NOOP\r\n"), server("a OK go\r\n")]),
  ]
  @Test(arguments: dialogues) func commandsBehindItAreRemarked(_ script: Script) throws {
    let found = try remarks(script)
    #expect(found == ["commands-behind-starttls"])
    // Alone the command is as it should be.
    var alone = script
    let turn = try #require(alone.turns.lastIndex { $0.isFromClient })
    alone.turns[turn].octets = lines(alone.turns[turn].octets)[0]
    #expect(try remarks(alone) == [])
  }
  private func remarks(_ script: Script) throws -> [String] {
    let found = try conversations(script.dialogue { [$0] })
    return try #require(found.first).anomalies.map(\.name)
  }
}
