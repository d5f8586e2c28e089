/// Checksums to be written into packets (RFC 1071), over the same sum by which `Checksum` verifies.
package enum InternetChecksum {
  /// Of some octets; an odd last one counts as if a zero followed.
  package static func of(_ octets: [UInt8]) -> UInt16 {
    ~UInt16(bigEndian: Checksum.folded(Checksum.sum(octets.span)))
  }
  /// Of a segment or datagram above IP, with the pseudo header of RFC 9293 §3.1 or RFC 8200 §8.1.
  package static func of(
    _ segment: [UInt8], protocol number: UInt8, from source: IPAddress, to destination: IPAddress
  ) -> UInt16 {
    let pseudoHeader =
      source.octets + destination.octets + [0, 0, 0, number]
      + UInt32(truncatingIfNeeded: segment.count).networkOctets
    return of(pseudoHeader + segment)
  }
}

extension FixedWidthInteger {
  /// The octets of the number in network order.
  var networkOctets: [UInt8] {
    (1...Self.bitWidth / 8).map { UInt8(truncatingIfNeeded: self >> (Self.bitWidth - 8 * $0)) }
  }
}
