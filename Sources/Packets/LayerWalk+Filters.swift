internal import Bytes

/// Headers with which packet filters tell what they did with a packet, in front of it.
extension LayerWalk {
  /// Of `pf` on BSD (LINKTYPE_PFLOG): its own length, filled to words, and the address family.
  mutating func packetFilterLog(_ packet: Span<UInt8>) -> Layer {
    guard has(2, packet) else { return .truncated }
    let byteCount = (Int(packet[offset]) &+ 3) & ~3
    guard byteCount >= 48 else { return .malformed }
    return pass(byteCount, Self.isIP(family: UInt32(packet[offset &+ 1])) ? .ip : .other)
  }
  /// Of IPsec on BSD (LINKTYPE_ENC): the address family in the order of the machine that captured, an index, flags; then
  /// the packet as it is inside.
  mutating func encapsulated(_ packet: Span<UInt8>) -> Layer {
    guard has(12, packet) else { return .truncated }
    let family = packet.nativeUInt32(at: offset)
    return pass(12, Self.isIP(family: family < 0x10000 ? family : family.byteSwapped) ? .ip : .other)
  }
  /// Of netfilter on Linux (LINKTYPE_NFLOG): the address family, a version, a number, then fields with length and type in
  /// the order of the machine that captured, filled to words; one of them is the packet.
  mutating func netfilterLog(_ packet: Span<UInt8>) -> Layer {
    guard has(4, packet) else { return .truncated }
    let carriesIP = Self.isIP(family: UInt32(packet[offset]))
    guard packet[offset &+ 1] == 0 else { return .malformed }
    offset &+= 4
    while has(4, packet) {
      var (length, type) = (packet.nativeUInt16(at: offset), packet.nativeUInt16(at: offset &+ 2))
      // There are fewer than 256 types, so that the wrong order shows.
      if type & 0xFF == 0 { (length, type) = (length.byteSwapped, type.byteSwapped) }
      guard length >= 4 else { return .malformed }
      if type & 0x3FFF == 9 {
        end = min(end, offset &+ Int(length))
        return pass(4, carriesIP ? .ip : .other)
      }
      offset &+= (Int(length) &+ 3) & ~3
    }
    return .truncated
  }
  /// Of macOS's pktap (LINKTYPE_PKTAP), which captures on all interfaces at once: its own length, whether a packet follows,
  /// and what that begins with.
  mutating func packetTap(_ packet: Span<UInt8>) -> Layer {
    guard has(12, packet) else { return .truncated }
    let byteCount = UInt32(littleEndian: packet.nativeUInt32(at: offset))
    guard byteCount >= 12, byteCount <= 4_096 else { return .malformed }
    guard UInt32(littleEndian: packet.nativeUInt32(at: offset &+ 4)) == 1 else { return .other }
    let linkType = LinkType(rawValue: UInt32(littleEndian: packet.nativeUInt32(at: offset &+ 8)))
    return pass(Int(byteCount), Layer(linkType) ?? .other)
  }

  /// Whether an address family is one of IP's; IPv6's number differs from system to system.
  static func isIP(family: UInt32) -> Bool { [2, 10, 23, 24, 28, 30].contains(family) }
}
