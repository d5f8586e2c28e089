import Dispatch
import Foundation

/// A `mailwire` that runs while a test does something: its output so far can be looked at and awaited.
package final class LiveRun {
  private let process = Process()
  private let folder: URL
  private let ended = DispatchSemaphore(value: 0)
  /// How long anything may take; the machine may be busy.
  private static let limit = 30.0

  /// Starts it; `launcher` is what it is started through (`unshare -rn`).
  package init(_ arguments: [String], launcher: [String] = []) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "mailwire-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for name in ["out", "err"] { try Data().write(to: folder.appending(path: name)) }
    process.executableURL = launcher.isEmpty ? Program.url : URL(filePath: "/usr/bin/env")
    process.arguments = launcher.isEmpty ? arguments : launcher + [Program.url.path] + arguments
    process.currentDirectoryURL = Repository.root
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: folder.appending(path: "out"))
    process.standardError = try FileHandle(forWritingTo: folder.appending(path: "err"))
    let ended = ended
    process.terminationHandler = { _ in ended.signal() }
    try process.run()
  }
  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    try? FileManager.default.removeItem(at: folder)
  }
  package var output: String { text("out") }
  package var diagnostics: String { text("err") }
  private func text(_ name: String) -> String {
    (try? String(decoding: Data(contentsOf: folder.appending(path: name)), as: UTF8.self)) ?? ""
  }
  /// Waits until it has said `text` on either stream.
  package func await(_ text: String) throws {
    let deadline = Date(timeIntervalSinceNow: Self.limit)
    while !output.contains(text), !diagnostics.contains(text) {
      guard process.isRunning, Date() < deadline else {
        // It may have said it just before its end.
        if output.contains(text) || diagnostics.contains(text) { return }
        throw Program.Failure(description: "never said \(text): \(output.suffix(500)) \(diagnostics)")
      }
      usleep(5_000)
    }
  }
  /// Waits for its end; nil when it does not come.
  package func status() -> Int32? {
    ended.wait(timeout: .now() + Self.limit) == .success ? process.terminationStatus : nil
  }
  /// Interrupts it, as Ctrl-C does, and waits for its end.
  package func interrupt() -> Int32? {
    kill(process.processIdentifier, SIGINT)
    return status()
  }
}
