import Bytes
import Foundation
import TestSupport
import Testing

@testable import Packets
@testable import Streams

@Suite struct ReassemblerModelTests {
  /// What may happen to packets on their way into a capture.
  private struct Trouble {
    var reorders = false
    var repeats = false
    var overlaps = false
    /// What is sent again differs from what was sent first.
    var conflicts = false
    var loses = false
    var startsLate = false
    var resets = false
    var finishes = true
  }
  private typealias Packet = Dialogue.Packet

  /// A random dialogue, its packets in the order in which they were captured.
  private func dialogue(_ trouble: Trouble, isn: [UInt32], using random: inout SeededRandom) -> [Packet] {
    var dialogue = Dialogue(clientISN: isn[1], serverISN: isn[0])
    dialogue.open()
    for _ in 0..<Int.random(in: 0...8, using: &random) {
      let isFromClient = Bool.random(using: &random)
      let said = random.octets(Int.random(in: 1...80, using: &random))
      for piece in randomCuts(said, longest: Int.random(in: 1...40, using: &random), using: &random) {
        dialogue.say(fromClient: isFromClient, piece)
      }
      if Bool.random(using: &random) { dialogue.send(fromClient: !isFromClient, .ack) }
    }
    if trouble.finishes { dialogue.close() }
    if trouble.resets { dialogue.send(fromClient: Bool.random(using: &random), [.rst, .ack]) }
    let handshake = Array(dialogue.packets.prefix(3))
    var packets = Array(dialogue.packets.dropFirst(3))
    if trouble.overlaps { packets = overlapped(packets, differs: trouble.conflicts, using: &random) }
    if trouble.repeats, !packets.isEmpty {
      for _ in 0..<packets.count / 3 + 1 {
        let index = Int.random(in: 0..<packets.count, using: &random)
        packets.insert(packets[index], at: min(packets.count, index + Int.random(in: 0...6, using: &random)))
      }
    }
    if trouble.reorders, packets.count > 1 {
      for _ in 0..<packets.count {
        let index = Int.random(in: 0..<packets.count, using: &random)
        packets.swapAt(index, min(packets.count - 1, index + Int.random(in: 0...4, using: &random)))
      }
    }
    if trouble.loses { packets.removeAll { _ in Int.random(in: 0..<5, using: &random) == 0 } }
    return (trouble.startsLate ? Array(handshake.dropFirst(Int.random(in: 1...3, using: &random))) : handshake)
      + packets
  }
  /// Some packets sent again with neighbours' octets, cut elsewhere.
  private func overlapped(_ packets: [Packet], differs: Bool, using random: inout SeededRandom) -> [Packet] {
    var result = packets
    for index in packets.indices where !packets[index].payload.isEmpty && Int.random(in: 0..<3, using: &random) == 0 {
      var again = packets[index]
      var end = again.sequenceNumber &+ UInt32(again.payload.count)
      for later in packets[(index + 1)...] where later.isFromClient == again.isFromClient && later.sequenceNumber == end
      {
        again.payload += later.payload
        end = end &+ UInt32(later.payload.count)
        if Bool.random(using: &random) { break }
      }
      again.flags = .ack
      let skipped = Int.random(in: 0..<again.payload.count, using: &random)
      again.sequenceNumber &+= UInt32(skipped)
      again.payload = Array(again.payload.dropFirst(skipped).prefix(Int.random(in: 1...60, using: &random)))
      if differs, let place = again.payload.indices.randomElement(using: &random) { again.payload[place] ^= 0x20 }
      result.insert(again, at: min(result.count, index + Int.random(in: 0...5, using: &random)))
    }
    return result
  }

