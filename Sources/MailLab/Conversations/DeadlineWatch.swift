internal import NIOCore
internal import NIOPosix

/// Looks a few times a second whether a deadline of the conversations on one event loop is missed: to be heard, or to come
/// and go, costs nothing like a task of the event loop.
final class DeadlineWatch {
  private static let ofThread = ThreadSpecificVariable<NIOLoopBoundBox<DeadlineWatch>>()
  private static let interval = TimeAmount.milliseconds(250)
  private let eventLoop: any EventLoop
  private var deadlines: [ObjectIdentifier: Deadline] = [:]
  private var isLooking = false

  private init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }
  /// That of the event loop on whose thread this is called.
  static func of(_ eventLoop: any EventLoop) -> DeadlineWatch {
    eventLoop.preconditionInEventLoop()
    if let box = ofThread.currentValue { return box.value }
    let box = NIOLoopBoundBox(DeadlineWatch(eventLoop), eventLoop: eventLoop)
    ofThread.currentValue = box
    return box.value
  }
  func keep(_ deadline: Deadline) {
    deadlines[ObjectIdentifier(deadline)] = deadline
    if !isLooking { lookLater() }
  }
  func forget(_ deadline: Deadline) { deadlines[ObjectIdentifier(deadline)] = nil }

  private func lookLater() {
    isLooking = true
    let bound = NIOLoopBound(self, eventLoop: eventLoop)
    eventLoop.scheduleTask(in: Self.interval) { bound.value.look() }
  }
  private func look() {
    isLooking = false
    let now = NIODeadline.now()
    for deadline in deadlines.values where deadline.expiry <= now { deadline.miss() }
    if !deadlines.isEmpty, !isLooking { lookLater() }
  }
}
