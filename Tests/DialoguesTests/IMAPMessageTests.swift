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
  /// RFC 9051 §5.5: a client need not wait for one command's end before it says the next.
  @Test(arguments: ["", "+"]) func theEndOfOneAppendIsNotThatOfTheNext(_ sign: String) throws {
    let text = "A: b\r\n\r\nx1 LOGIN eve fake\r\n"
    let go = sign.isEmpty ? [server("+ go\r\n")] : []
    let announcement = "{\(text.utf8.count)\(sign)}\r\n"
    let turns =
      [client("a APPEND Sent \(announcement)")] + go + [client(text + "\r\nb APPEND Sent \(announcement)")] + go + [
        server("a OK\r\n"), client(String(text.prefix(12))),
        client(text.dropFirst(12) + "\r\nc APPEND Sent \(announcement)"),
      ] + go + [server("b OK\r\n"), client(text + "\r\n"), server("c OK\r\n")]
    let found = try messages(turns)
    #expect(found.map(\.byteCount) == [text.utf8.count, text.utf8.count, text.utf8.count])
    #expect(found.map(\.isComplete) == [true, true, true])
    #expect(found.map { $0.reply?.lines } == [["a OK"], ["b OK"], ["c OK"]])
    let script = Script("IMAP", port: 143, [server("* OK IMAP4rev1\r\n")] + turns)
    #expect(try conversations(script.dialogue(lines)).first?.credentials.isEmpty == true)
  }
  /// RFC 3501 §6.4.5, RFC 9051 §6.4.5.1.
  @Test(arguments: [
    ("RFC822.TEXT", false), ("BODY[TEXT]", false), ("BODY[2]", false), ("BODY[1.TEXT]", false), ("RFC822", true),
    ("BODY[]", true), ("RFC822.HEADER", true), ("BODY[HEADER]", true), ("BODY[2.HEADER]", true), ("BODY[1.MIME]", true),
    ("BODY[HEADER.FIELDS (A)]", true),
  ])
  func theSectionTellsWhetherAHeaderComes(_ section: String, _ hasHeader: Bool) throws {
    let found = try messages([
      client("a FETCH 1 \(section)\r\n"), server("* 1 FETCH (\(section) {11}\r\nA: b\r\n\r\nxyz)\r\na OK\r\n"),
    ])
    #expect(found.map { $0.fields.map(\.name) } == [hasHeader ? ["A"] : []])
    #expect(found.map { $0.text?.content } == [hasHeader ? "xyz" : "A: b\r\n\r\nxyz"])
  }
  /// What announces a message is none of it.
  @Test func aMessageBeginsWithItsFirstOctet() throws {
    let message = "A: b\r\n\r\nx\r\n"
    for script in [
      Script(
        "IMAP", port: 143,
        [
          server("* OK IMAP4rev1\r\n"), client("a APPEND Sent {\(message.utf8.count)}\r\n"), server("+ go\r\n"),
          client(message + "\r\n"), server("a OK\r\n"),
        ]),
      Script(
        "POP3", port: 110,
        [server("+OK\r\n"), client("RETR 1\r\n"), server("+OK\r\n"), server(message + ".\r\n"), client("QUIT\r\n")]),
    ] {
      let dialogue = script.dialogue { [$0] }
      let place = try #require(dialogue.packets.firstIndex { $0.payload.starts(with: Array(message.utf8)) })
      let conversation = try #require(try conversations(dialogue).first)
      #expect(conversation.messages.map(\.frameRange) == [[place + 1, place + 1]])
    }
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
