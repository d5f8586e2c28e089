/// The order in which the octets of a number stand.
public enum ByteOrder: Sendable {
  /// The least significant octet first.
  case littleEndian
  /// The most significant octet first: network order.
  case bigEndian
}

extension ByteWriter {
  /// Appends the octets of a number.
  @inlinable public mutating func append<Number: FixedWidthInteger>(_ number: Number, _ order: ByteOrder) {
    let byteCount = Number.bitWidth / 8
    reserve(byteCount)
    for index in 0..<byteCount {
      let place = order == .bigEndian ? byteCount &- 1 &- index : index
      append(UInt8(truncatingIfNeeded: number >> Number(truncatingIfNeeded: place &* 8)))
    }
  }
  /// Appends an octet several times.
  @inlinable public mutating func append(_ octet: UInt8, count: Int) {
    reserve(count)
    for _ in 0..<count { append(octet) }
  }
}
