/// A hash of octets that come one by one (FNV-1a, 64 bits): for what is short, where only equality among a few counts.
public struct OctetHash: BitwiseCopyable, Sendable {
  @usableFromInline var state: UInt64 = 0xCBF2_9CE4_8422_2325

  @inlinable public init() {}
  @inlinable public var value: UInt64 { state }
  @inlinable @inline(__always) public mutating func add(_ octet: UInt8) {
    state = (state ^ UInt64(octet)) &* 0x100_0000_01B3
  }
}
