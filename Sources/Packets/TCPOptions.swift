internal import Bytes

/// What is read of a TCP header's options: the timestamp (RFC 7323 §3.2).
///
///     01 01 08 0a 00 0c 35 9a 00 0c 35 90      two no-operations, kind 8, length 10, TSval, TSecr
@usableFromInline enum TCPOptions {
  /// The timestamp that the sender put on, where `options` have one; they may be of any kinds and in any order.
  @usableFromInline static func timestamp(_ options: Span<UInt8>) -> UInt32? {
    var offset = 0
    while offset < options.count {
      switch options[offset] {
      case 0: return nil
      case 1: offset += 1
      default:
        guard offset + 1 < options.count else { return nil }
        let byteCount = Int(options[offset + 1])
        guard byteCount >= 2, offset + byteCount <= options.count else { return nil }
        if options[offset] == 8, byteCount == 10 { return options.networkUInt32(at: offset + 2) }
        offset += byteCount
      }
    }
    return nil
  }
}
