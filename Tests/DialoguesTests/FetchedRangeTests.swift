import Dialogues
import Foundation
import TestSupport
import Testing

/// Messages that a client fetches range by range (RFC 9051 §6.4.5.1) are one message.
@Suite struct FetchedRangeTests {
  private static let attachment = Data((0..<300).map { UInt8($0 & 255) }).base64EncodedString(
    options: [.lineLength76Characters, .endLineWithCarriageReturn])
  private static let message = """
    Subject: Crepes\r
    Content-Type: multipart/mixed; boundary=b\r
    \r
    --b\r
    \r
    Hello Bob,\r
    see you on Friday.\r
    --b\r
    Content-Type: application/octet-stream\r
    Content-Transfer-Encoding: base64\r
    Content-Disposition: attachment; filename=pan.bin\r
    \r
    \(attachment)\r
    --b--\r

    """
  private static var octets: [UInt8] { Array(message.utf8) }

  /// A fetch of `message` in ranges of `byteCount`.
  private typealias Turns = [(isFromClient: Bool, text: String)]
  private func turns(
    _ byteCount: Int, section: String = "BODY[]", asked: Bool = true, stopsBefore: Int? = nil, between: Turns = []
  ) -> Turns {
    var turns = [server("* OK ready\r\n")]
    var origin = 0
    var tag = 1
    while origin <= Self.octets.count, origin < stopsBefore ?? .max {
      let piece = String(decoding: Self.octets[origin..<min(origin + byteCount, Self.octets.count)], as: UTF8.self)
      let range = asked ? "<\(origin).\(byteCount)>" : ""
      let peek = section.replacing("BODY[", with: "BODY.PEEK[")
      turns += [
        client("a\(tag) UID FETCH 7 (UID \(peek)\(range))\r\n"),
        server(
          "* 3 FETCH (UID 7 \(section)<\(origin)> {\(piece.utf8.count)}\r\n\(piece))\r\na\(tag) OK done\r\n"),
      ]
      if piece.utf8.count < byteCount { break }
      origin += byteCount
      tag += 1
      turns += between
    }
    return turns
  }
  private func script(_ turns: Turns) -> Script { Script("ranges", port: 143, turns) }
  private func messages(_ script: Script) throws -> [Conversation.Message] {
    try #require(try conversations(script.dialogue { [$0] }).first).messages
  }
  /// Without a number, so that it stands for any way to fetch it.
  private static let whole = Script(
    "whole", port: 143,
    [
      server("* OK ready\r\n"), client("a FETCH 3 BODY[]\r\n"),
      server("* 3 FETCH (BODY[] {\(octets.count)}\r\n\(message))\r\na OK done\r\n"),
    ])

