internal import Bytes

/// The Internet checksum over TCP's pseudo-header and segment (RFC 9293 §3.1, RFC 8200 §8.1).
public enum Checksum {
  /// What a TCP checksum turned out to be.
  public enum Verdict: Equatable, Sendable {
    case right
    case wrong
    /// The pseudo-header alone was summed: the rest was left to the network card (checksum offload).
    case offloaded
  }
  /// The verdict on a whole segment; `addresses` is the sum of the words of both addresses.
  @usableFromInline static func verdict(ofTCP segment: Span<UInt8>, addresses: UInt64) -> Verdict {
    let pseudoHeader = addresses &+ UInt64(UInt16(6).bigEndian) &+ UInt64(UInt32(segment.count).bigEndian)
    if folded(pseudoHeader &+ sum(segment)) == 0xFFFF { return .right }
    return segment.nativeUInt16(at: 16) == folded(pseudoHeader) ? .offloaded : .wrong
  }
  /// The sum of the 16-bit words of `octets`, in the order of the machine: ones' complement addition does not mind the
  /// order of octets, so that words of any width can be added and folded at the end (RFC 1071 §2).
  @usableFromInline static func sum(_ octets: Span<UInt8>) -> UInt64 {
    var sum: UInt64 = 0
    var offset = 0
    // Gathering the lanes at the end costs more than a short segment saves by them.
    if octets.count >= 256 {
      var sums = SIMD8<UInt64>(repeating: 0)
      while offset &+ 32 <= octets.count {
        let words = SIMD8<UInt32>(
          octets.nativeUInt32(at: offset), octets.nativeUInt32(at: offset &+ 4), octets.nativeUInt32(at: offset &+ 8),
          octets.nativeUInt32(at: offset &+ 12), octets.nativeUInt32(at: offset &+ 16),
          octets.nativeUInt32(at: offset &+ 20), octets.nativeUInt32(at: offset &+ 24),
          octets.nativeUInt32(at: offset &+ 28))
        sums &+= SIMD8<UInt64>(truncatingIfNeeded: words)
        offset &+= 32
      }
      sum = sums.wrappedSum()
    }
    while offset &+ 8 <= octets.count {
      sum &+= halved(octets.nativeUInt64(at: offset))
      offset &+= 8
    }
    if offset &+ 4 <= octets.count {
      sum &+= UInt64(octets.nativeUInt32(at: offset))
      offset &+= 4
    }
    var last: UInt32 = 0
    var shift: UInt32 = 0
    while offset < octets.count {
      last |= UInt32(octets[offset]) << shift
      shift &+= 8
      offset &+= 1
    }
    return sum &+ UInt64(UInt32(littleEndian: last))
  }
  /// The sum of the words of two addresses, each in two halves as the packet has them.
  @inlinable @inline(__always) static func sum(
    ofAddresses sourceHigh: UInt64, _ sourceLow: UInt64, _ destinationHigh: UInt64, _ destinationLow: UInt64
  ) -> UInt64 {
    halved(sourceHigh) &+ halved(sourceLow) &+ halved(destinationHigh) &+ halved(destinationLow)
  }
  @inlinable @inline(__always) static func halved(_ words: UInt64) -> UInt64 { (words >> 32) &+ (words & 0xFFFF_FFFF) }
  /// A sum of words brought down to one word, carries added back in.
  @usableFromInline static func folded(_ sum: UInt64) -> UInt16 {
    var sum = sum
    while sum > 0xFFFF { sum = (sum & 0xFFFF) &+ (sum >> 16) }
    return UInt16(truncatingIfNeeded: sum)
  }
}
