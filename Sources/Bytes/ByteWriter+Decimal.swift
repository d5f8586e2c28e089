/// Numbers in decimal, two digits at a time.
extension ByteWriter {
  /// Appends a number in decimal.
  @inlinable @inline(__always) public mutating func append(decimal number: Int) {
    if number < 0 { append(UInt8(ascii: "-")) }
    append(decimal: number.magnitude)
  }
  /// Appends a number in decimal.
  @inlinable public mutating func append(decimal number: UInt) {
    if number < 100_000_000 {
      advance(by: store(decimal: number, at: byteCount) &- byteCount)
    } else {
      append(longDecimal: number)
    }
  }
  /// Appends three numbers as an array of JSON.
  public mutating func append(array first: UInt32, _ second: UInt32, _ third: UInt32) {
    guard max(first, second, third) < 100_000_000 else {
      append(UInt8(ascii: "["))
      append(decimal: UInt(first))
      append(UInt8(ascii: ","))
      append(decimal: UInt(second))
      append(UInt8(ascii: ","))
      append(decimal: UInt(third))
      return append(UInt8(ascii: "]"))
    }
    // All of it lies within the slack.
    unsafe storage[byteCount] = UInt8(ascii: "[")
    var position = store(decimal: UInt(first), at: byteCount &+ 1)
    unsafe storage[position] = UInt8(ascii: ",")
    position = store(decimal: UInt(second), at: position &+ 1)
    unsafe storage[position] = UInt8(ascii: ",")
    position = store(decimal: UInt(third), at: position &+ 1)
    unsafe storage[position] = UInt8(ascii: "]")
    advance(by: position &+ 1 &- byteCount)
  }
  /// Stores a number below 100,000,000 within the slack; returns where it ends.
  @inlinable @inline(__always) mutating func store(decimal number: UInt, at position: Int) -> Int {
    if number < 100 {
      return store(word: UInt64(DecimalDigits.two(number)), from: number < 10 ? 1 : 0, to: 2, at: position)
    }
    if number < 10_000 {
      return store(word: UInt64(DecimalDigits.four(number)), from: number < 1_000 ? 1 : 0, to: 4, at: position)
    }
    let digits = DecimalDigits.eight(number)
    let leadingZeroCount = (digits ^ DecimalDigits.zeros).trailingZeroBitCount / 8
    return store(word: digits, from: leadingZeroCount, to: 8, at: position)
  }
  @usableFromInline mutating func append(longDecimal number: UInt) {
    append(decimal: number / 100_000_000)
    append(word: DecimalDigits.eight(number % 100_000_000))
  }
  /// Appends a number below 1,000,000,000 in nine digits, with leading zeros.
  @inlinable public mutating func append(nineDigits number: UInt32) {
    let first = number / 100_000_000
    append(48 &+ UInt8(truncatingIfNeeded: first))
    append(word: DecimalDigits.eight(UInt(number &- first &* 100_000_000)))
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
