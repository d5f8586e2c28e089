/// Which answers are whose: the keys to the questions whose answers are one student's alone, for the whole roster.
package struct PersonalAnswers: Sendable {
  /// By question and answer: the students for whom it is right.
  private var owners: [String: [String: [String]]] = [:]

  package init() {}
  /// Takes note of a student's keys.
  package mutating func add(_ keys: [String: [String]], of student: String) {
    for (question, answers) in keys {
      for answer in answers { owners[question, default: [:]][answer, default: []].append(student) }
    }
  }
  /// The keys of one student that nobody else should have.
  package static func keys(_ exercise: Exercise, seed: StudentSeed) throws -> [String: [String]] {
    let work = try StudentWork(exercise, seed: seed)
    return work.judge().map { Self.keys($0) } ?? [:]
  }
  package static func keys(_ judge: WorksheetJudge) -> [String: [String]] {
    var keys: [String: [String]] = [:]
    for question in judge.worksheet.questions where question.isPersonal {
      guard case .values(let values)? = judge.keys[question.check.id]?.expected else { continue }
      keys[question.check.id] = values.compactMap { AnswerForm.canonical($0, question.kind) }
    }
    return keys
  }
  /// The one student whose answer this is; nil when it is nobody's, or more than one's.
  package func owner(of answer: String, to question: String, besides student: String) -> String? {
    let owners = owners[question]?[answer] ?? []
    return owners.count == 1 && owners[0] != student ? owners[0] : nil
  }
  /// What the lecturer is told of wrong answers that are right elsewhere.
  package func notes(_ outcome: SubmissionJudge.Outcome) -> [LecturerNote] {
    outcome.wrongAnswers.sorted { $0.key < $1.key }.compactMap { question, answer in
      owner(of: answer, to: question, besides: outcome.result.student).map { other in
        LecturerNote(
          kind: .anotherStudentsAnswer, check: question, other: other,
          text: "The answer to '\(question)' is right in the capture of \(other), and only there.")
      }
    }
  }
}
