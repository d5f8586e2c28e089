/// What came of a check.
package enum Verdict: String, CaseIterable, Sendable, Codable {
  case passed
  case failed
  /// Its ground is missing: a check that it depends on has failed, or nothing was handed in to judge.
  case notRun = "not-run"
  /// The fault is ours, and never costs the student a point.
  case couldNotJudge = "could-not-judge"
}

/// One check of one student, with all that can be said about it; `Reveal` decides how much of it the student sees.
package struct CheckResult: Equatable, Sendable, Codable {
  package var id: String
  package var title: String
  package var verdict: Verdict
  package var points: Int
  package var maximumPoints: Int
  package var feedback = Feedback()
  /// The check for want of which this one was not run.
  package var dependency: String?

  package init(_ check: Check, title: String, verdict: Verdict, points: Int) {
    id = check.id
    self.title = title
    self.verdict = verdict
    self.points = points
    maximumPoints = check.points
    feedback.why = check.why
    feedback.rfc = check.rfc
  }
  /// Some of it is right.
  package var isPartial: Bool { verdict == .failed && points > 0 }
}

/// What is said about an answer, for a beginner.
package struct Feedback: Equatable, Sendable, Codable {
  /// Where something stands in the capture.
  package struct Place: Equatable, Sendable, Codable {
    package var frame: Int
    /// Octets of the frame, counted from 0.
    package var offset: Int
    /// What stands there, and a caret under what matters; two lines.
    package var excerpt: String
    /// What stands in `excerpt` was said inside TLS, and no frame shows it; nil for false.
    package var isInsideTLS: Bool?
  }
  package var expected: String?
  package var found: String?
  /// What is wrong, in a sentence.
  package var reason: String?
  package var place: Place?
  package var why = ""
  package var rfc = ""
  package var hint: String?
  /// What the verdict rests on, where that is not the packets alone.
  package var ground: String?
  /// One of the mistakes that are known.
  package var mistake: StudentMistake?
  package init() {}

  /// As much of it as `level` allows.
  package func shown(_ level: Reveal, passed: Bool) -> Feedback {
    var shown = Feedback()
    if level >= .hint {
      (shown.found, shown.reason, shown.mistake) = (found, reason, mistake)
      if !passed { shown.hint = hint }
    }
    // Whoever has passed knows the answer, and may know why.
    if level >= .expected || (passed && level >= .hint) { (shown.why, shown.rfc) = (why, rfc) }
    if level >= .expected { (shown.expected, shown.ground) = (expected, ground) }
    if level >= .all { shown.place = place }
    return shown
  }
}

/// What came of one student's work.
package struct StudentResult: Equatable, Sendable, Codable {
  package var student: String
  /// The student's name, where the roster tells one.
  package var name: String?
  package var exercise: String
  package var checks: [CheckResult] = []
  /// Why nothing could be judged: no worksheet, an unreadable one.
  package var problem: String?
  /// Whether that is our fault.
  package var isOurFault = false
  /// For the lecturer only: answers that are another student's, and the like.
  package var lecturerNotes: [LecturerNote] = []
  /// The files that were handed in and judged.
  package var files: [String] = []
  /// How the runs of a program went; nil for answers.
  package var trials: [TrialSummary]?

  package init(student: String, exercise: String) {
    self.student = student
    self.exercise = exercise
  }
  package var points: Int { checks.reduce(0) { $0 + $1.points } }
  package var maximumPoints: Int { checks.reduce(0) { $0 + $1.maximumPoints } }
  package var hasPassed: Bool { problem == nil && !checks.isEmpty && checks.allSatisfy { $0.verdict == .passed } }
  package var couldNotJudge: Bool { isOurFault || checks.contains { $0.verdict == .couldNotJudge } }
}

/// What only the lecturer is told about a student's work.
package struct LecturerNote: Equatable, Sendable, Codable {
  package enum Kind: String, Sendable, Codable {
    /// An answer that is right only in another student's capture.
    case anotherStudentsAnswer = "another-students-answer"
    /// The worksheet bears another name.
    case anotherName = "another-name"
    /// The capture that lies beside the worksheet was made for another name.
    case anotherCapture = "another-capture"
    /// The same student has handed in more than once.
    case handedInTwice = "handed-in-twice"
    /// Something else at the place of a submission of the same student's could not be used.
    case leftOut = "left-out"
  }
  package var kind: Kind
  package var check: String?
  /// Whose answer it is, which name, or what was left out.
  package var other: String
  package var text: String
}
