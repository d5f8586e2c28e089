package import Dialogues
import Dispatch
package import Foundation

/// The `mailwire` that was built with these tests.
package enum Program {
  /// How a run ended.
  package struct Run {
    package var status: Int32
    /// Whether a signal ended it: a trap, or ours after the limit.
    package var wasKilled: Bool
    package var isOverLimit: Bool
    package var output: Data
    package var diagnostics: String
    /// The output as text.
    package var text: String { String(decoding: output, as: UTF8.self) }
  }

  /// Beside the test bundle, unless MAILWIRE_PROGRAM names another.
  package static let url: URL = {
    if let path = ProcessInfo.processInfo.environment["MAILWIRE_PROGRAM"] { return URL(filePath: path) }
    let bundle = Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])
    return bundle.deletingLastPathComponent().appending(path: "mailwire")
  }()

  /// Longer than this is a hang; a debug build on a busy machine is slow.
  #if DEBUG
    package static let limitSeconds = 30.0
  #else
    package static let limitSeconds = 2.0
  #endif

  package static func run(
    _ arguments: [String], program: URL = url, input: Data? = nil, seconds: Double = limitSeconds
  ) throws -> Run {
    let folder = FileManager.default.temporaryDirectory.appending(path: "mailwire-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = ["in", "out", "err"].map { folder.appending(path: $0) }
    for file in files { try (file == files[0] ? input ?? Data() : Data()).write(to: file) }

    // Files, because a pipe that nobody empties would stop the program.
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = Repository.root
    process.standardInput = try FileHandle(forReadingFrom: files[0])
    process.standardOutput = try FileHandle(forWritingTo: files[1])
    process.standardError = try FileHandle(forWritingTo: files[2])
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    SignalMask.unblock()
    try process.run()
    let isOverLimit = ended.wait(timeout: .now() + seconds) == .timedOut
    if isOverLimit { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()

    return Run(
      status: process.terminationStatus, wasKilled: process.terminationReason == .uncaughtSignal,
      isOverLimit: isOverLimit, output: try Data(contentsOf: files[1]),
      diagnostics: String(decoding: try Data(contentsOf: files[2]), as: UTF8.self))
  }

  /// Copies a program by another process. What this one has open to write, a child that another test starts meanwhile
  /// holds too until it is a program of its own, and the kernel starts nothing that is open to be written (ETXTBSY).
  package static func copy(_ program: URL = url, to place: URL) throws {
    let run = try run([program.path, place.path], program: URL(filePath: "/bin/cp"))
    guard run.status == 0 else { throw Failure(description: "cp: \(run.diagnostics)") }
  }

  /// Runs the program with so much processor time and so much memory of its own (its data, not the libraries); over
  /// either limit, the kernel ends it. The peak of the resident memory would be the wrong measure: a process that has
  /// just been forked inherits that of its parent.
  package static func run(_ arguments: [String], seconds: Int, megabytes: Int) throws -> Run {
    let limits = "ulimit -t \(seconds) && ulimit -d \(megabytes * 1_024) && exec \"$0\" \"$@\""
    return try run(["-c", limits, url.path] + arguments, program: URL(filePath: "/bin/sh"))
  }

  package struct Failure: Error, CustomStringConvertible {
    package var description: String
  }

  /// Every conversation of a capture, also of a damaged one.
  package static func analyze(path: String) throws -> [Conversation] {
    let run = try run(["analyze", "--format", "ndjson", "--dialogue", path])
    guard !run.wasKilled, run.status == 0 || run.status == 2 else {
      throw Failure(description: "status \(run.status)\(run.isOverLimit ? ", too slow" : ""): \(run.diagnostics)")
    }
    return try conversations(run.output)
  }

  package static func conversations(_ lines: Data) throws -> [Conversation] {
    try lines.split(separator: UInt8(ascii: "\n")).map { try JSONDecoder().decode(Conversation.self, from: $0) }
  }

  /// Interrupts the program while its standard input stays open; returns its exit status, or nil when it does not end.
  package static func interrupt(_ arguments: [String], _ input: Data, afterOutput octet: UInt8) throws -> Int32? {
    let process = Process()
    process.executableURL = url
    process.arguments = arguments
    let (standardInput, standardOutput) = (Pipe(), Pipe())
    process.standardInput = standardInput
    process.standardOutput = standardOutput
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    SignalMask.unblock()
    try process.run()
    try standardInput.fileHandleForWriting.write(contentsOf: input)
    while true {
      let data = standardOutput.fileHandleForReading.availableData
      if data.isEmpty || data.contains(octet) { break }
    }
    kill(process.processIdentifier, SIGINT)
    let isOver = ended.wait(timeout: .now() + limitSeconds) == .success
    if !isOver { kill(process.processIdentifier, SIGKILL) }
    return isOver ? process.terminationStatus : nil
  }

  /// What became of a program whose standard input stays open.
  package struct StreamedRun {
    package var wasAnsweredBeforeTheEnd: Bool
  }
  /// Writes `input` to the program, waits until it says `octet`, and only then ends its input. `chatter` goes on coming
  /// meanwhile, without a pause that is worth the name.
  package static func stream(
    _ arguments: [String], _ input: Data, until octet: UInt8, chatter: Data = Data()
  ) throws -> StreamedRun {
    let process = Process()
    process.executableURL = url
    process.arguments = arguments
    let (standardInput, standardOutput) = (Pipe(), Pipe())
    process.standardInput = standardInput
    process.standardOutput = standardOutput
    SignalMask.unblock()
    try process.run()
    let watch = DispatchWorkItem { kill(process.processIdentifier, SIGKILL) }
    DispatchQueue.global().asyncAfter(deadline: .now() + limitSeconds, execute: watch)
    try standardInput.fileHandleForWriting.write(contentsOf: input)
    let clock = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "chatter"))
    if !chatter.isEmpty {
      let handle = standardInput.fileHandleForWriting
      clock.setEventHandler { try? handle.write(contentsOf: chatter) }
      clock.schedule(deadline: .now(), repeating: .milliseconds(20))
    }
    clock.activate()
    defer { clock.cancel() }
    var wasAnswered = false
    while true {
      let data = standardOutput.fileHandleForReading.availableData
      if data.isEmpty { break }
      if data.contains(octet) {
        wasAnswered = true
        break
      }
    }
    try standardInput.fileHandleForWriting.close()
    process.waitUntilExit()
    watch.cancel()
    return StreamedRun(wasAnsweredBeforeTheEnd: wasAnswered)
  }
}
