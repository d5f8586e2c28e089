internal import Bytes

/// Generic Routing Encapsulation, and the mirrored frames that Cisco's switches send in it.
extension LayerWalk {
  /// Which of the optional fields are there.
  private struct GREFlags: OptionSet {
    let rawValue: UInt16
    static let checksum = GREFlags(rawValue: 0x8000)
    static let routing = GREFlags(rawValue: 0x4000)
    static let key = GREFlags(rawValue: 0x2000)
    static let sequenceNumber = GREFlags(rawValue: 0x1000)
    /// Only of version 1.
    static let acknowledgement = GREFlags(rawValue: 0x0080)
  }

  /// RFC 2784 with RFC 2890's key and sequence number, and RFC 1701's source routes; version 1 is PPTP's (RFC 2637 §4.1).
  ///
  ///     20 00 08 00 00 00 00 07 45 00 …          key 7, IPv4
  mutating func gre(_ packet: Span<UInt8>) -> Layer {
    guard has(4, packet) else { return .truncated }
    let first = packet.networkUInt16(at: offset)
    let flags = GREFlags(rawValue: first)
    let type = packet.networkUInt16(at: offset &+ 2)
    offset &+= 4
    switch first & 7 {
    case 0: break
    case 1: return pptp(packet, flags, type)
    default: return .other
    }
    if flags.contains(.checksum) || flags.contains(.routing) { offset &+= 4 }
    var key: UInt32 = 0
    if flags.contains(.key) {
      guard has(4, packet) else { return .truncated }
      key = packet.networkUInt32(at: offset)
      offset &+= 4
    }
    if flags.contains(.sequenceNumber) { offset &+= 4 }
    if flags.contains(.routing), !passRoutes(packet) { return .truncated }
    switch type {
    case 0x88BE: return flags.contains(.sequenceNumber) ? erspanII(packet) : erspanI()
    case 0x22EB: return erspanIII(packet)
    case 0x6558:
      // Some mirrors (VMware's) say in a key's first octet which way the frame went.
      enter(.gre, key & 0xFF_FFFF)
      return .ethernet
    default:
      enter(.gre, key)
      return type < 1_536 ? .other : Layer(etherType: type)
    }
  }
  /// Source route entries (RFC 1701): family, offset, length, so many octets; a family of 0 with a length of 0 ends them.
  private mutating func passRoutes(_ packet: Span<UInt8>) -> Bool {
    while has(4, packet) {
      let isLast = packet.networkUInt16(at: offset) == 0 && packet[offset &+ 3] == 0
      offset &+= 4 &+ Int(packet[offset &+ 3])
      if isLast { return true }
    }
    return false
  }
  /// The call's number, which each side chooses for itself, is no part of the path.
  private mutating func pptp(_ packet: Span<UInt8>, _ flags: GREFlags, _ type: UInt16) -> Layer {
    guard type == 0x880B, flags.contains(.key) else { return .other }
    // An acknowledgement alone carries nothing.
    guard flags.contains(.sequenceNumber) else { return .other }
    enter(.gre)
    return pass(flags.contains(.acknowledgement) ? 12 : 8, .ppp)
  }

  /// ERSPAN type I has no header of its own.
  private mutating func erspanI() -> Layer {
    enter(.erspan)
    return .ethernet
  }
  /// ERSPAN type II (draft-foschiano-erspan §4.2): version 1, VLAN; flags, session; then 4 octets of index.
  ///
  ///     10 0a 00 64 00 00 00 01      VLAN 10, session 100
  private mutating func erspanII(_ packet: Span<UInt8>) -> Layer {
    guard has(8, packet) else { return .truncated }
    guard packet[offset] >> 4 == 1 else { return .other }
    enterERSPAN(packet)
    return pass(8, .ethernet)
  }
  /// ERSPAN type III (§4.3): version 2; a timestamp; a group; and a platform's own 8 octets if the last bit says so.
  private mutating func erspanIII(_ packet: Span<UInt8>) -> Layer {
    guard has(12, packet) else { return .truncated }
    guard packet[offset] >> 4 == 2 else { return .other }
    enterERSPAN(packet)
    let last = packet.networkUInt16(at: offset &+ 10)
    let count = last & 1 != 0 ? 20 : 12
    switch last >> 10 & 31 {
    case 0: return pass(count, .ethernet)
    case 2: return pass(count, .ip)
    default: return .other
    }
  }
  private mutating func enterERSPAN(_ packet: Span<UInt8>) {
    enter(.erspan, UInt32(packet.networkUInt16(at: offset &+ 2) & 0x03FF))
    let vlan = packet.networkUInt16(at: offset) & 0x0FFF
    if vlan != 0 { enter(vlan: vlan) }
  }
}
