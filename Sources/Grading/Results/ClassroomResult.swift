/// What GitHub Classroom's reporter reads, in base64, from the output of a step.
package struct ClassroomResult: Encodable {
  struct Test: Encodable {
    var name: String
    /// `pass`, `fail`, or `error` where it could not be judged.
    var status: String
    var score: Int
    var message: String
    var testCode = ""
    var filename: String
    var lineNo = 1
    var executionTime = 0
  }
  var version = 1
  var status: String
  var maxScore: Int
  var tests: [Test]

  package static func text(_ result: StudentResult, _ exercise: Exercise, _ reveal: Reveal) throws -> String {
    let page = FeedbackPage(reveal)
    let file = result.files.first ?? "\(exercise.id).md"
    var tests = result.checks.map { check in
      Test(
        name: check.title,
        status: check.verdict == .passed ? "pass" : check.verdict == .couldNotJudge ? "error" : "fail",
        score: check.points, message: page.output(check), filename: file)
    }
    if let problem = result.problem {
      tests = [
        Test(
          name: exercise.title, status: result.isOurFault ? "error" : "fail", score: 0, message: problem, filename: file
        )
      ]
    }
    let status = result.couldNotJudge ? "error" : result.hasPassed ? "pass" : "fail"
    return try ResultJSON.line(
      ClassroomResult(status: status, maxScore: exercise.maximumPoints, tests: tests)) + "\n"
  }
}
