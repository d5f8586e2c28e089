import Bytes
import Foundation
import Packets
import TestSupport
import Testing

@testable import Dialogues

/// Messages as a tap gets them: all octets, and the parts undone.
@Suite struct MessageTapTests {
  private final class Collector: MessageTap {
    struct Message {
      var head: MessageHead
      var octets: [UInt8] = []
      var parts: [(head: PartHead, octets: [UInt8])] = []
      var tail: MessageTail?
    }
    var messages: [Message] = []
    private var places: [Int: Int] = [:]

    private func change(_ message: Int, _ body: (inout Message) -> Void) {
      guard let place = places[message] else { return #expect(Bool(false), "message \(message) has not begun") }
      body(&messages[place])
    }
    func begin(_ message: Int, _ head: MessageHead) {
      #expect(places[message] == nil, "two messages have the number \(message)")
      places[message] = messages.count
      messages.append(Message(head: head))
    }
    func receive(_ octets: Span<UInt8>, of message: Int) {
      let copy = octets.copied()
      change(message) { $0.octets += copy }
    }
    func beginPart(_ part: PartHead, of message: Int) -> Bool {
      guard part.isAttachment else { return false }
      change(message) { $0.parts.append((part, [])) }
      return true
    }
    func receive(part octets: Span<UInt8>, of message: Int) {
      let copy = octets.copied()
      change(message) { message in
        let last = message.parts.count - 1
        message.parts[last].octets += written { message.parts[last].head.decoder.decode(copy.span, into: &$0) }
      }
    }
    func endPart(boundaryByteCount: Int, of message: Int) {
      change(message) { message in
        let last = message.parts.count - 1
        message.parts[last].octets += written {
          message.parts[last].head.decoder.finish(boundaryByteCount: boundaryByteCount, into: &$0)
        }
      }
    }
    func end(_ message: Int, _ tail: MessageTail) {
      change(message) { $0.tail = tail }
      places[message] = nil
    }
  }
  private func tapped(_ frames: [[UInt8]], transcripts: Bool = true) throws -> ([Collector.Message], [Conversation]) {
    let (tap, sink) = (Collector(), JSONCollector())
    var options = DissectionOptions()
    options.hashes = false
    options.transcripts = transcripts
    let analysis = Analysis(options, sink: sink, tap: tap)
    try withFile(capture(frames)) { file in
      var reader = CaptureReader(fileDescriptor: file)
      try analysis.read(&reader)
    }
    _ = analysis.finish()
    return (
      tap.messages,
      try sink.conversations.map { try JSONDecoder().decode(Conversation.self, from: Foundation.Data($0)) }
    )
  }

