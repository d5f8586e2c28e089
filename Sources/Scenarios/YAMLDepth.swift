/// How deep lists and maps of a YAML text may lie in one another. The parser calls itself for each level, so a text that
/// somebody has made for it would end the program; ours has six.
enum YAMLDepth {
  static let limit = 64

  /// Whether a text is surely not too deep, judged generously: brackets within quotes count, too.
  static func isBounded(_ text: String) -> Bool {
    var brackets = 0
    // The columns in which blocks begin, outermost first.
    var columns: [Int] = []
    for line in text.utf8.split(separator: 10, omittingEmptySubsequences: true) {
      var column = 0
      var begins = true
      for octet in line {
        switch octet {
        case UInt8(ascii: "["), UInt8(ascii: "{"): brackets += 1
        case UInt8(ascii: "]"), UInt8(ascii: "}"): brackets = max(0, brackets - 1)
        default: break
        }
        if brackets > limit { return false }
        // `- - ? x` begins a block at each of its signs.
        if begins, octet != 32 {
          while let last = columns.last, last >= column { columns.removeLast() }
          columns.append(column)
          if columns.count > limit { return false }
          begins = octet == UInt8(ascii: "-") || octet == UInt8(ascii: "?")
        }
        column += 1
      }
    }
    return true
  }
}
