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
    var digitCount = 1
    var power: UInt = 10
    while digitCount < 20, number >= power {
      digitCount &+= 1
      let (next, overflows) = power.multipliedReportingOverflow(by: 10)
      if overflows { break }
      power = next
    }
    reserve(digitCount)
    var position = byteCount &+ digitCount
    byteCount = position
    var rest = number
    repeat {
      position &-= 1
      let quotient = rest / 10
      unsafe storage[position] = 48 &+ UInt8(truncatingIfNeeded: rest &- quotient &* 10)
      rest = quotient
    } while rest > 0
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
