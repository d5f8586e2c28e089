// The standard library composes characters for its own comparisons; outside Foundation there is no other door to it.
@_spi(_Unicode) private import Swift

/// Text as Net-Unicode has it (RFC 5198 §3): in normalization form C.
///
///     u ¨   →   ü
enum NetUnicode {
  static func normalized(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 128 }) { return text }
    return String(String.UnicodeScalarView(text._nfc))
  }
}