  @Test(arguments: [Script.smtp, .smtpRefused, .pop3, .imap])
  func everyMessageIsWholeHoweverItIsCut(_ script: Script) throws {
    var random = SeededRandom(seed: printedSeed("tapped \(script.name)"))
    for longest in [Int.max, 1, 3, 40, 500] {
      let dialogue = script.dialogue { octets in
        longest == .max
          ? [octets] : longest == 1 ? octets.map { [$0] } : randomCuts(octets, longest: longest, using: &random)
      }
      let (messages, found) = try tapped(dialogue.frames)
      let conversation = try #require(found.first)
      #expect(messages.count == conversation.messages.count && !messages.isEmpty)
      for (message, told) in zip(messages, conversation.messages) {
        #expect(Int(message.head.ordinal) == messages.firstIndex { $0.head.ordinal == message.head.ordinal }! + 1)
        #expect(message.octets.count == told.byteCount && plainSHA256(message.octets) == told.sha256)
        #expect(message.tail?.isComplete == told.isComplete)
        #expect(message.head.via.name.description == told.via)
        let attachments = told.parts.filter(\.isAttachment)
        #expect(message.parts.map(\.octets.count) == attachments.map(\.decodedByteCount))
        #expect(message.parts.map(\.head.name) == attachments.map(\.name))
        #expect(message.parts.map(\.head.contentType) == attachments.map(\.contentType))
        for part in message.parts where part.head.name == "data.bin" { #expect(part.octets == Array(0...80)) }
      }
    }
  }
  @Test func nothingIsWrittenOutWhereThatIsNotWanted() throws {
    let (messages, conversations) = try tapped(Script.smtp.dialogue { [$0] }.frames, transcripts: false)
    #expect(messages.count == 1 && conversations.isEmpty)
    #expect(messages[0].octets == Array(Script.message.utf8))
  }
  /// The line end before a boundary belongs to the boundary (RFC 2046 §5.1.1), whatever the encoding.
  @Test(arguments: [
    ("7bit", "one\r\ntwo", "one\r\ntwo"), ("7bit", "", ""), ("8bit", "one\r\n\r\n", "one\r\n\r\n"),
    ("7bit", "a\rb\r", "a\rb\r"), ("quoted-printable", "one=0D=0A", "one\r\n"),
    ("quoted-printable", "soft=\r\n end  \r\n", "soft end\r\n"), ("quoted-printable", "half=", "half"),
    ("base64", "YQ==", "a"), ("base64", "YWJj\r\nZGVm", "abcdef"),
    ("x-uuencode", "begin 644 x\r\n#0V%T\r\n`\r\nend", "Cat"), ("uuencode", "begin 644 x\r\n#0V%T", "Cat"),
    ("X-UUE", "begin 644 x\r\n$0V$\r\n`\r\nend\r\n", "Ca\0\0"), ("x-uuencode", "damaged", ""),
  ])
  func partsEndBeforeTheirBoundary(_ encoding: String, _ body: String, _ expected: String) throws {
    let message = """
      MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\
      Content-Disposition: attachment; filename=x\r\nContent-Transfer-Encoding: \(encoding)\r\n\r\n\
      \(body)\r\n--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBO\r\n--b--\r\n
      """
    for longest in [Int.max, 1, 2, 5] {
      let script = Script(
        "SMTP", port: 25,
        [
          server("220 ready\r\n"), client("EHLO c\r\n"), server("250 ok\r\n"),
          client("MAIL FROM:<a@b.example>\r\n"), server("250 ok\r\n"), client("RCPT TO:<c@d.example>\r\n"),
          server("250 ok\r\n"), client("DATA\r\n"), server("354 go\r\n"), client(message + ".\r\n"),
          server("250 ok\r\n"),
        ])
      let dialogue = script.dialogue { octets in
        stride(from: 0, to: octets.count, by: min(longest, octets.count)).map { start in
          Array(octets[start..<start + min(longest, octets.count - start)])
        }
      }
      let (messages, conversations) = try tapped(dialogue.frames)
      let parts = try #require(messages.first).parts
      #expect(parts.map { String(decoding: $0.octets, as: UTF8.self) }.first == expected, "\(longest)")
      #expect(
        parts.map(\.octets.count)
          == conversations.first?.messages.first?.parts.filter(\.isAttachment).map(\.decodedByteCount))
      #expect(parts.last?.octets == [0x89, 0x50, 0x4E] && parts.last?.head.name == nil)
    }
  }
  /// A message may be nothing but a file (RFC 2045 §5.1): what is no text is kept, whether it has a name or not.
  @Test(arguments: [("application/pdf", 1), ("message/rfc822", 1), ("text/calendar", 0), ("multipart/mixed", 0)])
  func aMessageMayBeAFile(_ type: String, _ count: Int) throws {
    let script = Script(
      "POP3", port: 110,
      [
        server("+OK\r\n"), client("RETR 1\r\n"),
        server("+OK\r\nContent-Type: \(type)\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0=\r\n.\r\n"),
      ])
    let (messages, conversations) = try tapped(script.dialogue { [$0] }.frames)
    #expect(messages.flatMap(\.parts).map(\.octets) == [[UInt8]](repeating: Array("%PDF-".utf8), count: count))
    #expect(conversations.first?.messages.first?.parts.map(\.isAttachment) == [count == 1])
  }
  /// More parts than are told are not handed out either; they stay in their message.
  @Test func partsAreBounded() throws {
    let part = "--b\r\nContent-Disposition: attachment; filename=x\r\n\r\nx\r\n"
    let message =
      "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
      + String(repeating: part, count: DialogueLimits.partCount + 44) + "--b--\r\n"
    let script = Script(
      "SMTP", port: 25,
      [
        server("220 ready\r\n"), client("MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n"),
        server("250 ok\r\n250 ok\r\n354 go\r\n"), client(message + ".\r\n"), server("250 ok\r\n"),
      ])
    let dialogue = script.dialogue { octets in
      stride(from: 0, to: octets.count, by: 1_000).map { Array(octets[$0..<min($0 + 1_000, octets.count)]) }
    }
    let (messages, conversations) = try tapped(dialogue.frames)
    let told = conversations.first?.messages.first?.parts.count { $0.isAttachment }
    #expect(messages.first?.parts.count == DialogueLimits.partCount - 1 && told == DialogueLimits.partCount - 1)
    #expect(messages.first?.octets == Array(message.utf8))
  }
  /// A message of which a packet was lost is given as far as it came, and said to be torn.
  @Test func whatWasLostIsSaid() throws {
    var frames = Script.smtp.dialogue { lines($0) }.frames
    let content = Array("Hello Bob".utf8)
    frames.removeAll { frame in frame.indices.contains { frame[$0...].starts(with: content) } }
    let (messages, _) = try tapped(frames)
    let message = try #require(messages.first)
    #expect(messages.count == 1 && message.tail?.isComplete == false)
    #expect(message.tail?.gapByteCount == UInt64("Hello Bob,\r\n".utf8.count))
    #expect(message.octets.count == Script.message.utf8.count - "Hello Bob,\r\n".utf8.count)
    #expect(message.parts.first?.octets == Array(0...80))
  }
  @Test func piecesAreToldApart() throws {
    let fetch = [
      ("BODY[]", false), ("RFC822", false), ("BODY[HEADER]", true), ("BODY[]<0>", false), ("BODY[]<9>", true),
      ("BODY[1.2]", true),
    ]
    for (item, isSection) in fetch {
      let script = Script(
        "IMAP", port: 143,
        [
          server("* OK ready\r\n"), client("a1 FETCH 1 \(item)\r\n"),
          server("* 1 FETCH (\(item) {14}\r\nSubject: a\r\n\r\n)\r\na1 OK done\r\n"),
        ])
      let (messages, _) = try tapped(script.dialogue { [$0] }.frames)
      #expect(messages.map(\.head.isSection) == [isSection], "\(item)")
    }
  }
  /// A message that stands in its response as a quoted string (RFC 9051 §4.3) comes without quotes and escapes.
  @Test func aQuotedMessageIsTapped() throws {
    let script = Script(
      "IMAP", port: 143,
      [
        server("* OK ready\r\n"), client("a1 FETCH 1 BODY[]\r\n"),
        server("* 1 FETCH (BODY[] \"Subject: \\\"a\\\"\")\r\na1 OK done\r\n"),
      ])
    let (messages, _) = try tapped(script.dialogue { [$0] }.frames)
    let message = try #require(messages.first)
    #expect(messages.count == 1 && !message.head.isSection && message.tail?.isComplete == true)
    #expect(String(decoding: message.octets, as: UTF8.self) == "Subject: \"a\"")
  }
}
