import TestSupport
import Testing

@testable import Packets

/// What is built is what the documents say: our decoder reads it, and so does another's, which also checks the sums.
@Suite struct PacketBuilderTests {
  private static let hosts = [
    (Host("192.0.2.2", 40_000), Host("192.0.2.1", 25)), (Host("2001:db8::2", 40_001), Host("2001:db8::1", 25)),
  ]
  private static let content = (0..<301).map { UInt8(truncatingIfNeeded: $0) }
  private static let handshakeOptions: [TCPOption] = [
    .maximumSegmentSize(1_460), .selectiveAcknowledgementPermitted, .timestamps(value: 7, echo: 0), .noOperation,
    .windowScale(7),
  ]

  private static func segment(_ hosts: (Host, Host), options: [TCPOption] = []) -> [UInt8] {
    PacketBuilder.tcp(
      from: hosts.0, to: hosts.1, sequenceNumber: 0xFFFF_FF00, acknowledgementNumber: 9, flags: [.psh, .ack],
      window: 1_024, options: options, payload: content)
  }
  /// Packets of every link, IP version, options and extension headers; each carries the same content.
  private static let packets: [(link: Link, packet: [UInt8])] = {
    var packets: [(Link, [UInt8])] = []
    for hosts in hosts {
      for link in Link.all { packets.append((link, PacketBuilder.ip(from: hosts.0, to: hosts.1, segment(hosts)))) }
      packets.append(
        (.raw, PacketBuilder.ip(from: hosts.0, to: hosts.1, segment(hosts, options: handshakeOptions))))
      let blocks = [TCPOption.SequenceRange(first: 100, next: 200), TCPOption.SequenceRange(first: 300, next: 301)]
      packets.append(
        (
          .raw,
          PacketBuilder.ip(
            from: hosts.0, to: hosts.1,
            segment(hosts, options: [.timestamps(value: 1, echo: 2), .selectiveAcknowledgement(blocks)]))
        ))
    }
    let (four, six) = (hosts[0], hosts[1])
    packets.append(
      (
        .ethernet(),
        PacketBuilder.ipv4(
          from: four.0.address, to: four.1.address, options: [0x94, 4, 0, 0], payload: segment(four))
      ))
    let extended = PacketBuilder.extensionHeader(
      next: 60, payload: PacketBuilder.extensionHeader(next: 6, units: 2, payload: segment(six)))
    packets.append(
      (.ethernet(), PacketBuilder.ipv6(from: six.0.address, to: six.1.address, next: 0, payload: extended)))
    return packets
  }()
  /// Those of these packets that are without a link or on plain Ethernet, in fragments, each with a number of its own.
  private static let fragments: [[UInt8]] = packets.filter { $0.link == .raw || $0.link == .ethernet() }
    .enumerated().flatMap { index, packet in
      PacketBuilder.fragments(of: packet.packet, maximumByteCount: 140, identification: UInt32(index + 1))
        .map { PacketBuilder.isIPv6($0) ? $0 : numbered($0, index + 1) }
    }
  private static func numbered(_ packet: [UInt8], _ identification: Int) -> [UInt8] {
    var packet = packet
    let headerByteCount = Int(packet[0] & 15) * 4
    packet.replaceSubrange(4..<6, with: octets(UInt16(identification)))
    packet.replaceSubrange(10..<12, with: [0, 0])
    packet.replaceSubrange(10..<12, with: octets(InternetChecksum.of(Array(packet[..<headerByteCount]))))
    return packet
  }

