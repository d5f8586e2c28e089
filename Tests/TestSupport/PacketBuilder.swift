/// TCP's flags as they stand in the header (RFC 9293 §3.1).
package struct TCPFlags: OptionSet, Sendable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }
  package static let fin = TCPFlags(rawValue: 1)
  package static let syn = TCPFlags(rawValue: 2)
  package static let rst = TCPFlags(rawValue: 4)
  package static let psh = TCPFlags(rawValue: 8)
  package static let ack = TCPFlags(rawValue: 16)
}

/// An address and a port.
package struct Host: Equatable, Sendable {
  package var address: IPAddress
  package var port: UInt16
  package init(_ address: String, _ port: UInt16) {
    self.address = IPAddress(address)
    self.port = port
  }
}

/// Makes packets octet by octet, from the inner layer to the outer.
package enum PacketBuilder {
  /// A TCP segment with its checksum (RFC 9293 §3.1).
  package static func tcp(
    from source: Host, to destination: Host, sequenceNumber: UInt32, acknowledgementNumber: UInt32 = 0,
    flags: TCPFlags = .ack, options: [UInt8] = [], payload: [UInt8] = []
  ) -> [UInt8] {
    var segment = octets(source.port) + octets(destination.port) + octets(sequenceNumber)
    segment += octets(acknowledgementNumber)
    segment += [UInt8(5 + options.count / 4) << 4, flags.rawValue] + octets(UInt16(65_535)) + [0, 0, 0, 0]
    segment += options + payload
    let length = UInt32(segment.count)
    let pseudoHeader =
      source.address.octets + destination.address.octets
      + (source.address.isIPv6 ? octets(length) + [0, 0, 0, 6] : [0, 6] + octets(UInt16(truncatingIfNeeded: length)))
    let sum = checksum(pseudoHeader + segment)
    segment.replaceSubrange(16..<18, with: octets(sum))
    return segment
  }
  /// An IPv4 datagram, or a fragment of one (RFC 791 §3.1); `offset` in octets.
  package static func ipv4(
    from source: IPAddress, to destination: IPAddress, protocol number: UInt8 = 6, identification: UInt16 = 1,
    offset: Int = 0, hasMore: Bool = false, options: [UInt8] = [], totalLength: Int? = nil, payload: [UInt8]
  ) -> [UInt8] {
    let headerWords = 5 + options.count / 4
    var header: [UInt8] = [0x40 | UInt8(headerWords), 0]
    header += octets(UInt16(truncatingIfNeeded: totalLength ?? (headerWords * 4 + payload.count)))
    header += octets(identification) + octets(UInt16(offset / 8) | (hasMore ? 0x2000 : 0))
    header += [64, number, 0, 0] + source.octets + destination.octets + options
    header.replaceSubrange(10..<12, with: octets(checksum(header)))
    return header + payload
  }
  /// An IPv6 packet (RFC 8200 §3).
  package static func ipv6(
    from source: IPAddress, to destination: IPAddress, next: UInt8 = 6, payloadLength: Int? = nil, payload: [UInt8]
  ) -> [UInt8] {
    [0x60, 0, 0, 0] + octets(UInt16(truncatingIfNeeded: payloadLength ?? payload.count)) + [next, 64] + source.octets
      + destination.octets + payload
  }
  /// An IPv6 extension header of `units` × 8 octets: hop-by-hop, routing, destination options (RFC 8200 §4).
  package static func extensionHeader(next: UInt8, units: Int = 1, payload: [UInt8]) -> [UInt8] {
    [next, UInt8(units - 1)] + [UInt8](repeating: 0, count: units * 8 - 2) + payload
  }
  /// An authentication header of `words` × 4 octets (RFC 4302 §2).
  package static func authenticationHeader(next: UInt8, words: Int = 6, payload: [UInt8]) -> [UInt8] {
    [next, UInt8(words - 2)] + [UInt8](repeating: 0, count: words * 4 - 2) + payload
  }
  /// An IPv6 fragment header and its piece (RFC 8200 §4.5); `offset` in octets.
  package static func fragmentHeader(
    next: UInt8 = 6, offset: Int, hasMore: Bool, identification: UInt32 = 1, payload: [UInt8]
  ) -> [UInt8] {
    [next, 0] + octets(UInt16(offset) | (hasMore ? 1 : 0)) + octets(identification) + payload
  }
  /// IPv4 or IPv6 around a TCP segment, as the hosts' addresses are.
  package static func ip(from source: Host, to destination: Host, _ segment: [UInt8]) -> [UInt8] {
    source.address.isIPv6
      ? ipv6(from: source.address, to: destination.address, payload: segment)
      : ipv4(from: source.address, to: destination.address, payload: segment)
  }

  /// An Ethernet frame with VLAN tags, the outermost first (IEEE 802.1Q).
  package static func ethernet(_ packet: [UInt8], vlans: [UInt16] = [], tagType: UInt16 = 0x8100) -> [UInt8] {
    var frame: [UInt8] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2]
    for vlan in vlans { frame += octets(tagType) + octets(vlan) }
    return frame + etherType(packet) + packet
  }
  /// BSD loopback; the family's number as the system that captured has it.
  package static func null(_ packet: [UInt8], family: UInt32? = nil, isBigEndian: Bool = false) -> [UInt8] {
    octets(family ?? (isIPv6(packet) ? 30 : 2), isBigEndian: isBigEndian) + packet
  }
  /// Linux cooked capture.
  package static func linuxSLL(_ packet: [UInt8]) -> [UInt8] {
    [0, 0, 3, 4, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0] + etherType(packet) + packet
  }
  /// Linux cooked capture, second version.
  package static func linuxSLL2(_ packet: [UInt8]) -> [UInt8] {
    etherType(packet) + [0, 0, 0, 0, 0, 1, 3, 4, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0] + packet
  }

  /// The Internet checksum (RFC 1071).
  package static func checksum(_ octets: [UInt8]) -> UInt16 {
    var sum: UInt32 = 0
    for index in stride(from: 0, to: octets.count, by: 2) {
      sum += UInt32(octets[index]) << 8 | (index + 1 < octets.count ? UInt32(octets[index + 1]) : 0)
      sum = (sum & 0xFFFF) + sum >> 16
    }
    return ~UInt16(truncatingIfNeeded: sum)
  }
  private static func isIPv6(_ packet: [UInt8]) -> Bool { (packet.first ?? 0) >> 4 == 6 }
  private static func etherType(_ packet: [UInt8]) -> [UInt8] { isIPv6(packet) ? [0x86, 0xDD] : [8, 0] }
}
