/// Makes packets octet by octet, from the inner layer to the outer, with right lengths and checksums.
///
///     let segment = PacketBuilder.tcp(
///       from: client, to: server, sequenceNumber: 1_000, flags: .syn, options: [.maximumSegmentSize(1_460)])
///     let packet = PacketBuilder.ip(from: client, to: server, segment)
///     let frame = Link.ethernet(vlans: [7]).frame(packet)
///
/// Whoever makes packets for tests may lie: lengths can be given, and what was made can be cut or changed.
package enum PacketBuilder {
  /// A TCP segment with its checksum (RFC 9293 §3.1). The options, padded to whole words, take at most 40 octets.
  package static func tcp(
    from source: Host, to destination: Host, sequenceNumber: UInt32, acknowledgementNumber: UInt32 = 0,
    flags: TCPFlags = .ack, window: UInt16 = 65_535, options: [TCPOption] = [], payload: [UInt8] = []
  ) -> [UInt8] {
    let options = TCPOption.encoded(options)
    precondition(options.count <= 40, "TCP options of \(options.count) octets")
    var segment = source.port.networkOctets + destination.port.networkOctets
    segment += sequenceNumber.networkOctets + acknowledgementNumber.networkOctets
    segment += [UInt8(5 + options.count / 4) << 4, flags.rawValue] + window.networkOctets + [0, 0, 0, 0]
    segment += options + payload
    let checksum = InternetChecksum.of(segment, protocol: 6, from: source.address, to: destination.address)
    segment.replaceSubrange(16..<18, with: checksum.networkOctets)
    return segment
  }
  /// A UDP datagram without a checksum, which IPv4 allows (RFC 768).
  package static func udp(_ source: UInt16 = 50_000, to destination: UInt16, _ payload: [UInt8]) -> [UInt8] {
    source.networkOctets + destination.networkOctets + UInt16(truncatingIfNeeded: payload.count + 8).networkOctets
      + [0, 0] + payload
  }
  /// A UDP datagram with its checksum (RFC 768; RFC 8200 §8.1 demands it).
  package static func udp(from source: Host, to destination: Host, _ payload: [UInt8]) -> [UInt8] {
    checksummed(
      udp: udp(source.port, to: destination.port, payload), from: source.address, to: destination.address)
  }
  /// Gives a UDP datagram the checksum that belongs between two addresses; one that comes out as 0 is sent as its
  /// complement, because 0 means none.
  package static func checksummed(
    udp datagram: [UInt8], from source: IPAddress, to destination: IPAddress
  ) -> [UInt8] {
    var datagram = datagram
    datagram.replaceSubrange(6..<8, with: [0, 0])
    let checksum = InternetChecksum.of(datagram, protocol: 17, from: source, to: destination)
    datagram.replaceSubrange(6..<8, with: (checksum == 0 ? 0xFFFF : checksum).networkOctets)
    return datagram
  }
}
