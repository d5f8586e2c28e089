internal import Bytes

/// Headers that the capturing side made up.
extension LayerWalk {
  /// BSD loopback: an address family of 4 octets, in either byte order; IPv6's number differs from system to system.
  mutating func loopback(_ packet: Span<UInt8>) -> Layer {
    guard has(4, packet) else { return .truncated }
    let family = packet.nativeUInt32(at: offset)
    return pass(4, Self.isIP(family: family < 0x10000 ? family : family.byteSwapped) ? .ip : .other)
  }
  /// Linux cooked capture: the device's type at 2, the protocol at 14.
  mutating func linuxSLL(_ packet: Span<UInt8>) -> Layer {
    guard has(16, packet) else { return .truncated }
    return cooked(
      device: packet.networkUInt16(at: offset &+ 2), type: packet.networkUInt16(at: offset &+ 14), headerByteCount: 16)
  }
  /// Its second version: the protocol at 0, the device's type at 8.
  mutating func linuxSLL2(_ packet: Span<UInt8>) -> Layer {
    guard has(20, packet) else { return .truncated }
    return cooked(
      device: packet.networkUInt16(at: offset &+ 8), type: packet.networkUInt16(at: offset), headerByteCount: 20)
  }
  /// The protocol is an EtherType, or below 1,536 one of Linux's own numbers, of which 4 is LLC.
  private mutating func cooked(device: UInt16, type: UInt16, headerByteCount: Int) -> Layer {
    switch (device, type) {
    case (801, _): pass(headerByteCount, .wireless)
    case (802, _): pass(headerByteCount, .prism)
    case (803, _): pass(headerByteCount, .radiotap)
    // Netlink's protocol is a family of netlink.
    case (824, _): .other
    case (_, 4): pass(headerByteCount, .llc)
    case (_, ..<1_536): .other
    default: pass(headerByteCount, Layer(etherType: type))
    }
  }
  /// Endace's record: time, type, flags, lengths; then extension headers of 8 octets while the first bit says so.
  mutating func erf(_ packet: Span<UInt8>) -> Layer {
    guard has(16, packet) else { return .truncated }
    let type = packet[offset &+ 8] & 0x7F
    var hasMore = packet[offset &+ 8] & 0x80 != 0
    offset &+= 16
    for _ in 0..<PacketLimits.layerCount where hasMore {
      guard has(8, packet) else { return .truncated }
      hasMore = packet[offset] & 0x80 != 0
      offset &+= 8
    }
    guard !hasMore else { return .malformed }
    switch type {
    case 1: return .ciscoHDLC
    // Ethernet behind an offset and a padding octet.
    case 2, 11, 16, 20: return pass(2, .ethernet)
    case 22, 23: return .ip
    default: return .other
    }
  }
}
