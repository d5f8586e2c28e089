internal import Bytes

/// Point-to-point links.
extension LayerWalk {
  /// PPP (RFC 1661 §2), with or without the address and control octets of HDLC (RFC 1662 §3.1), which may be left out,
  /// and with a protocol number of two octets or, if the first is odd, one (RFC 1661 §6.5).
  ///
  ///     ff 03 00 21 45 00 …          00 57 60 00 …          21 45 00 …
  mutating func ppp(_ packet: Span<UInt8>) -> Layer {
    guard has(2, packet) else { return .truncated }
    if packet.networkUInt16(at: offset) == 0xFF03 { offset &+= 2 }
    guard has(1, packet) else { return .truncated }
    if packet[offset] & 1 != 0 { return pass(1, Layer(pppProtocol: UInt16(packet[offset]))) }
    guard has(2, packet) else { return .truncated }
    return pass(2, Layer(pppProtocol: packet.networkUInt16(at: offset)))
  }
  /// An octet that tells the direction, then PPP.
  mutating func pppWithDirection(_ packet: Span<UInt8>) -> Layer { has(1, packet) ? pass(1, .ppp) : .truncated }

  /// A PPPoE session's packet (RFC 2516 §4): version and type 1, code 0, session, length.
  ///
  ///     11 00 00 2a 00 1e 00 21 45 00 …
  mutating func pppoe(_ packet: Span<UInt8>) -> Layer {
    guard has(6, packet) else { return .truncated }
    guard packet.networkUInt16(at: offset) == 0x1100 else { return .other }
    source = IPAddressHalves()
    destination = IPAddressHalves()
    enter(.pppoe, UInt32(packet.networkUInt16(at: offset &+ 2)))
    end = min(end, offset &+ 6 &+ Int(packet.networkUInt16(at: offset &+ 4)))
    return pass(6, .ppp)
  }
  /// Cisco's HDLC: address `0f` (one) or `8f` (all), control `00`, EtherType. PPP's `ff 03` also turns up.
  mutating func ciscoHDLC(_ packet: Span<UInt8>) -> Layer {
    guard has(4, packet) else { return .truncated }
    switch packet[offset] {
    case 0x0F, 0x8F: return passEtherType(packet, at: 2, headerByteCount: 4)
    case 0xFF where packet[offset &+ 1] == 3: return .ppp
    default: return .other
    }
  }
  /// Frame Relay (RFC 2427 §3): an address of 2 octets, control `03`, a protocol identifier; or Cisco's EtherType.
  mutating func frameRelay(_ packet: Span<UInt8>) -> Layer {
    guard has(4, packet) else { return .truncated }
    guard packet[offset] & 1 == 0, packet[offset &+ 1] & 1 == 1 else { return .other }
    guard packet[offset &+ 2] == 3 else { return passEtherType(packet, at: 2, headerByteCount: 4) }
    switch packet[offset &+ 3] {
    case 0xCC, 0x8E: return pass(4, .ip)
    default: return .other
    }
  }
}
