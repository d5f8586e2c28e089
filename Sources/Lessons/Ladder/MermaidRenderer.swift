package import Dialogues

/// Dialogues as one Mermaid sequence diagram, which many web pages and Markdown viewers draw: a participant for every
/// host, and the conversations one below the other.
///
///     sequenceDiagram
///       participant H1 as 127.0.0.2
///       participant H2 as 127.0.0.3
///       Note over H1,H2: SMTP, tcp.stream 0, to port 587
///       H2->>H1: 220 mail.someschool.example ESMTP
package struct MermaidRenderer {
  private let isFull: Bool
  private let showsTransport: Bool
  /// The hosts so far, and how many: their numbers are their names. Copies share them, so that none copies them.
  private final class Hosts {
    var numbers: [String: Int] = [:]
    var count = 0
  }
  private let hosts = Hosts()
  /// Hosts that are known again. No page draws as many; where a scan of the whole network is in the capture, all that
  /// come later are new ones.
  private static let hostLimit = 1 << 16
  /// A diagram gets no wider by a long line, and a note is broken there.
  private static let longestLine = 72
  private static let noteWidth = 44

  package init(isFull: Bool, showsTransport: Bool) {
    self.isFull = isFull
    self.showsTransport = showsTransport
  }
  /// Whether a step is drawn.
  func shows(_ step: Step) -> Bool { showsTransport || !step.isTransport }

  /// The part of the diagram that is this conversation; the first has the diagram's own beginning.
  package func diagram(_ scene: Scene, _ steps: [Step]) -> String {
    var diagram = ""
    draw(scene, steps, remarks: []) { diagram += $0 }
    return diagram
  }
  /// Writes the same line by line, `remarks` below it.
  func draw(_ scene: Scene, _ steps: [Step], remarks: [String], write: (String) -> Void) {
    if hosts.count == 0 { write("sequenceDiagram\n") }
    // Where one host talks to itself, there are two of it.
    let isOneHost = scene.clientAddress == scene.serverAddress
    let client = participant(scene.clientAddress + (isOneHost ? " (client)" : ""), write)
    let server = participant(scene.serverAddress + (isOneHost ? " (server)" : ""), write)
    let name = "\(scene.dissected.name)".uppercased()
    func note(_ text: String) { write("  Note over \(client),\(server): \(text)\n") }
    note("\(name), tcp.stream \(scene.stream), to port \(scene.serverPort)")
    var further: [String] = []
    func flush() {
      if !further.isEmpty { note(further.joined(separator: "<br/>")) }
      further.removeAll()
    }
    for step in steps where shows(step) {
      guard let rung = Rung(step, isFull: isFull) else { continue }
      if rung.isContinuation {
        // The further lines of a reply stand in one note, not in twelve arrows.
        further.append(Self.escaped(Self.cut(rung.text)))
        further += rung.notes.filter { $0.kind == .decoded }.flatMap(Self.lines)
      } else {
        flush()
        let (from, to) = rung.isFromClient ? (client, server) : (server, client)
        for line in Self.lines(rung, from: from, to: to) { write(line + "\n") }
      }
    }
    flush()
    for remark in remarks { note(Self.escaped(remark)) }
  }
  /// A host's name in the diagram, declared where it is new.
  private func participant(_ host: String, _ write: (String) -> Void) -> String {
    if let known = hosts.numbers[host] { return "H\(known)" }
    hosts.count += 1
    if hosts.numbers.count < Self.hostLimit { hosts.numbers[host] = hosts.count }
    write("  participant H\(hosts.count) as \(Self.escaped(host))\n")
    return "H\(hosts.count)"
  }
  private static func lines(_ rung: Rung, from: String, to: String) -> [String] {
    let text = escaped(cut(rung.text))
    if rung.look == .remark { return ["  Note over \(from),\(to): \(text)"] }
    let arrow = rung.look == .transport ? "-->>" : "->>"
    let notes = rung.notes.flatMap(lines)
    return ["  \(from)\(arrow)\(to): \(text)"]
      + (notes.isEmpty ? [] : ["  Note over \(from),\(to): " + notes.joined(separator: "<br/>")])
  }
  private static func lines(_ note: Rung.Note) -> [String] {
    note.kind == .decoded
      ? [escaped(cut("= \(note.text)"))] : Columns.broken(sentence: note.text, width: noteWidth).map(escaped)
  }
  private static func cut(_ text: String) -> String {
    text.count <= longestLine ? text : text.prefix(longestLine - 1) + "…"
  }
  /// Whatever Mermaid, or the page that it draws on, would take for more than a letter is written as its number.
  static func escaped(_ text: String) -> String {
    var written = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      // Mermaid strips a semicolon from lines with these words, wherever they stand.
      case "e" where written.hasSuffix("styl"):
        written.removeLast(4)
        written += "#115;tyle"
      case "f" where written.hasSuffix("classDe"):
        written.removeLast(7)
        written += "#99;lassDef"
      case "a"..."z", "A"..."Z", "0"..."9", " ", ".", ",", "-", "+", "=", "/", "@", "(", ")", "?", "!", "'":
        written.unicodeScalars.append(scalar)
      // `wrap:` and `nowrap:` at the beginning command Mermaid.
      case ":" where !written.hasSuffix("wrap"): written.unicodeScalars.append(scalar)
      case _ where scalar.value > 0xA0: written.unicodeScalars.append(scalar)
      default: written += "#\(scalar.value);"
      }
    }
    // A text of nothing would be no text.
    return written.isEmpty ? "#32;" : written
  }
}
