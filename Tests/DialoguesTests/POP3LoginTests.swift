import TestSupport
import Testing

@testable import Dialogues

/// Whose password a POP3 client says (RFC 1939 §7).
@Suite struct POP3LoginTests {
  private func dialogue(_ turns: [(isFromClient: Bool, text: String)]) -> Dialogue {
    Script("POP3", port: 110, [server("+OK <1.2@mx>\r\n")] + turns).dialogue(lines)
  }
  private func credentials(_ dialogue: Dialogue) throws -> [Conversation.Credential] {
    try #require(try conversations(dialogue).first).credentials
  }
  private static let refused = [
    client("USER bob\r\n"), server("+OK\r\n"), client("PASS wrong\r\n"), server("-ERR\r\n"),
  ]
  private static let again = [client("PASS geheim\r\n"), server("+OK\r\n")]

  @Test func aSecondPasswordIsOfTheSameUser() throws {
    let found = try credentials(dialogue(Self.refused + [client("NOOP\r\n"), server("-ERR\r\n")] + Self.again))
    #expect(found.map(\.username) == ["bob", "bob"] && found.map(\.password) == ["wrong", "geheim"])
    #expect(found.map(\.accepted) == [false, true])
    // USER and its reply, PASS and its reply: the frames that show it.
    #expect(found.map(\.frames) == [[5, 6, 7, 8], [5, 6, 11, 12]] && found.map(\.bytes.count) == [2, 2])
  }
  @Test func itIsOfTheLastUserThatWasNamed() throws {
    let other = [client("USER eve\r\nPASS x\r\n"), server("+OK\r\n-ERR\r\n")]
    #expect(try credentials(dialogue(Self.refused + other + Self.again)).map(\.username) == ["bob", "eve", "eve"])
  }
  /// Another way to log in may have changed whom the server takes the client for.
  @Test(arguments: [
    [client("APOP eve c4c9334bac560ecc979e58001b3e22fb\r\n"), server("-ERR\r\n")],
    [client("AUTH PLAIN AGV2ZQB4\r\n"), server("-ERR\r\n")],
  ])
  func behindAnotherLoginItIsNobodys(_ other: [(isFromClient: Bool, text: String)]) throws {
    let found = try credentials(dialogue(Self.refused + other + Self.again))
    #expect(found.map(\.username) == ["bob", "eve", nil] && found.last?.password == "geheim")
  }
  @Test func behindAGapItIsNobodys() throws {
    var dialogue = dialogue(
      Self.refused + [client("USER eve\r\n"), server("+OK\r\n")] + Self.again + [
        client("PASS x\r\n"), server("-ERR\r\n"),
      ])
    dialogue.packets.removeAll { $0.payload == Array("USER eve\r\n".utf8) }
    #expect(try credentials(dialogue).map(\.username) == ["bob", nil, nil])
  }
  /// A name may hold blanks, a digest none; a digest that does not stand last is one all the same.
  @Test(arguments: [
    ("John Smith c4c9334bac560ecc979e58001b3e22fb", "John Smith", "APOP John Smith ********"),
    ("mrose c4c9334bac560ecc979e58001b3e22fb", "mrose", "APOP mrose ********"),
    ("mrose c4c9334bac560ecc979e58001b3e22fb now", "mrose", "APOP mrose ********"),
  ])
  func aNameOfAPOPMayHoldBlanks(_ arguments: String, _ name: String, _ hidden: String) throws {
    let dialogue = dialogue([client("APOP \(arguments)\r\n"), server("+OK\r\n")])
    let credential = try #require(try credentials(dialogue).first)
    #expect(credential.mechanism == "APOP" && credential.username == name)
    #expect(credential.encoded == ["c4c9334bac560ecc979e58001b3e22fb"])
    let text = try masked(dialogue)
    #expect(!text.contains("c4c9") && text.contains("\"\(hidden)\""), "\(text)")
  }
}
