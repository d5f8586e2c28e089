import Foundation
import MailSystem
import TestSupport

@testable import Grading

/// The exercises of the repository, and copies of them for the tests.
enum Catalogue {
  static let library = ExerciseLibrary(path: Repository.root.appending(path: "Exercises").path)
  static let ids = library.ids

  static func exercise(_ id: String) throws -> Exercise {
    guard let exercise = try library.exercise(id) else { throw WorksheetError("no exercise \(id)") }
    return exercise
  }
  static func work(_ id: String, seed: UInt64 = 1) throws -> StudentWork {
    try StudentWork(try exercise(id), seed: StudentSeed(number: seed))
  }
  static func judge(_ id: String, seed: UInt64 = 1) throws -> WorksheetJudge {
    guard let judge = try work(id, seed: seed).judge() else { throw WorksheetError("\(id) has no capture") }
    return judge
  }
  /// Exercises with a capture of their own.
  static let playable = ids.filter { id in (try? work(id).capture) != nil }

  /// A worksheet with every answer right, from the keys.
  static func perfect(_ judge: WorksheetJudge) -> FilledWorksheet {
    var sheet = FilledWorksheet()
    for question in judge.worksheet.questions {
      guard let key = judge.keys[question.check.id] else { continue }
      var answer = GivenAnswer()
      switch key.expected {
      case .values(let values):
        let letters = judge.variant.options(of: question).filter { values.contains($0.option.value) }.map(\.letter)
        answer.value = question.kind == .choice ? letters.first ?? "" : values[0]
      case .list(let values): answer.value = values.joined(separator: ", ")
      case .order(let letters): answer.value = letters.joined(separator: ", ")
      case .cannotTell: answer.value = "cannot tell"
      case .missing: break
      }
      if let frame = AnswerKey.frames(key.evidence).first { answer.evidence = "frame \(frame)" }
      sheet.answers[question.check.id] = answer
    }
    return sheet
  }
  /// The exercise of some questions on W1's scenario.
  static func exercise(questions: String, conversations: String = "mail: { protocol: smtp }") throws -> Exercise {
    try ExerciseFile.decode(
      """
      id: T1
      title: A test
      slide: L7
      goal: To test.
      prompt: Look.
      capture: { play: alice-to-bob }
      conversations: { \(conversations) }
      questions:
      \(questions)
      """, scenario: { _ in throw ExerciseError("no file") })
  }
  /// A question with what every question has.
  static func question(_ id: String, _ rest: String) -> String {
    "- { id: \(id), ask: What?, hints: [a, b, c], why: So., rfc: RFC 1, \(rest) }\n"
  }
}
