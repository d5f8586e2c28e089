internal import Bytes

/// What every record begins with (RFC 8446 §5.1): type (1) | version (2) | length (2).
package struct TLSRecordHeader: BitwiseCopyable, Sendable {
  package static let byteCount = 5
  /// What a record's content may take beyond 2^14 octets when it is encrypted (RFC 5246 §6.2.3).
  private static let contentLimit = (1 << 14) + 2048

  /// 20 change_cipher_spec, 21 alert, 22 handshake, 23 application_data.
  package let type: UInt8
  /// Octets behind the header.
  package let contentByteCount: Int

  /// nil where `octets` begin with no such header, or with too little of it.
  package init?(_ octets: Span<UInt8>) {
    guard octets.count >= Self.byteCount, (20...23).contains(octets[0]), octets[1] == 3, octets[2] <= 4 else {
      return nil
    }
    type = octets[0]
    contentByteCount = Int(octets.networkUInt16(at: 3))
    guard contentByteCount <= Self.contentLimit else { return nil }
  }
}
