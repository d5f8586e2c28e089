/// A growing run of octets to be written out: the one place where output bytes are put together.
///
/// Whatever was appended, room is left for `slack` octets more. What is short is therefore stored first, without a
/// question; whether the memory must grow is asked afterwards, when nothing need be remembered meanwhile.
@safe public struct ByteWriter: ~Copyable {
  @usableFromInline var storage: UnsafeMutablePointer<UInt8>
  /// Octets that may be there before the memory grows; `slack` more can be stored.
  @usableFromInline var capacity: Int
  @usableFromInline var byteCount = 0

  /// What can be stored behind the last octet at any time: more than a name with its quotes, or a number, takes.
  @inlinable @inline(__always) static var slack: Int { 64 }

  @inlinable public init(minimumCapacity: Int = 256) {
    capacity = Swift.max(16, minimumCapacity)
    unsafe storage = .allocate(capacity: capacity + Self.slack)
  }
  @inlinable deinit { unsafe storage.deallocate() }

  @inlinable @inline(__always) public var count: Int { byteCount }
  /// Lends the octets written so far to `body`.
  @inlinable public func withOctets<Result: ~Copyable, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
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
    let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger + Self.slack)
    unsafe moved.moveInitialize(from: storage, count: byteCount)
    unsafe storage.deallocate()
    unsafe storage = moved
    capacity = larger
  }
  /// Counts octets that were stored within the slack.
  @inlinable @inline(__always) mutating func advance(by count: Int) {
    byteCount &+= count
    if byteCount > capacity { grow(by: 0) }
  }
  @inlinable @inline(__always) public mutating func append(_ octet: UInt8) {
    unsafe storage[byteCount] = octet
    advance(by: 1)
  }
  @inlinable @inline(__always) public mutating func append(_ text: StaticString) {
    let length = text.utf8CodeUnitCount
    if length > Self.slack { reserve(length) }
    unsafe (storage + byteCount).initialize(from: text.utf8Start, count: length)
    advance(by: length)
  }
  @inlinable @inline(__always) public mutating func append(_ octets: Span<UInt8>) {
    reserve(octets.count)
    unsafe octets.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { unsafe (storage + byteCount).update(from: base, count: source.count) }
    }
    byteCount &+= octets.count
  }
  /// Appends a comma unless what comes is the first of a list.
  @inlinable @inline(__always) public mutating func append(commaUnless isFirst: Bool) {
    unsafe storage[byteCount] = UInt8(ascii: ",")
    advance(by: isFirst ? 0 : 1)
  }
  /// Appends the eight octets of `word`, of which the lowest is the first.
  @inlinable @inline(__always) mutating func append(word: UInt64) {
    advance(by: store(word: word, from: 0, to: 8, at: byteCount) &- byteCount)
  }
  /// Stores the octets of `word` from `start` to `end`, of which the lowest is the first, within the slack; returns where
  /// they end.
  @inlinable @inline(__always) mutating func store(word: UInt64, from start: Int, to end: Int, at position: Int) -> Int
  {
    let octets = (word &>> UInt64(8 &* start)).littleEndian
    unsafe UnsafeMutableRawPointer(storage + position).storeBytes(of: octets, as: UInt64.self)
    return position &+ end &- start
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
