public import Glibc

/// Checked reads of numbers, and searches, in lent bytes. An offset outside the span is a bug of ours and traps:
/// every caller compares with `count` first.
extension Span where Element == UInt8 {
  /// The 16-bit number in network order at `offset`.
  @inlinable @inline(__always) public func networkUInt16(at offset: Int) -> UInt16 {
    unsafe UInt16(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
  }
  /// The 32-bit number in network order at `offset`.
  @inlinable @inline(__always) public func networkUInt32(at offset: Int) -> UInt32 {
    unsafe UInt32(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }
  /// The 16-bit number in this machine's order at `offset`.
  @inlinable @inline(__always) public func nativeUInt16(at offset: Int) -> UInt16 {
    unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self)
  }
  /// The 32-bit number in this machine's order at `offset`.
  @inlinable @inline(__always) public func nativeUInt32(at offset: Int) -> UInt32 {
    unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self)
  }
  /// The 64-bit number in this machine's order at `offset`.
  @inlinable @inline(__always) public func nativeUInt64(at offset: Int) -> UInt64 {
    unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
  }

  /// The four 32-bit numbers in this machine's order from `offset` on.
  @inlinable @inline(__always) public func nativeUInt32s(at offset: Int) -> InlineArray<4, UInt32> {
    unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: InlineArray<4, UInt32>.self)
  }
  /// The 16 octets at `offset`, those above 127 as negative numbers.
  @inlinable @inline(__always) public func nativeSIMD16(at offset: Int) -> SIMD16<Int8> {
    unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: SIMD16<Int8>.self)
  }

  /// The octets from `offset` to the end, fewer than 16, and zeros behind them.
  @inline(__always) func nativeSIMD16(tailFrom offset: Int) -> SIMD16<Int8> {
    let rest = count &- offset
    var low: UInt64 = 0
    var high: UInt64 = 0
    if rest >= 8 {
      low = nativeUInt64(at: offset).littleEndian
      high = nativeUInt64(at: count &- 8).littleEndian >> UInt64(8 &* (16 &- rest))
    } else if rest >= 4 {
      let upper = UInt64(nativeUInt32(at: count &- 4).littleEndian)
      low = UInt64(nativeUInt32(at: offset).littleEndian) | upper &<< UInt64(8 &* (rest &- 4))
    } else if rest > 0 {
      let middle = UInt64(self[offset &+ rest / 2]) &<< UInt64(8 &* (rest / 2))
      low = UInt64(self[offset]) | middle | UInt64(self[count &- 1]) &<< UInt64(8 &* (rest &- 1))
    }
    return unsafe unsafeBitCast(SIMD2<UInt64>(low.littleEndian, high.littleEndian), to: SIMD16<Int8>.self)
  }
  /// Reads one octet of each line of the processor's cache, none of which waits for another, so that all of them are on
  /// their way at once; returns a sum of them, which means nothing, but must be kept for the reads to happen.
  public func touched() -> UInt8 {
    var sum: UInt8 = 0
    var offset = 0
    while offset < count {
      sum &+= self[offset]
      offset &+= 64
    }
    return sum
  }

  /// The offset of the first `octet` at or after `start`, or nil.
  @inlinable @inline(__always) public func firstOffset(of octet: UInt8, from start: Int = 0) -> Int? {
    precondition(start >= 0 && start <= count)
    return unsafe withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress,
        let hit = unsafe memchr(base + start, Int32(octet), buffer.count &- start)
      else { return nil }
      return unsafe UnsafeRawPointer(hit) - UnsafeRawPointer(base)
    }
  }

  /// Whether the octets equal those of `text`.
  @inlinable public func equals(_ text: StaticString) -> Bool {
    count == text.utf8CodeUnitCount && starts(with: text)
  }
  /// Whether the octets from `offset` on begin with those of `text`.
  @inlinable public func starts(with text: StaticString, at offset: Int = 0) -> Bool {
    let length = text.utf8CodeUnitCount
    guard offset >= 0, offset <= count, count &- offset >= length else { return false }
    return unsafe withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return length == 0 }
      return unsafe memcmp(base + offset, text.utf8Start, length) == 0
    }
  }
  /// Whether the octets from `offset` on begin with those of `lowercase`, in any case of ASCII letters.
  @inlinable @inline(__always) public func startsIgnoringCase(with lowercase: StaticString, at offset: Int = 0) -> Bool
  {
    let length = lowercase.utf8CodeUnitCount
    guard offset >= 0, offset <= count, count &- offset >= length else { return false }
    // Most differ in the first octet, which is looked at where they are compared.
    guard length > 0, unsafe ASCII.lowercased(self[offset]) == lowercase.utf8Start[0] else { return length == 0 }
    return unsafe continuesIgnoringCase(with: lowercase.utf8Start, count: length, at: offset)
  }
  /// The comparison behind the first octet; the span must hold `length` octets from `offset` on.
  @inlinable @inline(never)
  func continuesIgnoringCase(with lowercase: UnsafePointer<UInt8>, count length: Int, at offset: Int) -> Bool {
    unsafe withUnsafeBufferPointer { buffer in
      for index in 1..<length {
        if unsafe ASCII.lowercased(buffer[offset &+ index]) != lowercase[index] { return false }
      }
      return true
    }
  }
  /// Whether all octets equal those of `lowercase`, in any case of ASCII letters.
  @inlinable @inline(__always) public func equalsIgnoringCase(_ lowercase: StaticString) -> Bool {
    count == lowercase.utf8CodeUnitCount && startsIgnoringCase(with: lowercase)
  }
  /// The offset of the first occurrence of `lowercase`, in any case of ASCII letters, at or after `start`; or nil.
  @inlinable public func firstOffsetIgnoringCase(of lowercase: StaticString, from start: Int = 0) -> Int? {
    let length = lowercase.utf8CodeUnitCount
    guard start >= 0, length <= count else { return nil }
    var offset = start
    while offset &+ length <= count {
      if startsIgnoringCase(with: lowercase, at: offset) { return offset }
      offset &+= 1
    }
    return nil
  }
  /// Whether all octets are below 128, looked at eight at a time.
  @inlinable public var isASCII: Bool {
    var offset = 0
    while offset &+ 8 <= count {
      if nativeUInt64(at: offset) & 0x8080_8080_8080_8080 != 0 { return false }
      offset &+= 8
    }
    while offset < count {
      if self[offset] >= 0x80 { return false }
      offset &+= 1
    }
    return true
  }
  /// Whether all octets are visible ASCII or spaces.
  @inlinable public var isPrintableASCII: Bool { isASCII(from: 0x20) }
  /// Whether all octets are visible ASCII.
  @inlinable public var isVisibleASCII: Bool { isASCII(from: 0x21) }

  /// Whether all octets lie between `lowest` and 126, looked at eight at a time.
  @inlinable @inline(__always) func isASCII(from lowest: UInt8) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    var offset = 0
    while offset &+ 8 <= count {
      let word = nativeUInt64(at: offset)
      if ((word &- ones &* UInt64(lowest)) & ~word | word | (word &+ ones)) & (ones << 7) != 0 { return false }
      offset &+= 8
    }
    while offset < count {
      if self[offset] &- lowest >= 127 &- lowest { return false }
      offset &+= 1
    }
    return true
  }
  /// The same bytes without linear white space (space, tab) at both ends.
  @inlinable public func trimmed(_ range: OctetRange) -> OctetRange {
    var lower = Swift.min(range.lower, count)
    var upper = Swift.min(range.upper, count)
    while lower < upper, ASCII.isBlank(self[lower]) { lower &+= 1 }
    while upper > lower, ASCII.isBlank(self[upper &- 1]) { upper &-= 1 }
    return OctetRange(lower, upper)
  }
  /// The next run of octets that are no blanks, at or after `start`; empty at the end.
  @inlinable public func word(from start: Int) -> OctetRange {
    var lower = start
    while lower < count, ASCII.isBlank(self[lower]) { lower &+= 1 }
    var upper = lower
    while upper < count, !ASCII.isBlank(self[upper]) { upper &+= 1 }
    return OctetRange(lower, upper)
  }
  /// `range` cut to what this span holds, for `extracting`.
  @inlinable @inline(__always) public func bounds(_ range: OctetRange) -> Range<Int> {
    let upper = Swift.min(range.upper, count)
    return Swift.min(range.lower, upper)..<upper
  }
  /// A copy of the octets.
  @inlinable public func copied() -> [UInt8] {
    unsafe withUnsafeBufferPointer { unsafe Array($0) }
  }
  /// The octets as text; octets that are no UTF-8 are taken as Latin-1, so that nothing is lost or invented.
  public func text() -> String {
    if let valid = try? UTF8Span(validating: self) { return String(copying: valid) }
    return unsafe withUnsafeBufferPointer { buffer in
      unsafe String(String.UnicodeScalarView(buffer.map { Unicode.Scalar($0) }))
    }
  }
}
