import Foundation
import TestSupport
import Testing

@testable import Grading

/// The solutions that lie beside each exercise, of the student `reference`: the right one gets every point, and what is
/// said of the wrong ones is golden. RECORD_GOLDENS=1 writes it anew.
@Suite struct SolutionTests {
  struct Solution: CustomTestStringConvertible, Sendable {
    var exercise: String
    var name: String
    var path: String
    var testDescription: String { "\(exercise) \(name)" }
  }
  static let all: [Solution] = Catalogue.ids.flatMap { id in
    let folder = Repository.root.appending(path: "Exercises/\(id)/solutions").path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".yaml") }.sorted().map {
      Solution(exercise: id, name: String($0.dropLast(5)), path: "\(folder)/\($0)")
    }
  }
  private static let records = ProcessInfo.processInfo.environment["RECORD_GOLDENS"] == "1"

  @Test(arguments: Catalogue.playable) func thereIsARightOneAndThreeWrongOnes(_ id: String) {
    let names = Self.all.filter { $0.exercise == id }.map(\.name)
    #expect(names.contains("reference"))
    #expect(names.filter { $0.hasPrefix("wrong-") }.count >= 3, "\(id) has \(names)")
  }
  @Test(arguments: all) func isJudgedAsItsGoldenSays(_ solution: Solution) throws {
    let exercise = try Catalogue.exercise(solution.exercise)
    let text = try String(contentsOfFile: solution.path, encoding: .utf8)
    let sheet = try YAMLWorksheet.read(text)
    let work = try StudentWork(exercise, seed: .practice(exercise: exercise.id, student: "reference"))
    var result = StudentResult(student: solution.name, exercise: exercise.id)
    result.checks = try #require(work.judge()).judge(sheet)
    if solution.name == "reference" {
      #expect(result.hasPassed, "\(FeedbackPage(.all).text(result, title: exercise.title))")
      return
    }
    #expect(!result.hasPassed)
    let page = FeedbackPage(.all).text(result, title: exercise.title)
    let golden = solution.path.replacing(".yaml", with: ".txt")
    if Self.records { try page.write(toFile: golden, atomically: true, encoding: .utf8) }
    #expect(try String(contentsOfFile: golden, encoding: .utf8) == page)
  }
}
