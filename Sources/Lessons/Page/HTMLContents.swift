/// A page's table of contents: a line for each conversation, up to a bound.
package struct HTMLContents: Sendable {
  /// So many lines are kept; nobody looks through more, and a capture may hold a hundred thousand conversations.
  package static let limit = 10_000
  private var rows: [String] = []
  private var count = 0

  package init() {}

  /// Adds the conversation that stands at `anchor`.
  package mutating func append(_ fact: Fact, anchor: String) {
    count += 1
    guard rows.count < Self.limit else { return }
    let frames = fact["frameRange"]?.elements.map(\.shown).joined(separator: "–") ?? ""
    let duration = TextRenderer.duration(fact) ?? ""
    rows.append(
      "<tr><td>\(HTMLRenderer.protocolName(fact))</td>"
        + "<td><a href=\"#\(anchor)\">\(HTMLRenderer.endpoints(fact))</a></td>"
        + "<td>\(HTML.escaped(frames))</td><td>\(HTML.escaped(duration))</td></tr>\n")
  }
  /// The table in pieces, to be written one after the other; none where there is no conversation.
  package func write(anchor: String, to write: (String) -> Void) {
    if rows.isEmpty { return }
    write(
      """
      <nav id="\(anchor)" aria-label="Contents">
      <table>
      <caption>\(count == 1 ? "1 conversation" : "\(count) conversations")</caption>
      <thead><tr><th scope="col">protocol</th><th scope="col">client → server</th><th scope="col">frames</th>\
      <th scope="col">duration</th></tr></thead>
      <tbody>

      """)
    for row in rows { write(row) }
    write("</tbody>\n</table>\n")
    if count > rows.count { write("<p>\(count - rows.count) more have no line here.</p>\n") }
    write("</nav>\n")
  }
}
