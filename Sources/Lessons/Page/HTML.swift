/// Text from a packet on its way into a page: the one place where it is escaped.
enum HTML {
  /// For text and for values of attributes in quotes. What would act on the reader instead of being read is spelled out
  /// as on a terminal (`Printable`), and what would be markup is not.
  static func escaped(_ text: String) -> String { replaced(Printable.line(text)) }
  /// Several lines for `pre`.
  static func escapedLines(_ lines: some Sequence<String>) -> String { lines.map(replaced).joined(separator: "\n") }

  private static func replaced(_ shown: String) -> String {
    if shown.utf8.allSatisfy({ $0 < 0x80 && !special.contains($0) }) { return shown }
    var page = ""
    for scalar in shown.unicodeScalars {
      switch scalar {
      case "&": page += "&amp;"
      case "<": page += "&lt;"
      case ">": page += "&gt;"
      case "\"": page += "&quot;"
      case "'": page += "&#39;"
      // Neither is a character, and a page that is to be XML as well must not hold them.
      case "\u{FFFE}", "\u{FFFF}": page += "\\u{\(String(scalar.value, radix: 16))}"
      default: page.unicodeScalars.append(scalar)
      }
    }
    return page
  }
  private static let special = Set("&<>\"'".utf8)
}
