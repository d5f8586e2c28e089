internal import Lessons

/// The class as a page of text.
package enum ClassText {
  package static func text(_ summary: ClassSummary) -> String {
    let results = summary.results
    let count = results.count == 1 ? "1 submission" : "\(results.count) submissions"
    var page = "\(summary.exercise.id) · \(summary.exercise.title) · \(count)\n\n"
    let names = results.map(\.student) + summary.missing.map(\.id)
    let width = min(28, max(8, names.map { Printable.line($0).count }.max() ?? 8))
    for result in results {
      let points = "\(result.points)/\(summary.exercise.maximumPoints)"
      page += "  \(padded(Printable.line(result.student), width))  \(padded(points, 7))  \(words(result))\n"
    }
    page += "\n  passed   \(summary.passed) of \(results.count)"
    if let median = summary.median {
      page += "; the median\(summary.medianOf) is \(median) of \(summary.exercise.maximumPoints) points"
    }
    page += "\n"
    let hard = summary.difficulties.filter { $0.passed < $0.judged }.prefix(3)
    for (index, difficulty) in hard.enumerated() {
      page +=
        "  \(padded(index == 0 ? "hardest" : "", 8)) \(difficulty.title): right for \(difficulty.passed) of \(difficulty.judged)\n"
    }
    let attention = summary.attention
    if !attention.isEmpty { page += "\nTo look at\n" }
    for (result, reason) in attention {
      page += "  \(padded(Printable.line(result.student), width))  \(Printable.line(reason))\n"
    }
    if !summary.missing.isEmpty {
      page += "\nNothing handed in\n"
      for student in summary.missing {
        page += "  \(padded(Printable.line(student.id), width))  \(Printable.line(student.name))\n"
      }
    }
    return page
  }
  private static func words(_ result: StudentResult) -> String {
    if result.problem != nil { return result.isOurFault ? "could not judge" : "nothing judged" }
    if result.hasPassed { return "passed" }
    func ids(_ verdict: Verdict, _ word: String) -> String? {
      let ids = result.checks.filter { $0.verdict == verdict }.map { $0.isPartial ? "\($0.id) (partly)" : $0.id }
      return ids.isEmpty ? nil : "\(word)\(ids.joined(separator: ", "))"
    }
    return [ids(.failed, "✗ "), ids(.notRun, "not run: "), ids(.couldNotJudge, "could not judge: ")]
      .compactMap(\.self).joined(separator: "; ")
  }
  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
