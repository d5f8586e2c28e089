/// A display filter as Wireshark spells it, as far as an answer needs one: comparisons of fields, joined by `&&` or by
/// `||`.
///
///     smtp.req.command == "AUTH"
///     tcp.flags.syn == 1 && tcp.flags.ack == 0 && tcp.stream eq 0
package struct DisplayFilter: Equatable, Sendable {
  private enum Operator: Equatable { case equals, differs, contains, isThere }
  private struct Comparison: Equatable {
    var field: String
    var test: Operator
    var value: String
  }
  /// Of these groups one must hold, and of a group all.
  private var groups: [[Comparison]] = []

  /// nil when it holds what is not understood here.
  package init?(_ text: String) {
    guard !text.contains("("), text.utf8.count <= GradingLimits.answerByteCount else { return nil }
    for group in Self.split(text, at: ["||", " or "]) {
      var comparisons: [Comparison] = []
      for part in Self.split(group, at: ["&&", " and "]) {
        guard let comparison = Self.comparison(part.trimmingBlanks) else { return nil }
        comparisons.append(comparison)
      }
      groups.append(comparisons)
    }
  }
  /// Parts a text where a word stands outside quotes.
  private static func split(_ text: String, at words: [String]) -> [String] {
    var parts = [""]
    var isQuoted = false
    var rest = text[...]
    while let character = rest.first {
      if character == "\"" { isQuoted.toggle() }
      if !isQuoted, let word = words.first(where: { rest.lowercased().hasPrefix($0) }) {
        parts.append("")
        rest = rest.dropFirst(word.count)
        continue
      }
      parts[parts.count - 1].append(character)
      rest = rest.dropFirst()
    }
    return parts
  }
  private static func comparison(_ text: String) -> Comparison? {
    for (word, test) in [
      ("==", Operator.equals), ("!=", .differs), (" eq ", .equals), (" ne ", .differs), (" contains ", .contains),
    ] {
      guard let place = text.firstRange(of: word) else { continue }
      let field = text[..<place.lowerBound].trimmingBlanks.lowercased()
      var value = text[place.upperBound...].trimmingBlanks
      if value.count >= 2, value.hasPrefix("\""), value.hasSuffix("\"") { value = String(value.dropFirst().dropLast()) }
      guard FrameTable.fields.contains(field), !value.isEmpty else { return nil }
      return Comparison(field: field, test: test, value: value)
    }
    let field = text.lowercased()
    return FrameTable.fields.contains(field) ? Comparison(field: field, test: .isThere, value: "") : nil
  }
  /// The frames that it finds.
  package func frames(in table: FrameTable) -> [Int] {
    table.rows.filter { row in groups.contains { group in group.allSatisfy { Self.holds($0, row) } } }.map(\.frame)
  }
  private static func holds(_ comparison: Comparison, _ row: FrameTable.Row) -> Bool {
    let values = row.values(of: comparison.field)
    switch comparison.test {
    case .isThere: return !values.isEmpty
    case .equals: return values.contains { isSame($0, comparison.value) }
    case .differs: return !values.isEmpty && !values.contains { isSame($0, comparison.value) }
    case .contains:
      // Of a protocol the octets are meant that it has in the packet.
      guard FrameTable.protocols.contains(comparison.field) else {
        return values.contains { $0.contains(comparison.value) }
      }
      return !values.isEmpty && row.payload.firstRange(of: Array(comparison.value.utf8)) != nil
    }
  }
  private static func isSame(_ a: String, _ b: String) -> Bool {
    let number = b.lowercased() == "true" ? "1" : b.lowercased() == "false" ? "0" : b
    return a == b || a == number
  }
}
