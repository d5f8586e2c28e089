/// The class as CSV (RFC 4180): a line for each student, a column for each check.
package enum ClassTable {
  /// Who is `missing` has no points, and the verdict `not-handed-in`.
  package static func text(
    _ results: [StudentResult], _ exercise: Exercise, missing: [Roster.Student] = []
  ) -> String {
    let heading =
      ["student", "name", "exercise", "points", "maximum", "verdict", "problem"] + exercise.checks.map(\.id) + ["notes"]
    var table = row(heading)
    for result in results {
      let points = exercise.checks.map { check in
        result.checks.first { $0.id == check.id }.map { cell(of: $0) } ?? ""
      }
      table += row(
        [
          result.student, result.name ?? "", result.exercise, String(result.points),
          String(exercise.maximumPoints), verdict(result), result.problem ?? "",
        ] + points + [result.lecturerNotes.map(\.text).joined(separator: " ")])
    }
    for student in missing {
      let own = [student.id, student.name, exercise.id, "0", String(exercise.maximumPoints), "not-handed-in", ""]
      table += row(own + exercise.checks.map { _ in "" } + [""])
    }
    return table
  }
  private static func cell(of check: CheckResult) -> String {
    switch check.verdict {
    case .passed, .failed: String(check.points)
    case .notRun, .couldNotJudge: check.verdict.rawValue
    }
  }
  package static func verdict(_ result: StudentResult) -> String {
    if result.couldNotJudge { return Verdict.couldNotJudge.rawValue }
    if result.problem != nil { return Verdict.notRun.rawValue }
    return result.hasPassed ? Verdict.passed.rawValue : Verdict.failed.rawValue
  }
  private static func row(_ cells: [String]) -> String { cells.map(guarded).joined(separator: ",") + "\r\n" }

  /// A cell that no spreadsheet takes for a formula: what begins like one gets an apostrophe before it.
  package static func guarded(_ text: String) -> String {
    var text = String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 32 || $0 == "\n" }))
    if let first = text.unicodeScalars.first, "=+-@|%\n".unicodeScalars.contains(first) { text = "'" + text }
    let needsQuotes = text.contains { $0 == "," || $0 == "\"" || $0 == ";" } || text.contains(where: \.isNewline)
    return needsQuotes ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
  }
}
