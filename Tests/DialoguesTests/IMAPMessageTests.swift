import TestSupport
import Testing

@testable import Dialogues

/// Which octets of an IMAP conversation are a message, and whether they are all of it.
@Suite struct IMAPMessageTests {
  private func messages(_ turns: [(isFromClient: Bool, text: String)]) throws -> [Conversation.Message] {
    let script = Script("IMAP", port: 143, [server("* OK IMAP4rev1\r\n")] + turns)
    let whole = try #require(try conversations(script.dialogue { [$0] }).first).messages
    for cut in [lines, { $0.map { [$0] } }] {
      let cutUp = try #require(try conversations(script.dialogue(cut)).first).messages
      #expect(cutUp.map(\.sha256) == whole.map(\.sha256))
      #expect(cutUp.map(\.isComplete) == whole.map(\.isComplete))
    }
    return whole
  }
  /// RFC 9051 §6.3.12: a mailbox is an astring, and so may be a literal.
  @Test func theNameOfAMailboxIsNone() throws {
    let found = try messages([
      client("a APPEND {4}\r\n"), server("+ go\r\n"), client("Sent {6}\r\n"), server("+ go\r\n"),
      client("A: b\r\n\r\n"), server("a OK\r\n"), client("b NOOP\r\n"), server("b OK\r\n"),
    ])
    #expect(found.map(\.byteCount) == [6])
    #expect(found.map(\.isComplete) == [true])
  }
  @Test func oneThatTheServerDoesNotWantIsNone() throws {
    let found = try messages([
      client("a APPEND Sent {6}\r\n"), server("a NO over quota\r\n"), client("b NOOP\r\n"), server("b OK\r\n"),
    ])
    #expect(found.isEmpty)
  }
  @Test func oneOfWhichNothingWasCapturedIsTold() throws {
    let found = try messages([client("a APPEND Sent {6}\r\n"), server("+ go\r\n")])
    #expect(found.map(\.byteCount) == [0])
    #expect(found.map(\.isComplete) == [false])
  }
  /// RFC 9051 §9: `literal8`.
  @Test func aBinaryPartIsFound() throws {
    let found = try messages([
      client("a FETCH 1 BINARY[1]\r\n"), server("* 1 FETCH (BINARY[1] ~{5}\r\n\0bin\0)\r\na OK\r\n"),
    ])
    #expect(found.map(\.byteCount) == [5])
    #expect(found.map(\.label) == ["BINARY[1]"])
  }
  /// RFC 9051 §6.4.5: of `<0.8>` come eight octets at most, and no others say whether more would follow.
  @Test(arguments: [("<0.8>", "<0>", "A: b\r\n\r\n", false), ("<0.99>", "<0>", "A: b\r\n\r\nx\r\n", true)])
  func aPieceIsNotTheWhole(_ asked: String, _ label: String, _ text: String, _ isComplete: Bool) throws {
    let found = try messages([
      client("a FETCH 1 BODY[]\(asked)\r\n"),
      server("* 1 FETCH (BODY[]\(label) {\(text.utf8.count)}\r\n\(text))\r\na OK\r\n"),
    ])
    #expect(found.map(\.isComplete) == [isComplete])
    #expect(found.map { $0.fields.map(\.name) } == [["A"]])
  }
  @Test func aLaterPieceHasNoBeginning() throws {
    let found = try messages([
      client("a FETCH 1 BODY[]<8.99>\r\n"), server("* 1 FETCH (BODY[]<8> {9}\r\nNo: field)\r\na OK\r\n"),
    ])
    #expect(found.map(\.isComplete) == [false])
    #expect(found.map { $0.fields.count } == [0])
  }
  /// What stands behind a message in the same packet is not what follows the announcement.
  @Test func theOctetsOfALineAreItsOwn() throws {
    let announcement = "* 1 FETCH (BODY[] {6}\r\n"
    let script = Script(
      "IMAP", port: 143,
      [
        server("* OK IMAP4rev1\r\n"), client("a FETCH 1 BODY[]\r\n"), server(announcement + "A: b\r\n)\r\na OK\r\n"),
      ])
    let conversation = try #require(try conversations(script.dialogue { [$0] }).first)
    let reply = try #require(conversation.exchanges?.last?.replies.first)
    #expect(reply.bytes.first?.last == announcement.utf8.count)
  }
}
