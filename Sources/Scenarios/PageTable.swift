/// A table of Markdown that is also a table to the eye.
struct PageTable {
  private var rows: [[String]]

  init(_ heading: [String]) { rows = [heading] }
  mutating func append(_ row: [String]) { rows.append(row.map { $0.replacing("|", with: "\\|") }) }

  var text: String {
    let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    func line(_ cells: [String]) -> String {
      "| " + zip(cells, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: " | ")
        + " |\n"
    }
    let rule = "|" + widths.map { String(repeating: "-", count: $0 + 2) }.joined(separator: "|") + "|\n"
    return line(rows.first ?? []) + rule + rows.dropFirst().map(line).joined()
  }
}
