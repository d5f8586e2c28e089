package import Bytes

/// JSON as it is written by hand (RFC 8259): nothing from a packet leaves unescaped, and what would command a terminal
/// (C0, C1, bidirectional controls) leaves as `\u` escapes.
extension ByteWriter {
  /// A string in quotes. Octets that are no UTF-8 are taken as Latin-1.
  package mutating func append(json octets: Span<UInt8>) {
    let end = append(quoting: octets)
    if end < octets.count { _ = append(jsonRest: octets, from: end, onlyASCII: false) }
  }
  /// A string in quotes, if it is ASCII throughout and announces no other charset by an escape octet (ISO 2022); else
  /// nothing, and false.
  package mutating func append(jsonOfASCII octets: Span<UInt8>) -> Bool {
    let before = count
    let end = append(quoting: octets)
    if end == octets.count || append(jsonRest: octets, from: end, onlyASCII: true) { return true }
    truncate(to: before)
    return false
  }
  /// The rest of a string, from an octet that has no short escape, and the closing quote; false when that is not ASCII,
  /// or announces that it is not, and it must be.
  @inline(never)
  private mutating func append(jsonRest octets: Span<UInt8>, from start: Int, onlyASCII: Bool) -> Bool {
    var index = start
    while index < octets.count {
      if onlyASCII, octets[index] >= 0x80 || octets[index] == 27 { return false }
      if octets[index] >= 0x80 {
        append(jsonScalars: octets.extracting(index...).text())
        break
      }
      append(unicodeEscape: UInt32(octets[index]))
      index = append(escaping: octets, from: index + 1)
    }
    append(UInt8(ascii: "\""))
    return true
  }
  /// A string in quotes.
  package mutating func append(json text: String) {
    append(UInt8(ascii: "\""))
    append(jsonScalars: text)
    append(UInt8(ascii: "\""))
  }
  package mutating func append(json isTrue: Bool) {
    if isTrue { append("true") } else { append("false") }
  }
  /// `"name":`
  @inline(__always) package mutating func append(key: StaticString) {
    append(UInt8(ascii: "\""))
    append(key)
    append("\":")
  }
  private mutating func append(jsonEscaped octet: UInt8) {
    switch octet {
    case UInt8(ascii: "\""): append("\\\"")
    case UInt8(ascii: "\\"): append("\\\\")
    case 9: append("\\t")
    case 10: append("\\n")
    case 13: append("\\r")
    default: append(unicodeEscape: UInt32(octet))
    }
  }
  private mutating func append(unicodeEscape value: UInt32) {
    append("\\u")
    for shift: UInt32 in [12, 8, 4, 0] {
      append(hexadecimalDigit: UInt8(truncatingIfNeeded: value >> shift & 15))
    }
  }
  private mutating func append(jsonScalars text: String) {
    for scalar in text.unicodeScalars {
      let value = scalar.value
      if value < 32 || value == 34 || value == 92 {
        append(jsonEscaped: UInt8(value))
      } else if value < 127 {
        append(UInt8(value))
      } else if Unprintable.contains(scalar) {
        if value < 0x10000 { append(unicodeEscape: value) } else { append("\\ufffd") }
      } else {
        for octet in scalar.utf8 { append(octet) }
      }
    }
  }
}

/// Scalars that act on a terminal or a reader instead of being read: C0, C1, bidirectional and other format controls.
package enum Unprintable {
  package static func contains(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<32, 127..<160, 0xAD, 0x061C, 0x180E, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF,
      0xFFF9...0xFFFB, 0xE0000...0xE0FFF:
      true
    default: false
    }
  }
}
