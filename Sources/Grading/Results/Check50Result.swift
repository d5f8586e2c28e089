/// check50's `-o json`.
package struct Check50Result: Encodable {
  struct Entry: Encodable {
    var name: String
    var description: String
    /// nil: not run, or it could not be judged.
    var passed: Bool?
    var log: [String]
    var cause: Cause?
    var data: [String: Int]
    var dependency: String?

    enum CodingKeys: String, CodingKey { case name, description, passed, log, cause, data, dependency }
    func encode(to encoder: any Encoder) throws {
      var map = encoder.container(keyedBy: CodingKeys.self)
      try map.encode(name, forKey: .name)
      try map.encode(description, forKey: .description)
      // check50 writes null where there is nothing, and its readers expect the names.
      try map.encode(passed, forKey: .passed)
      try map.encode(log, forKey: .log)
      try map.encode(cause, forKey: .cause)
      try map.encode(data, forKey: .data)
      try map.encode(dependency, forKey: .dependency)
    }
  }
  struct Cause: Encodable {
    var rationale: String
    var help: String?
    var expected: String?
    var actual: String?
  }
  var slug: String
  var results: [Entry]
  var version: String

  package static func text(_ result: StudentResult, _ reveal: Reveal, version: String) throws -> String {
    let page = FeedbackPage(reveal)
    let entries = result.checks.map { check in
      let feedback = check.feedback.shown(reveal, passed: check.verdict == .passed)
      let cause: Cause? =
        check.verdict == .passed
        ? nil
        : Cause(
          rationale: feedback.reason ?? "This did not pass.", help: feedback.hint,
          expected: feedback.found == nil ? nil : feedback.expected,
          actual: feedback.expected == nil ? nil : feedback.found)
      return Entry(
        name: check.id, description: check.title,
        passed: check.verdict == .passed ? true : check.verdict == .failed ? false : nil,
        log: page.output(check).split(separator: "\n").map(String.init), cause: cause,
        data: ["points": check.points, "max_points": check.maximumPoints], dependency: check.dependency)
    }
    return try ResultJSON.text(
      Check50Result(slug: "mailwire/\(result.exercise.lowercased())", results: entries, version: version))
  }
}
