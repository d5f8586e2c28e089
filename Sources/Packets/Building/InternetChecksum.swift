/// The Internet checksum (RFC 1071): the ones' complement of the ones' complement sum of 16-bit words, as plainly as it
/// can be said. `Checksum`, which verifies, is fast and another: the two check each other.
package enum InternetChecksum {
  /// Of some octets; an odd last one counts as if a zero followed.
  package static func of(_ octets: [UInt8]) -> UInt16 { ~sum(octets) }

  /// Of a segment or datagram above IP, with the pseudo header of RFC 9293 §3.1 or RFC 8200 §8.1.
  package static func of(
    _ segment: [UInt8], protocol number: UInt8, from source: IPAddress, to destination: IPAddress
  ) -> UInt16 {
    let pseudoHeader =
      source.octets + destination.octets + [0, 0, 0, number]
      + UInt32(truncatingIfNeeded: segment.count).networkOctets
    return of(pseudoHeader + segment)
  }
  private static func sum(_ octets: [UInt8]) -> UInt16 {
    var sum: UInt32 = 0
    var offset = 0
    while offset < octets.count {
      let low = offset + 1 < octets.count ? octets[offset + 1] : 0
      sum += UInt32(octets[offset]) << 8 | UInt32(low)
      sum = (sum & 0xFFFF) + sum >> 16
      offset += 2
    }
    return UInt16(truncatingIfNeeded: sum)
  }
}

extension FixedWidthInteger {
  /// The octets of the number in network order.
  var networkOctets: [UInt8] {
    (1...Self.bitWidth / 8).map { UInt8(truncatingIfNeeded: self >> (Self.bitWidth - 8 * $0)) }
  }
}
