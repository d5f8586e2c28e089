/// A range of octets within one line or one packet, in 8 bytes.
public struct OctetRange: BitwiseCopyable, Equatable, Sendable {
  @usableFromInline var lowerBound: UInt32
  @usableFromInline var upperBound: UInt32

  @inlinable @inline(__always) public init(_ lower: Int, _ upper: Int) {
    lowerBound = UInt32(truncatingIfNeeded: lower)
    upperBound = UInt32(truncatingIfNeeded: upper)
  }
  /// The first octet's offset.
  @inlinable @inline(__always) public var lower: Int { Int(lowerBound) }
  /// The offset behind the last octet.
  @inlinable @inline(__always) public var upper: Int { Int(upperBound) }
  @inlinable @inline(__always) public var count: Int { upper > lower ? upper &- lower : 0 }
  @inlinable @inline(__always) public var isEmpty: Bool { lowerBound >= upperBound }
  /// The same range seen from `octetCount` octets earlier.
  @inlinable public func shifted(by octetCount: Int) -> OctetRange {
    OctetRange(lower &+ octetCount, upper &+ octetCount)
  }
}