  private func check(_ packets: [Packet], isn: [UInt32], _ policy: OverlapPolicy, _ place: String) {
    let hosts = Dialogue()
    var reassembler = Reassembler(sink: StreamLog())
    var model = ReferenceModel()
    reassembler.overlapPolicy = policy
    model.policy = policy
    func number(_ address: IPAddress) -> UInt64 { UInt64(address.octets.span.nativeUInt32(at: 0)) }
    let key = FlowKey(
      lowerHigh: 0, lowerLow: number(hosts.server.address), upperHigh: 0,
      upperLow: number(hosts.client.address),
      ports: UInt32(hosts.server.port) << 16 | UInt32(hosts.client.port), path: 0)
    for (index, packet) in packets.enumerated() {
      let direction = packet.isFromClient ? 1 : 0
      reassembler.receive(
        TCPSegment(
          key: key, sequenceNumber: packet.sequenceNumber, acknowledgementNumber: packet.acknowledgementNumber,
          frame: UInt32(index + 1), frameOffset: 54, uncapturedByteCount: 0,
          direction: UInt8(direction), flags: packet.flags.rawValue,
          timestamp: Timestamp(nanoseconds: Int64(index))), payload: packet.payload.span)
      model.receive(
        direction: direction, flags: packet.flags, place: Int(packet.sequenceNumber &- isn[direction]),
        acknowledged: packet.flags.contains(.ack) ? Int(packet.acknowledgementNumber &- isn[direction ^ 1]) : nil,
        payload: packet.payload)
    }
    reassembler.finish()
    model.finish()
    let connections = reassembler.sink.connections
    #expect(connections.count <= 1, "\(place)")
    let connection = connections.first ?? Connection()
    #expect(connection.broken == [], "\(place)")
    for direction in 0..<2 {
      #expect(connection.directions[direction] == model.halves[direction].told, "\(place), direction \(direction)")
      guard let side = connection.finished?.sides[direction] else { continue }
      #expect(Int(side.lateByteCount) == model.halves[direction].lateByteCount, "\(place), direction \(direction)")
      var counts = (octets: 0, gaps: 0)
      for told in model.halves[direction].told {
        switch told {
        case .octets(let octets): counts.octets += octets.count
        case .gap(let count): counts.gaps += count
        }
      }
      #expect(Int(side.byteCount) == counts.octets && Int(side.gapByteCount) == counts.gaps, "\(place)")
    }
  }

  /// 10,000 dialogues; as many as MAILWIRE_CASES says, for those who have the time.
  private let caseCount = ProcessInfo.processInfo.environment["MAILWIRE_CASES"].flatMap { Int($0) } ?? 10_000

  @Test func agreesWithTheReferenceModel() {
    let seed = printedSeed("ReassemblerModelTests.agreesWithTheReferenceModel")
    for number in 0..<caseCount {
      var random = SeededRandom(seed: seed &+ UInt64(number))
      let isn = (0..<2).map { _ in
        Bool.random(using: &random)
          ? UInt32.max - UInt32.random(in: 0...300, using: &random) : UInt32(truncatingIfNeeded: random.next())
      }
      let trouble = Trouble(
        reorders: Bool.random(using: &random), repeats: Bool.random(using: &random),
        overlaps: Bool.random(using: &random), conflicts: Bool.random(using: &random), loses: number % 3 == 0,
        startsLate: number % 7 == 0,
        resets: number % 5 == 0, finishes: number % 4 != 0)
      let packets = dialogue(trouble, isn: isn, using: &random)
      let policy = OverlapPolicy.allCases.randomElement(using: &random) ?? .first
      check(packets, isn: isn, policy, "seed \(seed), case \(number), \(policy)")
    }
  }
  @Test func withoutLossEveryOctetComesOnce() {
    let seed = printedSeed("ReassemblerModelTests.withoutLossEveryOctetComesOnce")
    for number in 0..<300 {
      var random = SeededRandom(seed: seed &+ UInt64(number))
      let said = random.octets(Int.random(in: 1...3_000, using: &random))
      var dialogue = Dialogue(clientISN: UInt32(truncatingIfNeeded: random.next()))
      dialogue.open()
      for piece in randomCuts(said, longest: 100, using: &random) { dialogue.say(fromClient: true, piece) }
      var packets = Array(dialogue.packets.dropFirst(3))
      packets += packets.filter { _ in Bool.random(using: &random) }
      packets.shuffle(using: &random)
      dialogue.packets = Array(dialogue.packets.prefix(3)) + packets
      #expect(reassemble(dialogue.frames).connections.first?.client == [.octets(said)], "seed \(seed), case \(number)")
    }
  }
}
