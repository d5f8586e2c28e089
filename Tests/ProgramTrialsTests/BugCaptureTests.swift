import Bytes
import Foundation
import TestSupport
import Testing

@testable import Grading

/// The capture that B1 hands out is one of the broken program that it hands out. RECORD_CAPTURES=1 records it anew; the frames that
/// the solutions cite may then be others.
@Suite(.enabled(if: Trials.isPossible)) struct BugCaptureTests {
  @Test func showsWhatTheBrokenProgramSays() async throws {
    let (_, trial) = try Trials.exercise("B1")
    let sheet = try #require(trial.sheet)
    let text = try #require(trial.skeletons["client.py"])
    var submission = Submission(label: "student")
    submission.files = [Submission.File(name: "client.py", octets: Array(text.utf8))]
    var order = TrialOrder(trial, [try #require(SubmittedProgram("client", in: submission))])
    order.cases = order.cases.filter { $0.id == "usual" }
    let record = try #require(await Trials.run(order).first)
    let fresh = try #require(WireCapture(record.capture.octets)?.connections.first)
    if ProcessInfo.processInfo.environment["RECORD_CAPTURES"] == "1" {
      let lines = Base64.encode(record.capture.octets.span).span.text()
      try "\(lines)\n".write(
        to: Repository.root.appending(path: "Exercises/B1/bugs.base64"), atomically: true, encoding: .utf8)
      return
    }
    let given = try #require(WireCapture(sheet.capture)?.connections.first)
    #expect(given[.client].octets == fresh[.client].octets)
    #expect(given[.server].lines.map(\.verb) == fresh[.server].lines.map(\.verb))
  }
}
