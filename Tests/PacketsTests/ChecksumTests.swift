import Bytes
import TestSupport
import Testing

@testable import Packets

@Suite struct ChecksumTests {
  private static let hosts: [(Host, Host)] = [
    (Host("192.0.2.1", 25), Host("192.0.2.2", 40_000)), (Host("2001:db8::1", 25), Host("2001:db8::2", 40_000)),
  ]
  /// What the decoder makes of one segment whose checksum field was changed by `change`.
  private func run(
    _ hosts: (Host, Host), _ payload: [UInt8], policy: ChecksumPolicy, change: (inout [UInt8]) -> Void
  ) -> (segments: Int, tally: PacketTally, irregularities: [Irregularity]) {
    var segment = PacketBuilder.tcp(from: hosts.0, to: hosts.1, sequenceNumber: 1, payload: payload)
    change(&segment)
    var decoder = FrameDecoder(sink: SegmentCollector())
    decoder.checksums = policy
    let frame = PacketBuilder.ethernet(PacketBuilder.ip(from: hosts.0, to: hosts.1, segment))
    decoder.receive(
      frame.span,
      PacketHeader(
        frame: 1, linkType: .ethernet, timestamp: Timestamp(nanoseconds: 0), originalByteCount: UInt32(frame.count)))
    return (decoder.sink.segments.count, decoder.tally, decoder.sink.irregularities.map(\.0))
  }

  /// RFC 1071 §1 as plainly as it can be said: words added, carries added back in.
  private static func plainly(_ octets: [UInt8]) -> UInt16 {
    var sum: UInt32 = 0
    for offset in stride(from: 0, to: octets.count, by: 2) {
      sum += UInt32(octets[offset]) << 8 | (offset + 1 < octets.count ? UInt32(octets[offset + 1]) : 0)
      sum = (sum & 0xFFFF) + sum >> 16
    }
    return ~UInt16(truncatingIfNeeded: sum)
  }
  @Test func agreesWithThePlainSum() {
    // RFC 1071 §3: the sum of these is ddf2.
    #expect(InternetChecksum.of([0x00, 0x01, 0xF2, 0x03, 0xF4, 0xF5, 0xF6, 0xF7]) == ~0xDDF2)
    var random = SeededRandom(seed: printedSeed("ChecksumTests.agreesWithThePlainSum"))
    for count in 0...400 {
      let octets = random.octets(count)
      #expect(InternetChecksum.of(octets) == Self.plainly(octets), "\(count) octets")
      let full = [UInt8](repeating: 0xFF, count: count)
      #expect(InternetChecksum.of(full) == Self.plainly(full), "\(count) octets of ff")
    }
  }
  @Test func onlyTheFirstShortSegmentsAreSampled() {
    let (from, to) = Self.hosts[0]
    let frame = PacketBuilder.ethernet(
      PacketBuilder.ip(from: from, to: to, PacketBuilder.tcp(from: from, to: to, sequenceNumber: 1)))
    for (policy, expected) in [
      (ChecksumPolicy.sampled, PacketLimits.sampledChecksumCount), (.enforced, PacketLimits.sampledChecksumCount + 10),
    ] {
      var decoder = FrameDecoder(sink: SegmentCollector())
      decoder.checksums = policy
      for number in 1...PacketLimits.sampledChecksumCount + 10 {
        decoder.receive(
          frame.span,
          PacketHeader(
            frame: UInt32(number), linkType: .ethernet, timestamp: Timestamp(nanoseconds: 0),
            originalByteCount: UInt32(frame.count)))
      }
      #expect(decoder.tally.verifiedChecksums == expected)
    }
  }
  @Test func rightOnesPassAtEveryLength() {
    for hosts in Self.hosts {
      for count in 0...300 {
        let (segments, tally, irregularities) = run(
          hosts, (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 200) }, policy: .enforced
        ) { _ in }
        #expect(segments == 1 && tally.verifiedChecksums == 1 && tally.wrongChecksums == 0, "\(count) octets")
        #expect(irregularities.isEmpty)
      }
    }
  }
  @Test func anyChangedOctetIsFound() {
    for hosts in Self.hosts {
      for place in [0, 5, 16, 17, 20, 33, 60] {
        let (segments, tally, irregularities) = run(hosts, [UInt8](repeating: 7, count: 41), policy: .enforced) {
          $0[place] ^= 0x10
        }
        #expect(segments == 0 && tally.wrongChecksums == 1, "octet \(place)")
        #expect(irregularities == [.checksumWrong])
      }
    }
  }
  @Test func wrongOnesAreCountedAndCountUnlessEnforced() {
    let (segments, tally, _) = run(Self.hosts[0], [1, 2, 3], policy: .sampled) { $0[16] ^= 1 }
    #expect(segments == 1 && tally.wrongChecksums == 1)
    #expect(run(Self.hosts[0], [1, 2, 3], policy: .ignored) { $0[16] ^= 1 }.tally.verifiedChecksums == 0)
  }
  @Test func longSegmentsAreNotVerifiedUnasked() {
    let long = [UInt8](repeating: 1, count: PacketLimits.sampledChecksumByteCount)
    #expect(run(Self.hosts[0], long, policy: .sampled) { _ in }.tally.verifiedChecksums == 0)
    #expect(run(Self.hosts[0], long, policy: .enforced) { _ in }.tally.verifiedChecksums == 1)
  }
  /// Linux leaves the sum of the pseudo-header in the field when the network card is to add the rest.
  @Test func whatWasLeftToTheNetworkCardIsNoDamage() {
    let (from, to) = Self.hosts[0]
    let payload: [UInt8] = [1, 2, 3, 4, 5]
    let (segments, tally, irregularities) = run((from, to), payload, policy: .enforced) { segment in
      let pseudoHeader = from.address.octets + to.address.octets + [0, 6] + octets(UInt16(segment.count))
      segment.replaceSubrange(16..<18, with: octets(~InternetChecksum.of(pseudoHeader)))
    }
    #expect(segments == 1 && tally.offloadedChecksums == 1 && tally.wrongChecksums == 0)
    #expect(irregularities == [.checksumOffloaded])
  }
}

@Suite struct TCPOptionsTests {
  @Test(
    arguments: [
      ([1, 1, 8, 10, 0, 0, 1, 0, 0, 0, 0, 0], UInt32(256)),
      ([2, 4, 5, 180, 4, 2, 8, 10, 0, 0, 0, 7, 0, 0, 0, 0, 1, 3, 3, 7], 7),
      ([8, 10, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0], 9),
      ([0, 8, 10, 0, 0, 0, 9, 0, 0, 0, 0, 0], nil), ([8, 10, 0, 0], nil), ([8, 9, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0], nil),
      ([2, 0, 8, 10, 0, 0, 0, 7, 0, 0, 0, 0], nil), ([2], nil), ([], nil),
    ] as [([UInt8], UInt32?)])
  func timestamp(_ options: [UInt8], _ value: UInt32?) { #expect(TCPOptions.timestamp(options.span) == value) }
}
