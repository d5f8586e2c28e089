import TestSupport
import Testing

@testable import Dialogues

@Suite struct MessageTests {
  @Test func thePlainDigestIsRight() {
    #expect(plainSHA256([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(plainSHA256(Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  @Test(arguments: [(Script.smtp, "DATA"), (.pop3, "RETR"), (.imap, "FETCH")])
  func theDigestIsThatOfTheMessage(_ script: Script, _ via: String) throws {
    let conversation = try #require(try conversations(script.dialogue { [$0] }).first)
    let message = try #require(conversation.messages.first { $0.via == via })
    #expect(message.sha256 == plainSHA256(Array(Script.message.utf8)))
    #expect(message.byteCount == Script.message.utf8.count)
    #expect(message.isComplete)
    #expect(message.gapByteCount == 0)
    #expect(message.fields.first { $0.name == "Subject" }?.value == "Gr\u{fc}\u{df}e\tfrom the drip")
    #expect(message.parts.last?.decodedByteCount == 81)
    #expect(message.text?.content.contains(".a line that begins with a dot\r\n..and one with two\r\n.\r\n") == true)
    #expect(message.text?.content.contains("a soft break, 100 \u{20ac}") == true)
  }
  /// RFC 2046 §5.1.5: within a digest a part that names no type is a message; behind it text again.
  @Test func withinADigestPartsAreMessages() throws {
    let text =
      "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\nContent-Type: multipart/digest; boundary=b\r\n\r\n"
      + "--b\r\n\r\nSubject: one\r\n\r\n1\r\n--b\r\nContent-Type: text/plain\r\n\r\n2\r\n--b--\r\n"
      + "--a\r\n\r\n3\r\n--a--\r\n"
    let script = Script(
      "digest", port: 110,
      [server("+OK\r\n"), client("RETR 1\r\n"), server("+OK\r\n\(text).\r\n"), client("QUIT\r\n"), server("+OK\r\n")])
    let message = try #require(try conversations(script.dialogue(lines)).first?.messages.first)
    #expect(
      message.parts.map(\.contentType) == [
        "multipart/mixed", "multipart/digest", "message/rfc822", "text/plain", "text/plain",
      ])
    #expect(message.text?.content == "2")
  }
  /// What mailers used before there was base64 is undone as that is.
  @Test func uuencodedPartsAreDecoded() throws {
    let text =
      "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Transfer-Encoding: x-uue\r\n\r\n"
      + "begin 644 text\r\n#0V%T\r\n`\r\nend\r\n--b\r\nContent-Disposition: attachment; filename=cat\r\n"
      + "Content-Transfer-Encoding: X-UUencode\r\n\r\nbegin 644 cat\r\n#0V%T\r\n#0V%T\r\n`\r\nend\r\n--b--\r\n"
    let script = Script(
      "uuencode", port: 110,
      [server("+OK\r\n"), client("RETR 1\r\n"), server("+OK\r\n\(text).\r\n"), client("QUIT\r\n"), server("+OK\r\n")])
    for cut in [lines, { [$0] }, { $0.map { [$0] } }] {
      let message = try #require(try conversations(script.dialogue(cut)).first?.messages.first)
      #expect(message.parts.map(\.encoding) == ["7bit", "x-uuencode", "x-uuencode"])
      #expect(message.parts.dropFirst().map(\.decodedByteCount) == [3, 6])
      #expect(message.parts.dropFirst().map(\.encodedByteCount) == [29, 35] && message.text?.content == "Cat")
    }
  }
  /// The client's message comes while the server's is under way: the one that is interrupted is told as far as it came.
  @Test(arguments: [Int.max, 1, 5]) func eachSideSendsAMessageAtOnce(_ cut: Int) throws {
    let (first, rest) = ("Subject: fetched\r\n\r\nbegins ", "and ends\r\n\r\n\r\n")
    let appended = "Subject: appended\r\n\r\nfine\r\n"
    let script = Script(
      "IMAP: FETCH and APPEND at once", port: 143,
      [
        server("* OK ready\r\n"), client("a1 FETCH 1 BODY[]\r\n"),
        server("* 1 FETCH (BODY[] {\(first.utf8.count + rest.utf8.count)}\r\n\(first)"),
        client("a2 APPEND Sent {\(appended.utf8.count)+}\r\n\(appended)\r\n"),
        server(rest + ")\r\na1 OK done\r\na2 OK done\r\n"), client("a3 LOGOUT\r\n"), server("a3 OK done\r\n"),
      ])
    let pieces: ([UInt8]) -> [[UInt8]] = { octets in
      stride(from: 0, to: octets.count, by: min(cut, octets.count)).map {
        Array(octets[$0..<min(octets.count, $0 + min(cut, octets.count))])
      }
    }
    let conversation = try #require(try conversations(script.dialogue(pieces)).first)
    #expect(conversation.closing.quit != nil)
    let subjects = conversation.messages.map { $0.fields.first { $0.name == "Subject" }?.value }
    #expect(subjects.contains("appended") && subjects.contains("fetched"), "\(subjects)")
  }
  /// RFC 2231 §3: a long boundary may come in sections, in any order.
  @Test(arguments: [
    "boundary*0=\"ab\"; boundary*1=\"cd\"", "boundary*1=cd;\r\n boundary*0=ab", "boundary*=us-ascii''ab%63d",
    "boundary*0*=''a%62; boundary*1=cd",
  ])
  func aBoundaryMayComeInSections(_ parameters: String) throws {
    let text =
      "Content-Type: multipart/mixed; \(parameters)\r\n\r\n--abcd\r\n\r\none\r\n--ab\r\n--abcd\r\n"
      + "Content-Type: multipart/mixed; boundary=ef\r\n\r\n--ef\r\n\r\ntwo\r\n--ef--\r\n--abcd--\r\n"
    let script = Script(
      "sections", port: 110,
      [server("+OK\r\n"), client("RETR 1\r\n"), server("+OK\r\n\(text).\r\n"), client("QUIT\r\n"), server("+OK\r\n")])
    let message = try #require(try conversations(script.dialogue(lines)).first?.messages.first)
    #expect(message.parts.map(\.path) == ["0", "1", "2", "2.1"])
    #expect(message.parts.map(\.decodedByteCount) == [0, 9, 0, 3] && message.text?.content == "one\r\n--ab")
  }
  @Test func chunksAreOneMessage() throws {
    let conversation = try #require(try conversations(Script.smtpRefused.dialogue { [$0] }).first)
    let message = try #require(conversation.messages.first)
    #expect(conversation.messages.count == 1)
    #expect(message.via == "BDAT")
    #expect(
      message.sha256
        == plainSHA256(Array("Subject: chunks\r\n\r\none two\r\n".utf8).prefix(28) + Array("three\r\n".utf8)))
  }

  /// RFC 5322 §2.1 asks for an empty line; where it is missing, the first line that is no field begins the body.
  @Test func aMissingEmptyLineLosesNoText() throws {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.server("220 hi\r\n")
    dialogue.client("EHLO a.example\r\n")
    dialogue.server("250 hi\r\n")
    dialogue.client("MAIL FROM:<a@a.example>\r\n")
    dialogue.server("250 ok\r\n")
    dialogue.client("RCPT TO:<b@b.example>\r\n")
    dialogue.server("250 ok\r\n")
    dialogue.client("DATA\r\n")
    dialogue.server("354 go on\r\n")
    dialogue.client("Subject: no line\r\n between\r\nDear Bob,\r\n\r\nhello\r\n.\r\n")
    dialogue.server("250 ok\r\n")
    let message = try #require(try conversations(dialogue).first?.messages.first)
    #expect(message.fields.map(\.name) == ["Subject"])
    #expect(message.text?.content == "Dear Bob,\r\n\r\nhello\r\n")
  }

  /// The packet that carries octets from the middle of the message is lost.
  @Test(arguments: [Script.smtp, .pop3, .imap], [60, 64, 75]) func aLostPacketIsAGapAndNothingIsInvented(
    _ script: Script, _ size: Int
  ) throws {
    let seed = printedSeed("MessageTests.aLostPacketIsAGap")
    var random = SeededRandom(seed: seed)
    let whole = try #require(try conversations(script.dialogue { [$0] }).first)
    let index = try #require(whole.messages.firstIndex { $0.byteCount > 2_000 })
    for _ in 0..<10 {
      var dialogue = script.dialogue { octets in
        stride(from: 0, to: octets.count, by: size).map { Array(octets[$0..<min($0 + size, octets.count)]) }
      }
      // Where the message's text runs long: no dot or announcement is lost.
      let candidates = dialogue.packets.indices.filter {
        dialogue.packets[$0].payload.count == size && dialogue.packets[$0].payload.starts(with: [])
          && !dialogue.packets[$0].payload.contains(10) && !dialogue.packets[$0].payload.contains(46)
      }
      let lost = try #require(candidates.randomElement(using: &random))
      let by = dialogue.packets[lost].isFromClient ? "client" : "server"
      dialogue.packets.remove(at: lost)
      let conversation = try #require(try conversations(dialogue).first)
      #expect(conversation.gaps.map(\.byteCount) == [size], "seed \(seed), packet \(lost)")
      #expect(conversation.gaps.map(\.by) == [by])
      guard conversation.messages.indices.contains(index) else { continue }
      let message = conversation.messages[index]
      #expect(!message.isComplete, "seed \(seed), packet \(lost)")
      #expect(message.gapByteCount == size, "seed \(seed), packet \(lost)")
      #expect(message.byteCount == whole.messages[index].byteCount - size, "seed \(seed), packet \(lost)")
      #expect(conversation.closing.quit != nil, "the dialogue goes on behind the gap")
    }
  }
  /// SMTP smuggling: for some servers the message is over there.
  @Test(arguments: [
    ("line\n.\r\n", true), ("line\n.\n", true), ("line\r\n.\n", true), ("line\r\n..\r\n", false), ("line\n..\n", false),
    ("line\n.x\n", false),
  ])
  func aDotBetweenBareLineFeedsIsNoted(_ lines: String, _ isNoted: Bool) throws {
    let script = Script(
      "a dot", port: 25,
      [
        server("220 mail.example ESMTP\r\n"), client("EHLO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n"),
        server("250 a\r\n250 b\r\n250 c\r\n354 go\r\n"),
        client("Subject: s\r\n\r\n\(lines)MAIL FROM:<eve@a>\r\n.\r\n"), server("250 ok\r\n"), client("QUIT\r\n"),
        server("221 bye\r\n"),
      ])
    for cut in [{ [$0] }, { $0.map { [$0] } }] as [([UInt8]) -> [[UInt8]]] {
      let conversation = try #require(try conversations(script.dialogue(cut)).first)
      #expect(conversation.messages.map(\.isComplete) == [true])
      #expect(conversation.anomalies.contains { $0.name == "bare-line-feed-dot" } == isNoted)
    }
  }
}
