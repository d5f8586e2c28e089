/// Eight octets of base64 looked at together in one register: what lets a body of gigabytes be counted at the speed
/// of memory. (`SIMD16<Int8>` compares all elements at once where every operand has its type and its parentheses
/// written out, and is asked by `any`; `SIMD16<UInt8>` goes element by element on this toolchain and is fifty times slower.)
@usableFromInline struct Base64Word {
  @usableFromInline var octets: UInt64

  @inlinable @inline(__always) init(_ span: Span<UInt8>, at offset: Int) {
    precondition(offset >= 0 && span.count &- offset >= Base64Word.octetCount)
    octets = span.nativeUInt64(at: offset).littleEndian
  }
  /// The whole word number `word` of `span`; the caller keeps it below `count / 8`.
  @inlinable @inline(__always) init(word: Int, of span: Span<UInt8>) {
    octets = span.nativeUInt64(at: word &* Self.octetCount).littleEndian
  }
  /// The four octets at `offset`, and four more that mean nothing.
  @inlinable @inline(__always) init(quantumOf span: Span<UInt8>, at offset: Int) {
    precondition(offset >= 0 && span.count &- offset >= 4)
    octets = UInt64(span.nativeUInt32(at: offset)).littleEndian | 0x4141_4141_0000_0000
  }
  /// The octets behind the last whole word of `span`, and zeros.
  @inlinable @inline(__always) init(tailOf span: Span<UInt8>) {
    octets = 0
    let length = span.count % Self.octetCount
    if length == 0 { return }
    if span.count >= Self.octetCount {
      octets = span.nativeUInt64(at: span.count &- Self.octetCount).littleEndian &>> UInt64(64 &- 8 &* length)
    } else {
      for offset in 0..<length { octets |= UInt64(span[offset]) &<< UInt64(8 &* offset) }
    }
  }
  @inlinable @inline(__always) static var octetCount: Int { 8 }
  @inlinable @inline(__always) static func eight(_ octet: UInt8) -> UInt64 { UInt64(octet) &* 0x0101_0101_0101_0101 }

  /// The high bit of each octet of `octets` (all below 128) that lies between `lower` and `upper`.
  @inlinable @inline(__always)
  static func octets(_ octets: UInt64, from lower: UInt8, through upper: UInt8) -> UInt64 {
    (octets &+ eight(128 &- lower)) & ~(octets &+ eight(127 &- upper))
  }
  /// All bits of each octet whose high bit is set.
  @inlinable @inline(__always) static func filled(_ highBits: UInt64) -> UInt64 {
    ((highBits & eight(0x80)) &>> 7) &* 0xFF
  }

  /// The high bit of each octet that belongs to the alphabet.
  @inlinable @inline(__always) var clean: UInt64 {
    let low = octets & Self.eight(0x7F)
    let letters = Self.octets(low | Self.eight(0x20), from: 97, through: 122)
    let slashAndDigits = Self.octets(low, from: 47, through: 57)
    let plus = Self.octets(low, from: 43, through: 43)
    return (letters | slashAndDigits | plus) & ~octets
  }
  @inlinable @inline(__always) var isClean: Bool { clean & Self.eight(0x80) == Self.eight(0x80) }

  /// Whether 16 octets all belong to the alphabet.
  @inlinable @inline(__always) static func areClean(_ octets: SIMD16<Int8>) -> Bool {
    let lowercased = octets | SIMD16<Int8>(repeating: 0x20)
    let isNoLetter =
      (lowercased .< SIMD16<Int8>(repeating: 97)) .| (lowercased .> SIMD16<Int8>(repeating: 122))
    let isNoDigit = (octets .< SIMD16<Int8>(repeating: 47)) .| (octets .> SIMD16<Int8>(repeating: 57))
    let isNoPlus = (octets .!= SIMD16<Int8>(repeating: 43))
    let isForeign = (isNoLetter .& isNoDigit) .& isNoPlus
    if any(isForeign) { return false }
    return true
  }
  /// 1 in each octet that belongs to the alphabet; `summableCount` such words add up without carry.
  @inlinable @inline(__always) var cleanOnes: UInt64 { (clean &>> 7) & Self.eight(1) }
  @inlinable @inline(__always) static var summableCount: Int { 31 }
  /// The sum of the eight octets of `ones`.
  @inlinable @inline(__always) static func sum(_ ones: UInt64) -> Int { Int((ones &* eight(1)) &>> 56) }
  /// The 48 bits that a clean word stands for.
  @inlinable @inline(__always) var value: UInt64 {
    let lower = Self.filled(octets &+ Self.eight(128 &- 97))
    let letter = Self.filled(octets &+ Self.eight(128 &- 65))
    let plus = Self.filled(Self.octets(octets, from: 43, through: 43))
    let slash = Self.filled(Self.octets(octets, from: 47, through: 47))
    let digit = ~(letter | plus | slash)
    let raised = digit & Self.eight(4) | plus & Self.eight(19) | slash & Self.eight(16)
    // No octet borrows or carries: each letter is at least what is taken from it.
    let sextets = (octets &+ raised &- (letter & Self.eight(65)) &- (lower & Self.eight(6))).byteSwapped
    let twelves = (sextets &>> 2) & 0x0FC0_0FC0_0FC0_0FC0 | sextets & 0x003F_003F_003F_003F
    let quanta = (twelves &>> 4) & 0x00FF_F000_00FF_F000 | twelves & 0x0000_0FFF_0000_0FFF
    return (quanta &>> 8) & 0xFFFF_FF00_0000 | quanta & 0xFF_FFFF
  }
}

extension ByteWriter {
  /// Appends the octets of the first one or two quanta of `value`.
  @inlinable @inline(__always) mutating func append(base64 value: UInt64, quanta: Int) {
    reserve(8)
    unsafe UnsafeMutableRawPointer(storage + byteCount).storeBytes(of: (value &<< 16).bigEndian, as: UInt64.self)
    byteCount &+= 3 &* quanta
  }
}
