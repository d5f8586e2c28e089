internal import Glibc

/// What the processes of the programs on trial do at this moment (proc_pid_stat(5)).
struct ProcessLook {
  /// Processor time that they have had, in nanoseconds, with that of processes that have ended.
  private(set) var processorNanoseconds: Int64 = 0
  /// Whether one of them runs, or would run if the machine had a processor for it.
  private(set) var isRunnable = false
  /// Whether one of them waits for the machine: for a file, for memory.
  private(set) var isHeldUp = false
  /// Processes that are looked at; no program may have more.
  private static let processCount = 400
  private static let tickNanoseconds = 1_000_000_000 / Int64(max(1, sysconf(Int32(_SC_CLK_TCK))))

  init(processorNanoseconds: Int64, isRunnable: Bool) {
    self.processorNanoseconds = processorNanoseconds
    self.isRunnable = isRunnable
  }
  /// Looks at these processes, and at all that have come of them.
  init(_ roots: [pid_t]) {
    var waiting = roots
    var looked = 0
    while let id = waiting.popLast(), looked < Self.processCount {
      looked += 1
      guard let fields = Self.fields("/proc/\(id)/stat") else { continue }
      note(fields[0])
      for index in 11...14 { processorNanoseconds += (Int64(fields[index]) ?? 0) * Self.tickNanoseconds }
      let threads = fields[17] == "1" ? [id] : ProcessFile.threads(of: id)
      for thread in threads {
        if thread != id, let state = Self.fields("/proc/\(id)/task/\(thread)/stat")?[0] { note(state) }
        waiting += ProcessFile.words("/proc/\(id)/task/\(thread)/children").compactMap { pid_t($0) }
      }
    }
  }
  private mutating func note(_ state: Substring) {
    if state == "R" { isRunnable = true }
    if state == "D" { isHeldUp = true }
  }
  /// The fields behind the program's name, which may hold anything; from the state on.
  private static func fields(_ path: String) -> [Substring]? {
    let text = ProcessFile.text(path)
    guard let end = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ")
    return fields.count > 17 ? fields : nil
  }
}
