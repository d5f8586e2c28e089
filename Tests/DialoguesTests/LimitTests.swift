import Foundation
import Inflation
import TestSupport
import Testing

@testable import Dialogues

/// Limits that many conversations share, or that one reaches only by malice.
@Suite struct LimitTests {
  @Test func decompressionsUnderWayAreLimited() {
    var pool = InflatePool(limit: 2)
    let first = pool.allocate(.wrapped)
    #expect(first >= 0 && pool.allocate(.raw) >= 0)
    #expect(pool.allocate(.wrapped) < 0)
    pool.release(first)
    #expect(pool.allocate(.wrapped) >= 0)
  }
  /// What is left out is said, also where something short would fit again much later.
  @Test func moreCommandsThanTheRecordHoldsAreCounted() throws {
    let count = Int(DialogueLimits.ordinalCount) + 100
    let script = Script(
      "commands", port: 25,
      [
        server("220 mail.example ESMTP\r\n"),
        client(String(repeating: "a \(String(repeating: "x", count: 100))\r\n", count: count) + "NOOP\r\n"),
      ])
    let conversation = try #require(try conversations(script.dialogue(packets)).first)
    let exchanges = try #require(conversation.exchanges)
    #expect(conversation.omitted > 0)
    #expect(exchanges.count + conversation.omitted >= count)
    // The greeting stands beside them.
    #expect(exchanges.count <= Int(DialogueLimits.ordinalCount) + 1)
  }
  /// A client that has a mailbox emptied in one breath.
  @Test func pipelinedCommandsKeepTheirReplies() throws {
    var (commands, replies) = ("", "")
    for number in 1...60 {
      commands += "RETR \(number)\r\nTOP \(number) 0\r\n"
      replies +=
        "+OK whole \(number)\r\nSubject: \(number)\r\n\r\ntext\r\n.\r\n+OK top \(number)\r\nSubject: \(number)\r\n\r\n.\r\n"
    }
    let script = Script(
      "pipelined", port: 110,
      [server("+OK ready\r\n"), client(commands + "QUIT\r\n"), server(replies + "+OK bye\r\n")])
    let conversation = try #require(try conversations(script.dialogue { [$0] }).first)
    #expect(conversation.messages.map(\.via) == Array(repeating: ["RETR", "TOP"], count: 60).flatMap(\.self))
    #expect(conversation.closing.quit?.replies.first?.lines == ["+OK bye"])
  }
  @Test func manyLiteralsInOneLineCostLittle() throws {
    let script = Script(
      "literals", port: 143,
      [
        server("* OK IMAP4rev2\r\n"), client("a NOOP\r\n"),
        server("* SEARCH " + String(repeating: "{0}\r\n", count: 20_000) + "\r\n"), server("a OK done\r\n"),
      ])
    let clock = ContinuousClock()
    let time = try clock.measure { _ = try conversations(script.dialogue(packets)) }
    #expect(time < .seconds(10))
  }
  /// Thousands of messages in one response: where the tagged line that answers them all is not there, the response does
  /// not stand with each of them instead.
  @Test(arguments: [true, false]) func manyMessagesInOneResponse(isAnswered: Bool) throws {
    let count = 4_000
    let literals = (0..<count).map { "BODY[\($0)] {12}\r\nSubject: x\r\n" }
    let script = Script(
      "messages", port: 143,
      [
        server("* OK IMAP4rev2\r\n"), client("a FETCH 1 BODY[]\r\n"),
        server("* 1 FETCH (" + literals.joined(separator: " ") + ")\r\n" + (isAnswered ? "a OK done\r\n" : "")),
      ])
    let json = try #require(try analyse(script.dialogue(packets)).first)
    let conversation = try JSONDecoder().decode(Conversation.self, from: Data(json))
    #expect(conversation.messages.count == count)
    #expect(conversation.messages.allSatisfy { $0.reply?.lines == (isAnswered ? ["a OK done"] : nil) })
    #expect(json.count < count * 500)
  }
  private func packets(_ octets: [UInt8]) -> [[UInt8]] {
    stride(from: 0, to: octets.count, by: 1_400).map { Array(octets[$0..<min($0 + 1_400, octets.count)]) }
  }
}
