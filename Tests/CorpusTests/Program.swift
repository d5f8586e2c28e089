import Dialogues
import Dispatch
import Foundation

/// The `mailwire` that was built with these tests.
enum Program {
  /// How a run ended.
  struct Run {
    var status: Int32
    /// Whether a signal ended it: a trap, or ours after the limit.
    var wasKilled: Bool
    var isOverLimit: Bool
    var output: Data
    var diagnostics: String
  }

  /// Beside the test bundle, unless MAILWIRE_PROGRAM names another.
  static let url: URL = {
    if let path = ProcessInfo.processInfo.environment["MAILWIRE_PROGRAM"] { return URL(filePath: path) }
    let bundle = Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])
    return bundle.deletingLastPathComponent().appending(path: "mailwire")
  }()

  /// Longer than this is a hang; a debug build on a busy machine is slow.
  #if DEBUG
    static let limitSeconds = 10.0
  #else
    static let limitSeconds = 2.0
  #endif

  static func run(_ arguments: [String], program: URL = url, input: Data? = nil) throws -> Run {
    let folder = FileManager.default.temporaryDirectory.appending(path: "mailwire-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = ["in", "out", "err"].map { folder.appending(path: $0) }
    for file in files { try (file == files[0] ? input ?? Data() : Data()).write(to: file) }

    // Files, because a pipe that nobody empties would stop the program.
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.standardInput = try FileHandle(forReadingFrom: files[0])
    process.standardOutput = try FileHandle(forWritingTo: files[1])
    process.standardError = try FileHandle(forWritingTo: files[2])
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    try process.run()
    let isOverLimit = ended.wait(timeout: .now() + limitSeconds) == .timedOut
    if isOverLimit { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()

    return Run(
      status: process.terminationStatus, wasKilled: process.terminationReason == .uncaughtSignal,
      isOverLimit: isOverLimit, output: try Data(contentsOf: files[1]),
      diagnostics: String(decoding: try Data(contentsOf: files[2]), as: UTF8.self))
  }

  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  /// Every conversation of a capture, also of a damaged one.
  static func analyze(path: String) throws -> [Conversation] {
    let run = try run(["analyze", "--format", "ndjson", "--dialogue", path])
    guard !run.wasKilled, run.status == 0 || run.status == 2 else {
      throw Failure(description: "status \(run.status)\(run.isOverLimit ? ", too slow" : ""): \(run.diagnostics)")
    }
    return try conversations(run.output)
  }

  static func conversations(_ lines: Data) throws -> [Conversation] {
    try lines.split(separator: UInt8(ascii: "\n")).map { try JSONDecoder().decode(Conversation.self, from: $0) }
  }
}
