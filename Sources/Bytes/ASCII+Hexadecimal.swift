extension ASCII {
  /// The value of a hexadecimal digit in either case, or nil (RFC 5234 appendix B.1, HEXDIG).
  @inlinable @inline(__always) public static func hexadecimalValue(_ octet: UInt8) -> UInt8? {
    if isDigit(octet) { return octet &- 48 }
    let letter = (octet | 0x20) &- 97
    return letter < 6 ? letter &+ 10 : nil
  }
  /// The upper-case digit of the low four bits of `value`.
  @inlinable @inline(__always) public static func hexadecimalDigit(_ value: UInt8) -> UInt8 {
    let low = value & 15
    return low < 10 ? low &+ 48 : low &+ 55
  }
}
