import Foundation
import TestSupport
import Testing

/// Broken and hostile files: read as far as they can be, or refused with a reason; never a trap, never a hang, and none
/// needs more than two seconds of the processor or 64 MB.
@Suite(.enabled(if: Corpus.isHere, Corpus.absence))
struct HostileCaptureTests {
  /// A limit that ends nothing would prove nothing.
  @Test func theLimitsEndAProgram() throws {
    let file = Corpus.path("tcp", try Corpus.names(in: "tcp").first { $0.hasSuffix(".pcap") } ?? "")
    #expect(try Program.run(["analyze", "-q", file], seconds: 2, megabytes: 64).status == 0)
    let run = try Program.run(["analyze", "-q", file], seconds: 2, megabytes: 1)
    #expect(run.wasKilled || run.status > 2)
  }

  @Test(arguments: ["malformed", "formats"])
  func survives(_ folder: String) throws {
    for file in try Corpus.names(in: folder) {
      let run = try Program.run(
        ["analyze", "--format", "ndjson", Corpus.path(folder, file)], seconds: 2, megabytes: 64)
      if run.isOverLimit {
        Issue.record("\(folder)/\(file): over \(Program.limitSeconds) s")
      } else if run.wasKilled {
        Issue.record("\(folder)/\(file): signal \(run.status), perhaps a limit\n\(run.diagnostics.suffix(2_000))")
      } else if run.status != 0 && run.status != 2 {
        Issue.record("\(folder)/\(file): status \(run.status)\n\(run.diagnostics.suffix(2_000))")
      } else if run.status == 2 && run.diagnostics.isEmpty {
        Issue.record("\(folder)/\(file): status 2 without a reason")
      }
      #expect(throws: Never.self, "\(folder)/\(file): no NDJSON") { try Program.conversations(run.output) }
    }
  }
}
