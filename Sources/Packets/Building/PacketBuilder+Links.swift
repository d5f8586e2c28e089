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

  /// Destination and source of an Ethernet frame: locally administered, ending as the packet's addresses do.
  private static func stations(of packet: [UInt8]) -> [UInt8] {
    let places = isIPv6(packet) ? (source: 20, destination: 36) : (source: 12, destination: 16)
    guard packet.count >= places.destination + 4 else { return [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2] }
    return [2, 0] + packet[places.destination..<places.destination + 4]
      + [2, 0] + packet[places.source..<places.source + 4]
  }
  private static func etherType(_ packet: [UInt8]) -> [UInt8] { isIPv6(packet) ? [0x86, 0xDD] : [8, 0] }
}
