import Foundation
import TestSupport
import Testing

@testable import Grading

/// Where libpcap is not permitted, and where there is no sandbox, the same is said of a program as usual: of clients and of
/// servers, of relays, inside TLS, and of two programs of the student's.
@Suite(.enabled(if: Trials.isPossible)) struct TrialModeTests {
  private static let solutions = ProgramSolutionTests.all.filter { solution in
    // A relay takes its time.
    if solution.exercise == "V7" { return ["reference", "wrong-2-drops-refusals"].contains(solution.name) }
    return ["S5", "S9", "V1", "V4", "V8"].contains(solution.exercise)
  }

  @Test(arguments: solutions, [Trials.Mode.withoutPackets, .unsafe])
  func isJudgedAsUsual(_ solution: ProgramSolutionTests.Solution, _ mode: Trials.Mode) async throws {
    let (exercise, _) = try Trials.exercise(solution.exercise)
    let result = try await solution.result(by: mode.runner)
    let page = FeedbackPage(.all).text(result, title: exercise.title)
    #expect(!result.couldNotJudge, "\(page)")
    let remarks = try #require(result.trials).map { $0.remark ?? "" }
    #expect(remarks.allSatisfy { $0.contains("recorded at our socket") })
    #expect(remarks.allSatisfy { $0.contains("WITHOUT A SANDBOX") == (mode == .unsafe) })
    if solution.name == "reference" {
      #expect(result.hasPassed, "\(page)")
    } else if mode == .unsafe, solution.name == "wrong-4-another-port" {
      // In the network of the whole machine nobody knows whose listeners are whose.
      #expect(result.checks.allSatisfy { $0.verdict == ($0.id == "listen" ? .failed : .notRun) }, "\(page)")
    } else {
      let golden = try String(contentsOfFile: solution.golden, encoding: .utf8)
      #expect(golden == ProgramSolutionTests.settled(page))
    }
  }
}
