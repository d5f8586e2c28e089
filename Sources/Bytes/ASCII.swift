/// ASCII octets and their classes, as the mail grammars use them (RFC 5234 appendix B.1).
public enum ASCII {
  @inlinable @inline(__always) public static var tab: UInt8 { 9 }
  @inlinable @inline(__always) public static var lineFeed: UInt8 { 10 }
  @inlinable @inline(__always) public static var carriageReturn: UInt8 { 13 }
  @inlinable @inline(__always) public static var space: UInt8 { 32 }
  @inlinable @inline(__always) public static var dot: UInt8 { 46 }

  /// The lower-case form of an ASCII letter; any other octet as it is.
  @inlinable @inline(__always) public static func lowercased(_ octet: UInt8) -> UInt8 {
    octet &- 65 < 26 ? octet | 0x20 : octet
  }
  /// Space or tab.
  @inlinable @inline(__always) public static func isBlank(_ octet: UInt8) -> Bool { octet == 32 || octet == 9 }
  @inlinable @inline(__always) public static func isDigit(_ octet: UInt8) -> Bool { octet &- 48 < 10 }
  @inlinable @inline(__always) public static func isLetter(_ octet: UInt8) -> Bool { (octet | 0x20) &- 97 < 26 }
  /// Visible ASCII and space.
  @inlinable @inline(__always) public static func isPrintable(_ octet: UInt8) -> Bool { octet &- 32 < 95 }
}
