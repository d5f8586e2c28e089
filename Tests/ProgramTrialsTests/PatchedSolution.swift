import Foundation
import TestSupport

/// A solution that is told by what differs from another one: `wrong-1.patch`, a unified diff behind a line that names the
/// other, or that line alone.
///
///     Of V1/reference
///     --- server.py
///     +++ server.py
///     @@ …
enum PatchedSolution {
  /// A failure in a line for whoever reads the test's output.
  struct Failure: Error, CustomStringConvertible { var description: String }

  /// Writes the whole solution into a folder of its own name, lends that to `body`, and removes it.
  static func lend<Result>(
    _ patch: String, _ body: (String) async throws -> Result
  ) async throws -> Result {
    let text = try String(contentsOfFile: patch, encoding: .utf8)
    let opening = text.prefix { $0 != "\n" }
    let parts = opening.dropFirst("Of ".count).split(separator: "/")
    guard opening.hasPrefix("Of "), parts.count == 2 else { throw Failure(description: "\(patch): of which solution?") }
    let base = Repository.root.appending(path: "Exercises/\(parts[0])/solutions/\(parts[1])")
    let folder = FileManager.default.temporaryDirectory.appending(path: "mailwire-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let name = URL(filePath: patch).deletingPathExtension().lastPathComponent
    let whole = folder.appending(path: name)
    try FileManager.default.copyItem(at: base, to: whole)
    if text.contains("\n@@ ") { try apply(patch, in: whole) }
    return try await body(whole.path)
  }
  private static func apply(_ patch: String, in folder: URL) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/patch")
    process.arguments = ["--silent", "--strip=0", "--fuzz=0", "--directory", folder.path, "--input", patch]
    SignalMask.unblock()
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(description: "\(patch) fits no longer") }
  }
}
