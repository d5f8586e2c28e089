import Foundation
import TestSupport
import Testing

@testable import Grading

/// Names of files that are made of names of students.
@Suite struct FileNameTests {
  @Test(arguments: [
    ("Ada Lovelace", "Ada_Lovelace"), ("Zoë", "Zoë"), ("王小明", "王小明"), ("Zoe\u{308}", "Zoe\u{308}"),
    ("../../etc/passwd", "_.._etc_passwd"), (".hidden", "hidden"), ("...", "_"), ("", "_"), ("a\u{202E}b\0c", "a_b_c"),
    (String(repeating: "王", count: 100), String(repeating: "王", count: 53)),
  ])
  func stayInTheirFolder(_ name: String, _ safe: String) { #expect(FileName.safe(name) == safe) }

  @Test func areNeverTheSame() {
    #expect(FileName.distinct(["Zoë", "Zoé", "王", "李"]) == ["Zoë", "Zoé", "王", "李"])
    #expect(FileName.distinct(["a b", "a?b", "A_B"]) == ["a_b-2", "a_b-3", "A_B"])
    #expect(FileName.distinct(["Zoë", "Zoe\u{308}"]) == ["Zoë", "Zoë-2"])
    // Nobody's second submission takes the name of another student.
    #expect(FileName.distinct(["ada", "ada", "ada-2"]) == ["ada", "ada-3", "ada-2"])
  }
  /// What is told of a submission lies where what was recorded of it does.
  @Test func resultsAndRecordingsHaveTheSame() async throws {
    let exercise = try Catalogue.exercise("S1")
    let folder = try TemporaryFolder()
    func hand(in program: String, _ path: String) throws {
      let url = URL(filePath: "\(folder.path)/\(path)")
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(program.utf8).write(to: url)
    }
    for name in ["Zo?", "Zo!", "ada", "ada.zip/inside", "王"] { try hand(in: "# \(name)", "\(name)/client.py") }
    try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/ada.md", withDestinationPath: "ada")
    let entries = try SubmissionFolder(path: folder.path, exercise: exercise)
    let places = Recordings()
    var run = ClassRun(
      SubmissionJudge(exercise, nil, usesOwnCaptures: false), store: nil, again: false, jobs: 1, tries: { _ in [] })
    let names = SubmissionNames(entries, run.judge)
    run.recorded = { place, _ in places.add(names.name(ofEntry: place)) }
    let results = try await run.run(entries).results
    #expect(results.map(\.student) == ["Zo!", "Zo?", "ada", "ada", "王"])
    #expect(names.names(of: results) == ["Zo_", "Zo_-2", "ada", "ada-2", "王"])
    #expect(places.all == ["Zo_", "Zo_-2", "ada", "ada-2", "王"])
  }
  private final class Recordings: @unchecked Sendable {
    private let lock = NSLock()
    private var names: [String] = []
    func add(_ name: String) { lock.withLock { names.append(name) } }
    var all: [String] { lock.withLock { names } }
  }
}
