import Bytes
import Foundation
import TestSupport
import Testing

@testable import Grading

/// The capture that B1 hands out is one of the broken program that it hands out, with one connection for each of three of its
/// cases. RECORD_CAPTURES=1 records it anew; the frames that the solutions cite may then be others.
@Suite(.enabled(if: Trials.isPossible)) struct BugCaptureTests {
  static let cases = ["usual", "pieces", "lenient"]
  /// Of a capture file without packets.
  private static let headerByteCount = 24

  @Test func showsWhatTheBrokenProgramSays() async throws {
    let (_, trial) = try Trials.exercise("B1")
    let sheet = try #require(trial.sheet)
    let text = try #require(trial.skeletons["client.py"])
    var submission = Submission(label: "student")
    submission.files = [Submission.File(name: "client.py", octets: Array(text.utf8))]
    var order = TrialOrder(trial, [try #require(SubmittedProgram("client", in: submission))])
    order.cases = Self.cases.compactMap { id in order.cases.first { $0.id == id } }
    let captures = await Trials.run(order).map(\.capture.octets)
    try #require(captures.count == Self.cases.count)
    // All have the same header, and one begins when the one before it is over.
    let file = captures.dropFirst().reduce(captures[0]) { $0 + $1.dropFirst(Self.headerByteCount) }
    if ProcessInfo.processInfo.environment["RECORD_CAPTURES"] == "1" {
      let lines = Base64.encode(file.span).span.text()
      try "\(lines)\n".write(
        to: Repository.root.appending(path: "Exercises/B1/bugs.base64"), atomically: true, encoding: .utf8)
      return
    }
    let given = try #require(WireCapture(sheet.capture)).connections
    let fresh = try #require(WireCapture(file)).connections
    try #require(given.count == Self.cases.count && fresh.count == Self.cases.count)
    for (given, fresh) in zip(given, fresh) {
      #expect(given[.client].octets == fresh[.client].octets)
      // How much the server says to somebody who has left differs from run to run.
      let byteCount = min(given[.server].octets.count, fresh[.server].octets.count)
      #expect(byteCount > 80 && given[.server].octets.prefix(byteCount) == fresh[.server].octets.prefix(byteCount))
    }
  }
}
