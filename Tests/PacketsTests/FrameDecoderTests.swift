import Bytes
import TestSupport
import Testing

@testable import Packets

@Suite struct FrameDecoderTests {
  private static let alice = Host("192.0.2.2", 40_000)
  private static let bob = Host("192.0.2.1", 25)
  private static let alice6 = Host("2001:db8::2", 40_000)
  private static let bob6 = Host("2001:db8::1", 25)
  private static let greeting = Array("220 mail.example.org\r\n".utf8)

  private func segment(isIPv6: Bool = false, options: [TCPOption] = [], payload: [UInt8] = greeting) -> [UInt8] {
    PacketBuilder.tcp(
      from: isIPv6 ? Self.bob6 : Self.bob, to: isIPv6 ? Self.alice6 : Self.alice, sequenceNumber: 77, options: options,
      payload: payload)
  }
  private func packet(isIPv6: Bool = false) -> [UInt8] {
    PacketBuilder.ip(
      from: isIPv6 ? Self.bob6 : Self.bob, to: isIPv6 ? Self.alice6 : Self.alice, segment(isIPv6: isIPv6))
  }

  @Test(arguments: [false, true]) func everyLinkType(isIPv6: Bool) {
    let ip = packet(isIPv6: isIPv6)
    let frames: [(LinkType, [UInt8])] = [
      (.ethernet, PacketBuilder.ethernet(ip)), (.null, PacketBuilder.null(ip)),
      (.null, PacketBuilder.null(ip, isBigEndian: true)), (.null, PacketBuilder.null(ip, family: isIPv6 ? 10 : 2)),
      (.null, PacketBuilder.null(ip, family: isIPv6 ? 24 : 2)), (.loop, PacketBuilder.null(ip, isBigEndian: true)),
      (.raw, ip), (.rawBSD, ip), (.rawOpenBSD, ip), (.ipv4, ip), (.ipv6, ip), (.linuxSLL, PacketBuilder.linuxSLL(ip)),
      (.linuxSLL2, PacketBuilder.linuxSLL2(ip)),
    ]
    for (linkType, frame) in frames {
      let (segments, tally) = decode([frame], linkType: linkType)
      #expect(segments.map(\.payload) == [Self.greeting], "link type \(linkType.rawValue)")
      #expect(segments.first?.sequenceNumber == 77)
      #expect(segments.first?.source == 25)
      #expect(segments.first?.frameOffset == Int32(frame.count - Self.greeting.count))
      #expect(tally.segments == 1 && tally.truncated == 0 && tally.malformed == 0)
      #expect(linkType.isDecoded)
    }
  }
  @Test func anUnknownLinkTypeIsCounted() {
    let tally = decode([packet()], linkType: LinkType(rawValue: 147)).tally
    #expect(tally.undecodedLinkType == 1)
    #expect(tally.lastUndecodedLinkType.rawValue == 147)
  }
  @Test func vlansPartConnections() {
    let plain = PacketBuilder.ethernet(packet())
    let tagged = [
      plain, PacketBuilder.ethernet(packet(), vlans: [5]), PacketBuilder.ethernet(packet(), vlans: [6]),
      PacketBuilder.ethernet(packet(), vlans: [5, 6], tagType: 0x88A8),
      PacketBuilder.ethernet(packet(), vlans: [6, 5]),
    ]
    let segments = decode(tagged).segments
    #expect(segments.map(\.payload) == [[UInt8]](repeating: Self.greeting, count: 5))
    for first in segments.indices {
      for second in segments.indices where first != second { #expect(segments[first].key != segments[second].key) }
    }
    // Priority bits are no part of the identifier.
    #expect(decode([PacketBuilder.ethernet(packet(), vlans: [0xE005])]).segments.first?.key == segments[1].key)
  }
  @Test func aPacketOfTagsAloneEnds() {
    let frame = PacketBuilder.ethernet(packet(), vlans: [UInt16](repeating: 1, count: 5_000))
    #expect(decode([frame]).segments.isEmpty)
  }
  @Test func optionsAreNoPayload() {
    let timestamps: [TCPOption] = [.noOperation, .noOperation, .timestamps(value: 1, echo: 0)]
    let ip = PacketBuilder.ipv4(
      from: Self.bob.address, to: Self.alice.address, options: [7, 4, 4, 0, 0, 0, 0, 0],
      payload: segment(options: timestamps))
    #expect(decode([PacketBuilder.ethernet(ip)]).segments.map(\.payload) == [Self.greeting])
  }
  @Test(arguments: [false, true]) func paddingIsNoPayload(isIPv6: Bool) {
    let bare = segment(isIPv6: isIPv6, payload: [65])
    let hosts = isIPv6 ? (Self.bob6, Self.alice6) : (Self.bob, Self.alice)
    let frame = PacketBuilder.ethernet(PacketBuilder.ip(from: hosts.0, to: hosts.1, bare)) + [0, 0, 0, 0, 0]
    #expect(decode([frame]).segments.map(\.payload) == [[65]])
    #expect(decode([frame]).segments.first?.uncaptured == 0)
  }
  @Test(arguments: [false, true]) func lengthZeroMeansTheFrame(isIPv6: Bool) {
    let inner = segment(isIPv6: isIPv6)
    let ip =
      isIPv6
      ? PacketBuilder.ipv6(from: Self.bob6.address, to: Self.alice6.address, payloadLength: 0, payload: inner)
      : PacketBuilder.ipv4(from: Self.bob.address, to: Self.alice.address, totalLength: 0, payload: inner)
    #expect(decode([PacketBuilder.ethernet(ip)]).segments.map(\.payload) == [Self.greeting])
  }
  @Test(arguments: [false, true]) func whatWasNotCapturedIsCounted(isIPv6: Bool) {
    let frame = PacketBuilder.ethernet(packet(isIPv6: isIPv6))
    let (segments, _) = decode([Array(frame.dropLast(5))], original: UInt32(frame.count))
    #expect(segments.map(\.payload) == [Self.greeting.dropLast(5)])
    #expect(segments.map(\.uncaptured) == [5])
  }
  @Test func aFrameMayEndAnywhere() {
    let layers: [(LinkType, [UInt8])] = [
      (.ethernet, PacketBuilder.ethernet(packet(), vlans: [1, 2])), (.ethernet, PacketBuilder.ethernet(packet())),
      (.ethernet, PacketBuilder.ethernet(packet(isIPv6: true))), (.linuxSLL2, PacketBuilder.linuxSLL2(packet())),
      (.null, PacketBuilder.null(packet(isIPv6: true))), (.raw, extended([0, 43, 60, 135, 51])),
    ]
    for (linkType, frame) in layers {
      for end in 0..<frame.count {
        let (segments, tally) = decode([Array(frame.prefix(end))], linkType: linkType, original: UInt32(frame.count))
        #expect(segments.count + tally.truncated == 1, "link type \(linkType.rawValue), cut at \(end)")
      }
    }
  }
  /// A sink that keeps every header whole.
  private struct Headers: SegmentSink {
    var segments: [String] = []
    var irregularities: [Irregularity] = []
    /// Octets before the IP header.
    let linkByteCount: Int32
    mutating func receive(_ segment: borrowing TCPSegment, payload: Span<UInt8>) {
      var segment = copy segment
      segment.frameOffset -= linkByteCount
      segments.append("\(segment) \(segment.sourcePort) \(segment.destinationPort) \(payload.copied())")
    }
    mutating func note(_ irregularity: Irregularity, frame: UInt32, at timestamp: Timestamp) {
      irregularities.append(irregularity)
    }
    mutating func idle() {}
  }
  /// What the decoder makes of an IP packet of which `original` octets were on the wire behind a link's header.
  private func headers(_ ip: [UInt8], link: [UInt8], _ linkType: LinkType, original: Int) -> (Headers, PacketTally) {
    var decoder = FrameDecoder(sink: Headers(linkByteCount: Int32(link.count)))
    let header = PacketHeader(
      frame: 7, linkType: linkType, timestamp: Timestamp(nanoseconds: 1_234),
      originalByteCount: UInt32(link.count + original))
    decoder.receive((link + ip).span, header)
    return (decoder.sink, decoder.tally)
  }
  /// Ethernet takes the short way, Linux cooked the walk, header by header.
  private func expectTheSameBothWays(_ ip: [UInt8], original: Int, isIPv6: Bool, _ place: String) {
    let ethernet = Array(PacketBuilder.ethernet(packet(isIPv6: isIPv6)).prefix(14))
    let cooked = Array(PacketBuilder.linuxSLL(packet(isIPv6: isIPv6)).prefix(16))
    let (short, shortTally) = headers(ip, link: ethernet, .ethernet, original: original)
    let (walked, walkedTally) = headers(ip, link: cooked, .linuxSLL, original: original)
    #expect(short.segments == walked.segments, "\(place)")
    #expect(short.irregularities == walked.irregularities, "\(place)")
    #expect("\(shortTally)" == "\(walkedTally)", "\(place)")
  }
  private static let optionLists: [[TCPOption]] = [
    [], [.noOperation, .noOperation, .timestamps(value: 0x8001_0203, echo: 9)],
    [.timestamps(value: 0x8001_0203, echo: 9), .noOperation, .noOperation],
    [.noOperation, .timestamps(value: 0x8001_0203, echo: 9), .noOperation],
    [.maximumSegmentSize(1_460), .noOperation, .noOperation, .timestamps(value: 5, echo: 0)],
    [.noOperation, .noOperation, .timestamps(value: 5, echo: 6), .maximumSegmentSize(1_460)],
    [.maximumSegmentSize(536)],
  ]
  @Test(arguments: [false, true], optionLists)
  func theShortWayAgreesWithTheWalk(isIPv6: Bool, options: [TCPOption]) {
    for payload in [[], Self.greeting] {
      let ip = PacketBuilder.ip(
        from: isIPv6 ? Self.bob6 : Self.bob, to: isIPv6 ? Self.alice6 : Self.alice,
        segment(isIPv6: isIPv6, options: options, payload: payload))
      for end in 0...ip.count {
        expectTheSameBothWays(
          Array(ip.prefix(end)), original: ip.count, isIPv6: isIPv6, "cut at \(end)")
      }
      expectTheSameBothWays(ip + [0, 0, 0, 0, 0, 0], original: ip.count + 6, isIPv6: isIPv6, "padded")
      for offset in ip.indices {
        for bit in 0..<8 {
          var damaged = ip
          damaged[offset] ^= 1 << UInt8(bit)
          expectTheSameBothWays(damaged, original: ip.count, isIPv6: isIPv6, "bit \(bit) of \(offset)")
        }
      }
    }
  }
  @Test func oneOctetWrongAnywhereNeverTraps() {
    for frame in [packet(), packet(isIPv6: true), extended([0, 43, 44, 60]), extended([51, 135])] {
      for offset in frame.indices {
        for value in UInt8.min...UInt8.max {
          var damaged = frame
          damaged[offset] = value
          _ = decode([damaged], linkType: .raw)
        }
      }
    }
  }
  @Test func noiseNeverTraps() {
    var random = SeededRandom(seed: printedSeed("FrameDecoderTests.noiseNeverTraps"))
    for _ in 0..<5_000 {
      let linkType = [0, 1, 12, 101, 113, 276].randomElement(using: &random) ?? 1
      var noise = random.octets(Int.random(in: 0...120, using: &random))
      if noise.count > 14 {
        noise.replaceSubrange(12..<14, with: [[8, 0], [0x86, 0xDD], [0x81, 0]].randomElement(using: &random) ?? [])
      }
      _ = decode([noise, noise], linkType: LinkType(rawValue: UInt32(linkType)))
    }
  }

  /// An IPv6 packet whose TCP segment stands behind extension headers.
  private func extended(_ headers: [UInt8]) -> [UInt8] {
    var payload = segment(isIPv6: true)
    var next: UInt8 = 6
    for header in headers.reversed() {
      switch header {
      case 51: payload = PacketBuilder.authenticationHeader(next: next, payload: payload)
      case 44: payload = PacketBuilder.fragmentHeader(next: next, offset: 0, hasMore: false, payload: payload)
      default: payload = PacketBuilder.extensionHeader(next: next, units: 2, payload: payload)
      }
      next = header
    }
    return PacketBuilder.ipv6(from: Self.bob6.address, to: Self.alice6.address, next: next, payload: payload)
  }
  @Test(arguments: [[0], [43], [60], [135], [51], [44], [0, 60, 43, 44, 51, 60, 135]] as [[UInt8]])
  func extensionHeadersAreWalkedThrough(_ headers: [UInt8]) {
    #expect(decode([extended(headers)], linkType: .raw).segments.map(\.payload) == [Self.greeting])
  }
  @Test func extensionHeadersWithoutEndEnd() {
    #expect(decode([extended([UInt8](repeating: 60, count: 200))], linkType: .raw).segments.isEmpty)
  }
  /// The jumbo payload option (RFC 2675 §2) tells payload from the link's padding; a length that is not there is no
  /// octet that is missing.
  @Test(arguments: [0, 9], [0, 4_000_000_000]) func aJumbogramEndsWhereItsOptionSays(padding: Int, excess: Int) {
    let tcp = segment(isIPv6: true)
    let length = UInt32(8 + tcp.count + excess)
    let option = [0xC2, 4] + (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) }
    var ip = PacketBuilder.ipv6(
      from: Self.bob6.address, to: Self.alice6.address, next: 0, payload: [6, 0] + option + tcp)
    ip[4] = 0
    ip[5] = 0
    let frame = PacketBuilder.ethernet(ip) + [UInt8](repeating: 0xFF, count: padding)
    let shown = excess == 0 ? Self.greeting : Self.greeting + [UInt8](repeating: 0xFF, count: padding)
    #expect(decode([frame]).segments.map(\.payload) == [shown])
    #expect(decode([frame]).segments.map(\.uncaptured) == [0])
  }
  @Test func noPacketIsLongerThanOneCanBe() {
    var ip = packet()
    ip[2] = 0
    ip[3] = 0
    let frame = PacketBuilder.ethernet(ip)
    for (original, believed) in [(UInt32(70_000), 70_000), (.max, PacketLimits.originalByteCount)] {
      #expect(decode([frame], original: original).segments.map(\.uncaptured) == [UInt32(believed - frame.count)])
    }
  }
  @Test func otherProtocolsAreNotTCP() {
    let udp = PacketBuilder.ipv4(from: Self.bob.address, to: Self.alice.address, protocol: 17, payload: segment())
    let (segments, tally) = decode([PacketBuilder.ethernet(udp), PacketBuilder.ethernet(packet())])
    #expect(segments.count == 1)
    #expect(tally.packets == 2)
  }
  @Test(arguments: [UInt8(0x40), 0x44, 0x4F, 0x55, 0x00, 0xF5]) func aHeaderThatContradictsItselfIsCounted(
    _ first: UInt8
  ) {
    var ip = packet()
    ip[0] = first
    let (segments, tally) = decode([PacketBuilder.ethernet(ip)])
    #expect(segments.isEmpty)
    #expect(tally.malformed + tally.truncated == 1)
  }
}
