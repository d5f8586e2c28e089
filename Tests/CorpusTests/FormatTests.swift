import Foundation
import TestSupport
import Testing

/// Odd containers and link types: each file is read, or refused with the reason that `formats.txt` gives.
@Suite(.enabled(if: Corpus.isHere, Corpus.absence))
struct FormatTests {
  private struct Document: Decodable {
    struct Capture: Decodable { var packets: Int }
    var capture: Capture
  }

  /// What became of a file, as the list says it.
  private func outcome(of file: String) throws -> String {
    let path = Corpus.path("formats", file)
    let run = try Program.run(["analyze", "--json", "-q", path])
    let packets = try JSONDecoder().decode(Document.self, from: run.output).capture.packets
    if run.status == 0, run.diagnostics.isEmpty { return "read: \(packets) packets" }
    let reason = run.diagnostics.trimmingCharacters(in: .newlines).replacing("mailwire: \(path): ", with: "")
    return run.status == 2 && !run.wasKilled ? "refused: \(reason)" : "status \(run.status): \(reason)"
  }

  @Test func everyFileIsReadOrRefusedWithItsReason() throws {
    let rows = try List.rows(of: "formats.txt")
    #expect(rows.map { $0[0] } == (try Corpus.names(in: "formats")), "formats.txt lists other files")
    for row in rows where row.count != 2 { Issue.record("formats.txt: not `file | outcome`: \(row)") }
    for row in rows where row.count == 2 {
      let found = try outcome(of: row[0])
      #expect(found == row[1], "\(row[0])")
    }
  }
}
