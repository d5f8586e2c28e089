package import Bytes

/// JSON as it is written by hand (RFC 8259): nothing from a packet leaves unescaped, and what would command a terminal
/// (C0, C1, bidirectional controls) leaves as `\u` escapes.
extension ByteWriter {
  /// A string in quotes. Octets that are no UTF-8 are taken as Latin-1.
  package mutating func append(json octets: Span<UInt8>) {
    append(UInt8(ascii: "\""))
    var start = 0
    var index = 0
    while index < octets.count {
      while index &+ 8 <= octets.count, Self.isPlain(octets.nativeUInt64(at: index)) { index &+= 8 }
      if index == octets.count { break }
      let octet = octets[index]
      if octet &- 32 < 95, octet != UInt8(ascii: "\""), octet != UInt8(ascii: "\\") {
        index &+= 1
        continue
      }
      append(octets.extracting(start..<index))
      if octet >= 0x80 {
        append(jsonScalars: octets.extracting(index...).text())
        append(UInt8(ascii: "\""))
        return
      }
      append(jsonEscaped: octet)
      index &+= 1
      start = index
    }
    append(octets.extracting(start..<index))
    append(UInt8(ascii: "\""))
  }
  /// Whether eight octets are all printable ASCII but quotes and backslashes, seen eight at a time: in each octet the high
  /// bit of the sums below tells of one that is not.
  @inline(__always) private static func isPlain(_ word: UInt64) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highs = ones << 7
    let quotes = word ^ (ones &* 0x22)
    let backslashes = word ^ (ones &* 0x5C)
    let controls = (word &- ones &* 0x20) & ~word
    let found = controls | ((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes) | word | (word &+ ones)
    return found & highs == 0
  }
  /// A string in quotes.
  package mutating func append(json text: String) {
    append(UInt8(ascii: "\""))
    append(jsonScalars: text)
    append(UInt8(ascii: "\""))
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
