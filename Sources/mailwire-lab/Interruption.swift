import Synchronization
import UnixSignals

/// Ctrl-C, or a polite `kill`.
enum Interruption {
  /// What comes while something else goes on.
  struct Stream {
    let signals: AsyncStream<Void>
    let hasCome: SharedFlag
    fileprivate let task: Task<Void, Never>
    func stop() { task.cancel() }
  }
  /// From when it returns on, a signal ends nothing by itself.
  static func stream() async -> Stream {
    let (signals, told) = AsyncStream.makeStream(of: Void.self)
    let hasCome = SharedFlag()
    let trapped = await UnixSignalsSequence(trapping: .sigint, .sigterm)
    let task = Task {
      for await _ in trapped {
        hasCome.set()
        told.yield()
      }
    }
    return Stream(signals: signals, hasCome: hasCome, task: task)
  }
  /// Returns when the first comes, or when something is told on `stream`.
  static func first(or stream: AsyncStream<Void>) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { return } }
      group.addTask { for await _ in stream { return } }
      await group.next()
      group.cancelAll()
    }
  }
}

/// Whether something has happened, known to several tasks.
final class SharedFlag: Sendable {
  private let flag = Atomic(false)
  var isSet: Bool { flag.load(ordering: .relaxed) }
  func set() { flag.store(true, ordering: .relaxed) }
}
