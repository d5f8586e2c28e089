/// Arithmetic on 32-bit sequence numbers that wrap (RFC 9293 §3.4).
@usableFromInline enum SequenceNumber {
  /// How far `number` lies ahead of `base`; negative behind it.
  @inlinable @inline(__always) static func distance(from base: UInt32, to number: UInt32) -> Int {
    Int(Int32(bitPattern: number &- base))
  }
  /// `number` moved on by `byteCount`.
  @inlinable @inline(__always) static func advanced(_ number: UInt32, by byteCount: Int) -> UInt32 {
    number &+ UInt32(truncatingIfNeeded: byteCount)
  }
}
