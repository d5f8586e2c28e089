internal import Bytes

/// Where the walk through a packet's headers stands, and what it has learnt on the way.
///
/// `step` reads one header and says what follows; `FrameDecoder` repeats that at most `PacketLimits.layerCount` times.
/// Every header is compared with what is there before it is read.
struct LayerWalk {
  /// Where the next header begins.
  var offset = 0
  /// Where the packet ends by the lengths in the headers so far, which may lie behind what was captured.
  var end: Int
  /// The VLANs and tunnels so far, mixed into one number; the lowest bit is kept free for the address family.
  var path: UInt32 = 0
  /// The same, step by step.
  var steps = TunnelPath()
  /// How many headers have been read.
  var layerCount = 0
  /// The addresses of the innermost IP header so far.
  var source = IPAddressHalves()
  var destination = IPAddressHalves()
  var isIPv6 = false
  /// Where the innermost datagram ends by its own length, also if that is behind `end`: what is missing is counted.
  var datagramEnd = 0
  /// Whether the octets lie in the frame itself, and not in a datagram put together from fragments.
  var isInFrame = true

  init(end: Int) { self.end = end }

  /// Reads the header `layer` at `offset`, moves behind it, and returns what follows. IP is `FrameDecoder`'s.
  @inline(never) mutating func step(_ layer: Layer, _ packet: Span<UInt8>) -> Layer {
    switch layer {
    case .ethernet: ethernet(packet)
    case .vlanTag: vlanTag(packet)
    case .providerBackboneTag: providerBackboneTag(packet)
    case .llc: llc(packet)
    case .fddi: fddi(packet)
    case .tokenRing: tokenRing(packet)
    case .loopback: loopback(packet)
    case .linuxSLL: linuxSLL(packet)
    case .linuxSLL2: linuxSLL2(packet)
    case .erf: erf(packet)
    case .packetFilterLog: packetFilterLog(packet)
    case .encapsulated: encapsulated(packet)
    case .netfilterLog: netfilterLog(packet)
    case .packetTap: packetTap(packet)
    case .ppp: ppp(packet)
    case .pppWithDirection: pppWithDirection(packet)
    case .pppoe: pppoe(packet)
    case .ciscoHDLC: ciscoHDLC(packet)
    case .frameRelay: frameRelay(packet)
    case .mpls: mpls(packet)
    case .wireless: wireless(packet)
    case .radiotap: radiotap(packet)
    case .prism: prism(packet)
    case .avs: avs(packet)
    case .ppi: ppi(packet)
    case .payload(4): ipInIP()
    case .payload(41): ipInIP()
    case .payload(17): udp(packet)
    case .payload(47): gre(packet)
    case .payload(51): authenticationHeader(packet)
    case .payload, .ip, .other, .truncated, .malformed: .other
    }
  }

  /// Whether `count` octets of the next header are there.
  func has(_ count: Int, _ packet: Span<UInt8>) -> Bool { packet.count &- offset >= count }

  /// Moves behind a header of `count` octets; `layer` follows.
  mutating func pass(_ count: Int, _ layer: Layer) -> Layer {
    offset &+= count
    return layer
  }
  /// Passes a header of `count` octets whose EtherType stands `position` octets behind its beginning.
  mutating func passEtherType(_ packet: Span<UInt8>, at position: Int, headerByteCount count: Int) -> Layer {
    guard has(count, packet) else { return .truncated }
    return pass(count, Layer(etherType: packet.networkUInt16(at: offset &+ position)))
  }
  /// Moves behind an IP header, to the datagram's payload.
  mutating func enterDatagram(
    from source: IPAddressHalves, to destination: IPAddressHalves, isIPv6: Bool, payload: Int, end: Int
  ) {
    self.source = source
    self.destination = destination
    self.isIPv6 = isIPv6
    offset = payload
    datagramEnd = end
    self.end = min(self.end, end)
  }
  /// A jumbogram, whose header says no length, ends where its option says (RFC 2675 §2); what follows is the link's
  /// padding.
  mutating func endJumbogram(at end: Int) {
    datagramEnd = min(datagramEnd, end)
    self.end = min(self.end, end)
  }
  /// Goes on in a datagram of `byteCount` octets that was put together from fragments.
  mutating func enterReassembled(byteCount: Int) {
    offset = 0
    end = byteCount
    datagramEnd = byteCount
    isInFrame = false
  }
  /// IPv4 or IPv6 within IP (RFC 2003, RFC 4213, RFC 2473).
  mutating func ipInIP() -> Layer {
    enter(.ipInIP)
    return .ip
  }
  /// An authentication header (RFC 4302 §2), which is no tunnel: what follows belongs to the same addresses.
  mutating func authenticationHeader(_ packet: Span<UInt8>) -> Layer {
    guard has(8, packet) else { return .truncated }
    return pass((Int(packet[offset &+ 1]) &+ 2) &* 4, .payload(packet[offset]))
  }
}
