/// Numbers in decimal, two digits at a time.
extension ByteWriter {
  /// Appends a number in decimal.
  @inlinable @inline(__always) public mutating func append(decimal number: Int) {
    if number < 0 { append(UInt8(ascii: "-")) }
    append(decimal: number.magnitude)
  }
  /// Appends a number in decimal.
  @inlinable public mutating func append(decimal number: UInt) {
    if number < 100 {
      append(word: UInt64(DecimalDigits.two(number)), from: number < 10 ? 1 : 0, to: 2)
    } else if number < 10_000 {
      append(word: UInt64(DecimalDigits.four(number)), from: number < 1_000 ? 1 : 0, to: 4)
    } else if number < 100_000_000 {
      let digits = DecimalDigits.eight(number)
      append(word: digits, from: (digits ^ DecimalDigits.zeros).trailingZeroBitCount / 8, to: 8)
    } else {
      append(longDecimal: number)
    }
  }
  @usableFromInline mutating func append(longDecimal number: UInt) {
    append(decimal: number / 100_000_000)
    append(word: DecimalDigits.eight(number % 100_000_000), from: 0, to: 8)
  }
  /// Appends a number below 1,000,000,000 in nine digits, with leading zeros.
  @inlinable public mutating func append(nineDigits number: UInt32) {
    let first = number / 100_000_000
    append(48 &+ UInt8(truncatingIfNeeded: first))
    append(word: DecimalDigits.eight(UInt(number &- first &* 100_000_000)), from: 0, to: 8)
  }
}

/// The digits of small numbers in ASCII, the first in the lowest octet.
@usableFromInline enum DecimalDigits {
  /// The digits of a number below 100, with leading zeros.
  @inlinable @inline(__always) static func two(_ number: UInt) -> UInt32 {
    let pairs: StaticString = """
      0001020304050607080910111213141516171819\
      2021222324252627282930313233343536373839\
      4041424344454647484950515253545556575859\
      6061626364656667686970717273747576777879\
      8081828384858687888990919293949596979899
      """
    let octets = unsafe UnsafeRawPointer(pairs.utf8Start).loadUnaligned(
      fromByteOffset: Int(bitPattern: 2 &* number), as: UInt16.self)
    return UInt32(octets.littleEndian)
  }
  /// The digits of a number below 10,000, with leading zeros.
  @inlinable @inline(__always) static func four(_ number: UInt) -> UInt32 {
    // In this range, a hundredth is 10,486 / 2²⁰ rounded down.
    let hundreds = (number &* 10_486) &>> 20
    return two(hundreds) | two(number &- hundreds &* 100) &<< 16
  }
  /// The digits of a number below 100,000,000, with leading zeros.
  @inlinable @inline(__always) static func eight(_ number: UInt) -> UInt64 {
    let upper = UInt(UInt32(truncatingIfNeeded: number) / 10_000)
    return UInt64(four(upper)) | UInt64(four(number &- upper &* 10_000)) &<< 32
  }
  @inlinable @inline(__always) static var zeros: UInt64 { 0x3030_3030_3030_3030 }
}
