import Bytes
import Packets
import TestSupport
import Testing

@testable import Streams

/// What is unusual about a connection is named once for each side, counted, and shown with its frames.
@Suite struct RemarkTests {
  private func remarks(_ dialogue: Dialogue, options: (Int) -> [TCPOption] = { _ in [] }) throws -> [KeptRemark] {
    var frames: [[UInt8]] = []
    for (index, packet) in dialogue.packets.enumerated() {
      let (from, to) = packet.isFromClient ? (dialogue.client, dialogue.server) : (dialogue.server, dialogue.client)
      frames.append(
        PacketBuilder.ethernet(
          PacketBuilder.ip(
            from: from, to: to,
            PacketBuilder.tcp(
              from: from, to: to, sequenceNumber: packet.sequenceNumber,
              acknowledgementNumber: packet.acknowledgementNumber, flags: packet.flags, options: options(index),
              payload: packet.payload))))
    }
    return try #require(reassemble(frames).connections.first).remarks
  }
  private func timestamp(_ value: UInt32) -> [TCPOption] { [.timestamps(value: value, echo: 0)] }

  @Test func bothVersionsOfAConflictAreShown() throws {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.client("USER alice\r\nPASS secret-one\r\n")
    var again = dialogue.packets[3]
    again.payload = Array("USER alice\r\nPASS secret-two\r\n".utf8)
    dialogue.packets.append(again)
    dialogue.packets.append(again)
    let remark = try #require(remarks(dialogue).first { $0.irregularity == .overlapConflict })
    #expect(remark.count == 2 && remark.frames == [5, 6] && remark.earlierFrame == 4)
    #expect(remark.offset == 24)
    #expect(remark.earlier == "ce\r\nPASS secret-one\r\n" && remark.later == "ce\r\nPASS secret-two\r\n")
  }
  @Test func repetitionsOfTheSameAreNoConflict() throws {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.client("USER alice\r\n")
    dialogue.client("PASS secret\r\n")
    var both = dialogue.packets[3]
    both.payload += dialogue.packets[4].payload
    dialogue.packets.append(both)
    dialogue.packets.append(dialogue.packets[4])
    #expect(try remarks(dialogue).map(\.irregularity) == [.retransmission])
    #expect(try remarks(dialogue).first?.count == 2)
  }
  @Test func aConflictAcrossSeveralEarlierSegmentsIsFound() throws {
    var dialogue = Dialogue()
    dialogue.open()
    for piece in ["one ", "two ", "three "] { dialogue.client(piece) }
    var all = dialogue.packets[3]
    all.payload = Array("one tWo thrEe ".utf8)
    dialogue.packets.append(all)
    let remark = try #require(remarks(dialogue).first)
    #expect(remark.irregularity == .overlapConflict && remark.earlierFrame == 5 && remark.offset == 5)
  }
  /// What was delivered is kept for a while, and of a long segment its beginning: beyond that nothing is claimed.
  @Test func whatIsNoLongerKnownIsNoConflict() throws {
    for (segmentCount, place, isConflict) in [
      (1, 0, true), (1, StreamLimits.recentSegmentByteCount - 1, true), (1, StreamLimits.recentSegmentByteCount, false),
      (StreamLimits.comparedRunCount, 0, true), (StreamLimits.comparedRunCount + 1, 0, false),
    ] {
      var dialogue = Dialogue()
      dialogue.open()
      for _ in 0..<segmentCount { dialogue.say(fromClient: true, [UInt8](repeating: 65, count: 1_000)) }
      var again = dialogue.packets[3]
      again.payload[place] = 66
      dialogue.packets.append(again)
      let kinds = try remarks(dialogue).map(\.irregularity)
      #expect(kinds == [isConflict ? .overlapConflict : .retransmission], "\(segmentCount) segments, octet \(place)")
    }
  }
  @Test func timestampsOfThePastAreDropped() throws {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.client("NOOP\r\n")
    dialogue.client("GOOD\r\n")
    var old = dialogue.packets[4]
    old.payload = Array("EVIL\r\n".utf8)
    dialogue.packets.insert(old, at: 4)
    let values: [UInt32] = [1, 1, 2, 100, 99, 101]
    let kept = try remarks(dialogue) { self.timestamp(values[$0]) }
    #expect(kept.map(\.irregularity) == [.oldTimestamp] && kept.first?.frames == [5])
  }
  /// Timestamps wrap as sequence numbers do (RFC 7323 §5.2), some systems take a SYN's from another clock, and a clock
  /// may leap.
  @Test(arguments: [
    [1, 1, 1, UInt32.max, 3], [1, 1, 1, 4_000_000_000, 4_000_000_001], [9, 9, 9, 3_000_000_000, 5],
  ])
  func timestampsThatAreNoneOfThePast(_ values: [UInt32]) throws {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.client("NOOP\r\n")
    dialogue.client("QUIT\r\n")
    #expect(try remarks(dialogue) { self.timestamp(values[$0]) } == [])
  }
  @Test func aKeepAliveOfNoOctets() throws {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.client("NOOP\r\n")
    var keepAlive = dialogue.packets[3]
    keepAlive.sequenceNumber &+= UInt32(keepAlive.payload.count) &- 1
    keepAlive.payload = []
    dialogue.packets.append(keepAlive)
    #expect(try remarks(dialogue).map(\.irregularity) == [.keepAlive])
  }
  @Test func everyNameIsOneOfAKind() {
    let names = Irregularity.allCases.map { "\($0.name)" }
    #expect(Set(names).count == names.count)
    #expect(names.allSatisfy { $0.utf8.allSatisfy { $0 == 45 || (97...122).contains($0) } })
    #expect(Set(Irregularity.allCases.map { "\($0.text)" }).count == names.count)
  }
}
