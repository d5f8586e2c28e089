internal import NIOCore

/// How long somebody may be silent. Being heard costs nothing but a look at the clock: the one task that waits finds out
/// when it is due whether it came too early.
final class Deadline {
  private let time: TimeAmount
  private var expiry = NIODeadline.now()
  private var task: Scheduled<Void>?

  init(_ time: TimeAmount) { self.time = time }

  /// Begins anew; `body` runs when it is missed. Every call gives the same body.
  func restart(_ eventLoop: any EventLoop, _ body: @escaping () -> Void) {
    expiry = .now() + time
    if task == nil { wait(eventLoop, body) }
  }
  func cancel() {
    task?.cancel()
    task = nil
  }
  private func wait(_ eventLoop: any EventLoop, _ body: @escaping () -> Void) {
    let bound = NIOLoopBound((self, body), eventLoop: eventLoop)
    task = eventLoop.scheduleTask(deadline: expiry) {
      let (deadline, body) = bound.value
      deadline.task = nil
      if NIODeadline.now() >= deadline.expiry { body() } else { deadline.wait(eventLoop, body) }
    }
  }
}
