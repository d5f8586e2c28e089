/// IPv4 and IPv6 around what they carry.
extension PacketBuilder {
  /// An IPv4 datagram, or a fragment of one (RFC 791 §3.1); `offset` in octets, `options` in whole words.
  package static func ipv4(
    from source: IPAddress, to destination: IPAddress, protocol number: UInt8 = 6, identification: UInt16 = 1,
    offset: Int = 0, hasMore: Bool = false, hopLimit: UInt8 = 64, options: [UInt8] = [], totalLength: Int? = nil,
    payload: [UInt8]
  ) -> [UInt8] {
    precondition(options.count & 3 == 0 && options.count <= 40, "IPv4 options of \(options.count) octets")
    let headerByteCount = 20 + options.count
    var header: [UInt8] = [0x40 | UInt8(headerByteCount / 4), 0]
    header += UInt16(truncatingIfNeeded: totalLength ?? (headerByteCount + payload.count)).networkOctets
    header += identification.networkOctets
    header += (UInt16(truncatingIfNeeded: offset / 8) & 0x1FFF | (hasMore ? 0x2000 : 0)).networkOctets
    header += [hopLimit, number, 0, 0] + source.octets + destination.octets + options
    header.replaceSubrange(10..<12, with: InternetChecksum.of(header).networkOctets)
    return header + payload
  }
  /// An IPv6 packet (RFC 8200 §3).
  package static func ipv6(
    from source: IPAddress, to destination: IPAddress, next: UInt8 = 6, hopLimit: UInt8 = 64,
    payloadLength: Int? = nil, payload: [UInt8]
  ) -> [UInt8] {
    [0x60, 0, 0, 0] + UInt16(truncatingIfNeeded: payloadLength ?? payload.count).networkOctets + [next, hopLimit]
      + source.octets + destination.octets + payload
  }
  /// An IPv6 extension header of `units` × 8 octets: hop-by-hop, routing, destination options (RFC 8200 §4), filled
  /// with zeros, which are Pad1 options (§4.2) or a route without segments left (§4.4).
  package static func extensionHeader(next: UInt8, units: Int = 1, payload: [UInt8]) -> [UInt8] {
    precondition(units > 0 && units <= 256, "an extension header of \(units) × 8 octets")
    return [next, UInt8(units - 1)] + [UInt8](repeating: 0, count: units * 8 - 2) + payload
  }
  /// An authentication header of `words` × 4 octets (RFC 4302 §2).
  package static func authenticationHeader(next: UInt8, words: Int = 6, payload: [UInt8]) -> [UInt8] {
    [next, UInt8(words - 2)] + [UInt8](repeating: 0, count: words * 4 - 2) + payload
  }
  /// IPv4 or IPv6 around a TCP segment, as the hosts' addresses are.
  package static func ip(from source: Host, to destination: Host, _ segment: [UInt8]) -> [UInt8] {
    ip(from: source.address, to: destination.address, protocol: 6, segment)
  }
  /// IPv4 or IPv6 around anything, as the addresses are.
  package static func ip(
    from source: IPAddress, to destination: IPAddress, protocol number: UInt8, _ payload: [UInt8]
  ) -> [UInt8] {
    source.isIPv6
      ? ipv6(from: source, to: destination, next: number, payload: payload)
      : ipv4(from: source, to: destination, protocol: number, payload: payload)
  }
  /// The version of an IP packet.
  static func isIPv6(_ packet: [UInt8]) -> Bool { (packet.first ?? 0) >> 4 == 6 }
}
