internal import Bytes

/// Where decoded octets go: into a writer, or only into a number.
protocol OctetSink: ~Copyable {
  mutating func append(_ octet: UInt8)
  mutating func append(_ octets: Span<UInt8>)
}
/// Counts octets and keeps none.
struct OctetCounter: OctetSink {
  var count = 0
  mutating func append(_ octet: UInt8) { count &+= 1 }
  mutating func append(_ octets: Span<UInt8>) { count &+= octets.count }
}
extension ByteWriter: OctetSink {}
