import TestSupport
import Testing

@testable import Dialogues

/// Messages that come by count, as chunks (RFC 3030) and literals, whose lines end anywhere.
@Suite struct ChunkTests {
  private static let head = "Content-Type: text/plain\r\nSubject: chunks\r\n\r\n"

  private static func script(_ chunks: [String], end: String = "") -> Script {
    var commands = ""
    var replies = ""
    for (index, chunk) in chunks.enumerated() {
      let isLast = index == chunks.count - 1 && end.isEmpty
      commands += "BDAT \(chunk.utf8.count)\(isLast ? " LAST" : "")\r\n" + chunk
      replies += "250 chunk\r\n"
    }
    return Script(
      "chunks", port: 25,
      [
        server("220 mail.example ESMTP\r\n"),
        client("EHLO a\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\n\(commands)\(end)QUIT\r\n"),
        server("250 a\r\n250 b\r\n250 c\r\n\(replies)\(end.isEmpty ? "" : "250 end\r\n")221 bye\r\n"),
      ])
  }

  @Test(arguments: [
    script([head + "a text without a line end"]), script([head + "a text wit", "hout a line end"]),
    script([head + "a text wit", "hout a line end"], end: "BDAT 0 LAST\r\n"),
  ])
  func commandsBehindUnfinishedLinesStandAlone(_ script: Script) throws {
    for cut in [lines, { $0.map { [$0] } }, { [$0] }] as [([UInt8]) -> [[UInt8]]] {
      let conversation = try #require(try conversations(script.dialogue(cut)).first)
      let message = try #require(conversation.messages.first)
      #expect(conversation.messages.count == 1)
      #expect(message.isComplete)
      #expect(message.byteCount == Self.head.utf8.count + 25)
      #expect(message.text?.content == "a text without a line end")
      #expect(conversation.closing.quit?.request?.line == "QUIT")
      #expect(conversation.closing.quit?.replies.first?.code == 221)
    }
  }
  @Test func aBoundaryMayBeCutByAChunk() throws {
    let first = "Content-Type: multipart/mixed; boundary=ab\r\n\r\n--ab\r\n\r\none\r\n--a"
    let conversation = try #require(
      try conversations(Self.script([first, "b\r\n\r\ntwo\r\n--ab--\r\n"]).dialogue(lines)).first)
    #expect(conversation.messages.first?.parts.map(\.decodedByteCount) == [0, 3, 3])
  }
  /// A field's line that is longer than what is kept of one goes to the scanner in pieces: the first holds the field's name,
  /// wherever a segment ends.
  @Test(arguments: [1, 3, 7, 8, 9, 4_000]) func aLongFieldMayBeCutInItsName(_ place: Int) throws {
    let field = "X-Long: " + String(repeating: "x", count: 9_000) + "\r\n"
    let message = "Subject: long\r\n\(field)To: b@example.org\r\n\r\nend\r\n"
    let start = "Subject: long\r\n".utf8.count
    func cut(_ octets: [UInt8]) -> [[UInt8]] {
      guard let found = (0..<octets.count).first(where: { octets[$0...].starts(with: field.utf8) }) else {
        return [octets]
      }
      return [Array(octets[..<(found + place)]), Array(octets[(found + place)...])]
    }
    let size = message.utf8.count
    let scripts = [
      Script(
        "stuffed", port: 110, [server("+OK\r\n"), client("RETR 1\r\n"), server("+OK\r\n"), server(message + ".\r\n")]),
      Script(
        "literal", port: 143,
        [
          server("* OK IMAP4rev2\r\n"), client("a FETCH 1 BODY[]\r\n"),
          server("* 1 FETCH (BODY[] {\(size)}\r\n\(message))\r\na OK done\r\n"),
        ]),
      // The line goes on in two segments more.
      Script(
        "chunks", port: 25,
        [
          server("220 mail.example ESMTP\r\n"),
          client("EHLO a\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nBDAT \(size) LAST\r\n"),
          client(String(message.prefix(start + place))), client(String(message.dropFirst(start + place).prefix(8_500))),
          client(String(message.dropFirst(start + place + 8_500))),
          server("250 a\r\n250 b\r\n250 c\r\n250 d\r\n"),
        ]),
    ]
    for script in scripts {
      let found = try #require(try conversations(script.dialogue(cut)).first?.messages.first)
      #expect(found.fields.map(\.name) == ["Subject", "X-Long", "To"], "\(script.name)")
      #expect(found.fields.dropFirst().first?.value == String(repeating: "x", count: 9_000), "\(script.name)")
      #expect(found.sha256 == plainSHA256(Array(message.utf8)) && found.text?.content == "end\r\n", "\(script.name)")
    }
  }
  /// What goes beyond a kept line was once lost to the scanner.
  @Test func longLinesOfALiteralAreScannedWhole() throws {
    let message = "Subject: long\r\n\r\n" + String(repeating: "x", count: 30_000) + "\r\nend\r\n"
    let script = Script(
      "literal", port: 143,
      [
        server("* OK IMAP4rev2\r\n"), client("a FETCH 1 BODY[]\r\n"),
        server("* 1 FETCH (BODY[] {\(message.utf8.count)}\r\n\(message))\r\na OK done\r\n"),
      ])
    for cut in [
      { [$0] },
      { octets in stride(from: 0, to: octets.count, by: 777).map { Array(octets[$0..<min($0 + 777, octets.count)]) } },
    ]
      as [([UInt8]) -> [[UInt8]]]
    {
      let found = try #require(try conversations(script.dialogue(cut)).first?.messages.first)
      #expect(found.byteCount == message.utf8.count)
      #expect(found.parts.map(\.decodedByteCount) == [30_007])
    }
  }
  /// What allows a message is no answer to it.
  @Test(
    arguments: [
      [client("DATA\r\n"), server("354 go\r\n"), client("Subject: s\r\n\r\nhalf of")],
      [client("BDAT 12\r\nSubject: s\r\n"), server("250 chunk\r\n"), client("BDAT 9 LAST\r\nhalf")],
    ] as [[(isFromClient: Bool, text: String)]])
  func aMessageThatDoesNotEndHasNoAnswer(_ turns: [(isFromClient: Bool, text: String)]) throws {
    let envelope = [
      server("220 mail.example ESMTP\r\n"), client("EHLO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n"),
      server("250 a\r\n250 b\r\n250 c\r\n"),
    ]
    let conversation = try #require(
      try conversations(Script("unfinished", port: 25, envelope + turns).dialogue { [$0] }).first)
    #expect(conversation.messages.map(\.isComplete) == [false])
    #expect(conversation.messages.map(\.reply) == [nil])
  }
}
