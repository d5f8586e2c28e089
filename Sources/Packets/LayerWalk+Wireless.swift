internal import Bytes

/// IEEE 802.11, and the headers that capturing programs put before it.
extension LayerWalk {
  /// A data frame that is neither encrypted nor fragmented nor an aggregate (IEEE 802.11 §9.3.2): LLC stands behind a
  /// header of 24 octets, 6 more between access points, 2 more with a quality of service, 4 more with a "high throughput"
  /// control.
  mutating func wireless(_ packet: Span<UInt8>) -> Layer { wireless(packet, isPadded: false) }

  private mutating func wireless(_ packet: Span<UInt8>, isPadded: Bool) -> Layer {
    guard has(2, packet) else { return .truncated }
    let control = packet[offset]
    let flags = packet[offset &+ 1]
    // Version 0, type 2 (data), with a body.
    guard control & 0x4F == 0x08 else { return .other }
    // More fragments, protected.
    guard flags & 0x44 == 0 else { return .other }
    var count = flags & 3 == 3 ? 30 : 24
    guard has(count &+ (control & 0x80 != 0 ? 2 : 0), packet) else { return .truncated }
    let isFragment = packet[offset &+ 22] & 15 != 0
    if isFragment { return .other }
    if control & 0x80 != 0 {
      let isAggregate = packet[offset &+ count] & 0x80 != 0
      if isAggregate { return .other }
      count &+= flags & 0x80 != 0 ? 6 : 2
    }
    return pass(isPadded ? (count &+ 3) & ~3 : count, .llc)
  }

  /// Radiotap: version 0, its length and what is present in little-endian order. Of its fields only the flags matter:
  /// they tell whether the 802.11 header is padded to 4 octets.
  mutating func radiotap(_ packet: Span<UInt8>) -> Layer {
    guard has(8, packet) else { return .truncated }
    let length = Int(packet.networkUInt16(at: offset &+ 2).byteSwapped)
    guard packet[offset] == 0, length >= 8 else { return .other }
    guard has(length, packet) else { return .truncated }
    let flags = radiotapFlags(packet, length: length)
    offset &+= length
    return wireless(packet, isPadded: flags & 0x20 != 0)
  }
  /// The flags stand behind all presence words and, if there is one, the time of 8 octets, which is aligned.
  private func radiotapFlags(_ packet: Span<UInt8>, length: Int) -> UInt8 {
    let present = packet.networkUInt32(at: offset &+ 4).byteSwapped
    guard present & 2 != 0 else { return 0 }
    var position = 4
    var word = present
    while position &+ 8 <= length, word & 0x8000_0000 != 0 {
      position &+= 4
      word = packet.networkUInt32(at: offset &+ position).byteSwapped
    }
    position &+= 4
    if present & 1 != 0 { position = (position &+ 7) & ~7 &+ 8 }
    return position < length ? packet[offset &+ position] : 0
  }
  /// Prism's header of 144 octets, in place of which an AVS header may stand.
  mutating func prism(_ packet: Span<UInt8>) -> Layer {
    guard has(4, packet) else { return .truncated }
    if packet.networkUInt32(at: offset) & 0xFFFF_F000 == 0x8021_1000 { return .avs }
    return has(144, packet) ? pass(144, .wireless) : .truncated
  }
  /// AVS: a magic number and version, then the header's length.
  mutating func avs(_ packet: Span<UInt8>) -> Layer {
    guard has(8, packet) else { return .truncated }
    let length = packet.networkUInt32(at: offset &+ 4)
    guard packet.networkUInt32(at: offset) & 0xFFFF_F000 == 0x8021_1000, length >= 8, length <= 4_096 else {
      return .other
    }
    return pass(Int(length), .wireless)
  }
  /// Per-packet information: version, flags, length, the link type of what follows; all little-endian.
  mutating func ppi(_ packet: Span<UInt8>) -> Layer {
    guard has(8, packet) else { return .truncated }
    let length = Int(packet.networkUInt16(at: offset &+ 2).byteSwapped)
    let linkType = LinkType(rawValue: packet.networkUInt32(at: offset &+ 4).byteSwapped)
    guard packet[offset] == 0, length >= 8 else { return .malformed }
    return pass(length, Layer(linkType) ?? .other)
  }
}
