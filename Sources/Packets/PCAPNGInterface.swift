public import Bytes

/// What of an interface description block (draft-ietf-opsawg-pcapng §4.2) its packets need.
@usableFromInline struct PCAPNGInterface: BitwiseCopyable {
  @usableFromInline var linkType: LinkType
  @usableFromInline var snapLength: UInt32
  /// if_tsresol: the exponent, of 2 if the high bit is set, else of 10.
  private var resolution: UInt8 = 6
  /// Nanoseconds in a unit of time; 0 where a unit is no whole number of them.
  @usableFromInline var unitNanoseconds: UInt64 = 1_000
  /// if_tsoffset.
  @usableFromInline var offsetNanoseconds: Int64 = 0

  init(linkType: LinkType, snapLength: UInt32) {
    self.linkType = linkType
    self.snapLength = snapLength
  }
  /// Takes if_tsresol.
  mutating func setResolution(_ resolution: UInt8) {
    self.resolution = resolution
    unitNanoseconds = 0
    if resolution == 0x80 { unitNanoseconds = 1_000_000_000 }
    if resolution <= 9 {
      unitNanoseconds = 1
      for _ in resolution..<9 { unitNanoseconds *= 10 }
    }
  }
  /// Takes if_tsoffset, in seconds.
  mutating func setOffset(seconds: Int64) { offsetNanoseconds = seconds &* 1_000_000_000 }

  /// A timestamp in this interface's unit, as nanoseconds; what does not fit 64 bits wraps around.
  @inlinable @inline(__always) func timestamp(high: UInt32, low: UInt32) -> Timestamp {
    let units = UInt64(high) << 32 | UInt64(low)
    let nanoseconds = unitNanoseconds > 0 ? units &* unitNanoseconds : nanoseconds(fine: units)
    return Timestamp(nanoseconds: Int64(truncatingIfNeeded: nanoseconds) &+ offsetNanoseconds)
  }
  /// Units of 2^−exponent seconds, or of less than a nanosecond.
  @usableFromInline @inline(never) func nanoseconds(fine units: UInt64) -> UInt64 {
    let exponent = UInt64(resolution & 0x7F)
    if resolution & 0x80 != 0 {
      let whole = exponent < 64 ? units >> exponent : 0
      let rest = exponent < 64 ? units & ((1 << exponent) &- 1) : units
      // rest / 2^exponent seconds: the product fits 94 bits.
      let product = rest.multipliedFullWidth(by: 1_000_000_000)
      let part: UInt64
      if exponent < 64 {
        part = product.high << (64 - exponent) | product.low >> exponent
      } else {
        part = exponent < 128 ? product.high >> (exponent - 64) : 0
      }
      return whole &* 1_000_000_000 &+ part
    }
    var scale: UInt64 = 1
    for _ in 9..<min(exponent, 28) { scale = scale &* 10 }
    return exponent > 28 ? 0 : units / scale
  }
}
