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

  /// A handshake that fails in clear hides nothing (RFC 8446 §6.2): nobody logged in, and that is no guess.
  @Test(arguments: [false, true], [false, true]) func aFailedHandshakeIsTold(_ byClient: Bool, _ isImplicit: Bool)
    throws
  {
    func record(_ type: UInt8, _ content: [UInt8]) -> [UInt8] { [type, 3, 3, 0, UInt8(content.count)] + content }
    let hello = record(22, [1, 0, 0, 4, 3, 3, 0, 0])
    let answer = record(22, [2, 0, 0, 4, 3, 3, 0, 0])
    let alert = record(21, [2, byClient ? 48 : 40])
    var turns: [Script.Turn] = isImplicit ? [] : Self.dialogues[0].turns
    if !isImplicit { turns[3].octets = Array("STARTTLS\r\n".utf8) }
    turns.append(Script.Turn(isFromClient: true, octets: hello))
    if byClient { turns.append(Script.Turn(isFromClient: false, octets: answer)) }
    turns.append(Script.Turn(isFromClient: byClient, octets: alert))
    let script = Script("alert", port: isImplicit ? 465 : 25, turns: turns)
    let conversation = try #require(try conversations(script.dialogue { [$0] }).first)
    let protection = try #require(conversation.protection)
    #expect(protection.alert?.name == (byClient ? "unknown_ca" : "handshake_failure"))
    #expect(protection.alert?.by == (byClient ? "client" : "server"))
    #expect(protection.frames.count == (byClient ? 2 : 1) && protection.serverName == nil)
    let told = try steps(script.dialogue { [$0] }).filter { $0.code == "alert" }
    #expect(told.map(\.line) == [byClient ? "unknown_ca" : "handshake_failure"])
    // Behind application data an alert in clear is nobody's that speaks TLS.
    var late = turns
    late.insert(
      Script.Turn(isFromClient: true, octets: record(23, Array(repeating: 7, count: 40))), at: turns.count - 1)
    let begun = try conversations(Script("late", port: script.port, turns: late).dialogue { [$0] })
    #expect(try #require(begun.first).protection?.alert == nil)
    // Inside TLS an alert is longer, or of another type.
    turns[turns.count - 1].octets = record(21, Array(repeating: 2, count: 18))
    let hidden = Script("alert", port: script.port, turns: turns)
    #expect(try conversations(hidden.dialogue { [$0] }).first?.protection?.alert == nil)
  }
}
