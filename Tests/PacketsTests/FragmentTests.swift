import Bytes
import TestSupport
import Testing

@testable import Packets

@Suite struct FragmentTests {
  private static let source = Host("192.0.2.1", 25)
  private static let destination = Host("192.0.2.2", 40_000)
  private static let source6 = Host("2001:db8::1", 25)
  private static let destination6 = Host("2001:db8::2", 40_000)
  private static let content = (0..<100).map { UInt8($0) }

  /// A piece of a datagram, in octets of its payload.
  private func piece(
    _ whole: [UInt8], _ range: Range<Int>, isIPv6: Bool, identification: Int = 1, isLast: Bool? = nil
  ) -> [UInt8] {
    let octets = Array(whole[range])
    let hasMore = !(isLast ?? (range.upperBound == whole.count))
    if !isIPv6 {
      return PacketBuilder.ipv4(
        from: Self.source.address, to: Self.destination.address,
        identification: UInt16(truncatingIfNeeded: identification),
        offset: range.lowerBound, hasMore: hasMore, payload: octets)
    }
    return PacketBuilder.ipv6(
      from: Self.source6.address, to: Self.destination6.address, next: 44,
      payload: PacketBuilder.fragmentHeader(
        offset: range.lowerBound, hasMore: hasMore, identification: UInt32(identification), payload: octets))
  }
  private func datagram(isIPv6: Bool, _ content: [UInt8] = content) -> [UInt8] {
    PacketBuilder.tcp(
      from: isIPv6 ? Self.source6 : Self.source, to: isIPv6 ? Self.destination6 : Self.destination, sequenceNumber: 1,
      payload: content)
  }

