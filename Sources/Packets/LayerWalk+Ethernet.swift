internal import Bytes

/// Ethernet, its tags, and what else carries IEEE 802.2.
extension LayerWalk {
  /// Ethernet II, or IEEE 802.3 with LLC: destination, source, EtherType or length.
  mutating func ethernet(_ packet: Span<UInt8>) -> Layer { passEtherType(packet, at: 12, headerByteCount: 14) }

  /// A VLAN tag (IEEE 802.1Q §9.6) behind its EtherType; the priority is no part of the identity.
  mutating func vlanTag(_ packet: Span<UInt8>) -> Layer {
    guard has(4, packet) else { return .truncated }
    enter(vlan: packet.networkUInt16(at: offset) & 0x0FFF)
    return passEtherType(packet, at: 2, headerByteCount: 4)
  }
  /// A service instance tag (IEEE 802.1Q §9.7, "MAC in MAC"): flags, 24 bits of identifier, then a frame.
  mutating func providerBackboneTag(_ packet: Span<UInt8>) -> Layer {
    guard has(4, packet) else { return .truncated }
    source = IPAddressHalves()
    destination = IPAddressHalves()
    enter(.providerBackbone, packet.networkUInt32(at: offset) & 0xFF_FFFF)
    return pass(4, .ethernet)
  }
  /// IEEE 802.2 with SNAP (RFC 1042), or IP's own service access point.
  ///
  ///     aa aa 03 00 00 00 08 00      SNAP: organisation, EtherType
  ///     06 06 03                     IP
  mutating func llc(_ packet: Span<UInt8>) -> Layer {
    guard has(3, packet) else { return .truncated }
    let access = packet.networkUInt16(at: offset)
    guard packet[offset &+ 2] == 3 else { return .other }
    if access == 0x0606 { return pass(3, .ip) }
    guard access == 0xAAAA else { return .other }
    guard has(8, packet) else { return .truncated }
    let organisation = packet.networkUInt32(at: offset &+ 2) & 0xFF_FFFF
    let type = packet.networkUInt16(at: offset &+ 6)
    switch organisation {
    // RFC 1042's own, and the one for bridges between Ethernet and others (IEEE 802.1H).
    case 0x00_0000, 0x00_00F8: return pass(8, type < 1_536 ? .other : Layer(etherType: type))
    // RFC 2684 §5.2: a bridged Ethernet frame, with and without its checksum.
    case 0x00_80C2 where type == 1 || type == 7: return pass(8, .ethernet)
    default: return .other
    }
  }
  /// FDDI: a frame control, destination, source, then LLC.
  mutating func fddi(_ packet: Span<UInt8>) -> Layer {
    guard has(13, packet) else { return .truncated }
    return packet[offset] & 0xF0 == 0x50 ? pass(13, .llc) : .other
  }
  /// Token Ring: access and frame control, destination, source, and a route if the source's first bit says so.
  mutating func tokenRing(_ packet: Span<UInt8>) -> Layer {
    guard has(14, packet) else { return .truncated }
    guard packet[offset &+ 1] & 0xC0 == 0x40 else { return .other }
    guard packet[offset &+ 8] & 0x80 != 0 else { return pass(14, .llc) }
    guard has(16, packet) else { return .truncated }
    return pass(14 &+ Int(packet[offset &+ 14] & 0x1F), .llc)
  }
}
