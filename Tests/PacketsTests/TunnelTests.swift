import Bytes
import TestSupport
import Testing

@testable import Packets

/// Connections within tunnels, and on links other than Ethernet.
@Suite struct TunnelTests {
  private static let server = Host("192.0.2.1", 25)
  private static let client = Host("192.0.2.2", 40_000)
  private static let greeting = Array("220 mail.example.org\r\n".utf8)

  private static func packet(from source: Host = server, to destination: Host = client) -> [UInt8] {
    PacketBuilder.ip(
      from: source, to: destination,
      PacketBuilder.tcp(from: source, to: destination, sequenceNumber: 77, payload: greeting))
  }
  private static let packet6 = packet(from: Host("2001:db8::1", 25), to: Host("2001:db8::2", 40_000))
  private static let frame = PacketBuilder.ethernet(packet())
  private static func inIPv6(_ number: UInt8, _ payload: [UInt8]) -> [UInt8] {
    PacketBuilder.ipv6(from: IPAddress("2001:db8:1::1"), to: IPAddress("2001:db8:1::2"), next: number, payload: payload)
  }

  /// Every encapsulation, around one greeting of a mail server.
  static let encapsulations: [(name: String, linkType: UInt32, packet: [UInt8])] = {
    typealias Build = PacketBuilder
    let ip = packet()
    return [
      ("PPPoE", 1, Build.ethernet(Build.pppoe(ip), type: 0x8864)),
      ("PPPoE, IPv6", 1, Build.ethernet(Build.pppoe(packet6, protocol: 0x0057), type: 0x8864)),
      ("PPP", 9, Build.ppp(ip)), ("PPP without address", 9, Build.ppp(ip, hasAddress: false)),
      ("PPP, short", 9, [0x21] + ip), ("PPP in HDLC", 50, Build.ppp(ip)), ("PPP_ETHER", 51, Build.pppoe(ip)),
      ("PPP, MPLS", 9, Build.ppp(Build.mpls(labels: [5], ip), protocol: 0x0281)),
      ("PPP_WITH_DIR", 204, [1] + Build.ppp(ip)),
      ("Cisco HDLC", 104, [0x0F, 0, 8, 0] + ip), ("Frame Relay", 107, [4, 1, 3, 0xCC] + ip),
      ("MPLS", 1, Build.ethernet(Build.mpls(labels: [16, 17, 18], ip), type: 0x8847)),
      ("MPLS, multicast", 1, Build.ethernet(Build.mpls(labels: [16], packet6), type: 0x8848)),
      ("pseudowire", 1, Build.ethernet(Build.mpls(labels: [16], frame), type: 0x8847)),
      ("pseudowire, control word", 1, Build.ethernet(Build.mpls(labels: [16], [0, 0, 0, 1] + frame), type: 0x8847)),
      ("GRE", 101, Build.datagram(47, Build.gre(type: 0x0800, ip))),
      (
        "GRE, all fields", 101,
        Build.datagram(
          47,
          Build.gre(
            type: 0x0800, hasChecksum: true, key: 1, sequenceNumber: 2, routes: [8, 0, 0, 4, 1, 2, 3, 4, 0, 0, 0, 0], ip
          ))
      ), ("GRE, bridged", 101, Build.datagram(47, Build.gre(type: 0x6558, key: 7, frame))),
      ("GRE, PPTP", 101, Build.datagram(47, Build.pptp(Build.ppp(ip)))),
      ("GRE in IPv6", 101, inIPv6(47, Build.gre(type: 0x86DD, packet6))),
      ("ERSPAN I", 101, Build.datagram(47, Build.gre(type: 0x88BE, frame))),
      ("ERSPAN II", 101, Build.datagram(47, Build.erspanII(frame))),
      ("ERSPAN III", 101, Build.datagram(47, Build.erspanIII(hasPlatform: false, frame))),
      ("ERSPAN III, platform", 101, Build.datagram(47, Build.erspanIII(hasPlatform: true, frame))),
      ("VXLAN", 101, Build.datagram(17, Build.vxlan(network: 42, frame))),
      ("Geneve", 101, Build.datagram(17, Build.geneve(network: 42, frame))),
      ("GTP", 101, Build.datagram(17, Build.gtp(endpoint: 1, ip))),
      ("GTP, extended", 101, Build.datagram(17, Build.gtp(endpoint: 1, isExtended: true, packet6))),
      ("L2TP", 101, Build.datagram(17, Build.l2tp(Build.ppp(ip)))), ("IP in IP", 101, Build.datagram(4, ip)),
      ("6in4", 101, Build.datagram(41, packet6)), ("4in6", 101, inIPv6(4, ip)), ("6in6", 101, inIPv6(41, packet6)),
      ("AH", 101, Build.datagram(51, Build.authenticationHeader(next: 4, payload: ip))),
      ("802.3", 1, Build.ethernet(Build.snap(ip), type: UInt16(ip.count + 8))),
      ("LLC, IP", 1, Build.ethernet([6, 6, 3] + ip, type: UInt16(ip.count + 3))),
      ("LLC, bridged", 100, [0xAA, 0xAA, 3, 0, 0x80, 0xC2, 0, 7] + frame),
      ("FDDI", 10, [0x50] + [UInt8](repeating: 2, count: 12) + Build.snap(ip)),
      ("Token Ring", 6, [0x10, 0x40] + [UInt8](repeating: 2, count: 12) + Build.snap(ip)),
      ("MAC in MAC", 1, Build.ethernet([0, 0, 1, 0] + frame, type: 0x88E7)),
      ("SLL, PPPoE", 113, [0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0x88, 0x64] + Build.pppoe(ip)),
      ("SLL, LLC", 113, [0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4] + Build.snap(ip)),
      ("802.11", 105, Build.wireless(ip)), ("802.11, quality", 105, Build.wireless(ip, hasQuality: true)),
      ("802.11, relayed", 105, Build.wireless(ip, isRelayed: true)),
      ("radiotap", 127, Build.radiotap(Build.wireless(ip))),
      ("Prism", 119, Build.prism(Build.wireless(ip))),
      ("AVS", 163, [0x80, 0x21, 0x10, 1, 0, 0, 0, 12, 0, 0, 0, 0] + Build.wireless(ip)),
      ("PPI", 192, [0, 0, 8, 0, 1, 0, 0, 0] + frame),
      ("ERF", 197, Build.erf(frame)), ("ERF, extended", 197, Build.erf(frame, isExtended: true)),
      (
        "all at once", 1,
        Build.ethernet(
          Build.mpls(
            labels: [1],
            Build.datagram(
              47, Build.erspanII(Build.ethernet(Build.datagram(17, Build.vxlan(network: 1, frame)), vlans: [3])))),
          type: 0x8847)
      ),
    ]
  }()

