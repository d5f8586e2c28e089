package import Bytes

/// A client's first TLS message (RFC 8446 §4.1.2), as far as it can be read in clear.
package enum TLSClientHello {
  /// Where the server name (RFC 6066 §3) stands in `octets`, which begin with a TLS record; nil when there is none or
  /// the record is not whole.
  package static func serverName(of octets: Span<UInt8>) -> OctetRange? {
    guard octets.count > 43, octets[0] == 22, octets[5] == 1 else { return nil }
    var offset = 43
    guard skip(&offset, octets, lengthOctets: 1), skip(&offset, octets, lengthOctets: 2),
      skip(&offset, octets, lengthOctets: 1), offset + 2 <= octets.count
    else { return nil }
    offset += 2
    while offset + 4 <= octets.count {
      let type = octets.networkUInt16(at: offset)
      let length = Int(octets.networkUInt16(at: offset + 2))
      offset += 4
      if type == 0 {
        guard offset + 5 <= octets.count, octets[offset + 2] == 0 else { return nil }
        let nameLength = Int(octets.networkUInt16(at: offset + 3))
        guard offset + 5 + nameLength <= octets.count, nameLength > 0 else { return nil }
        return OctetRange(offset + 5, offset + 5 + nameLength)
      }
      offset += length
    }
    return nil
  }
  /// Steps over a vector that begins with its length; false when it does not fit.
  private static func skip(_ offset: inout Int, _ octets: Span<UInt8>, lengthOctets: Int) -> Bool {
    guard offset + lengthOctets <= octets.count else { return false }
    let length = lengthOctets == 1 ? Int(octets[offset]) : Int(octets.networkUInt16(at: offset))
    offset += lengthOctets + length
    return offset <= octets.count
  }
}