  @Test func everyPacketIsDecoded() {
    for (link, packet) in Self.packets {
      let (segments, tally) = decode([link.frame(packet)], linkType: link.linkType)
      #expect(segments.map(\.payload) == [Self.content], "\(link)")
      #expect(tally.malformed + tally.truncated == 0, "\(link)")
    }
  }
  @Test func fragmentsGiveTheWholeAgain() {
    let (segments, tally) = decode(Self.fragments, linkType: .raw)
    #expect(segments.count > 4)
    #expect(segments.allSatisfy { $0.payload == Self.content })
    #expect(tally.droppedFragments == 0)
    #expect(Self.fragments.allSatisfy { $0.count <= 140 })
  }
  @Test func fragmentsMayBeFragmentedAgain() {
    let hosts = Self.hosts[0]
    let packet = PacketBuilder.ip(from: hosts.0, to: hosts.1, Self.segment(hosts))
    let pieces = PacketBuilder.fragments(of: packet, maximumByteCount: 220)
    let smaller = pieces.flatMap { PacketBuilder.fragments(of: $0, maximumByteCount: 68) }
    #expect(smaller.count > pieces.count)
    #expect(decode(smaller.reversed(), linkType: .raw).segments.map(\.payload) == [Self.content])
  }
  @Test func onlyCopiedOptionsAreInLaterFragments() {
    let hosts = Self.hosts[0]
    let packet = PacketBuilder.ipv4(
      from: hosts.0.address, to: hosts.1.address, options: [7, 3, 4, 1, 0x94, 4, 0, 0], payload: Self.segment(hosts))
    let pieces = PacketBuilder.fragments(of: packet, cutAt: [8, 200])
    #expect(pieces.map { $0[0] } == [0x47, 0x46, 0x46])
    #expect(pieces.map { Array($0[20..<24]) } == [[7, 3, 4, 1], [0x94, 4, 0, 0], [0x94, 4, 0, 0]])
  }
  @Test func aPacketThatFitsStaysWhole() {
    let packet = Self.packets[0].packet
    #expect(PacketBuilder.fragments(of: packet, maximumByteCount: packet.count) == [packet])
  }

  @Test func optionsStandAsTheirDocumentsDrawThem() {
    #expect(
      TCPOption.encoded(Self.handshakeOptions)
        == [2, 4, 0x05, 0xB4, 4, 2, 8, 10, 0, 0, 0, 7, 0, 0, 0, 0, 1, 3, 3, 7])
    #expect(TCPOption.encoded([.other(kind: 253, value: [0xF9, 0x89])]) == [253, 4, 0xF9, 0x89])
    #expect(TCPOption.encoded([.windowScale(2)]) == [3, 3, 2, 0])
  }
  @Test func addressesAreReadAndWritten() {
    for text in ["192.0.2.1", "2001:db8::1", "::", "::ffff:192.0.2.1"] { #expect(IPAddress(text)?.description == text) }
    for text in ["", "192.0.2", "192.0.2.256", "2001:db8", "mail.example.org"] { #expect(IPAddress(text) == nil) }
    #expect(IPAddress(octets: [1, 2, 3]) == nil)
  }

  /// A pseudowire without a control word, whose Ethernet address begins as a control word does: others guess otherwise.
  private static let ambiguous = "pseudowire"

  /// `_ws.malformed` is empty, and no checksum is bad (0).
  @Test(.enabled(if: Peer.tshark.isExpected, "tshark is not installed"))
  func anothersDecoderFindsNothingWrong() throws {
    var builder = PCAPNGBuilder()
    let frames =
      Self.packets.map { ($0.link.linkType.rawValue, $0.link.frame($0.packet)) }
      + Self.fragments.map { (101, $0) }
      + TunnelTests.encapsulations.filter { $0.name != Self.ambiguous }.map { ($0.linkType, $0.packet) }
    for (index, frame) in frames.enumerated() {
      builder.interface(linkType: UInt16(frame.0))
      builder.packet(frame.1, interface: UInt32(index))
    }
    let checks = ["ip", "tcp", "udp"].flatMap { ["-o", "\($0).check_checksum:TRUE"] }
    let fields = ["frame.number", "_ws.malformed", "ip.checksum.status", "tcp.checksum.status", "udp.checksum.status"]
    let lines = try Peer.tshark.lines(
      ["-n", "-r", "{}", "-T", "fields"] + checks + fields.flatMap { ["-e", $0] }, on: builder.capture)
    #expect(lines.count == frames.count)
    for (index, line) in lines.enumerated() {
      let found = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard found.count == fields.count else {
        Issue.record("\(line)")
        continue
      }
      #expect(found[1].isEmpty, "frame \(index + 1): malformed")
      #expect(found[2...].allSatisfy { !$0.split(separator: ",").contains("0") }, "frame \(index + 1): \(line)")
      if index < Self.packets.count { #expect(found[3] == "1", "frame \(index + 1): no good TCP checksum: \(line)") }
    }
  }
}
