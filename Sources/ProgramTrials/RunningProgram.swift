internal import Glibc
internal import Grading

/// A student's program while it runs: what it has written so far, how it ended, and whether it keeps to its limits.
///
///     start → (drain, check)* → stop → record
struct RunningProgram {
  let name: String
  private let process: SpawnedProcess
  var id: pid_t { process.id }
  /// bubblewrap's words about the start; -1 without a sandbox.
  private let status: Int32
  private var isWrapped: Bool { status >= 0 }
  private var statusText: [UInt8] = []
  private var output: [UInt8] = []
  private var diagnostics: [UInt8] = []
  private var byteCount = 0
  private var openPipes: Set<Int32>
  private(set) var ending: TrialRecord.Ending?
  var listeners: [String] = []
  private var wasStopped = false
  /// Resident octets of all processes of a program together.
  private static let memoryByteCount = 768 << 20

  init(
    _ program: SubmittedProgram, _ testCase: TrialCase, place: (host: String, port: UInt16), nextPort: UInt16?,
    isUnsafe: Bool, folder: String?
  ) throws(TrialFault) {
    name = program.name
    let arguments = testCase.arguments.map {
      $0.replacing("{host}", with: place.host).replacing("{port}", with: String(place.port))
        .replacing("{next}", with: nextPort.map(String.init) ?? "")
    }
    if isUnsafe {
      guard let folder else { throw TrialFault("there is no folder to run the program in") }
      status = -1
      process = try UnsafeRun.start(program, arguments, place, testCase, folder: folder)
    } else {
      let pipe = try SpawnedProcess.pipePair()
      _ = fcntl(pipe.read, F_SETFL, O_NONBLOCK)
      status = pipe.read
      do throws(TrialFault) {
        process = try Sandbox.start(
          program, arguments: arguments, place: place, environment: testCase.environment, files: testCase.files,
          input: testCase.input, status: pipe.write)
      } catch {
        close(pipe.read)
        throw error
      }
    }
    openPipes = [process.output, process.diagnostics]
  }
  /// Files to poll for reading.
  var watched: [Int32] { Array(openPipes) }
  var hasEnded: Bool { ending != nil }

