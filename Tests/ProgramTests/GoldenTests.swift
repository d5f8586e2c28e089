import Foundation
import TestSupport
import Testing

/// What the program says of every capture of `Captures/`, against the golden files beside them: the page for a person
/// (`.txt`), the facts for a program (`.ndjson`), and the dialogue as a ladder (`.ladder.txt`) and as a diagram (`.mmd`). `RECORD_GOLDENS=1` writes them anew.
@Suite struct GoldenTests {
  static let captures = Repository.captures

  @Test func thereAreCaptures() { #expect(Self.captures.count >= 8) }

  @Test(arguments: captures)
  func page(_ capture: String) throws { try compare(capture, "txt", ["analyze", "Captures/\(capture)"]) }

  @Test(arguments: captures)
  func facts(_ capture: String) throws {
    try compare(capture, "ndjson", ["analyze", "--format", "ndjson", "--dialogue", "Captures/\(capture)"])
  }

  @Test(arguments: captures)
  func ladder(_ capture: String) throws {
    try compare(capture, "ladder.txt", ["follow", "--tcp", "Captures/\(capture)"])
  }

  @Test(arguments: captures)
  func diagram(_ capture: String) throws {
    try compare(capture, "mmd", ["follow", "--format", "mermaid", "Captures/\(capture)"])
  }

  private func compare(_ capture: String, _ suffix: String, _ arguments: [String]) throws {
    let run = try Program.run(arguments)
    #expect(run.status == 0, "\(run.diagnostics)")
    let file = Repository.root.appending(path: "Captures/\(capture)").deletingPathExtension().appendingPathExtension(
      suffix)
    if ProcessInfo.processInfo.environment["RECORD_GOLDENS"] != nil {
      try run.output.write(to: file)
      return
    }
    let golden = try Data(contentsOf: file)
    let isEqual = run.output == golden
    #expect(isEqual, "\(file.lastPathComponent) differs; RECORD_GOLDENS=1 records it, after a look at the difference")
  }
}
