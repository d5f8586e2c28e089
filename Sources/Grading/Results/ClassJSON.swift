/// A class's results as one JSON document, for programs.
package struct ClassJSON: Encodable {
  struct Student: Encodable {
    var student: String
    var name: String?
    var points: Int
    var maximum: Int
    var verdict: String
    var problem: String?
    var files: [String]
    var checks: [Check]
    var runs: [TrialSummary]?
    var lecturerNotes: [Note]
  }
  struct Check: Encodable {
    var id: String
    var title: String
    var verdict: String
    var points: Int
    var maximum: Int
    var expected: String?
    var found: String?
    var reason: String?
    var frame: Int?
    var why: String
    var rfc: String
    var hint: String?
    var mistake: String?
    var dependency: String?
  }
  struct Note: Encodable {
    var kind: String
    var check: String?
    var other: String
    var text: String
  }
  var version = 1
  var exercise: String
  var title: String
  var results: [Student]

  package static func text(_ results: [StudentResult], _ exercise: Exercise) throws -> String {
    try ResultJSON.text(
      ClassJSON(
        exercise: exercise.id, title: exercise.title,
        results: results.map { result in
          Student(
            student: result.student, name: result.name, points: result.points, maximum: exercise.maximumPoints,
            verdict: ClassTable.verdict(result), problem: result.problem, files: result.files,
            checks: result.checks.map(check), runs: result.trials,
            lecturerNotes: result.lecturerNotes.map {
              Note(kind: $0.kind.rawValue, check: $0.check, other: $0.other, text: $0.text)
            })
        }))
  }
  private static func check(_ check: CheckResult) -> Check {
    Check(
      id: check.id, title: check.title, verdict: check.verdict.rawValue, points: check.points,
      maximum: check.maximumPoints, expected: check.feedback.expected, found: check.feedback.found,
      reason: check.feedback.reason, frame: check.feedback.place?.frame, why: check.feedback.why,
      rfc: check.feedback.rfc, hint: check.feedback.hint, mistake: check.feedback.mistake?.rawValue,
      dependency: check.dependency)
  }
}
