import Bytes
import Testing

@testable import MailProtocols

@Suite struct SMTPReplyTests {
  private func parse(_ line: [UInt8]) -> (code: UInt16, isLast: Bool, text: String)? {
    SMTPReply.parse(line.span).map { ($0.code, $0.isLast, line.text($0.text)) }
  }

  @Test(arguments: [
    ("220 mail.example.org ESMTP", UInt16(220), true, "mail.example.org ESMTP"),
    ("250-SIZE 1000000", 250, false, "SIZE 1000000"), ("250-", 250, false, ""), ("250 ", 250, true, ""),
    ("250", 250, true, ""), ("354\tgo", 354, true, "go"), ("334 VXNlcm5hbWU6", 334, true, "VXNlcm5hbWU6"),
    ("599 x", 599, true, "x"), ("250  two", 250, true, " two"), ("550 5.1.1 \u{e9}", 550, true, "5.1.1 \u{e9}"),
  ])
  func parses(_ line: String, _ code: UInt16, _ isLast: Bool, _ text: String) throws {
    let reply = try #require(parse(line.octets))
    #expect(reply.code == code)
    #expect(reply.isLast == isLast)
    #expect(reply.text == text)
  }

  @Test(arguments: [
    "", "2", "25", "2500", "25x ok", "150 x", "650 x", "000", "250_x", "250.x", " 250", "+OK", "\0\0\0", "abc",
  ])
  func isNoReply(_ line: String) { #expect(parse(line.octets) == nil) }

  @Test(arguments: [(UInt16(250), "ok"), (250, "mail.example.org PIPELINING AUTH"), (354, "go"), (599, "a b")])
  func comesBackFromTheWire(_ code: UInt16, _ words: String) throws {
    let lines = words.split(separator: " ").map(String.init)
    var writer = ByteWriter()
    SMTPReply.encode(code: code, lines: lines, into: &writer)
    let wire = writer.withOctets { $0.copied() }
    #expect(wire.suffix(2) == [13, 10])
    let read = wire.split(separator: 10).map { Array($0.dropLast()) }
    #expect(read.count == lines.count)
    for (index, line) in read.enumerated() {
      let reply = try #require(parse(line))
      #expect(reply.code == code)
      #expect(reply.text == lines[index])
      #expect(reply.isLast == (index == lines.count - 1))
    }
  }

  @Test func neverTraps() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("SMTPReplyTests.neverTraps: seed \(seed)")
    for line in hostileLines(seed: seed, keywords: ["250 ok", "250-", "354", "25"]) {
      guard let reply = parse(line) else { continue }
      #expect((200...599).contains(reply.code))
    }
  }
}
