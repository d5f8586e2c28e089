/// How a student's own capture is made: a scenario with places, and what is drawn for them.
package struct CapturePlan: Equatable, Sendable {
  /// The scenario's YAML; `{{name}}` stands for what was drawn.
  package var scenario: String
  /// What is drawn, in order.
  package var draws: [Draw] = []
  /// The scenario's choice, with places.
  package var choice: String?
  /// Whether the student gets what opens the capture's TLS, too.
  package var givesKeyLog = false
}

/// One thing that differs from student to student.
package struct Draw: Equatable, Sendable {
  package enum Source: Equatable, Sendable {
    /// One of a list of words.
    case words([String])
    /// One of the house's lists; two draws from one list are never the same.
    case list(WordList)
    case number(ClosedRange<Int>)
    /// The words in another order, with commas between.
    case shuffled([String])
  }
  package var name: String
  package var source: Source
}
