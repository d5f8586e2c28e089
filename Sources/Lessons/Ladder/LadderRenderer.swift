package import Dialogues

/// A dialogue as a ladder: two hosts, and between them what they say to each other, line by line.
///
///           ms  frame  client 127.0.0.2:34271                 server 127.0.0.3:587
///          0.5      4  ◀─ 220 mail.someschool.example ESMTP ─────────────────────┤
///                      │  the server greets: it is ready (RFC 5321 §4.3.1)       │
package struct LadderRenderer {
  package struct Look {
    /// Columns of the page.
    package var width: Int
    package var usesColor: Bool
    /// Long lines and the beginnings of messages' texts are shown.
    package var isFull: Bool
    /// What TCP does is shown.
    package var showsTransport: Bool

    package init(width: Int = 80, usesColor: Bool = false, isFull: Bool = false, showsTransport: Bool = false) {
      self.width = min(max(width, Self.narrowest), Self.widest)
      self.usesColor = usesColor
      self.isFull = isFull
      self.showsTransport = showsTransport
    }
    /// Narrower, nothing fits; wider, nobody can follow a line.
    private static var narrowest: Int { 60 }
    private static var widest: Int { 132 }
  }
  private let look: Look
  /// The time and the frame stand before the ladder.
  private static let marginWidth = 17
  /// Rows of one line that are shown unless the page is to be full.
  private static let rowLimit = 3
  /// Where the meanings of a reply's further lines stand, if both fit.
  private static let besideWidth = 25

  package init(_ look: Look) { self.look = look }

  /// Columns between the two rails.
  private var innerWidth: Int { look.width - Self.marginWidth - 2 }
  private var textWidth: Int { innerWidth - 4 }

  private enum Style: String { case bold = "1", dim = "2", cyan = "36", yellow = "33", green = "32", red = "31" }
  private func styled(_ text: String, _ style: Style) -> String {
    look.usesColor && !text.isEmpty ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }

  // MARK: Headings

  /// What stands over a ladder; `remarks` follow the protocol and the stream.
  package func heading(_ scene: Scene, remarks: [String] = []) -> String {
    let pieces = ["tcp.stream \(scene.stream)"] + remarks
    let client = "client \(Self.place(scene.clientAddress, scene.clientPort))"
    let server = "server \(Self.place(scene.serverAddress, scene.serverPort))"
    let title = styled("── \("\(scene.dissected.name)".uppercased()) ", .bold)
    let room = innerWidth + 2 - client.count
    let margin = "      ms  frame  "
    var page = title + styled("· " + pieces.joined(separator: " · "), .dim) + "\n\n"
    if room > server.count {
      page +=
        styled(margin, .dim) + styled(client, .cyan) + Columns.blanks(room - server.count) + styled(server, .green)
    } else {
      // Long IPv6 addresses stand on two lines.
      page += Columns.blanks(Self.marginWidth) + styled(client, .cyan) + "\n"
      page += styled(margin, .dim) + Columns.blanks(innerWidth + 2 - server.count) + styled(server, .green)
    }
    return page + "\n"
  }

  /// `192.0.2.1:25`, `[2001:db8::1]:25`
  private static func place(_ address: String, _ port: Int) -> String {
    address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)"
  }

  // MARK: Rungs

  /// Whether this ladder shows steps of this kind.
  func shows(_ step: Step) -> Bool { look.showsTransport || !step.isTransport }

  /// A step in its rows; nothing for a step that this ladder leaves out.
  package func rows(_ step: Step) -> String {
    if !shows(step) { return "" }
    guard let rung = Rung(step, isFull: look.isFull) else { return "" }
    let margin = rung.isContinuation ? Columns.blanks(Self.marginWidth) : Self.margin(step)
    var texts = Columns.broken(rung.text, width: textWidth)
    if !look.isFull, texts.count > Self.rowLimit {
      texts = Array(texts.prefix(Self.rowLimit))
      texts[Self.rowLimit - 1] = String(texts[Self.rowLimit - 1].dropLast(2)) + " …"
    }
    var notes = rung.notes[...]
    var page = ""
    for (index, text) in texts.enumerated() {
      page += index == 0 ? styled(margin, .dim) : Columns.blanks(Self.marginWidth)
      if index == 0, !rung.isContinuation, rung.look != .remark {
        page += arrow(text, rung)
      } else if texts.count == 1, let meaning = beside(rung) {
        page += between(text + Columns.blanks(Self.besideWidth - Columns.count(text)), meaning, rung)
        notes = []
      } else {
        page += between(text, "", rung)
      }
      page += "\n"
    }
    for note in notes { page += rows(note) }
    return page
  }
  /// What stands beside a reply's further line instead of beneath it: its meaning, without the RFC where that is too long.
  private func beside(_ rung: Rung) -> String? {
    guard rung.isContinuation, rung.notes.count == 1, let meaning = rung.meaning,
      Columns.count(rung.text) < Self.besideWidth
    else { return nil }
    return [meaning.sentence, meaning.words].first { Columns.count($0) <= textWidth + 2 - Self.besideWidth }
  }
  /// `◀─ text ────┤` or `├─ text ────▶`
  private func arrow(_ text: String, _ rung: Rung) -> String {
    let dash = rung.look == .transport ? "╌" : "─"
    let rest = Columns.dashes(max(1, innerWidth - Columns.count(text) - 3), ofTransport: rung.look == .transport)
    let style: Style = rung.isFromClient ? .cyan : .green
    return styled((rung.isFromClient ? "├" : "◀") + dash + " ", style) + styled(text, self.style(of: rung))
      + styled(" " + rest + (rung.isFromClient ? "▶" : "┤"), style)
  }
  /// A row without an arrow.
  private func between(_ text: String, _ meaning: String, _ rung: Rung) -> String {
    let room = max(0, textWidth - Columns.count(text) - Columns.count(meaning) + 2)
    return styled("│", .dim) + "  " + styled(text, style(of: rung)) + styled(meaning, .dim) + Columns.blanks(room)
      + styled("│", .dim)
  }
  private func rows(_ note: Rung.Note) -> String {
    let mark = note.kind == .decoded ? "= " : "  "
    let texts =
      note.kind == .meaning
      ? Columns.broken(sentence: note.text, width: textWidth) : Columns.broken(note.text, width: textWidth)
    return texts.enumerated().map { index, text in
      let room = max(0, textWidth - Columns.count(text))
      return Columns.blanks(Self.marginWidth) + styled("│", .dim) + "  " + styled(index == 0 ? mark : "  ", .yellow)
        + styled(text, note.kind == .decoded ? .bold : .dim) + Columns.blanks(room) + styled("│", .dim) + "\n"
    }.joined()
  }
  private func style(of rung: Rung) -> Style {
    switch rung.look {
    case .client: .cyan
    case .server: rung.isRefusal ? .red : .green
    case .transport: .dim
    case .remark: .yellow
    }
  }

  // MARK: The margin

  /// The time in milliseconds and the frame.
  private static func margin(_ step: Step) -> String {
    let time = milliseconds(step.nanoseconds)
    let frame = String(step.frame)
    return Columns.blanks(8 - time.count) + time + " " + Columns.blanks(6 - frame.count) + frame + "  "
  }
  /// `12.3`; beyond 100 s in seconds.
  static func milliseconds(_ nanoseconds: Int64) -> String {
    let tenths = (min(max(0, nanoseconds), Int64.max - 50_000) + 50_000) / 100_000
    return tenths < 1_000_000 ? "\(tenths / 10).\(tenths % 10)" : "\(tenths / 10_000) s"
  }
}