  @Test func everyEncapsulationIsOpened() {
    for (name, linkType, packet) in Self.encapsulations {
      let (segments, tally) = decode([packet], linkType: LinkType(rawValue: linkType))
      #expect(segments.map(\.payload) == [Self.greeting], "\(name)")
      #expect(segments.first?.frameOffset == Int32(packet.count - Self.greeting.count), "\(name)")
      #expect(tally.truncated == 0 && tally.malformed == 0, "\(name)")
    }
  }
  @Test func everyEncapsulationMayEndAnywhere() {
    for (name, linkType, packet) in Self.encapsulations {
      for end in 0..<packet.count {
        let (segments, tally) = decode(
          [Array(packet.prefix(end))], linkType: LinkType(rawValue: linkType), original: UInt32(packet.count))
        #expect(segments.count + tally.truncated == 1, "\(name), cut at \(end)")
      }
    }
  }
  @Test func oneOctetWrongAnywhereNeverTraps() {
    for (_, linkType, packet) in Self.encapsulations {
      for offset in packet.indices.dropLast(Self.greeting.count) {
        for value: UInt8 in [0, 1, 4, 0x0F, 0x41, 0x45, 0x60, 0x7F, 0x80, 0x88, 0xFF] {
          var damaged = packet
          damaged[offset] = value
          _ = decode([damaged], linkType: LinkType(rawValue: linkType))
        }
      }
    }
  }
  @Test func noiseNeverTraps() {
    var random = SeededRandom(seed: printedSeed("TunnelTests.noiseNeverTraps"))
    for _ in 0..<20_000 {
      let (_, linkType, packet) = Self.encapsulations.randomElement(using: &random) ?? ("", 1, [])
      let start = Int.random(in: 0...packet.count, using: &random)
      let noise = packet.prefix(start) + random.octets(Int.random(in: 0...80, using: &random))
      _ = decode([Array(noise)], linkType: LinkType(rawValue: linkType))
    }
  }

