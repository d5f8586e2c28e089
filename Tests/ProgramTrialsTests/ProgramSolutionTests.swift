import Foundation
import ProgramTrials
import TestSupport
import Testing

@testable import Grading

/// The solutions that lie beside each programming exercise: the right one gets every point, and what is said of the wrong ones
/// is golden, but for what differs from run to run. RECORD_GOLDENS=1 writes it anew.
@Suite(.enabled(if: Trials.isPossible)) struct ProgramSolutionTests {
  struct Solution: CustomTestStringConvertible, Sendable {
    var exercise: String
    var name: String
    var path: String
    /// What is said of it.
    var golden: String { "\(URL(filePath: path).deletingLastPathComponent().path)/\(name).txt" }
    var testDescription: String { "\(exercise) \(name)" }
    /// Runs and judges it.
    func result(by runner: TrialRunner = Trials.runner) async throws -> StudentResult {
      guard path.hasSuffix(".patch") else { return try await Trials.result(exercise, path: path, by: runner) }
      return try await PatchedSolution.lend(path) { try await Trials.result(exercise, path: $0, by: runner) }
    }
  }
  static let all: [Solution] = Trials.ids.flatMap { id in
    let folder = Repository.root.appending(path: "Exercises/\(id)/solutions").path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { !$0.hasSuffix(".txt") }.sorted().map {
      Solution(exercise: id, name: $0.hasSuffix(".patch") ? String($0.dropLast(6)) : $0, path: "\(folder)/\($0)")
    }
  }
  private static let records = ProcessInfo.processInfo.environment["RECORD_GOLDENS"] == "1"

  @Test(arguments: Trials.ids) func thereIsARightOneAndThreeWrongOnes(_ id: String) {
    let names = Self.all.filter { $0.exercise == id }.map(\.name)
    #expect(names.contains("reference"))
    #expect(names.filter { $0.hasPrefix("wrong-") }.count >= 3, "\(id) has \(names)")
  }
  @Test(arguments: all) func isJudgedAsItsGoldenSays(_ solution: Solution) async throws {
    let (exercise, _) = try Trials.exercise(solution.exercise)
    let result = try await solution.result()
    let page = FeedbackPage(.all).text(result, title: exercise.title)
    #expect(!result.couldNotJudge, "\(page)")
    if solution.name == "reference" {
      #expect(result.hasPassed, "\(page)")
      return
    }
    #expect(!result.hasPassed)
    let settled = Self.settled(page)
    let golden = solution.golden
    if Self.records { try settled.write(toFile: golden, atomically: true, encoding: .utf8) }
    #expect(try String(contentsOfFile: golden, encoding: .utf8) == settled)
  }
  /// Without frames, offsets, ports and times, which no two runs have in common.
  static func settled(_ page: String) -> String {
    // What a program printed is its own.
    let whole = page.components(separatedBy: "\n  How the runs went")[0]
    let page =
      whole.replacing(/frame \d+/, with: "frame N").replacing(/octet \d+/, with: "octet N")
      .replacing(/after line \d+/, with: "after line N")
    return page.replacing(/127\.0\.0\.1:[1-9]\d{4}/, with: "HOST:PORT")
  }
}
