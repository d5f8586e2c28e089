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
    let pieces: ([UInt8]) -> [[UInt8]] = { octets in
      stride(from: 0, to: octets.count, by: 1_400).map { Array(octets[$0..<min($0 + 1_400, octets.count)]) }
    }
    let conversation = try #require(try conversations(script.dialogue(pieces)).first)
    let exchanges = try #require(conversation.exchanges)
    #expect(conversation.omitted > 0)
    #expect(exchanges.count + conversation.omitted >= count)
    // The greeting stands beside them.
    #expect(exchanges.count <= Int(DialogueLimits.ordinalCount) + 1)
  }
  @Test func manyLiteralsInOneLineCostLittle() throws {
    let script = Script(
      "literals", port: 143,
      [
        server("* OK IMAP4rev2\r\n"), client("a NOOP\r\n"),
        server("* SEARCH " + String(repeating: "{0}\r\n", count: 20_000) + "\r\n"), server("a OK done\r\n"),
      ])
    let pieces: ([UInt8]) -> [[UInt8]] = { octets in
      stride(from: 0, to: octets.count, by: 1_400).map { Array(octets[$0..<min($0 + 1_400, octets.count)]) }
    }
    let clock = ContinuousClock()
    let time = try clock.measure { _ = try conversations(script.dialogue(pieces)) }
    #expect(time < .seconds(10))
  }
}