  @Test(arguments: [1, 7, 64, 100, 333, 500]) func rangesAreOneMessage(_ byteCount: Int) throws {
    let together = try #require(try messages(Self.whole).first)
    let all = try messages(script(turns(byteCount)))
    let message = try #require(all.first)
    #expect(all.count == 1 && message.isComplete && message.label == "BODY[]<0>")
    #expect(message.ranges == Self.octets.count / byteCount + 1)
    #expect(message.byteCount == Self.octets.count && message.sha256 == together.sha256)
    #expect(message.fields == together.fields && message.parts == together.parts && message.text == together.text)
    #expect(message.reply?.lines == ["a\(Self.octets.count / byteCount + 1) OK done"])
    #expect(message.parts.map(\.decodedByteCount).contains(300))
  }
  /// Cut into segments anywhere, too.
  @Test func segmentsMakeNoDifference() throws {
    let dialogue = script(turns(90)).dialogue { octets in
      stride(from: 0, to: octets.count, by: 13).map { Array(octets[$0..<min($0 + 13, octets.count)]) }
    }
    let message = try #require(try conversations(dialogue).first?.messages.first)
    let digest = try messages(Self.whole).first?.sha256
    #expect(message.sha256 == digest && message.isComplete)
  }
  /// Of a size that is a multiple of the ranges' the client learns from an empty range that nothing is left.
  @Test(arguments: ["{0}\r\n", "\"\"", "NIL"]) func anEmptyRangeIsTheLast(_ empty: String) throws {
    let half = Self.octets.count / 2
    var turns = turns(half, stopsBefore: Self.octets.count / 2 * 2)
    let even = Self.octets.count == half * 2
    if even {
      turns += [
        client("z UID FETCH 7 BODY.PEEK[]<\(half * 2).\(half)>\r\n"),
        server("* 3 FETCH (UID 7 BODY[]<\(half * 2)> \(empty))\r\nz OK done\r\n"),
      ]
    }
    let message = try #require(try messages(Script("empty", port: 143, turns)).first)
    #expect(even && message.isComplete && message.byteCount == Self.octets.count)
  }
  @Test func aMessageThatIsNotFetchedToItsEndIsNotWhole() throws {
    let message = try #require(try messages(script(turns(100, stopsBefore: 200))).first)
    #expect(!message.isComplete && message.byteCount == 200 && message.gapByteCount == 0)
    #expect(message.fields.map(\.value).first == "Crepes")
  }
  /// A client that knows the size asks for just the rest, and then for nothing more; another asks for less and goes on.
  @Test(arguments: [false, true]) func askingForLessMayBeTheRest(goesOn: Bool) throws {
    func fetch(_ tag: Int, _ origin: Int, _ byteCount: Int) -> Turns {
      let piece = String(decoding: Self.octets[origin..<origin + byteCount], as: UTF8.self)
      return [
        client("a\(tag) FETCH 3 (BODY[]<\(origin).\(byteCount)>)\r\n"),
        server("* 3 FETCH (BODY[]<\(origin)> {\(byteCount)}\r\n\(piece))\r\na\(tag) OK done\r\n"),
      ]
    }
    let count = Self.octets.count
    var turns = [server("* OK ready\r\n")] + fetch(1, 0, 500) + (goesOn ? fetch(2, 500, 20) : [])
    turns += goesOn ? fetch(3, 520, count - 520) : fetch(2, 500, count - 500)
    let whole = try messages(script(turns))
    #expect(whole.count == 1 && whole[0].byteCount == count && whole[0].isComplete == !goesOn)
    turns += [client("b FETCH 4 BODY[]\r\n"), server("* 4 FETCH (BODY[] {14}\r\nSubject: d\r\n\r\n)\r\nb OK\r\n")]
    let both = try messages(script(turns))
    #expect(both.map(\.isComplete) == [!goesOn, true] && both[1].byteCount == 14)
  }
  /// What the client asked for was not captured: the ranges follow one another all the same, but whether the last was one
  /// cannot be told.
  @Test func withoutTheRequestsTheEndIsNotKnown() throws {
    let all = try messages(script(turns(100, asked: false)))
    #expect(all.count == 1 && all[0].byteCount == Self.octets.count && !all[0].isComplete)
  }
  @Test func otherThingsMayBeSaidBetween() throws {
    let between = [
      client("n NOOP\r\n"), server("* 5 EXISTS\r\n* 2 FETCH (FLAGS (\\Seen))\r\n* 3 FETCH (FLAGS ())\r\nn OK\r\n"),
    ]
    let message = try #require(try messages(script(turns(200, between: between))).first)
    let digest = try messages(Self.whole).first?.sha256
    #expect(message.isComplete && message.sha256 == digest)
  }
  /// Of what is asked for at once, each section has its own range.
  @Test(arguments: ["BODY[1]<0.100> BODY[2]<0.50>", "body.peek[2]<0.50> BODY.PEEK[1]<0.100>"])
  func eachSectionIsAskedForInItsOwnSize(_ items: String) throws {
    func fetch(_ first: Int, _ second: Int) throws -> [Bool] {
      let (one, two) = (String(repeating: "1", count: first), String(repeating: "2", count: second))
      return try messages(
        Script(
          "two sections", port: 143,
          [
            server("* OK ready\r\n"), client("a FETCH 1 (\(items))\r\n"),
            server("* 1 FETCH (BODY[1]<0> {\(first)}\r\n\(one) BODY[2]<0> {\(second)}\r\n\(two))\r\na OK\r\n"),
          ])
      ).map(\.isComplete)
    }
    // What is shorter than was asked for is all there is.
    #expect(try fetch(99, 49) == [true, true] && fetch(60, 20) == [true, true])
    #expect(try fetch(100, 49) == [false, true] && fetch(99, 50) == [true, false])
  }
  /// A client that does not wait asks for the next range before the first has come.
  @Test func rangesMayBeAskedForAtOnce() throws {
    let first = String(decoding: Self.octets.prefix(200), as: UTF8.self)
    let rest = String(decoding: Self.octets.dropFirst(200), as: UTF8.self)
    let message = try #require(
      try messages(
        script([
          server("* OK ready\r\n"),
          client("a FETCH 3 BODY[]<0.200>\r\nb FETCH 3 BODY[]<200.9000>\r\nc FETCH 4 BODY[1]<0.10>\r\n"),
          server("* 3 FETCH (BODY[]<0> {200}\r\n\(first))\r\na OK\r\n"),
          server("* 3 FETCH (BODY[]<200> {\(rest.utf8.count)}\r\n\(rest))\r\nb OK\r\n"),
        ])
      ).first)
    #expect(message.isComplete && message.byteCount == Self.octets.count && message.ranges == 2)
  }
  /// Names of header fields may be spelled otherwise in the answer.
  @Test func namesOfFieldsMayBeQuoted() throws {
    let all = try messages(
      script([
        server("* OK ready\r\n"), client("a FETCH 3 BODY.PEEK[HEADER.FIELDS (Subject To)]<0.50>\r\n"),
        server("* 3 FETCH (BODY[HEADER.FIELDS (\"SUBJECT\" \"TO\")]<0> {14}\r\nSubject: a\r\n\r\n)\r\na OK\r\n"),
      ]))
    #expect(all.map(\.isComplete) == [true])
  }
  @Test func partsAreFetchedInRangesToo() throws {
    let message = try #require(try messages(script(turns(150, section: "BODY[1.2]"))).first)
    #expect(message.isComplete && message.ranges == Self.octets.count / 150 + 1 && message.label == "BODY[1.2]<0>")
  }
  /// Another message, another section, another place: none of these goes on with the one before.
  @Test(arguments: [
    "* 4 FETCH (BODY[]<10> {4}\r\nefgh)", "* 3 FETCH (BODY[TEXT]<10> {4}\r\nefgh)", "* 3 FETCH (BODY[]<9> {4}\r\nefgh)",
    "* 3 FETCH (BODY[]<11> {4}\r\nefgh)", "* 3 FETCH (BODY[] {4}\r\nefgh)",
  ])
  func whatDoesNotFollowIsAnother(_ response: String) throws {
    let all = try messages(
      Script(
        "others", port: 143,
        [
          server("* OK ready\r\n"), client("a FETCH 3 BODY[]<0.10>\r\n"),
          server("* 3 FETCH (BODY[]<0> {10}\r\nSubject: a)\r\na OK\r\n"), client("b FETCH 3 BODY[]<10.10>\r\n"),
          server("\(response)\r\nb OK\r\n"),
        ]))
    #expect(all.map(\.byteCount) == [10, 4] && all.map(\.isComplete) == [false, !response.contains("<")])
    #expect(all.allSatisfy { $0.ranges == nil })
  }
  /// A message that the client appends ends one that waits, and nothing of that comes into another.
  @Test func appendEndsWhatWaits() throws {
    let all = try messages(
      Script(
        "append", port: 143,
        [
          server("* OK ready\r\n"), client("a FETCH 3 BODY[]<0.10>\r\n"),
          server("* 3 FETCH (BODY[]<0> {10}\r\nSubject: a)\r\na OK\r\n"),
          client("b APPEND INBOX {14+}\r\nSubject: b\r\n\r\n\r\n"),
          server("b OK\r\n"), client("c FETCH 3 BODY[]<10.10>\r\n"),
          server("* 3 FETCH (BODY[]<10> {4}\r\nefgh)\r\nc OK\r\n"),
          client("d FETCH 4 BODY[]\r\n"), server("* 4 FETCH (BODY[] {14}\r\nSubject: d\r\n\r\n)\r\nd OK\r\n"),
        ]))
    #expect(all.map(\.via) == ["FETCH", "APPEND", "FETCH", "FETCH"])
    #expect(all.map(\.isComplete) == [false, true, false, true])
    #expect(all[1].fields.map(\.value) == ["b"])
    #expect(all[3].fields.map(\.value) == ["d"] && all[3].byteCount == 14)
  }
  /// Octets that were never captured are a gap of the message as ever.
  @Test func aHoleInARangeIsAHoleInTheMessage() throws {
    var dialogue = script(turns(200)).dialogue { octets in
      stride(from: 0, to: octets.count, by: 40).map { Array(octets[$0..<min($0 + 40, octets.count)]) }
    }
    let range = Self.octets[200..<400]
    let lost = try #require(
      dialogue.frames.firstIndex { frame in
        range.indices.contains { range[$0...].starts(with: frame.suffix(40)) && range.endIndex - $0 > 40 }
      })
    dialogue.packets.remove(at: lost)
    let message = try #require(try conversations(dialogue).first?.messages.first)
    #expect(message.gapByteCount == 40 && message.byteCount == Self.octets.count - 40 && !message.isComplete)
    #expect(message.ranges == Self.octets.count / 200 + 1)
  }
}
