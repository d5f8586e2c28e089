internal import MailSystem
internal import NIOCore
internal import NIOPosix

/// Writes a queue's changes in their order, on a thread of its own. What comes while the disk is at work goes to it
/// together: many sessions wait for the disk once (group commit).
final class SpoolWriter {
  private struct Part {
    var changes: [MailHost.Change]
    /// Whether it stays true when it cannot be written, so that it must be tried again.
    var isFact: Bool
    var written: EventLoopPromise<Void>
  }
  private let spool: Spool
  private let pool: NIOThreadPool
  private let eventLoop: any EventLoop
  private var waiting: [Part] = []
  private var isWriting = false
  private var isFailing = false

  init(_ spool: Spool, pool: NIOThreadPool, eventLoop: any EventLoop) {
    self.spool = spool
    self.pool = pool
    self.eventLoop = eventLoop
  }
  /// Fulfilled when the changes are on disk. A `fact` that cannot be written is tried again until it can; of anything
  /// else that cannot be written, nothing is there.
  func write(_ changes: [MailHost.Change], isFact: Bool) -> EventLoopFuture<Void> {
    let part = Part(changes: changes, isFact: isFact, written: eventLoop.makePromise(of: Void.self))
    waiting.append(part)
    // While the disk refuses, facts wait for their time, and others are tried at once.
    if !isFailing || !isFact { begin() }
    return part.written.futureResult
  }
  private func begin() {
    guard !isWriting, !waiting.isEmpty else { return }
    isWriting = true
    let batch = waiting
    waiting = []
    let changes = batch.flatMap(\.changes)
    pool.runIfActive(eventLoop: eventLoop) { [spool] in try spool.write(changes) }.assumeIsolated().whenComplete {
      self.isWriting = false
      switch $0 {
      case .success:
        self.isFailing = false
        for part in batch { part.written.succeed() }
        self.begin()
      case .failure(let error): self.failed(batch, error)
      }
    }
  }
  private func failed(_ batch: [Part], _ error: any Error) {
    isFailing = true
    waiting = batch.filter(\.isFact) + waiting
    for part in batch where !part.isFact { part.written.fail(error) }
    let bound = NIOLoopBound(self, eventLoop: eventLoop)
    eventLoop.scheduleTask(in: .seconds(1)) { bound.value.begin() }
  }
}
