/// Gradescope's `results.json`.
package struct GradescopeResult: Encodable {
  struct Test: Encodable {
    var score: Int
    var maxScore: Int
    var status: String
    var name: String
    var nameFormat = "text"
    var number: String
    var output: String
    var outputFormat = "text"
    var tags: [String]
    var visibility = "visible"
    var extraData: Extra
  }
  struct Extra: Codable {
    var check: String
    var verdict: String
  }
  /// Only graders see it.
  struct Notes: Encodable {
    var exercise: String
    var student: String
    var files: [String]
    var lecturerNotes: [String]
  }
  var score: Int
  var executionTime: Int?
  var output: String
  var outputFormat = "text"
  var testOutputFormat = "text"
  var visibility = "visible"
  var stdoutVisibility = "hidden"
  var extraData: Notes
  var tests: [Test]

  package static func text(_ result: StudentResult, _ reveal: Reveal) throws -> String {
    let page = FeedbackPage(reveal)
    let tests = result.checks.enumerated().map { index, check in
      Test(
        score: check.points, maxScore: check.maximumPoints, status: check.verdict == .passed ? "passed" : "failed",
        name: check.title, number: String(index + 1), output: page.output(check), tags: [check.id],
        extraData: Extra(check: check.id, verdict: check.verdict.rawValue))
    }
    return try ResultJSON.text(
      GradescopeResult(
        score: result.points, executionTime: nil,
        output: page.headline(result),
        extraData: Notes(
          exercise: result.exercise, student: result.student, files: result.files,
          lecturerNotes: result.lecturerNotes.map(\.text)), tests: tests))
  }
}

extension FeedbackPage {
  /// What stands above everything: the points, or why there is nothing to say of them.
  package func headline(_ result: StudentResult) -> String {
    let points = "\(result.points) of \(result.maximumPoints) points"
    guard result.couldNotJudge else { return result.problem ?? points }
    let reason = result.problem ?? result.checks.first { $0.verdict == .couldNotJudge }?.feedback.reason ?? ""
    return "Could not judge, which is not your fault, and has to be done again. \(reason)"
      + (result.problem == nil ? "\n\(points) so far" : "")
  }
  /// What a platform shows below a check, which has no place for a verdict of its own.
  package func output(_ check: CheckResult) -> String {
    let body = body(check)
    switch check.verdict {
    case .passed: return body
    case .failed: return check.isPartial ? "Partly right.\n\(body)" : body
    case .notRun: return "Not run.\n\(body)"
    case .couldNotJudge: return "This could not be judged, which is not your fault.\n\(body)"
    }
  }
}
