/// Links and tunnels around what they carry, each as its document draws it.
extension PacketBuilder {
  /// The IP packet of a tunnel between two addresses; UDP within it gets its checksum.
  package static func datagram(
    _ number: UInt8, from source: IPAddress = "198.51.100.1", to destination: IPAddress = "198.51.100.2",
    _ payload: [UInt8]
  ) -> [UInt8] {
    let isUDP = number == 17 && payload.count >= 8
    return ip(
      from: source, to: destination, protocol: number,
      isUDP ? checksummed(udp: payload, from: source, to: destination) : payload)
  }
  /// SNAP behind 802.2 (RFC 1042).
  package static func snap(_ packet: [UInt8], type: UInt16 = 0x0800) -> [UInt8] {
    [0xAA, 0xAA, 3, 0, 0, 0] + type.networkOctets + packet
  }
  /// RFC 1661, with or without HDLC's address and control.
  package static func ppp(_ packet: [UInt8], protocol number: UInt16 = 0x0021, hasAddress: Bool = true) -> [UInt8] {
    (hasAddress ? [0xFF, 3] : []) + number.networkOctets + packet
  }
  /// RFC 2516 §4.
  package static func pppoe(session: UInt16 = 42, _ packet: [UInt8], protocol number: UInt16 = 0x0021) -> [UInt8] {
    [0x11, 0] + session.networkOctets + UInt16(truncatingIfNeeded: packet.count + 2).networkOctets
      + number.networkOctets + packet
  }
  /// RFC 3032 §2.1.
  package static func mpls(labels: [UInt32], _ packet: [UInt8]) -> [UInt8] {
    labels.enumerated().flatMap { index, label in
      (label << 12 | (index == labels.count - 1 ? 0x100 : 0) | 64).networkOctets
    } + packet
  }
  /// RFC 2784, RFC 2890 and RFC 1701; `routes` are whole source route entries with their end.
  package static func gre(
    type: UInt16, hasChecksum: Bool = false, key: UInt32? = nil, sequenceNumber: UInt32? = nil, routes: [UInt8] = [],
    _ payload: [UInt8]
  ) -> [UInt8] {
    let flags: UInt16 =
      (hasChecksum ? 0x8000 : 0) | (routes.isEmpty ? 0 : 0x4000) | (key == nil ? 0 : 0x2000)
      | (sequenceNumber == nil ? 0 : 0x1000)
    var header = flags.networkOctets + type.networkOctets
    if hasChecksum || !routes.isEmpty { header += [0, 0, 0, 0] }
    if let key { header += key.networkOctets }
    if let sequenceNumber { header += sequenceNumber.networkOctets }
    var packet = header + routes + payload
    if hasChecksum { packet.replaceSubrange(4..<6, with: InternetChecksum.of(packet).networkOctets) }
    return packet
  }
  /// RFC 2637 §4.1: call 7, a sequence number, and an acknowledgement.
  package static func pptp(_ frame: [UInt8]) -> [UInt8] {
    [0x30, 0x81, 0x88, 0x0B] + UInt16(truncatingIfNeeded: frame.count).networkOctets + [0, 7, 0, 0, 0, 1, 0, 0, 0, 2]
      + frame
  }
  /// ERSPAN's second type within GRE.
  package static func erspanII(session: UInt16 = 100, vlan: UInt16 = 0, _ frame: [UInt8]) -> [UInt8] {
    gre(type: 0x88BE, sequenceNumber: 1, (0x1000 | vlan).networkOctets + session.networkOctets + [0, 0, 0, 1] + frame)
  }
  /// ERSPAN's third type within GRE, with or without a platform's own header.
  package static func erspanIII(hasPlatform: Bool, _ frame: [UInt8]) -> [UInt8] {
    gre(
      type: 0x22EB, sequenceNumber: 1,
      [0x20, 0, 0, 100, 0, 0, 0, 0, 0, 0, 0, hasPlatform ? 1 : 0] + (hasPlatform ? [0, 0, 0, 0, 0, 0, 0, 0] : [])
        + frame)
  }
  /// RFC 7348 §5 within UDP.
  package static func vxlan(network: UInt32, _ frame: [UInt8]) -> [UInt8] {
    udp(to: 4_789, [8, 0, 0, 0] + (network << 8).networkOctets + frame)
  }
  /// RFC 8926 §3.4 within UDP, with an option of 8 octets.
  package static func geneve(network: UInt32, _ frame: [UInt8]) -> [UInt8] {
    udp(to: 6_081, [2, 0, 0x65, 0x58] + (network << 8).networkOctets + [UInt8](repeating: 0, count: 8) + frame)
  }
  /// 3GPP TS 29.281 §5.1 within UDP, with or without an extension header.
  package static func gtp(endpoint: UInt32, isExtended: Bool = false, _ packet: [UInt8]) -> [UInt8] {
    let optional: [UInt8] = isExtended ? [0, 0, 0, 0x85, 1, 0, 9, 0] : []
    return udp(
      to: 2_152,
      [isExtended ? 0x34 : 0x30, 255] + UInt16(truncatingIfNeeded: optional.count + packet.count).networkOctets
        + endpoint.networkOctets + optional
        + packet)
  }
  /// RFC 2661 §3.1 within UDP, with a length.
  package static func l2tp(_ frame: [UInt8]) -> [UInt8] {
    udp(
      1_701, to: 1_701, [0x40, 2] + UInt16(truncatingIfNeeded: frame.count + 8).networkOctets + [0, 1, 0, 2] + frame)
  }
  /// An IEEE 802.11 data frame; `hasQuality` adds the quality of service.
  package static func wireless(_ packet: [UInt8], hasQuality: Bool = false, isRelayed: Bool = false) -> [UInt8] {
    let addresses = [UInt8](repeating: 2, count: 18)
    return [hasQuality ? 0x88 : 0x08, isRelayed ? 3 : 1, 0, 0] + addresses + [0x10, 0]
      + [UInt8](repeating: 2, count: isRelayed ? 6 : 0) + (hasQuality ? [0, 0] : []) + snap(packet)
  }
  /// Radiotap with a time, flags, and a second word of what is present.
  package static func radiotap(_ frame: [UInt8], flags: UInt8 = 0) -> [UInt8] {
    [0, 0, 25, 0, 3, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0] + [0, 0, 0, 0, 0, 0, 0, 0] + [flags] + frame
  }
  /// The header of 144 octets that drivers for Prism cards put before an 802.11 frame; its measurements are left out.
  package static func prism(_ frame: [UInt8]) -> [UInt8] {
    [0x44, 0, 0, 0, 144, 0, 0, 0] + [UInt8](repeating: 0, count: 136) + frame
  }
  /// A record of Endace's format around an Ethernet frame, of type 2 (ERF, LINKTYPE_ERF); `time` in 2⁻³² s since 1970.
  package static func erf(_ frame: [UInt8], time: UInt64 = 0, isExtended: Bool = false) -> [UInt8] {
    let extensions: [UInt8] = isExtended ? [3, 0, 0, 0, 0, 0, 0, 0] : []
    let byteCount = 16 + extensions.count + 2 + frame.count
    return time.networkOctets.reversed() + [isExtended ? 0x82 : 2, 4]
      + UInt16(truncatingIfNeeded: byteCount).networkOctets + [0, 0]
      + UInt16(truncatingIfNeeded: frame.count).networkOctets + extensions + [0, 0] + frame
  }
}
