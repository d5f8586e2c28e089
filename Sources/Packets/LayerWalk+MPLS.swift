internal import Bytes

/// Multiprotocol Label Switching.
extension LayerWalk {
  /// A stack of labels (RFC 3032 §2.1), the last of which has the lowest bit of its third octet set; then IP, known by
  /// its version, or an Ethernet pseudowire with or without a control word (RFC 4448 §4.6).
  ///
  /// The labels are no part of the path: a router chooses those of the packets that it receives (RFC 3031 §2.2), so that
  /// the two directions of one connection carry different ones.
  mutating func mpls(_ packet: Span<UInt8>) -> Layer {
    var isBottom = false
    for _ in 0..<PacketLimits.layerCount where !isBottom {
      guard has(4, packet) else { return .truncated }
      isBottom = packet[offset &+ 2] & 1 != 0
      offset &+= 4
    }
    guard isBottom else { return .malformed }
    guard has(1, packet) else { return .truncated }
    switch packet[offset] >> 4 {
    case 4, 6: return .ip
    case 0: return hasEtherType(packet) ? .ethernet : has(4, packet) ? pass(4, .ethernet) : .truncated
    // A pseudowire's own channel (RFC 5586).
    case 1: return .other
    default: return .ethernet
    }
  }
  /// Whether an Ethernet frame that carries something known begins here; most addresses begin with a 0, too.
  private func hasEtherType(_ packet: Span<UInt8>) -> Bool {
    guard has(14, packet) else { return false }
    let type = packet.networkUInt16(at: offset &+ 12)
    return type >= 1_536 && Layer(etherType: type) != .other
  }
}
