/// What a rule found in one case.
package struct Finding: Equatable, Sendable {
  package var verdict: Verdict
  package var expected: String?
  package var found: String?
  /// In a sentence.
  package var reason: String?
  package var place: Feedback.Place?
  package var mistake: StudentMistake?

  static let passed = Finding(verdict: .passed)
  /// It is right, and something can be said about it all the same.
  static func passed(_ remark: String, at place: Feedback.Place?) -> Finding {
    Finding(verdict: .passed, reason: remark, place: place)
  }
  static func failed(
    expected: String? = nil, found: String? = nil, _ reason: String? = nil, at place: Feedback.Place? = nil,
    _ mistake: StudentMistake? = nil
  ) -> Finding {
    Finding(verdict: .failed, expected: expected, found: found, reason: reason, place: place, mistake: mistake)
  }
  /// Its ground is missing.
  static func notRun(_ reason: String) -> Finding { Finding(verdict: .notRun, reason: reason) }
}