  @Test(arguments: [false, true]) func fragmentsInAnyOrder(isIPv6: Bool) {
    let whole = datagram(isIPv6: isIPv6)
    let pieces = [0..<40, 40..<48, 48..<112, 112..<120].map { piece(whole, $0, isIPv6: isIPv6) }
    var random = SeededRandom(seed: printedSeed("FragmentTests.fragmentsInAnyOrder"))
    for _ in 0..<50 {
      let (segments, tally) = decode(pieces.shuffled(using: &random), linkType: .raw)
      #expect(segments.map(\.payload) == [Self.content])
      #expect(segments.first?.frameOffset == -1)
      #expect(tally.droppedFragments == 0)
    }
  }
  @Test(arguments: [false, true]) func aMissingFragmentIsNotInvented(isIPv6: Bool) {
    let whole = datagram(isIPv6: isIPv6)
    let pieces = [0..<40, 48..<120].map { piece(whole, $0, isIPv6: isIPv6) }
    #expect(decode(pieces, linkType: .raw).segments.isEmpty)
  }
  @Test(arguments: [false, true]) func datagramsOfOtherNumbersDoNotMix(isIPv6: Bool) {
    let first = datagram(isIPv6: isIPv6)
    let second = datagram(isIPv6: isIPv6, Self.content.reversed())
    let packets = [
      piece(first, 0..<64, isIPv6: isIPv6, identification: 1), piece(second, 0..<64, isIPv6: isIPv6, identification: 2),
      piece(second, 64..<120, isIPv6: isIPv6, identification: 2),
      piece(first, 64..<120, isIPv6: isIPv6, identification: 1),
    ]
    #expect(decode(packets, linkType: .raw).segments.map(\.payload) == [Self.content.reversed(), Self.content])
  }
  @Test(arguments: [false, true]) func repeatedFragmentsDoNoHarm(isIPv6: Bool) {
    let whole = datagram(isIPv6: isIPv6)
    let packets = [0..<64, 0..<64, 64..<120].map { piece(whole, $0, isIPv6: isIPv6) }
    #expect(decode(packets, linkType: .raw).segments.map(\.payload) == [Self.content])
  }
  @Test func theFirstOfTwoIPv4FragmentsWins() {
    let whole = datagram(isIPv6: false)
    let other = [UInt8](repeating: 0xEE, count: whole.count)
    let packets = [
      piece(whole, 0..<64, isIPv6: false), piece(other, 40..<80, isIPv6: false), piece(whole, 64..<120, isIPv6: false),
    ]
    let expected = Array(Self.content[0..<44]) + [UInt8](repeating: 0xEE, count: 16) + Array(Self.content[60...])
    #expect(decode(packets, linkType: .raw).segments.map(\.payload) == [expected])
  }
  @Test func overlappingIPv6FragmentsDropTheDatagram() {
    let whole = datagram(isIPv6: true)
    let ranges = [0..<64, 56..<88, 64..<120]
    for order in [[0, 1, 2], [1, 0, 2], [2, 1, 0], [0, 2, 1]] {
      let (segments, tally) = decode(order.map { piece(whole, ranges[$0], isIPv6: true) }, linkType: .raw)
      // RFC 5722: the whole datagram, and also what comes of it later; unless it was complete before the overlap.
      #expect(segments.map(\.payload) == (order == [0, 2, 1] ? [Self.content] : []))
      #expect(tally.droppedFragments == (order == [0, 2, 1] ? 0 : 2))
    }
  }
  @Test func anEndBeyondTheLargestDatagramIsDropped() {
    let packet = PacketBuilder.ipv4(
      from: Self.source.address, to: Self.destination.address, offset: 65_528, payload: [UInt8](repeating: 0, count: 24)
    )
    #expect(decode([packet], linkType: .raw).tally.droppedFragments == 1)
  }
  @Test func manyPiecesOfOneDatagramAreBounded() {
    let whole = [UInt8](repeating: 1, count: 16_384)
    let pieces = (0..<2_000).map { index in piece(whole, index * 8..<index * 8 + 8, isIPv6: false, isLast: false) }
    let (segments, tally) = decode(pieces, linkType: .raw)
    #expect(segments.isEmpty)
    #expect(tally.droppedFragments == 2_000 - PacketLimits.fragmentsPerDatagram)
  }
  @Test func manyUnfinishedDatagramsGiveWay() {
    let whole = datagram(isIPv6: true)
    var packets = (1...20_000).map { piece(whole, 0..<64, isIPv6: true, identification: $0) }
    packets.append(piece(whole, 64..<120, isIPv6: true, identification: 20_000))
    packets.append(piece(whole, 64..<120, isIPv6: true, identification: 1))
    #expect(decode(packets, linkType: .raw).segments.map(\.payload) == [Self.content])
  }
  /// With a hole at the beginning, every further piece once laid out all 64 KiB anew.
  @Test func piecesThatCoverEachOtherCostLittle() {
    let whole = [UInt8](repeating: 7, count: 65_000)
    var pieces = [piece(whole, 63_600..<65_000, isIPv6: false)]
    for index in 1..<3_000 {
      let start = 8 * (1 + index % 8_000)
      pieces.append(piece(whole, start..<min(start + 1_400, 65_000), isIPv6: false, isLast: false))
    }
    let clock = ContinuousClock()
    let time = clock.measure { #expect(decode(pieces, linkType: .raw).segments.isEmpty) }
    #expect(time < .seconds(2))
  }
  /// The least fragments hold 8 octets each; what holds them counts too.
  @Test func manySmallPiecesGiveWay() {
    let whole = [UInt8](repeating: 7, count: 8_000)
    var pieces: [[UInt8]] = []
    for identification in 0..<200 {
      for place in 1..<1_000 {
        pieces.append(
          piece(whole, 8 * place..<8 * place + 8, isIPv6: false, identification: identification, isLast: false))
      }
    }
    let tally = decode(pieces, linkType: .raw).tally
    #expect(tally.droppedFragments > 0)
    #expect(tally.droppedFragments < pieces.count)
  }

  /// The decoder's remarks on packets, each a given number of seconds after the capture's begin.
  private func remarks(_ packets: [(seconds: Int64, packet: [UInt8])]) -> (segments: Int, [String]) {
    var decoder = FrameDecoder(sink: SegmentCollector())
    for (index, (seconds, packet)) in packets.enumerated() {
      decoder.receive(
        packet.span,
        PacketHeader(
          frame: UInt32(index + 1), linkType: .raw, timestamp: Timestamp(nanoseconds: seconds * 1_000_000_000),
          originalByteCount: UInt32(packet.count)))
    }
    decoder.finish()
    return (decoder.sink.segments.count, decoder.sink.irregularities.map { "\($0.0) \($0.frame)" })
  }
  /// RFC 8200 §4.5: after 60 seconds the identification may be that of another datagram.
  @Test(arguments: [false, true]) func fragmentsDoNotWaitForEver(isIPv6: Bool) {
    let whole = datagram(isIPv6: isIPv6)
    let (first, last) = (piece(whole, 0..<64, isIPv6: isIPv6), piece(whole, 64..<120, isIPv6: isIPv6))
    #expect(remarks([(0, first), (60, last)]) == (1, []))
    #expect(remarks([(0, first), (61, last)]) == (0, ["fragmentsMissing 1", "fragmentsMissing 2"]))
    #expect(remarks([(0, first), (61, first), (62, last)]) == (1, ["fragmentsMissing 1"]))
  }
}
