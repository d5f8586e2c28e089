/// A growing run of octets to be written out: the one place where output bytes are put together.
@safe public struct ByteWriter: ~Copyable {
  @usableFromInline var storage: UnsafeMutablePointer<UInt8>
  @usableFromInline var capacity: Int
  @usableFromInline var byteCount = 0

  @inlinable public init(minimumCapacity: Int = 256) {
    capacity = Swift.max(16, minimumCapacity)
    unsafe storage = .allocate(capacity: capacity)
  }
  @inlinable deinit { unsafe storage.deallocate() }

  @inlinable @inline(__always) public var count: Int { byteCount }
  /// Lends the octets written so far to `body`.
  @inlinable public func withOctets<Result: ~Copyable>(_ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
    try unsafe body(UnsafeBufferPointer(start: storage, count: byteCount).span)
  }
  /// Forgets what was written and keeps the memory.
  @inlinable public mutating func removeAll() { byteCount = 0 }
  /// Forgets all but the first `count` octets.
  @inlinable public mutating func truncate(to count: Int) { byteCount = Swift.min(byteCount, Swift.max(0, count)) }

  /// Makes room for `extra` more octets.
  @inlinable @inline(__always) public mutating func reserve(_ extra: Int) {
    if byteCount &+ extra > capacity { grow(by: extra) }
  }
  @inlinable @inline(never) mutating func grow(by extra: Int) {
    let larger = Swift.max(capacity * 2, byteCount + extra)
    let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    unsafe moved.moveInitialize(from: storage, count: byteCount)
    unsafe storage.deallocate()
    unsafe storage = moved
    capacity = larger
  }
  @inlinable @inline(__always) public mutating func append(_ octet: UInt8) {
    reserve(1)
    unsafe storage[byteCount] = octet
    byteCount &+= 1
  }
  @inlinable @inline(__always) public mutating func append(_ text: StaticString) {
    let length = text.utf8CodeUnitCount
    reserve(length)
    unsafe (storage + byteCount).update(from: text.utf8Start, count: length)
    byteCount &+= length
  }
  @inlinable @inline(__always) public mutating func append(_ octets: Span<UInt8>) {
    reserve(octets.count)
    unsafe octets.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { unsafe (storage + byteCount).update(from: base, count: source.count) }
    }
    byteCount &+= octets.count
  }
  /// Appends the octets from `start` on as they are, up to the first that stands for something else in JSON or acts on
  /// a terminal: quotation mark, reverse solidus, a control, or what is no ASCII. Returns where that stands, or `count`.
  ///
  /// Sixteen octets at a time are written and looked at. Where one of them is special, it is found among eight: in each
  /// octet of the sums below the high bit tells of a special one, and the lowest such bit is sure. What was written
  /// behind it is overwritten by what comes next.
  @inlinable @inline(__always) public mutating func append(unescaped octets: Span<UInt8>, from start: Int) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let count = octets.count
    precondition(start >= 0 && start <= count)
    reserve(count &- start)
    var index = start
    var position = byteCount
    while index &+ 16 <= count {
      let run = octets.nativeSIMD16(at: index)
      unsafe UnsafeMutableRawPointer(storage + position).storeBytes(of: run, as: SIMD16<Int8>.self)
      let special =
        (run .< SIMD16<Int8>(repeating: 0x20)) .| (run .== SIMD16<Int8>(repeating: 0x22))
        .| (run .== SIMD16<Int8>(repeating: 0x5C)) .| (run .== SIMD16<Int8>(repeating: 0x7F))
      if any(special) { break }
      index &+= 16
      position &+= 16
    }
    while index &+ 8 <= count {
      let native = octets.nativeUInt64(at: index)
      unsafe UnsafeMutableRawPointer(storage + position).storeBytes(of: native, as: UInt64.self)
      let word = native.littleEndian
      let quotes = word ^ (ones &* 0x22)
      let solidi = word ^ (ones &* 0x5C)
      let deletes = word ^ (ones &* 0x7F)
      let found =
        ((word &- ones &* 0x20) & ~word) | ((quotes &- ones) & ~quotes) | ((solidi &- ones) & ~solidi)
        | ((deletes &- ones) & ~deletes) | word
      let marks = found & (ones << 7)
      if marks != 0 {
        let plain = marks.trailingZeroBitCount / 8
        byteCount = position &+ plain
        return index &+ plain
      }
      index &+= 8
      position &+= 8
    }
    while index < count {
      let octet = octets[index]
      if octet &- 32 >= 95 || octet == 0x22 || octet == 0x5C { break }
      unsafe storage[position] = octet
      index &+= 1
      position &+= 1
    }
    byteCount = position
    return index
  }
  @inlinable public mutating func append(string text: String) {
    var text = text
    text.withUTF8 { source in
      reserve(source.count)
      if let base = source.baseAddress { unsafe (storage + byteCount).update(from: base, count: source.count) }
      byteCount &+= source.count
    }
  }
  /// Appends text that must stay within one line: CR and LF are left out, so that no argument begins another line.
  public mutating func append(withinLine text: String) {
    for octet in text.utf8 where octet != ASCII.carriageReturn && octet != ASCII.lineFeed { append(octet) }
  }
  /// Appends a number in decimal.
  @inlinable public mutating func append(decimal number: Int) {
    if number < 0 {
      append(UInt8(ascii: "-"))
      append(decimal: number.magnitude)
    } else {
      append(decimal: UInt(number))
    }
  }
  /// Appends a number in decimal.
  @inlinable public mutating func append(decimal number: UInt) {
    if number < 10 { return append(48 &+ UInt8(truncatingIfNeeded: number)) }
    if number >= 1_000_000_000 {
      append(decimal: number / 1_000_000_000)
      return append(nineDigits: UInt32(truncatingIfNeeded: number % 1_000_000_000))
    }
    var rest = UInt32(truncatingIfNeeded: number)
    let digitCount: Int =
      if rest < 1_000 {
        rest < 100 ? 2 : 3
      } else if rest < 1_000_000 {
        rest < 10_000 ? 4 : rest < 100_000 ? 5 : 6
      } else {
        rest < 10_000_000 ? 7 : rest < 100_000_000 ? 8 : 9
      }
    reserve(digitCount)
    var position = byteCount &+ digitCount
    byteCount = position
    while rest >= 100 {
      position &-= 2
      let quotient = rest / 100
      store(twoDigits: rest &- quotient &* 100, at: position)
      rest = quotient
    }
    if rest >= 10 {
      store(twoDigits: rest, at: position &- 2)
    } else {
      unsafe storage[position &- 1] = 48 &+ UInt8(truncatingIfNeeded: rest)
    }
  }
  /// Stores a number below 100 in two digits; both places must be reserved.
  @inlinable @inline(__always) mutating func store(twoDigits number: UInt32, at position: Int) {
    let tens = (number &* 103) >> 10
    let digits = (tens | (number &- tens &* 10) << 8) &+ 0x3030
    unsafe UnsafeMutableRawPointer(storage + position)
      .storeBytes(of: UInt16(truncatingIfNeeded: digits).littleEndian, as: UInt16.self)
  }
  /// Appends a number below 1,000,000,000 in nine digits, with leading zeros.
  @inlinable public mutating func append(nineDigits number: UInt32) {
    reserve(9)
    var rest = number
    var position = byteCount &+ 9
    byteCount = position
    for _ in 0..<9 {
      position &-= 1
      let quotient = rest / 10
      unsafe storage[position] = 48 &+ UInt8(truncatingIfNeeded: rest &- quotient &* 10)
      rest = quotient
    }
  }
  /// Appends a number in lower-case hexadecimal, without leading zeros.
  public mutating func append(hexadecimal number: UInt64) {
    var shift = number == 0 ? 0 : (63 - number.leadingZeroBitCount) & ~3
    while shift >= 0 {
      append(hexadecimalDigit: UInt8(truncatingIfNeeded: number >> UInt64(shift)) & 15)
      shift -= 4
    }
  }
  /// Appends one lower-case hexadecimal digit, 0 to 15.
  @inlinable public mutating func append(hexadecimalDigit digit: UInt8) {
    append(digit < 10 ? 48 &+ digit : 87 &+ digit)
  }
}
