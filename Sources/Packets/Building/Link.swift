/// What an IP packet is put into on its way into a capture.
///
///     let link = Link.ethernet(vlans: [7])
///     writer.append(link.frame(packet), …)        link.linkType goes into the capture's header
package enum Link: Hashable, Sendable {
  /// Ethernet with VLAN tags, the outermost first.
  case ethernet(vlans: [UInt16] = [])
  /// BSD loopback, the family in this machine's order as on Linux and macOS (little-endian).
  case null
  /// OpenBSD loopback, the family in network order.
  case loop
  /// Linux cooked capture, as `-i any` wrote it until libpcap 1.10.
  case linuxSLL
  /// Linux cooked capture, second version.
  case linuxSLL2
  /// No link header.
  case raw
  /// PPP with HDLC's address and control.
  case ppp
  /// What BSD's `pf` has logged.
  case packetFilterLog
  /// What BSD's IPsec has taken out of its tunnels.
  case encapsulated
  /// What Linux's netfilter has logged.
  case netfilterLog
  /// macOS's pktap around Ethernet.
  case packetTap

  /// What a capture of such frames says of them.
  package var linkType: LinkType {
    switch self {
    case .ethernet: .ethernet
    case .null: .null
    case .loop: .loop
    case .linuxSLL: .linuxSLL
    case .linuxSLL2: .linuxSLL2
    case .raw: .raw
    case .ppp: LinkType(rawValue: 9)
    case .packetFilterLog: LinkType(rawValue: 117)
    case .encapsulated: LinkType(rawValue: 109)
    case .netfilterLog: LinkType(rawValue: 239)
    case .packetTap: LinkType(rawValue: 258)
    }
  }
  /// The frame around an IPv4 or IPv6 packet.
  package func frame(_ packet: [UInt8]) -> [UInt8] {
    switch self {
    case .ethernet(let vlans): PacketBuilder.ethernet(packet, vlans: vlans)
    case .null: PacketBuilder.null(packet)
    case .loop: PacketBuilder.null(packet, isBigEndian: true)
    case .linuxSLL: PacketBuilder.linuxSLL(packet)
    case .linuxSLL2: PacketBuilder.linuxSLL2(packet)
    case .raw: packet
    case .ppp: PacketBuilder.ppp(packet, protocol: PacketBuilder.isIPv6(packet) ? 0x0057 : 0x0021)
    case .packetFilterLog: PacketBuilder.packetFilterLog(packet)
    case .encapsulated: PacketBuilder.encapsulated(packet)
    case .netfilterLog: PacketBuilder.netfilterLog(packet)
    case .packetTap: PacketBuilder.packetTap(PacketBuilder.ethernet(packet))
    }
  }
  /// One of each kind.
  package static let all: [Link] = [
    .ethernet(), .ethernet(vlans: [7]), .ethernet(vlans: [7, 8]), .null, .loop, .linuxSLL, .linuxSLL2, .raw, .ppp,
    .packetFilterLog,
    .encapsulated, .netfilterLog, .packetTap,
  ]
}
