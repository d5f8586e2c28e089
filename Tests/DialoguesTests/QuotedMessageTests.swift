import TestSupport
import Testing

@testable import Dialogues

/// Messages that a server sends as quoted strings (RFC 9051 §4.3, §9: `nstring`).
@Suite struct QuotedMessageTests {
  private typealias Turns = [(isFromClient: Bool, text: String)]
  private func script(_ turns: Turns) -> Script { Script("quoted", port: 143, [server("* OK ready\r\n")] + turns) }
  /// The messages, which are the same however the octets are cut.
  private func messages(_ turns: Turns) throws -> [Conversation.Message] {
    let script = script(turns)
    let whole = try #require(try conversations(script.dialogue { [$0] }).first).messages
    for cut in [lines, { $0.map { [$0] } }] {
      let cutUp = try #require(try conversations(script.dialogue(cut)).first).messages
      #expect(cutUp.map(\.sha256) == whole.map(\.sha256) && cutUp.map(\.fields) == whole.map(\.fields))
      #expect(cutUp.map(\.isComplete) == whole.map(\.isComplete) && cutUp.map(\.text) == whole.map(\.text))
    }
    return whole
  }
  private func messages(fetching item: String, _ response: String) throws -> [Conversation.Message] {
    try messages([client("a FETCH 1 \(item)\r\n"), server("* 1 FETCH (\(response))\r\na OK done\r\n")])
  }

  @Test(arguments: [
    ("BODY[]", "A: b", "A: b"), ("BODY[]", #"Subject: \"so\" \\ so"#, #"Subject: "so" \ so"#),
    ("RFC822", "A: b", "A: b"), ("rfc822.text", "hello", "hello"), ("RFC822.HEADER", "A: b", "A: b"),
    ("BODY[HEADER]", "A: b", "A: b"), ("BODY[HEADER.FIELDS (A)]", "A: b", "A: b"),
    ("BODY[TEXT]", "hello) BODY[] {3}", "hello) BODY[] {3}"), ("BODY[1]", "", ""), ("BINARY[1]", "x", "x"),
  ])
  func isAMessage(_ item: String, _ quoted: String, _ octets: String) throws {
    let found = try messages(fetching: item, "UID 7 \(item) \"\(quoted)\" FLAGS (\\Seen)")
    let message = try #require(found.first)
    #expect(found.count == 1 && message.via == "FETCH" && message.label == item && message.isComplete)
    #expect(message.byteCount == octets.utf8.count && message.sha256 == plainSHA256(Array(octets.utf8)))
    #expect(message.reply?.lines == ["a OK done"])
    if octets.contains(": ") {
      #expect(message.fields.map { "\($0.name): \($0.value)" } == [octets])
    } else if !octets.isEmpty {
      #expect(message.fields.isEmpty && message.text?.content == octets)
    }
  }
  @Test(arguments: [
    "BODY[] NIL", "ENVELOPE (\"BODY[] \" \"BODY[] \\\"x\\\"\" NIL)",
    "BODY (\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 1 1)",
    "BODY[] \"never closed", "X-BODY[] \"x\"", "BODY[]<90> \"\"",
  ])
  func otherStringsAreNone(_ response: String) throws {
    #expect(try messages(fetching: "ALL", response).isEmpty)
  }
  /// Quoted strings and literals may stand in one response, in any order; what a literal holds is not searched.
  @Test func literalsMayStandBeside() throws {
    let found = try messages(
      fetching: "ALL",
      "BODY[HEADER] \"A: b\" BODY[TEXT] {13}\r\nBODY[1] \"no\"\r X-WORD {13}\r\nBODY[2] \"no\"\n BODY[3] \"yes\"")
    #expect(found.map(\.label) == ["BODY[HEADER]", "BODY[TEXT]", "BODY[3]"])
    #expect(found.map(\.byteCount) == [4, 13, 3] && found.allSatisfy(\.isComplete))
    #expect(found.last?.text?.content == "yes")
  }
  @Test func aLiteralMayStandFirst() throws {
    let found = try messages(
      fetching: "ALL", "X {3}\r\nabc BODY[TEXT] {6}\r\nhello\n BODY[1] \"yes\" BODY[2] {2}\r\nno BODY[3] \"more\"")
    #expect(found.map(\.label) == ["BODY[TEXT]", "BODY[1]", "BODY[2]", "BODY[3]"])
    #expect(found.map(\.byteCount) == [6, 3, 2, 4])
  }
  /// Ranges (RFC 9051 §6.4.5.1) are put together, whether they come quoted or as literals.
  @Test func rangesAreOneMessage() throws {
    let found = try messages([
      client("a FETCH 1 BODY[]<0.6>\r\n"), server("* 1 FETCH (BODY[]<0> {6}\r\nSubjec)\r\na OK\r\n"),
      client("b FETCH 1 BODY[]<6.6>\r\n"), server("* 1 FETCH (BODY[]<6> \"t: one\")\r\nb OK\r\n"),
      client("c FETCH 1 BODY[]<12.6>\r\n"), server("* 1 FETCH (BODY[]<12> {6}\r\n two\r\n)\r\nc OK\r\n"),
      client("d FETCH 1 BODY[]<18.6>\r\n"), server("* 1 FETCH (BODY[]<18> \"\")\r\nd OK\r\n"),
    ])
    let message = try #require(found.first)
    #expect(found.count == 1 && message.isComplete && message.byteCount == 18)
    #expect(message.fields.map(\.value) == ["one two"])
    #expect(message.sha256 == plainSHA256(Array("Subject: one two\r\n".utf8)))
  }
  /// Octets of the line that were not captured may have held its quotes.
  @Test func aHoleInTheLineMakesNone() throws {
    var dialogue = script([
      client("a FETCH 1 ALL\r\n"), server("* 1 FETCH (X {9}\r\n"), server("123456789"), server(" BODY[] \"A: b\")\r\n"),
      server("a OK\r\n"),
    ]).dialogue { [$0] }
    dialogue.packets.removeAll { $0.payload == Array("123456789".utf8) }
    #expect(try conversations(dialogue).first?.messages.isEmpty == true)
  }
  /// A hole in a message leaves the rest of its response whole.
  @Test func aHoleInAMessageBeforeItChangesNothing() throws {
    var dialogue = script([
      client("a FETCH 1 ALL\r\n"), server("* 1 FETCH (BODY[1] {14}\r\nab"), server("123456789"),
      server("cde BODY[2] \"yes\")\r\n"), server("a OK\r\n"),
    ]).dialogue { [$0] }
    dialogue.packets.removeAll { $0.payload == Array("123456789".utf8) }
    let found = try #require(try conversations(dialogue).first).messages
    #expect(found.map(\.gapByteCount) == [9, 0] && found.map(\.isComplete) == [false, true])
    #expect(found.last?.text?.content == "yes")
  }
}