  /// Sixteen headers are read: here all of them IP, the last of which carries TCP.
  @Test(arguments: [15, 16]) func nestingIsBounded(_ outerCount: Int) {
    var packet = Self.packet()
    for _ in 0..<outerCount / 2 { packet = PacketBuilder.datagram(4, packet) }
    // Each IP in IP takes two of the headers: the outer one, and the change to the inner.
    let (segments, tally) = decode([outerCount == 16 ? PacketBuilder.datagram(4, packet) : packet], linkType: .raw)
    #expect(segments.count == (outerCount == 15 ? 1 : 0))
    #expect(tally.malformed == (outerCount == 15 ? 0 : 1))
  }
  @Test func manyLabelsAreMalformed() {
    let packet = PacketBuilder.mpls(labels: [UInt32](repeating: 3, count: 5_000), Self.packet())
    #expect(decode([packet], linkType: LinkType(rawValue: 219)).tally.malformed == 1)
  }

  /// The keys of the same inner packet in several surroundings.
  private func keys(_ packets: [[UInt8]]) -> [FlowKey] { decode(packets, linkType: .raw).segments.map(\.key) }

  @Test func tunnelsPartConnections() {
    typealias Build = PacketBuilder
    let ip = Self.packet()
    let packets = [
      ip, Build.datagram(4, ip), Build.datagram(4, to: "198.51.100.3", ip),
      Build.datagram(4, Build.datagram(4, ip)), Build.datagram(47, Build.gre(type: 0x0800, ip)),
      Build.datagram(47, Build.gre(type: 0x0800, key: 1, ip)), Build.datagram(47, Build.gre(type: 0x0800, key: 2, ip)),
      Build.datagram(47, Build.gre(type: 0x6558, key: 3, Self.frame)),
      Build.datagram(47, Build.erspanII(session: 1, Self.frame)),
      Build.datagram(47, Build.erspanII(session: 2, Self.frame)),
      Build.datagram(47, Build.erspanII(session: 2, vlan: 5, Self.frame)),
      Build.datagram(17, Build.vxlan(network: 1, Self.frame)), Build.datagram(17, Build.vxlan(network: 2, Self.frame)),
      Build.datagram(17, Build.geneve(network: 1, Self.frame)), Build.datagram(17, Build.gtp(endpoint: 1, ip)),
    ]
    let keys = keys(packets)
    #expect(keys.count == packets.count)
    for first in keys.indices {
      for second in keys.indices where first < second { #expect(keys[first] != keys[second]) }
    }
  }
  @Test func bothDirectionsOfATunnelShareAPath() {
    let there = Self.packet()
    let back = Self.packet(from: Self.client, to: Self.server)
    let wraps: [(_ packet: [UInt8], _ isBack: Bool) -> (UInt8, [UInt8])] = [
      { packet, _ in (4, packet) }, { packet, _ in (47, PacketBuilder.gre(type: 0x0800, key: 9, packet)) },
      { packet, _ in (17, PacketBuilder.vxlan(network: 9, PacketBuilder.ethernet(packet))) },
      // What each side chooses for itself.
      { packet, isBack in (17, PacketBuilder.gtp(endpoint: isBack ? 1 : 2, packet)) },
      { packet, isBack in
        (47, PacketBuilder.gre(type: 0x8847, PacketBuilder.mpls(labels: isBack ? [16] : [17, 18], packet)))
      },
    ]
    for wrap in wraps {
      let (number, first) = wrap(there, false)
      let second = wrap(back, true).1
      let keys = keys([
        PacketBuilder.datagram(number, first),
        PacketBuilder.datagram(number, from: "198.51.100.2", to: "198.51.100.1", second),
      ])
      #expect(keys.count == 2 && keys.first == keys.last)
    }
  }
  @Test func aTunnelsFragmentsArePutTogether() {
    let whole = PacketBuilder.gre(type: 0x0800, Self.packet())
    let pieces = [0..<24, 24..<whole.count].map { range in
      PacketBuilder.ipv4(
        from: IPAddress("198.51.100.1"), to: IPAddress("198.51.100.2"), protocol: 47, offset: range.lowerBound,
        hasMore: range.upperBound < whole.count, payload: Array(whole[range]))
    }
    let segments = decode(pieces.reversed(), linkType: .raw).segments
    #expect(segments.map(\.payload) == [Self.greeting])
    #expect(segments.map(\.frameOffset) == [-1])
    #expect(segments.map(\.key) == keys([PacketBuilder.datagram(47, whole)]))
  }
  @Test func paddingOfATunnelIsNoPayload() {
    let inner = Self.packet()
    // The inner header claims more than the tunnel brought; what follows the tunnel is not it.
    let cut = PacketBuilder.datagram(4, Array(inner.dropLast(4)))
    let (segments, _) = decode([cut + [1, 2, 3, 4]], linkType: .raw)
    #expect(segments.map(\.payload) == [Self.greeting.dropLast(4)])
    #expect(segments.map(\.uncaptured) == [4])
  }
  @Test(arguments: [0x48, 0x80, 0x40]) func wirelessFramesWithoutAReadableBodyAreNoFault(_ control: Int) {
    var frame = PacketBuilder.wireless(Self.packet())
    frame[0] = UInt8(control)
    let (segments, tally) = decode([frame], linkType: LinkType(rawValue: 105))
    #expect(segments.isEmpty && tally.malformed + tally.truncated == 0)
    var hidden = PacketBuilder.wireless(Self.packet())
    hidden[1] |= 0x40
    #expect(decode([hidden], linkType: LinkType(rawValue: 105)).segments.isEmpty)
  }
  @Test func radiotapTellsOfPadding() {
    var frame = PacketBuilder.wireless(Self.packet(), hasQuality: true)
    frame.insert(contentsOf: [0, 0], at: 26)
    let packet = PacketBuilder.radiotap(frame, flags: 0x20)
    #expect(decode([packet], linkType: LinkType(rawValue: 127)).segments.count == 1)
  }
  @Test func namesAreThoseOfTheRegistry() {
    #expect(LinkType(rawValue: 289).name?.description == "ATSC_ALP")
    #expect(LinkType(rawValue: 9_999).name == nil)
  }

  /// The path is told by its names, once, before the first segment that travels it.
  @Test func pathsAreTold() throws {
    typealias Build = PacketBuilder
    let inner = Build.datagram(
      47, Build.gre(type: 0x0800, key: 7, Build.datagram(17, Build.vxlan(network: 42, Self.frame))))
    let packet = Build.ethernet(inner, vlans: [10, 20])
    var decoder = FrameDecoder(sink: SegmentCollector())
    for frame: UInt32 in 1...3 {
      let octets = frame == 3 ? Self.frame : packet
      decoder.receive(
        octets.span,
        PacketHeader(
          frame: frame, linkType: .ethernet, timestamp: Timestamp(nanoseconds: 0),
          originalByteCount: UInt32(octets.count)))
    }
    let segments = decoder.sink.segments
    #expect(segments.count == 3)
    #expect(decoder.sink.paths == [segments[0].key.pathNumber: ["VLAN 10", "VLAN 20", "GRE 7", "VXLAN 42"]])
    #expect(segments[2].key.pathNumber == 0)
  }
}
