import Foundation
import TestSupport
import Testing

/// Broken and hostile files: read as far as they can be, or refused with a reason; never a trap, never a hang.
@Suite(.enabled(if: Corpus.isHere, Corpus.absence))
struct HostileCaptureTests {
  @Test(arguments: ["malformed", "formats"])
  func survives(_ folder: String) throws {
    for file in try Corpus.names(in: folder) {
      let run = try Program.run(["analyze", "--format", "ndjson", Corpus.path(folder, file)])
      if run.isOverLimit {
        Issue.record("\(folder)/\(file): over \(Program.limitSeconds) s")
      } else if run.wasKilled {
        Issue.record("\(folder)/\(file): signal \(run.status)\n\(run.diagnostics.suffix(2_000))")
      } else if run.status != 0 && run.status != 2 {
        Issue.record("\(folder)/\(file): status \(run.status)\n\(run.diagnostics.suffix(2_000))")
      } else if run.status == 2 && run.diagnostics.isEmpty {
        Issue.record("\(folder)/\(file): status 2 without a reason")
      }
      #expect(throws: Never.self, "\(folder)/\(file): no NDJSON") { try Program.conversations(run.output) }
    }
  }
}
