import TestSupport
import Testing

@testable import Dialogues

/// What IMAP's literals and extensions do to the octets on the wire.
@Suite struct IMAPExtensionTests {
  /// A stored block of DEFLATE that is not the last (RFC 1951 §3.2.4).
  private static func stored(_ text: String) -> [UInt8] {
    let count = UInt16(text.utf8.count)
    let head = [0, UInt8(truncatingIfNeeded: count), UInt8(count >> 8)]
    return head + [~head[1], ~head[2]] + Array(text.utf8)
  }
  private static let message = "Subject: small\r\n\r\nMade smaller.\r\n"
  private static let script = Script(
    "COMPRESS", port: 143,
    turns: [
      ("* OK ready\r\n", false), ("a LOGIN bob geheim\r\n", true), ("a OK in\r\n", false),
      ("b COMPRESS DEFLATE\r\n", true),
    ].map { Script.Turn(isFromClient: $1, octets: Array($0.utf8)) } + [
      // The server compresses from behind its OK on, which may stand in the same segment.
      Script.Turn(isFromClient: false, octets: Array("b OK active\r\n".utf8) + stored("* OK hello\r\n")),
      Script.Turn(isFromClient: true, octets: stored("c FETCH 1 BODY[]\r\n")),
      Script.Turn(
        isFromClient: false,
        octets: stored("* 1 FETCH (BODY[] {\(message.utf8.count)}\r\n\(message))\r\nc OK fetched\r\n")),
      Script.Turn(isFromClient: true, octets: stored("d LOGOUT\r\n")),
      Script.Turn(isFromClient: false, octets: stored("* BYE\r\nd OK\r\n")),
    ])

  @Test func whatIsCompressedIsRead() throws {
    for cut in [{ [$0] }, { $0.map { [$0] } }] as [([UInt8]) -> [[UInt8]]] {
      let conversation = try #require(try conversations(Self.script.dialogue(cut)).first)
      #expect(conversation.messages.map(\.isComplete) == [true])
      #expect(conversation.messages.first?.byteCount == Self.message.utf8.count)
      #expect(conversation.messages.first?.text?.content == "Made smaller.\r\n")
      #expect(conversation.closing.quit?.replies.flatMap(\.lines) == ["* BYE", "d OK"])
      #expect(conversation.anomalies == [])
    }
  }
  /// A refused COMPRESS changes nothing.
  @Test func onlyAnOKBeginsCompression() throws {
    let dialogue = Script(
      "refused", port: 143,
      [
        server("* OK ready\r\n"), client("b COMPRESS DEFLATE\r\n"), server("b NO not here\r\n"), client("c LOGOUT\r\n"),
        server("* BYE\r\nc OK\r\n"),
      ]
    ).dialogue(lines)
    #expect(try conversations(dialogue).first?.closing.quit?.replies.flatMap(\.lines) == ["* BYE", "c OK"])
  }
  /// Behind a gap, and where it is none, a DEFLATE stream cannot be read; then that is said.
  @Test(arguments: [true, false]) func whatCannotBeInflatedIsSaid(_ isLost: Bool) throws {
    var dialogue = Self.script.dialogue { [$0] }
    let fetch = try #require(dialogue.packets.lastIndex { !$0.isFromClient && $0.payload.count > 60 })
    if isLost { dialogue.packets.remove(at: fetch) } else { dialogue.packets[fetch].payload[0] = 0xFF }
    let conversation = try #require(try conversations(dialogue).first)
    #expect(conversation.anomalies.filter { $0.name == "unreadable-compression" }.count == 1)
    #expect(conversation.messages == [])
  }
  /// Without `+` a literal waits for the server (RFC 9051 §4.3), and one that is refused is never sent.
  @Test func aRefusedLiteralTakesNothingWithIt() throws {
    let dialogue = Script(
      "refused", port: 143,
      [
        server("* OK ready\r\n"), client("a LOGIN {5}\r\n"), server("a BAD no literals\r\n"),
        client("b LOGIN alice geheim\r\n"), server("b OK in\r\n"), client("c APPEND x {30}\r\n"),
        server("c NO no such mailbox\r\n"), client("d LOGOUT\r\n"), server("* BYE\r\nd OK\r\n"),
      ]
    ).dialogue(lines)
    let conversation = try #require(try conversations(dialogue).first)
    #expect(conversation.credentials.map(\.password) == [nil, "geheim"])
    #expect(conversation.credentials.map(\.accepted) == [false, true])
    #expect(conversation.exchanges?.compactMap { $0.request?.verb } == ["LOGIN", "LOGIN", "APPEND", "LOGOUT"])
    let told = try steps(dialogue).filter { !$0.isTransport }.map(\.line)
    #expect(told.firstIndex(of: "a LOGIN {5}") == 1 && told.last == "d OK")
  }

  /// Most clients fetch no whole message but its parts (RFC 9051 §6.4.5.1): what a part says is text, unless it is base64.
  @Test(
    arguments: [
      ("BODY[TEXT]", "Hello Bob.\r\n", "Hello Bob.\r\n"), ("BODY[1.2]<0>", "<p>Hello</p>\r\n", "<p>Hello</p>\r\n"),
      ("BODY[2]", String(repeating: "VGhl", count: 19) + "\r\nVGhl\r\n", nil),
      ("BODY[HEADER]", "Subject: x\r\n\r\n", ""),
    ] as [(String, String, String?)])
  func sectionsShowTheirText(_ section: String, _ content: String, _ shown: String?) throws {
    let dialogue = Script(
      "sections", port: 143,
      [
        server("* OK ready\r\n"), client("a FETCH 1 \(section.replacing("<0>", with: "<0.99>"))\r\n"),
        server("* 1 FETCH (\(section) {\(content.utf8.count)}\r\n\(content))\r\na OK done\r\n"),
      ])
    for cut in [lines, { $0.map { [$0] } }] as [([UInt8]) -> [[UInt8]]] {
      let message = try #require(try conversations(dialogue.dialogue(cut)).first?.messages.first)
      #expect(message.text?.content == shown)
      #expect(message.byteCount == content.utf8.count && message.isComplete)
    }
  }
}
