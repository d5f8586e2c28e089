internal import Bytes

/// The header fields that say what a part is (RFC 2045 §3, RFC 2183).
enum ContentField: UInt8, BitwiseCopyable {
  case none, type, transferEncoding, disposition
  init(_ octets: Span<UInt8>) {
    if octets.startsIgnoringCase(with: "content-type"), Self.ends(octets, 12) {
      self = .type
    } else if octets.startsIgnoringCase(with: "content-transfer-encoding"), Self.ends(octets, 25) {
      self = .transferEncoding
    } else if octets.startsIgnoringCase(with: "content-disposition"), Self.ends(octets, 19) {
      self = .disposition
    } else {
      self = .none
    }
  }
  private static func ends(_ octets: Span<UInt8>, _ offset: Int) -> Bool {
    offset < octets.count && (octets[offset] == UInt8(ascii: ":") || ASCII.isBlank(octets[offset]))
  }
}
