/// GitHub Actions' workflow commands: an annotation for each check that did not pass.
package enum GitHubAnnotations {
  package static func text(_ results: [StudentResult], _ reveal: Reveal) -> String {
    let page = FeedbackPage(reveal)
    var lines = ""
    for result in results {
      if let problem = result.problem {
        lines += line("error", file: result.files.first, title: "\(result.exercise) \(result.student)", problem)
      }
      for check in result.checks where check.verdict != .passed {
        let level = check.verdict == .failed ? "error" : "warning"
        let title = "\(check.title) (\(check.points)/\(check.maximumPoints))"
        lines += line(level, file: result.files.first, title: title, page.output(check))
      }
      if result.problem == nil {
        lines += line(
          "notice", file: nil, title: "\(result.exercise) \(result.student)",
          "\(result.points) of \(result.maximumPoints) points")
      }
    }
    return lines
  }
  private static func line(_ level: String, file: String?, title: String, _ message: String) -> String {
    let properties = (file.map { "file=\(property($0)),line=1," } ?? "") + "title=\(property(title))"
    return "::\(level) \(properties)::\(data(message))\n"
  }
  private static func data(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      switch scalar {
      case "%": "%25"
      case "\r": "%0D"
      case "\n": "%0A"
      default: String(scalar)
      }
    }.joined()
  }
  private static func property(_ text: String) -> String {
    data(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
  }
}
