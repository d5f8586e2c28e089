internal import NIOCore

/// How long somebody may be silent. Being heard costs nothing but a look at the clock.
final class Deadline {
  private(set) var expiry = NIODeadline.distantFuture
  private var whenMissed: (() -> Void)?
  private var watch: DeadlineWatch?

  /// Begins anew; `body` runs soon after it is missed.
  func restart(_ time: TimeAmount, _ eventLoop: any EventLoop, _ body: @escaping () -> Void) {
    expiry = .now() + time
    whenMissed = body
    guard watch == nil else { return }
    watch = .of(eventLoop)
    watch?.keep(self)
  }
  func cancel() {
    watch?.forget(self)
    watch = nil
    whenMissed = nil
  }
  /// It is missed, and over.
  func miss() {
    let body = whenMissed
    cancel()
    body?()
  }
}
