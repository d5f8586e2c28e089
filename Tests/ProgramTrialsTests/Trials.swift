import Foundation
import ProgramTrials
import TestSupport
import Testing

@testable import Grading

/// Runs programs on trial as mailwire-grade does, a few at a time, so that a busy machine does not make them look slow.
enum Trials {
  static let library = ExerciseLibrary(path: Repository.root.appending(path: "Exercises").path)
  /// The program that becomes the helper, beside these tests.
  static let helper: String = {
    let bundle = Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])
    return bundle.deletingLastPathComponent().appending(path: "mailwire-grade").path
  }()
  static let runner = TrialRunner(helper: helper)
  /// How programs are run, and where packets come from.
  enum Mode: String, CaseIterable, Sendable {
    /// In the sandbox, recorded by libpcap.
    case usual
    /// In the sandbox, recorded at our sockets.
    case withoutPackets
    /// Without a sandbox, recorded at our sockets.
    case unsafe

    var runner: TrialRunner {
      switch self {
      case .usual: Trials.runner
      case .withoutPackets: TrialRunner(helper: WithoutPackets.helper)
      case .unsafe: TrialRunner(helper: helper, isUnsafe: true)
      }
    }
  }
  private static let turnstile = Turnstile(3)

  /// Whether this machine can run programs in a sandbox; prints why it cannot.
  static let isPossible: Bool = {
    guard let obstacle = runner.obstacle else { return true }
    print("skipped: \(obstacle)")
    return false
  }()
  static func exercise(_ id: String) throws -> (exercise: Exercise, trial: Trial) {
    guard let exercise = try library.exercise(id), let trial = exercise.trial else {
      throw WorksheetError("no programming exercise \(id)")
    }
    return (exercise, trial)
  }
  static let ids = library.ids.filter { id in ((try? library.exercise(id)) ?? nil)?.trial != nil }

  static func run(
    _ order: TrialOrder, by runner: TrialRunner = runner, _ kind: Turnstile.Kind = .usual
  ) async -> [TrialRecord] {
    await turnstile.enter(kind)
    let records = await runner.run(order)
    await turnstile.leave()
    return records
  }
  /// Runs what lies in a folder or in a file, and judges it.
  static func result(_ id: String, path: String, by runner: TrialRunner = runner) async throws -> StudentResult {
    let (exercise, _) = try self.exercise(id)
    let folder = try SubmissionFolder(path: path, exercise: exercise)
    return try await result(id, SubmissionFolder.read(try #require(folder.entries.first)), by: runner)
  }
  /// Runs a program that consists of one file.
  static func result(
    _ id: String, file: String, _ text: String, by runner: TrialRunner = runner
  ) async throws -> StudentResult {
    var submission = Submission(label: "student")
    submission.files = [Submission.File(name: file, octets: Array(text.utf8))]
    return try await result(id, submission, by: runner)
  }
  static func result(
    _ id: String, _ submission: Submission, by runner: TrialRunner = runner
  ) async throws -> StudentResult {
    let (exercise, trial) = try self.exercise(id)
    let programs = ProgramSubmission(exercise, trial, submission)
    let records = await run(try programs.order(), by: runner)
    var result = StudentResult(student: submission.label, exercise: id)
    result.checks = programs.judge(records)
    result.trials = programs.summaries(records)
    return result
  }
}

/// Lets a number of tasks through at a time, and never two kinds together: what hostile programs do to the processors is not
/// to make others look slow.
actor Turnstile {
  enum Kind { case usual, hostile }
  private let places: Int
  private var inside: (kind: Kind, count: Int) = (.usual, 0)
  private var waiting: [(kind: Kind, continuation: CheckedContinuation<Void, Never>)] = []

  init(_ places: Int) { self.places = places }
  func enter(_ kind: Kind) async {
    if inside.count == 0 || (inside.kind == kind && inside.count < places) {
      return inside = (kind, inside.count + 1)
    }
    await withCheckedContinuation { waiting.append((kind, $0)) }
  }
  func leave() {
    inside.count -= 1
    if inside.count == 0, let first = waiting.first { inside.kind = first.kind }
    while inside.count < places, let index = waiting.firstIndex(where: { $0.kind == inside.kind }) {
      inside.count += 1
      waiting.remove(at: index).continuation.resume()
    }
  }
}
