/// What a lecturer wants to know of a class at a glance.
package struct ClassSummary: Sendable {
  /// How a class did with one check.
  package struct Difficulty: Sendable {
    package var check: Check
    package var title: String
    package var passed: Int
    package var partly: Int
    /// For how many it was judged.
    package var judged: Int
    package var share: Double { judged == 0 ? 1 : Double(passed) / Double(judged) }
  }
  package let results: [StudentResult]
  package let exercise: Exercise
  /// Students of the roster from whom nothing has come.
  package let missing: [Roster.Student]

  package init(_ results: [StudentResult], _ exercise: Exercise, missing: [Roster.Student] = []) {
    self.results = results
    self.exercise = exercise
    self.missing = missing
  }
  package var passed: Int { results.filter(\.hasPassed).count }
  package var unjudged: Int { results.filter(\.couldNotJudge).count }
  /// Those of whose work something was judged.
  package var judged: [StudentResult] { results.filter { $0.problem == nil } }
  /// The middle of the points of those who were judged; nil where nobody was.
  package var median: Int? {
    let points = judged.map(\.points).sorted()
    return points.isEmpty ? nil : points[points.count / 2]
  }
  /// Whose median it is, where that is not everybody's: ` of the 8 who were judged`.
  package var medianOf: String { judged.count == results.count ? "" : " of the \(judged.count) who were judged" }
  /// The checks, the hardest first.
  package var difficulties: [Difficulty] {
    exercise.checks.map { check in
      let all = results.flatMap { result in result.checks.filter { $0.id == check.id } }
      let judged = all.filter { $0.verdict == .passed || $0.verdict == .failed }
      return Difficulty(
        check: check, title: all.first?.title ?? check.title, passed: judged.filter { $0.verdict == .passed }.count,
        partly: judged.filter(\.isPartial).count, judged: judged.count)
    }.sorted { ($0.share, $0.check.id) < ($1.share, $1.check.id) }
  }
  /// Students to look at, and why.
  package var attention: [(result: StudentResult, reason: String)] {
    results.compactMap { result in
      if let problem = result.problem { return (result, problem) }
      if result.couldNotJudge { return (result, "something could not be judged, which is not the student's fault") }
      if !result.lecturerNotes.isEmpty { return (result, result.lecturerNotes.map(\.text).joined(separator: " ")) }
      if result.points * 4 < result.maximumPoints { return (result, "has less than a quarter of the points") }
      return nil
    }
  }
  /// Answers that are another student's: who, whose, and to which question.
  package var shared: [(student: String, note: LecturerNote)] {
    results.flatMap { result in
      result.lecturerNotes.filter { $0.kind == .anotherStudentsAnswer }.map { (result.student, $0) }
    }
  }
}
