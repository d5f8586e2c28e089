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
  package init() {}

  /// Whether anything was written into it.
  package var isEmpty: Bool { answers.values.allSatisfy { $0.isEmpty && $0.evidence.isEmpty } }
}

/// Why a file is no worksheet, in a line for who handed it in.
package struct WorksheetError: Error, Equatable, Sendable, CustomStringConvertible {
  package var description: String
  package init(_ description: String) { self.description = description }
}
