internal import Lessons

/// The result of one student as a page of text, as far as the student may see it.
package struct FeedbackPage {
  private let reveal: Reveal
  private let usesColor: Bool
  private static let width = 92
  private static let labelWidth = 11

  package init(_ reveal: Reveal, usesColor: Bool = false) {
    self.reveal = reveal
    self.usesColor = usesColor
  }
  private enum Style: String { case bold = "1", dim = "2", green = "32", red = "31", yellow = "33", cyan = "36" }
  private func styled(_ text: String, _ style: Style) -> String {
    usesColor && !text.isEmpty ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }

  package func text(_ result: StudentResult, title: String) -> String {
    let name = Printable.line(result.name ?? result.student)
    var page = styled("\(result.exercise) · \(title)", .bold) + styled(" · \(name)", .dim) + "\n"
    if let problem = result.problem {
      return page + "\n" + paragraph(result.isOurFault ? "could not judge" : "nothing judged", problem, .yellow) + "\n"
    }
    page += "\(result.points) of \(result.maximumPoints) points\n"
    for (index, check) in result.checks.enumerated() { page += "\n" + self.check(check, index + 1) }
    return page + runs(result.trials ?? [])
  }
  /// How a program's runs went, where there is something to say.
  private func runs(_ trials: [TrialSummary]) -> String {
    guard reveal > .nothing, !trials.isEmpty else { return "" }
    var page = "\n" + styled("  How the runs went", .bold) + "\n"
    let width = (trials.map(\.id.count).max() ?? 0) + 2
    for trial in trials {
      page += "    \(Self.padded(trial.id, width))\(trial.ending)"
      page += (trial.remark.map { styled("  (\($0))", .yellow) } ?? "") + "\n"
      for (label, lines) in [("it complained", trial.diagnostics), ("it printed", trial.output)] where !lines.isEmpty {
        page += String(repeating: " ", count: width + 4) + styled("\(label):", .dim) + "\n"
        for line in lines { page += String(repeating: " ", count: width + 6) + line + "\n" }
      }
    }
    return page
  }
  /// A check on its own, as other formats show it.
  package func body(_ check: CheckResult) -> String {
    var page = ""
    let feedback = check.feedback.shown(reveal, passed: check.verdict == .passed)
    if check.verdict == .passed {
      if let remark = feedback.reason {
        page += paragraph("note", remark, .yellow) + (feedback.place.map { place($0) } ?? "")
      }
      if !feedback.why.isEmpty { page += paragraph("why", "\(feedback.why) (\(feedback.rfc))", .dim) }
      if let ground = feedback.ground { page += paragraph("judged by", ground, .dim) }
      return page
    }
    if let found = feedback.found { page += paragraph("found", found, .red) }
    if let expected = feedback.expected { page += paragraph("expected", expected, .green) }
    page += caret(feedback)
    if let reason = feedback.reason { page += paragraph("", reason, nil) }
    if let place = feedback.place { page += self.place(place) }
    if !feedback.why.isEmpty { page += paragraph("why", "\(feedback.why) (\(feedback.rfc))", .dim) }
    if let ground = feedback.ground { page += paragraph("judged by", ground, .dim) }
    if let hint = feedback.hint { page += paragraph("hint", hint, .cyan) }
    return page
  }
  private func check(_ check: CheckResult, _ number: Int) -> String {
    let (sign, style): (String, Style) =
      switch check.verdict {
      case .passed: ("✓", .green)
      case .failed: (check.isPartial ? "◐" : "✗", check.isPartial ? .yellow : .red)
      case .notRun: ("–", .dim)
      case .couldNotJudge: ("?", .yellow)
      }
    let points =
      switch check.verdict {
      case .notRun: "not run"
      case .couldNotJudge: "could not judge"
      case .passed, .failed: "\(check.points)/\(check.maximumPoints)"
      }
    let lines = Self.wrapped(check.title, Self.width - 20)
    var page = ""
    for (index, line) in lines.enumerated() {
      let begin = index == 0 ? "  \(styled(sign, style))  \(Self.padded(String(number), 3))" : "        "
      page += begin + styled(line, .bold)
      if index == 0 {
        page += String(repeating: " ", count: max(2, Self.width - 12 - line.count)) + styled(points, style)
      }
      page += "\n"
    }
    return page + body(check).split(separator: "\n").map { "        \($0)\n" }.joined()
  }
  /// A caret under the first letter in which two short texts differ.
  private func caret(_ feedback: Feedback) -> String {
    guard let expected = feedback.expected, let found = feedback.found, expected != found,
      max(expected.count, found.count) <= Self.width - Self.labelWidth
    else { return "" }
    let common = zip(expected, found).prefix { $0 == $1 }.count
    guard common >= 3, common * 2 >= min(expected.count, found.count) else { return "" }
    let place = String(repeating: " ", count: Self.labelWidth + common)
    return place + styled("^ from here on they differ", .yellow) + "\n"
  }
  private func place(_ place: Feedback.Place) -> String {
    let offset =
      place.isInsideTLS == true ? ", inside TLS" : place.excerpt.isEmpty ? "" : ", from octet \(place.offset)"
    var page = paragraph("where", "frame \(place.frame)\(offset)", nil)
    for line in place.excerpt.split(separator: "\n") {
      page += String(repeating: " ", count: Self.labelWidth) + line + "\n"
    }
    return page
  }
  private func paragraph(_ label: String, _ text: String, _ style: Style?) -> String {
    var page = ""
    for (index, line) in Self.wrapped(text, Self.width - Self.labelWidth).enumerated() {
      let shown = style.map { styled(line, $0) } ?? line
      page += styled(Self.padded(index == 0 ? label : "", Self.labelWidth), .dim) + shown + "\n"
    }
    return page
  }
  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }
  private static func wrapped(_ text: String, _ width: Int) -> [String] {
    var lines: [String] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      lines.append("")
      for word in line.split(separator: " ") {
        if !lines[lines.count - 1].isEmpty, lines[lines.count - 1].count + word.count + 1 > width { lines.append("") }
        if !lines[lines.count - 1].isEmpty { lines[lines.count - 1] += " " }
        lines[lines.count - 1] += word
      }
    }
    return lines
  }
}
