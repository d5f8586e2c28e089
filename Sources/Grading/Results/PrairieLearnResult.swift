/// PrairieLearn's `results.json`.
package struct PrairieLearnResult: Encodable {
  struct Test: Encodable {
    var name: String
    var description: String
    var points: Int
    var maxPoints: Int
    var message: String
    var output: String
  }
  /// False where something could not be judged: PrairieLearn then counts no attempt.
  var gradable: Bool
  /// 0 to 1.
  var score: Double
  var message: String
  var output: String
  var tests: [Test]

  package static func text(_ result: StudentResult, _ reveal: Reveal) throws -> String {
    let page = FeedbackPage(reveal)
    let maximum = result.maximumPoints
    return try ResultJSON.text(
      PrairieLearnResult(
        gradable: result.problem == nil && !result.couldNotJudge,
        score: maximum == 0 ? 0 : Double(result.points) / Double(maximum),
        message: page.headline(result), output: "",
        tests: result.checks.map { check in
          Test(
            name: check.id, description: check.title, points: check.points, maxPoints: check.maximumPoints,
            message: check.verdict.rawValue, output: page.output(check))
        }))
  }
}

/// Autolab's last line of standard output.
package struct AutolabResult: Encodable {
  var scores: [String: Int]

  package static func text(_ result: StudentResult) throws -> String {
    try ResultJSON.line(AutolabResult(scores: [result.exercise: result.points])) + "\n"
  }
}
