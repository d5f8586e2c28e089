/// Answers as a page of text that is a pleasure to read, in colour where a terminal shows it.
package struct TextRenderer {
  private let usesColor: Bool
  private let sentences = Sentences()

  private final class Sentences {
    var laidOut: [String: String] = [:]
  }
  /// Where the values begin: behind the longest label of the lesson's questions.
  private static let labelWidth = 14
  /// Longer lines are broken at a blank.
  private static let longestLine = 96
  /// Where the frames stand, when a value leaves room.
  private static let valueWidth = 62

  package init(usesColor: Bool) { self.usesColor = usesColor }

  private enum Style: String { case bold = "1", dim = "2", cyan = "36", yellow = "33", green = "32", red = "31" }
  private func styled(_ text: String, _ style: Style) -> String {
    usesColor && !text.isEmpty ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }

  /// One conversation: a heading, then every question with its answer.
  package func conversation(_ fact: Fact, answers: [Answer]) -> String {
    var page = heading(fact) + "\n\n"
    for (index, answer) in answers.enumerated() { page += self.answer(answer, number: index + 1) + "\n" }
    let bare = page
    for remark in ConversationRemark.all(of: fact) { page += self.remark(remark) }
    if let omitted = fact["omitted"]?.integer, omitted > 0 {
      page += "     " + styled(ConversationRemark.leftOut(omitted), .yellow) + "\n"
    }
    return page == bare ? page : page + "\n"
  }
  /// Something unusual; of octets that came twice with different content both versions.
  private func remark(_ remark: ConversationRemark) -> String {
    var page = "     " + styled(padded(remark.label), .yellow) + remark.text
    page += styled("  frame \(remark.frame)", .dim) + "\n"
    if let versions = remark.versions {
      page += "     " + padded("  first") + Printable.line(versions.earlier)
      page += styled("  frame \(versions.earlierFrame)", .dim) + "\n"
      page += "     " + padded("  then") + Printable.line(versions.later) + "\n"
    }
    return page
  }
  private func heading(_ fact: Fact) -> String {
    let name = Self.protocolName(fact)
    let pieces = ["tcp.stream \(fact["stream"]?.shown ?? "?")"] + Self.extent(fact)
    return styled("── \(name) ", .bold) + styled("· " + pieces.joined(separator: " · "), .dim)
  }
  /// What is spoken, as people spell it.
  static func protocolName(_ fact: Fact) -> String {
    ((fact["variant"] ?? fact["protocol"])?.shown ?? "").uppercased()
  }
  /// From which frame to which, how long, and through which VLANs and tunnels.
  package static func extent(_ fact: Fact) -> [String] {
    let frames = fact["frameRange"]?.elements.map(\.shown) ?? []
    var pieces: [String] = []
    if let first = frames.first, let last = frames.last { pieces.append("frames \(first)–\(last)") }
    if let duration = duration(fact) { pieces.append(duration) }
    let path = fact["path"]?.elements.map { Printable.line($0.shown) } ?? []
    if !path.isEmpty { pieces.append("in \(path.joined(separator: ", "))") }
    return pieces
  }
  /// How long it was; nothing where the capture is not in the order of time.
  static func duration(_ fact: Fact) -> String? {
    guard let begin = fact["begin"].flatMap({ Double($0.shown) }), let end = fact["end"].flatMap({ Double($0.shown) }),
      end >= begin
    else {
      return nil
    }
    let tenths = Int(((end - begin) * 10).rounded())
    return tenths < 10 ? "\(Int(((end - begin) * 1000).rounded())) ms" : "\(tenths / 10).\(tenths % 10) s"
  }

  private func answer(_ answer: Answer, number: Int) -> String {
    var page = "  \(styled(String(number), .cyan))  \(styled(answer.question.ask, .bold))\n"
    var previous = ""
    let lines = answer.placedLines
    for (index, line) in lines.enumerated() {
      if line.beginsElement, index > 0, lines[index - 1].label != line.label { page += "\n" }
      // Evidence that is that of the line above is not said again.
      let evidence = line.evidence.spelled
      page += self.line(line, evidence == previous && !line.beginsElement ? "" : evidence)
      if !evidence.isEmpty { previous = evidence }
    }
    if let reason = answer.cannotTell {
      for (index, text) in Self.wrapped("because \(Printable.line(reason))", width: 84).enumerated() {
        page += "     " + styled(padded(index == 0 ? "cannot tell" : ""), .yellow) + text + "\n"
      }
    }
    return page + why("\(answer.question.why) (\(answer.rfc))")
  }
  /// The same few sentences stand under every conversation, so they are laid out once.
  private func why(_ sentence: String) -> String {
    if let laidOut = sentences.laidOut[sentence] { return laidOut }
    var page = ""
    for (index, text) in Self.wrapped(sentence, width: 84).enumerated() {
      page += "     " + styled((index == 0 ? padded("why") : padded("")) + text, .dim) + "\n"
    }
    sentences.laidOut[sentence] = page
    return page
  }
  private func line(_ line: Answer.Line, _ evidence: String) -> String {
    var texts = Printable.lines(line.text).flatMap { Self.broken($0, width: Self.longestLine) }
    while texts.count > 1, texts.last?.allSatisfy({ $0 == " " }) == true { texts.removeLast() }
    var page = ""
    for (index, text) in texts.enumerated() {
      let label = index == 0 ? padded(line.label) : padded("")
      page += "     " + styled(label, .cyan) + styled(text, style(of: line.label, text))
      if index == 0, !evidence.isEmpty {
        page += Columns.blanks(max(2, Self.valueWidth - text.count)) + styled(evidence, .dim)
      }
      page += "\n"
    }
    return page
  }
  private func style(of label: String, _ text: String) -> Style {
    switch label {
    case "password", "user name": .bold
    case "result": text.hasPrefix("refused") ? .red : .green
    default: .green
    }
  }
  private func padded(_ label: String) -> String {
    label + Columns.blanks(max(1, Self.labelWidth - label.count))
  }
  /// A line in pieces of at most `width` where it has blanks to break at; nothing of it is lost but those.
  private static func broken(_ text: String, width: Int) -> [String] {
    var pieces: [String] = []
    var rest = text[...]
    // Only as far as the width is counted: counting the rest each time would take the square of a long line.
    while let end = rest.index(rest.startIndex, offsetBy: width, limitedBy: rest.endIndex), end < rest.endIndex,
      let blank = rest[..<end].lastIndex(of: " "), blank > rest.startIndex
    {
      pieces.append(String(rest[..<blank]))
      rest = rest[rest.index(after: blank)...]
    }
    return pieces + [String(rest)]
  }
  static func wrapped(_ text: String, width: Int) -> [String] {
    var lines = [""]
    for word in text.split(separator: " ") {
      if lines[lines.count - 1].count + word.count + 1 > width { lines.append("") }
      if !lines[lines.count - 1].isEmpty { lines[lines.count - 1] += " " }
      lines[lines.count - 1] += word
    }
    return lines
  }

  /// The last lines of a capture's page.
  /// What is said of a whole capture, a line each; longer ones are broken.
  package func summary(_ lines: [String]) -> String {
    let broken = lines.enumerated().flatMap { index, line in
      index == 0 ? [line] : Self.wrapped(line, width: Self.longestLine)
    }
    return broken.map { styled($0, .dim) + "\n" }.joined()
  }
}
