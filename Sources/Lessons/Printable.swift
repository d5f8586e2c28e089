internal import Bytes
internal import Dialogues

/// Text from a packet on its way to a terminal or a page of text: whatever would act instead of being read is spelled out.
package enum Printable {
  /// One line: line ends become `⏎`, controls `\x1b`.
  package static func line(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 >= 32 && $0 < 127 }) { return text }
    if text.utf8.allSatisfy({ $0 >= 32 && $0 < 127 || $0 == ASCII.carriageReturn }) {
      return String(decoding: text.utf8.filter { $0 != ASCII.carriageReturn }, as: UTF8.self)
    }
    var shown = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\r": continue
      case "\n": shown += "⏎"
      case "\t": shown += "    "
      default: append(scalar, to: &shown)
      }
    }
    return shown
  }
  /// Several lines; nothing but the line ends is left to act.
  package static func lines(_ text: String) -> [String] {
    if text.utf8.allSatisfy({ $0 >= 32 && $0 < 127 }) { return [text] }
    // A Character would hold CR and LF together, so lines are parted octet by octet.
    return text.utf8.split(separator: ASCII.lineFeed, omittingEmptySubsequences: false).map {
      line(String(Substring($0)))
    }
  }
  private static func append(_ scalar: Unicode.Scalar, to shown: inout String) {
    guard Unprintable.contains(scalar) else { return shown.unicodeScalars.append(scalar) }
    let digits = String(scalar.value, radix: 16)
    shown += scalar.value < 256 ? "\\x" + (digits.count < 2 ? "0" : "") + digits : "\\u{\(digits)}"
  }
}
