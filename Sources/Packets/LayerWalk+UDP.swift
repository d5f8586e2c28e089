internal import Bytes

/// UDP is looked at for the tunnels that run over it, which are known by their ports.
extension LayerWalk {
  /// RFC 768. What does not look like the tunnel of its port is something else, and no fault.
  mutating func udp(_ packet: Span<UInt8>) -> Layer {
    guard has(8, packet) else { return .truncated }
    let source = packet.networkUInt16(at: offset)
    let destination = packet.networkUInt16(at: offset &+ 2)
    let length = Int(packet.networkUInt16(at: offset &+ 4))
    if length >= 8 { end = min(end, offset &+ length) }
    offset &+= 8
    switch (source, destination) {
    // IANA's number, and the one that Linux had before there was one.
    case (_, 4_789), (_, 8_472): return vxlan(packet, isGeneric: false)
    case (_, 4_790): return vxlan(packet, isGeneric: true)
    case (_, 6_081): return geneve(packet)
    case (_, 2_152), (2_152, _): return gtp(packet)
    case (_, 1_701), (1_701, _): return l2tp(packet)
    default: return .other
    }
  }
  /// VXLAN (RFC 7348 §5): flags, of which `08` says that the network's identifier is valid; then a frame. What is
  /// reserved there is ignored; on the port of the generic extension, flag `04` says that the fourth octet names what
  /// follows (draft-ietf-nvo3-vxlan-gpe §3.2).
  ///
  ///     08 00 00 00 00 00 2a 00      network 42
  private mutating func vxlan(_ packet: Span<UInt8>, isGeneric: Bool) -> Layer {
    guard has(8, packet) else { return .truncated }
    guard packet[offset] & 8 != 0 else { return .other }
    enter(.vxlan, packet.networkUInt32(at: offset &+ 4) >> 8)
    guard isGeneric, packet[offset] & 4 != 0 else { return pass(8, .ethernet) }
    switch packet[offset &+ 3] {
    case 1, 2: return pass(8, .ip)
    // 0 is what a flag set by mistake leaves.
    case 0, 3: return pass(8, .ethernet)
    case 5: return pass(8, .mpls)
    default: return .other
    }
  }
  /// Geneve (RFC 8926 §3.4): version 0 and the options' length in words, EtherType, the network's identifier.
  private mutating func geneve(_ packet: Span<UInt8>) -> Layer {
    guard has(8, packet) else { return .truncated }
    guard packet[offset] >> 6 == 0 else { return .other }
    let type = packet.networkUInt16(at: offset &+ 2)
    enter(.geneve, packet.networkUInt32(at: offset &+ 4) >> 8)
    return pass(8 &+ Int(packet[offset] & 0x3F) &* 4, type < 1_536 ? .other : Layer(etherType: type))
  }
  /// GTP-U's user data (3GPP TS 29.281 §5.1): version 1, message type 255, length, endpoint; then, if a flag asks for
  /// them, 4 octets of optional fields with extension headers. The endpoint, which each side chooses for itself, is no
  /// part of the path.
  ///
  ///     30 ff 00 54 00 00 00 01 45 00 …
  private mutating func gtp(_ packet: Span<UInt8>) -> Layer {
    guard has(8, packet) else { return .truncated }
    let flags = packet[offset]
    guard flags & 0xF0 == 0x30, packet[offset &+ 1] == 255 else { return .other }
    end = min(end, offset &+ 8 &+ Int(packet.networkUInt16(at: offset &+ 2)))
    enter(.gtp)
    offset &+= 8
    if flags & 7 != 0 {
      guard has(4, packet) else { return .truncated }
      var next = flags & 4 != 0 ? packet[offset &+ 3] : 0
      offset &+= 4
      while next != 0 {
        guard has(1, packet) else { return .truncated }
        let count = Int(packet[offset]) &* 4
        guard count > 0 else { return .malformed }
        guard has(count, packet) else { return .truncated }
        next = packet[offset &+ count &- 1]
        offset &+= count
      }
    }
    guard has(1, packet) else { return .truncated }
    switch packet[offset] >> 4 {
    case 4, 6: return .ip
    default: return .other
    }
  }
  /// L2TP version 2 (RFC 2661 §3.1): flags, [length,] tunnel, session, [sequence numbers,] [offset]; then PPP. Tunnel and
  /// session, which each side chooses for itself, are no part of the path.
  private mutating func l2tp(_ packet: Span<UInt8>) -> Layer {
    guard has(2, packet) else { return .truncated }
    let flags = packet.networkUInt16(at: offset)
    // Version 2, and no control message.
    guard flags & 0x800F == 0x0002 else { return .other }
    var count = flags & 0x4000 != 0 ? 8 : 6
    if flags & 0x0800 != 0 { count &+= 4 }
    if flags & 0x0200 != 0 {
      guard has(count &+ 2, packet) else { return .truncated }
      count &+= 2 &+ Int(packet.networkUInt16(at: offset &+ count))
    }
    enter(.l2tp)
    return pass(count, .ppp)
  }
}
