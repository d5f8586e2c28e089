import Foundation
import TestSupport
import Testing

/// A client among an exercise's solutions, written as a whole where a student would hand it in. Some lie there as a patch of
/// the reference.
enum SolutionCopy {
  /// Writes `FOLDER/client.py`.
  static func write(_ exercise: String, _ solution: String, into folder: String) throws {
    let solutions = Repository.root.appending(path: "Exercises/\(exercise)/solutions").path
    let patch = "\(solutions)/\(solution).patch"
    let isPatch = FileManager.default.fileExists(atPath: patch)
    let source = "\(solutions)/\(isPatch ? "reference" : solution)/client.py"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: source, toPath: "\(folder)/client.py")
    guard isPatch else { return }
    #expect(try String(contentsOfFile: patch, encoding: .utf8).hasPrefix("Of \(exercise)/reference\n"))
    let run = try Program.run(
      ["--silent", "--strip=0", "--fuzz=0", "--directory", folder, "--input", patch],
      program: URL(filePath: "/usr/bin/patch"))
    try #require(run.status == 0, "\(patch) fits no longer: \(run.diagnostics)")
  }
}
