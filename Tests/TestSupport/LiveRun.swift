import Dispatch
import Foundation

/// A `mailwire` that runs while a test does something: its output so far can be looked at and awaited.
package final class LiveRun {
  private let process = Process()
  private let ended = DispatchSemaphore(value: 0)
  private let said = Said()
  /// How long anything may take; the machine may be busy.
  private static let limit = 30.0

  /// What it has said so far, and a bell that rings when there is more.
  private final class Said: @unchecked Sendable {
    private let changed = NSCondition()
    private var texts: [Data] = [Data(), Data()]
    private var openCount = 2

    /// Listens to a stream until it is closed, on a thread of its own: a `readabilityHandler` is now and then not told of
    /// the end.
    func listen(to pipe: Pipe, as stream: Int) {
      Thread.detachNewThread {
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
          let count = unsafe read(pipe.fileHandleForReading.fileDescriptor, &chunk, chunk.count)
          if count < 0, errno == EINTR { continue }
          self.changed.lock()
          if count > 0 { self.texts[stream] += chunk[..<count] } else { self.openCount -= 1 }
          self.changed.broadcast()
          self.changed.unlock()
          if count <= 0 { return }
        }
      }
    }
    func text(_ stream: Int) -> String {
      changed.lock()
      defer { changed.unlock() }
      return String(decoding: texts[stream], as: UTF8.self)
    }
    /// Waits until `isEnough` of both streams' texts, until both are closed, or until `deadline`.
    func wait(until deadline: Date, _ isEnough: (String, String) -> Bool) -> Bool {
      changed.lock()
      defer { changed.unlock() }
      while true {
        if isEnough(String(decoding: texts[0], as: UTF8.self), String(decoding: texts[1], as: UTF8.self)) {
          return true
        }
        if openCount == 0 || !changed.wait(until: deadline) { return false }
      }
    }
  }

  /// Starts it; `launcher` is what it is started through (`unshare -rn`).
  package init(_ arguments: [String], launcher: [String] = []) throws {
    process.executableURL = launcher.isEmpty ? Program.url : URL(filePath: "/usr/bin/env")
    process.arguments = launcher.isEmpty ? arguments : launcher + [Program.url.path] + arguments
    process.currentDirectoryURL = Repository.root
    process.standardInput = FileHandle.nullDevice
    let (output, diagnostics) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = diagnostics
    said.listen(to: output, as: 0)
    said.listen(to: diagnostics, as: 1)
    let ended = ended
    process.terminationHandler = { _ in ended.signal() }
    SignalMask.unblock()
    try process.run()
  }
  deinit { if process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) } }

  package var isRunning: Bool { process.isRunning }
  package var output: String { said.text(0) }
  package var diagnostics: String { said.text(1) }
  /// Waits until it has said `text` on either stream.
  package func await(_ text: String) throws {
    let deadline = Date(timeIntervalSinceNow: Self.limit)
    if said.wait(until: deadline, { $0.contains(text) || $1.contains(text) }) { return }
    throw Program.Failure(description: "never said \(text): \(output.suffix(500)) \(diagnostics)")
  }
  /// Waits until it listens, and gives its TCP ports.
  @discardableResult package func awaitListening() throws -> [UInt16] {
    let deadline = Date(timeIntervalSinceNow: Self.limit)
    let folder = "/proc/\(process.processIdentifier)"
    while deadline > Date() {
      let own = Self.openFiles(folder)
      let ports = Self.listeningSockets(folder).filter { own.contains($0.key) }.values
      if !ports.isEmpty { return ports.sorted() }
      usleep(20_000)
    }
    throw Program.Failure(description: "it never listened: \(output) \(diagnostics)")
  }
  /// Waits until it waits for something itself (proc(5): its state).
  package func awaitSleep() throws {
    let deadline = Date(timeIntervalSinceNow: Self.limit)
    while deadline > Date() {
      let text = (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/stat", encoding: .utf8)) ?? ""
      if text.contains(") S ") { return }
      usleep(20_000)
    }
    throw Program.Failure(description: "it never waits: \(output) \(diagnostics)")
  }
  /// The ports of all in its network, by what links to open files call them.
  private static func listeningSockets(_ folder: String) -> [String: UInt16] {
    let table = (try? String(contentsOfFile: "\(folder)/net/tcp", encoding: .utf8)) ?? ""
    var ports: [String: UInt16] = [:]
    for line in table.split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard fields.count > 9, fields[3] == "0A" else { continue }
      ports["socket:[\(fields[9])]"] = UInt16(fields[1].suffix(4), radix: 16)
    }
    return ports
  }
  private static func openFiles(_ folder: String) -> Set<String> {
    let numbers = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/fd")) ?? []
    var names: Set<String> = []
    for number in numbers {
      if let name = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/fd/\(number)") {
        names.insert(name)
      }
    }
    return names
  }
  /// Waits for its end; nil when it does not come.
  package func status() -> Int32? {
    guard ended.wait(timeout: .now() + Self.limit) == .success else { return nil }
    // Its last words may come behind its end.
    _ = said.wait(until: Date(timeIntervalSinceNow: Self.limit)) { _, _ in false }
    return process.terminationStatus
  }
  /// Kills it, which no program survives, and waits for its end.
  package func kill() -> Int32? {
    Foundation.kill(process.processIdentifier, SIGKILL)
    return status()
  }
  /// Interrupts it, as Ctrl-C does or another signal, and waits for its end.
  package func interrupt(by signal: Int32 = SIGINT) -> Int32? {
    send(signal)
    return status()
  }
  /// Sends it a signal.
  package func send(_ signal: Int32) { Foundation.kill(process.processIdentifier, signal) }
}
