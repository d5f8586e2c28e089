/// Link headers around IP packets.
extension PacketBuilder {
  /// An Ethernet frame with VLAN tags, the outermost first (IEEE 802.1Q). The stations' addresses follow from the
  /// packet's, so that both directions of a connection show the same two stations.
  package static func ethernet(_ packet: [UInt8], vlans: [UInt16] = [], tagType: UInt16 = 0x8100) -> [UInt8] {
    var frame = stations(of: packet)
    for vlan in vlans { frame += tagType.networkOctets + vlan.networkOctets }
    return frame + etherType(packet) + packet
  }
  /// An Ethernet frame of any type, or of 802.3 with its length.
  package static func ethernet(_ packet: [UInt8], type: UInt16) -> [UInt8] {
    stations(of: []) + type.networkOctets + packet
  }
  /// BSD loopback; the family's number as the system that captured has it.
  package static func null(_ packet: [UInt8], family: UInt32? = nil, isBigEndian: Bool = false) -> [UInt8] {
    let octets = (family ?? (isIPv6(packet) ? 30 : 2)).networkOctets
    return (isBigEndian ? octets : octets.reversed()) + packet
  }
  /// Linux cooked capture.
  package static func linuxSLL(_ packet: [UInt8]) -> [UInt8] {
    [0, 0, 3, 4, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0] + etherType(packet) + packet
  }
  /// Linux cooked capture, second version.
  package static func linuxSLL2(_ packet: [UInt8]) -> [UInt8] {
    etherType(packet) + [0, 0, 0, 0, 0, 1, 3, 4, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0] + packet
  }
  /// A log of OpenBSD's `pf`: 61 octets, filled to 64.
  package static func packetFilterLog(_ packet: [UInt8]) -> [UInt8] {
    let header: [UInt8] = [61, isIPv6(packet) ? 24 : 2, 0, 0] + Array("em0".utf8)
    return header + [UInt8](repeating: 0, count: 64 - header.count) + packet
  }
  /// What IPsec has decrypted on OpenBSD, the family in network order.
  package static func encapsulated(_ packet: [UInt8]) -> [UInt8] {
    [0, 0, 0, isIPv6(packet) ? 24 : 2, 0, 0, 1, 0, 0, 0, 0, 0] + packet
  }
  /// A log of netfilter on a little-endian machine: the packet's header, a prefix, the packet.
  package static func netfilterLog(_ packet: [UInt8]) -> [UInt8] {
    func field(_ type: UInt8, _ value: [UInt8]) -> [UInt8] {
      let length = UInt16(value.count + 4)
      return length.networkOctets.reversed() + [type, 0] + value + [UInt8](repeating: 0, count: -value.count & 3)
    }
    return [isIPv6(packet) ? 10 : 2, 0, 0, 5]
      + field(1, etherType(packet) + [1, 0]) + field(10, Array("mail\0".utf8)) + field(9, packet)
  }
  /// A frame as macOS's pktap captures it, with the interface's name and the rest of its 156 octets empty.
  package static func packetTap(_ frame: [UInt8], linkType: LinkType = .ethernet) -> [UInt8] {
    var header: [UInt8] = [156, 0, 0, 0, 1, 0, 0, 0] + linkType.rawValue.networkOctets.reversed() + Array("en0".utf8)
    header += [UInt8](repeating: 0, count: 156 - header.count)
    return header + frame
  }

  /// Destination and source of an Ethernet frame: locally administered, ending as the packet's addresses do.
  private static func stations(of packet: [UInt8]) -> [UInt8] {
    let places = isIPv6(packet) ? (source: 20, destination: 36) : (source: 12, destination: 16)
    guard packet.count >= places.destination + 4 else { return [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2] }
    return [2, 0] + packet[places.destination..<places.destination + 4]
      + [2, 0] + packet[places.source..<places.source + 4]
  }
  private static func etherType(_ packet: [UInt8]) -> [UInt8] { isIPv6(packet) ? [0x86, 0xDD] : [8, 0] }
}
