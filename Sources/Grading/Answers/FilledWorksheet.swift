/// What a student wrote under one question.
package struct GivenAnswer: Equatable, Sendable {
  package var value = ""
  /// The frames, filter or octets that it cites.
  package var evidence = ""
  package init(value: String = "", evidence: String = "") {
    self.value = value
    self.evidence = evidence
  }
  package var isEmpty: Bool { value.isEmpty }
}

/// A worksheet that was handed in.
package struct FilledWorksheet: Equatable, Sendable {
  /// The exercise that it says it belongs to.
  package var exercise: String?
  /// The student's name, as the worksheet has it.
  package var student: String?
  package var answers: [String: GivenAnswer] = [:]
  /// Names under which there are answers, and which no question has.
  package private(set) var unknown: [String] = []
  package init() {}

  /// Answers under numbers go to the questions of these numbers; what no question is called is noted.
  mutating func settle(for exercise: Exercise) {
    let ids = exercise.questions.map(\.check.id)
    for name in answers.keys.sorted() where !ids.contains(name) {
      guard let answer = answers.removeValue(forKey: name) else { continue }
      guard let number = Int(name), ids.indices.contains(number - 1), answers[ids[number - 1]] == nil else {
        unknown.append(name)
        continue
      }
      answers[ids[number - 1]] = answer
    }
  }

  /// Whether anything was written into it.
  package var isEmpty: Bool { answers.values.allSatisfy { $0.isEmpty && $0.evidence.isEmpty } }
}

/// Why a file is no worksheet, in a line for who handed it in.
package struct WorksheetError: Error, Equatable, Sendable, CustomStringConvertible {
  package var description: String
  package init(_ description: String) { self.description = description }
}
