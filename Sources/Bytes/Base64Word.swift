/// Eight octets of base64 looked at together in one register.
@usableFromInline struct Base64Word {
  @usableFromInline var octets: UInt64

  @inlinable @inline(__always) init(_ span: Span<UInt8>, at offset: Int) {
    precondition(offset >= 0 && span.count &- offset >= Base64Word.octetCount)
    octets = span.nativeUInt64(at: offset).littleEndian
  }
  /// The four octets at `offset`, and four more that mean nothing.
  @inlinable @inline(__always) init(quantumOf span: Span<UInt8>, at offset: Int) {
    precondition(offset >= 0 && span.count &- offset >= 4)
    octets = UInt64(span.nativeUInt32(at: offset)).littleEndian | 0x4141_4141_0000_0000
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
