internal import Foundation
internal import Glibc
package import Grading

/// Has programs tried by helper processes, one for each student: whatever happens to one of them, the next begins anew.
package struct TrialRunner: Sendable {
  /// The program that becomes the helper: `mailwire-grade`.
  package let helper: String
  /// What it is told before the word that makes it the helper.
  package let helperArguments: [String]
  /// Run programs without a sandbox.
  package let isUnsafe: Bool

  package init(helper: String, helperArguments: [String] = [], isUnsafe: Bool = false) {
    self.helper = helper
    self.helperArguments = helperArguments
    self.isUnsafe = isUnsafe
  }
  /// Why programs cannot be tried on this machine, for a person; nil when they can.
  package var obstacle: String? {
    if isUnsafe { return nil }
    if Sandbox.program == nil {
      return "students' programs run in a sandbox, for which bubblewrap is needed: apt-get install bubblewrap"
    }
    return Sandbox.limiter == nil
      ? "students' programs run under limits, for which prlimit is needed (util-linux)" : nil
  }
  /// Runs the programs of one student; the records stand in the order of the cases. What the helper does not tell any more is a
  /// fault of ours.
  package func run(_ order: TrialOrder) async -> [TrialRecord] {
    var changed = order
    changed.isUnsafe = isUnsafe
    let order = changed
    let seconds = order.cases.reduce(20.0) { $0 + TrialStage.patience * ($1.seconds + 2) + 2 }
    return await withCheckedContinuation { continuation in
      // A thread that waits; the tasks' own threads are few.
      DispatchQueue.global().async { continuation.resume(returning: wait(order, seconds)) }
    }
  }
  private func wait(_ order: TrialOrder, _ seconds: Double) -> [TrialRecord] {
    var records: [TrialRecord] = []
    var fault = obstacle ?? "the helper process ended too early"
    if obstacle == nil {
      do {
        let text = try JSONEncoder().encode(order)
        let process = try SpawnedProcess.start(
          helper, [helper] + helperArguments + [TrialHelper.word], environment: ["PATH=/usr/local/bin:/usr/bin:/bin"],
          input: NamelessFile.make(Array(text)))
        records = read(process, seconds, &fault)
      } catch {
        fault = "\(error)"
      }
    }
    return order.cases.map { testCase in
      if let record = records.first(where: { $0.id == testCase.id }) { return record }
      var record = TrialRecord(id: testCase.id)
      record.fault = fault
      return record
    }
  }
  /// Reads records until the helper ends.
  private func read(_ process: SpawnedProcess, _ seconds: Double, _ fault: inout String) -> [TrialRecord] {
    var text: [UInt8] = []
    var complaint: [UInt8] = []
    let end = Clock.nanoseconds + Int64(seconds * 1e9)
    var open: Set<Int32> = [process.output, process.diagnostics]
    while !open.isEmpty, Clock.nanoseconds < end {
      var watched = open.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      _ = unsafe poll(&watched, nfds_t(watched.count), 500)
      for entry in watched where entry.revents != 0 {
        guard let octets = NamelessFile.readSome(entry.fd) else {
          open.remove(entry.fd)
          continue
        }
        if entry.fd == process.output { text += octets } else if complaint.count < 4_096 { complaint += octets }
      }
    }
    if !open.isEmpty { fault = "the helper process did not end in time" }
    kill(process.id, SIGKILL)
    var status: Int32 = 0
    _ = unsafe waitpid(process.id, &status, 0)
    close(process.output)
    close(process.diagnostics)
    if let last = String(decoding: complaint, as: UTF8.self).split(separator: "\n").first { fault += ": \(last)" }
    return text.split(separator: 10).compactMap { try? JSONDecoder().decode(TrialRecord.self, from: Data($0)) }
  }
}