  /// Takes what the program has written; returns whether that was anything. A program that writes too much is over its limit.
  mutating func drain() -> (isActive: Bool, isOverLimit: Bool) {
    var isActive = false
    for pipe in openPipes {
      for _ in 0..<16 {
        guard let octets = NamelessFile.readSome(pipe) else {
          openPipes.remove(pipe)
          break
        }
        if octets.isEmpty { break }
        isActive = true
        byteCount += octets.count
        if pipe == process.output { Self.keep(octets, in: &output) } else { Self.keep(octets, in: &diagnostics) }
      }
    }
    return (isActive, byteCount > TrialLimits.outputByteCount)
  }
  /// The beginning and the end of what was written.
  private static func keep(_ octets: [UInt8], in kept: inout [UInt8]) {
    kept += octets
    let most = TrialLimits.keptOutputByteCount
    if kept.count > 2 * most { kept = Array(kept.prefix(most)) + Array(kept.suffix(most / 2)) }
  }
  /// Whether all its processes together take more memory than they may.
  func isOverMemory() -> Bool {
    var count = 0
    var waiting = [process.id]
    var looked = 0
    while let id = waiting.popLast(), looked < 400 {
      looked += 1
      if let pages = ProcessFile.words("/proc/\(id)/statm").dropFirst().first.flatMap({ Int($0) }) {
        count += pages * 4096
      }
      waiting += ProcessFile.words("/proc/\(id)/task/\(id)/children").compactMap { pid_t($0) }
    }
    return count > Self.memoryByteCount
  }
  /// Notes whether it has ended by itself; true when it just has.
  mutating func check() -> Bool {
    guard ending == nil else { return false }
    var status: Int32 = 0
    guard unsafe waitpid(process.id, &status, WNOHANG) == process.id else { return false }
    ending = Self.ending(status, isWrapped: isWrapped)
    return true
  }
  private static func ending(_ status: Int32, isWrapped: Bool) -> TrialRecord.Ending {
    if status & 0x7F != 0 { return .signalled(Int(status & 0x7F)) }
    let code = Int((status >> 8) & 0xFF)
    // bubblewrap ends as the program did, and tells a signal as a shell does.
    return isWrapped && code > 128 && code <= 128 + 64 ? .signalled(code - 128) : .exited(code)
  }
  /// Ends it with all its processes, and waits until they are gone. Throws where they do not go.
  mutating func stop() throws(TrialFault) {
    if ending == nil { _ = check() }
    if ending == nil {
      wasStopped = true
      kill(-process.id, SIGKILL)
      kill(process.id, SIGKILL)
    } else {
      kill(-process.id, SIGKILL)
    }
    readStatus()
    try waitForAll()
    if wasStopped { ending = .stopped }
    _ = drain()
    for pipe in [process.output, process.diagnostics] { close(pipe) }
    openPipes = []
    if isWrapped {
      close(status)
      // bubblewrap tells an exit status only of a program that it has started.
      let isMade = wasStopped || String(decoding: statusText, as: UTF8.self).contains("\"exit-code\"")
      if firstProcess == nil || (!isMade && ending.map(Self.isExit) == true) {
        let words = String(decoding: diagnostics.prefix(400), as: UTF8.self)
        throw TrialFault(
          "the sandbox could not be made: \(words.split(separator: "\n").last ?? "bubblewrap says nothing")")
      }
      // prlimit says so when there is nothing to start.
      if case .exited(126...127) = ending,
        String(decoding: diagnostics, as: UTF8.self).hasPrefix("prlimit: failed to execute")
      {
        ending = .notStarted
      }
    }
  }
  private static func isExit(_ ending: TrialRecord.Ending) -> Bool { if case .exited = ending { true } else { false } }
  private mutating func readStatus() {
    guard isWrapped else { return }
    while let octets = NamelessFile.readSome(status), !octets.isEmpty { statusText += octets }
  }
  /// The first process of the sandbox, whose end is the end of all in it:
  ///
  ///     { "child-pid": 4711, … }
  private var firstProcess: pid_t? {
    let text = String(decoding: statusText, as: UTF8.self)
    guard let key = text.firstRange(of: "\"child-pid\":") else { return nil }
    return pid_t(String(text[key.upperBound...].drop { $0 == " " }.prefix { $0.isNumber }))
  }
  /// How long processes that are killed may take to go.
  private static let longestMilliseconds = 10_000

  /// Waits until nothing of the program is left. In a sandbox its first process goes last (pid_namespaces(7)), and comes to
  /// this process when bubblewrap has ended.
  private func waitForAll() throws(TrialFault) {
    var isMainGone = ending != nil
    let first = firstProcess
    for _ in 0..<Self.longestMilliseconds {
      var status: Int32 = 0
      if !isMainGone {
        isMainGone = unsafe waitpid(process.id, &status, WNOHANG) != 0
      } else if let first {
        if unsafe waitpid(first, &status, WNOHANG) == first || kill(first, 0) != 0 { return }
      } else {
        if !isWrapped { endOrphans() }
        return
      }
      usleep(1_000)
    }
    throw TrialFault("a program could not be ended")
  }
  /// Without a sandbox: whatever has left the program's process group has become a child of this process.
  private func endOrphans() {
    for _ in 0..<100 {
      for id in ProcessFile.words("/proc/self/task/\(getpid())/children").compactMap({ pid_t($0) }) {
        kill(id, SIGKILL)
      }
      var status: Int32 = 0
      if unsafe waitpid(-1, &status, WNOHANG) < 0 { return }
      usleep(1_000)
    }
  }
  var record: TrialRecord.Program {
    TrialRecord.Program(
      name: name, ending: ending ?? .stopped, output: output, diagnostics: diagnostics, listeners: listeners)
  }
}
