/// An exercise as data, read from `Exercises/<ID>/exercise.yaml` (`Documentation/exercises.md`). A lecturer adds one
/// without a line of Swift.
package struct Exercise: Equatable, Sendable {
  /// Whether the tool may help, or the lecturer hands it out and keeps the key.
  package enum Mode: String, CaseIterable, Sendable, Codable { case practice, exam }
  /// What the student hands in.
  package enum Work: Equatable, Sendable {
    /// Answers to questions about a capture.
    case worksheet(Worksheet)
    /// A program that is tried.
    case program(Trial)
  }
  /// `W3`: capital letters and digits.
  package var id: String
  package var title: String
  /// The slide of the lesson that it serves: `L7`.
  package var slide: String
  /// What the student can do afterwards, in one sentence.
  package var goal: String
  package var mode: Mode
  /// What the student reads first; `{{name}}` stands for what was drawn.
  package var prompt: String
  package var work: Work
  /// What the student may be shown of the grading.
  package var reveal: Reveal
  /// Another when anything of its files is.
  package var fingerprint = ""

  /// The questions of a worksheet, also of one that goes with a program.
  package var questions: [WorksheetQuestion] {
    switch work {
    case .worksheet(let worksheet): worksheet.questions
    case .program(let trial): trial.sheet?.worksheet.questions ?? []
    }
  }
  /// How a program is tried; nil where the work is no program.
  package var trial: Trial? {
    switch work {
    case .program(let trial): trial
    case .worksheet: nil
    }
  }
  /// What is graded, in order; a program's checks stand here, too.
  package var checks: [Check] {
    switch work {
    case .worksheet(let worksheet): worksheet.questions.map(\.check)
    case .program(let trial): trial.checks.map(\.check) + questions.map(\.check)
    }
  }
  /// The most that can be reached.
  package var maximumPoints: Int { checks.reduce(0) { $0 + $1.points } }
}

/// How much of the grading a student is shown; each level includes those before it.
package enum Reveal: String, CaseIterable, Sendable, Codable, Comparable {
  /// Whether it passed.
  case nothing
  /// What was found, and a hint.
  case hint
  /// What was expected, and why.
  case expected
  /// Where it stands in the capture.
  case all

  package static func < (a: Reveal, b: Reveal) -> Bool {
    (allCases.firstIndex(of: a) ?? 0) < (allCases.firstIndex(of: b) ?? 0)
  }
}

/// What is the same for everything that is graded, an answer or the behaviour of a program.
package struct Check: Equatable, Sendable {
  /// A word that programs read: `user-name`.
  package var id: String
  /// What is asked, or what is demanded.
  package var title: String
  package var points: Int
  /// Checks that must have passed, else this one is not run.
  package var dependencies: [String] = []
  /// Three of growing help.
  package var hints: [String] = []
  /// One sentence that explains the answer.
  package var why: String
  /// Where the standard says so: `RFC 5321 §3.1`.
  package var rfc: String
}
