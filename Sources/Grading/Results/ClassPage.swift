internal import Lessons

/// The class as one page of HTML: who passed what, what was hardest, whose answers are another's, whom to look at. It runs
/// no program and asks nothing of the network.
package struct ClassPage {
  private let summary: ClassSummary
  private var results: [StudentResult] { summary.results }

  package init(_ summary: ClassSummary) { self.summary = summary }

  package var text: String {
    let exercise = summary.exercise
    return """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(Self.escaped("\(exercise.id) · \(exercise.title)"))</title>
      <style>\(Self.style)</style></head><body>
      <h1>\(Self.escaped("\(exercise.id) · \(exercise.title)"))</h1>
      \(figures)
      \(attention)
      \(shared)
      \(missing)
      <h2>Hardest first</h2>
      \(difficulties)
      <h2>Who passed what</h2>
      \(table)
      </body></html>

      """
  }
  private var figures: String {
    let maximum = summary.exercise.maximumPoints
    var figures = [("submissions", "\(results.count)"), ("passed everything", "\(summary.passed)")]
    if let median = summary.median { figures.append(("median\(summary.medianOf), of \(maximum) points", "\(median)")) }
    if !summary.missing.isEmpty { figures.append(("nothing handed in", "\(summary.missing.count)")) }
    if summary.unjudged > 0 { figures.append(("could not be judged", "\(summary.unjudged)")) }
    return "<p class=\"figures\">" + figures.map { "<span><b>\($0.1)</b> \($0.0)</span>" }.joined(separator: " ")
      + "</p>"
  }
  private var attention: String {
    let rows = summary.attention.map { result, reason in
      "<tr><th scope=\"row\">\(Self.escaped(name(result)))</th><td>\(result.points)</td><td>\(Self.escaped(reason))</td></tr>"
    }
    return rows.isEmpty
      ? ""
      : "<h2>To look at</h2><table class=\"people\"><tr><th>student</th><th>points</th><th>why</th></tr>\(rows.joined(separator: "\n"))</table>"
  }
  private var shared: String {
    let rows = summary.shared.map { student, note in
      "<tr><th scope=\"row\">\(Self.escaped(name(student)))</th><td>\(Self.escaped(name(note.other)))</td>"
        + "<td>\(Self.escaped(title(note.check ?? "")))</td></tr>"
    }
    return rows.isEmpty
      ? ""
      : "<h2>Answers that are another student's</h2><p>Right in one other capture only, and wrong in their own.</p>"
        + "<table class=\"people\"><tr><th>answered by</th><th>right for</th><th>question</th></tr>\(rows.joined(separator: "\n"))</table>"
  }
  private var missing: String {
    let names = summary.missing.map { $0.name == $0.id ? $0.id : "\($0.name) (\($0.id))" }
    return names.isEmpty ? "" : "<h2>Nothing handed in</h2><p>\(Self.escaped(names.joined(separator: ", ")))</p>"
  }
  private var difficulties: String {
    let rows = summary.difficulties.map { difficulty in
      let percent = Int((difficulty.share * 100).rounded())
      return
        "<tr><th scope=\"row\">\(Self.escaped(difficulty.title))</th><td>\(difficulty.passed) of \(difficulty.judged)</td>"
        + "<td><meter min=\"0\" max=\"100\" value=\"\(percent)\">\(percent) %</meter></td>"
        + "<td>\(difficulty.partly == 0 ? "" : "\(difficulty.partly) partly")</td></tr>"
    }
    return "<table class=\"hard\">\(rows.joined(separator: "\n"))</table>"
  }
  private var table: String {
    var heading = "<tr><th>student</th><th>points</th>"
    for (index, check) in summary.exercise.checks.enumerated() {
      heading += "<th title=\"\(Self.escaped(check.title))\">\(index + 1)</th>"
    }
    let rows = results.map { result in
      var row = "<tr><th scope=\"row\">\(Self.escaped(name(result)))</th><td>\(result.points)</td>"
      for check in summary.exercise.checks { row += cell(result.checks.first { $0.id == check.id }) }
      return row + "</tr>"
    }
    let legend = summary.exercise.checks.enumerated().map { "<li>\(Self.escaped($0.element.title))</li>" }.joined()
    return "<table class=\"grid\">\(heading)</tr>\n\(rows.joined(separator: "\n"))</table><ol>\(legend)</ol>"
  }
  private func cell(_ check: CheckResult?) -> String {
    guard let check else { return "<td class=\"none\"></td>" }
    let (style, sign) =
      switch check.verdict {
      case .passed: ("passed", "✓")
      case .failed: check.isPartial ? ("partly", "\(check.points)/\(check.maximumPoints)") : ("failed", "✗")
      case .notRun: ("none", "–")
      case .couldNotJudge: ("unjudged", "?")
      }
    let found = check.feedback.found.map { "found: \($0)" } ?? check.verdict.rawValue
    return "<td class=\"\(style)\" title=\"\(Self.escaped(found))\">\(sign)</td>"
  }
  private func name(_ id: String) -> String {
    if let result = results.first(where: { $0.student == id }) { return name(result) }
    return summary.missing.first { $0.id == id }.map { "\($0.name) (\($0.id))" } ?? id
  }
  /// `3. AUTH LOGIN: the password, decoded`
  private func title(_ check: String) -> String {
    guard let index = summary.exercise.checks.firstIndex(where: { $0.id == check }) else { return check }
    return "\(index + 1). \(summary.exercise.checks[index].title)"
  }
  private func name(_ result: StudentResult) -> String {
    guard let name = result.name, name != result.student else { return result.student }
    return "\(name) (\(result.student))"
  }
  private static let style = """
    body{font:16px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1c2430;background:#fff}
    h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}
    .figures span{display:inline-block;margin-right:2rem}.figures b{font-size:1.6rem}
    table{border-collapse:collapse}th,td{padding:.25rem .6rem;text-align:left;border-bottom:1px solid #dde3ea;font-weight:400}
    th[scope=row]{font-weight:600;overflow-wrap:anywhere}
    .hard td{white-space:nowrap}:root{color-scheme:light dark}@media(min-width:50rem){.people th[scope=row]{min-width:14rem}}.grid td{text-align:center}
    .passed{background:#dff3e4}.partly{background:#fdf1cf}.failed{background:#fbdfdc}.unjudged{background:#e6e0f7}.none{color:#7a8594}
    @media(prefers-color-scheme:dark){body{background:#14181d;color:#dfe5ec}th,td{border-color:#333c46}
    .passed{background:#1d4028}.partly{background:#4a3d12}.failed{background:#4d2320}.unjudged{background:#352a56}}
    """
  /// For text and for attributes; what would steer the page is spelled out.
  static func escaped(_ text: String) -> String { JUnitReport.escaped(Printable.line(text)) }
}
