import Foundation
import TestSupport
import Testing

@testable import Grading

/// Programs that nobody here has thought out: mail libraries, mail programs, and the languages that students write in. What is
/// right by the standard passes, whoever wrote it.
@Suite(.enabled(if: Trials.isPossible)) struct LanguageTests {
  struct Program: CustomTestStringConvertible, Sendable {
    /// What must be installed, as paths or as names of programs.
    var needs: [String]
    var exercise: String
    var name: String
    var files: [(name: String, text: String)]
    /// Checks that it does not pass, because the task wants more than the program's author did.
    var lacks: [String] = []
    var testDescription: String { "\(exercise): \(name)" }

    init(
      _ exercise: String, _ name: String, needs: [String], _ files: [(name: String, text: String)],
      lacks: [String] = []
    ) {
      self.lacks = lacks
      self.exercise = exercise
      self.name = name
      self.needs = needs
      self.files = files
    }
    var isPossible: Bool {
      let missing = needs.filter { need in
        let places = need.hasPrefix("/") ? [need] : ["/usr/bin/\(need)", "/bin/\(need)"]
        return !places.contains { FileManager.default.fileExists(atPath: $0) }
      }
      if !missing.isEmpty { print("skipped: \(testDescription) needs \(missing.joined(separator: ", "))") }
      return missing.isEmpty
    }
  }

  @Test(arguments: WorldPrograms.all.filter(\.isPossible)) func passes(_ program: Program) async throws {
    var submission = Submission(label: "student")
    submission.files = program.files.map { Submission.File(name: $0.name, octets: Array($0.text.utf8)) }
    let result = try await Trials.result(program.exercise, submission)
    let lacking = result.checks.filter { $0.verdict != .passed }.map(\.id)
    #expect(lacking == program.lacks, "\(FeedbackPage(.all).text(result, title: program.testDescription))")
  }
}
