internal import Bytes
internal import MailSystem
internal import NIOCore

/// A server's conversation with a plan of faults before it.
final class FaultyConversation<Inner: Conversation>: Conversation {
  static var patience: TimeAmount { Inner.patience }
  private let inner: Inner
  private let plans: FaultPlans
  private let service: MailService
  private var gate: FaultGate
  /// What is to be sent, each piece behind its own delay.
  private var pieces: [FaultGate.Piece] = []
  private var isLate = false
  private enum Ending { case none, polite, abrupt }
  private var ending = Ending.none

  init(_ inner: Inner, _ service: MailService, _ plans: FaultPlans) {
    self.inner = inner
    self.service = service
    self.plans = plans
    gate = FaultGate(service)
  }
  func begin() {
    inner.begin()
    guard let fault = gate.greet(&plans[service]) else { return }
    // The session believes that it has greeted.
    _ = inner.takeOutput()
    obey(fault)
  }
  func receive(_ octets: Span<UInt8>) {
    for heard in gate.hear(octets, &plans[service]) where ending == .none { obey(heard) }
  }
  private func obey(_ heard: FaultGate.Heard) {
    switch heard {
    case .pass(let octets):
      inner.receive(octets.span)
      speak(inner.takeOutput())
    case .say(let octets, let hangsUp):
      speak(octets)
      if hangsUp { ending = .polite }
    case .drop: ending = .abrupt
    }
  }
  private func speak(_ output: [UInt8]) { pieces += gate.speak(output, &plans[service]) }
  func takeOutput() -> [UInt8] {
    if ending == .none { speak(inner.takeOutput()) }
    guard let first = pieces.first, first.delay == 0 || isLate else { return [] }
    isLate = false
    return pieces.removeFirst().octets
  }
  func work(_ context: ChannelHandlerContext) -> Progress {
    if let first = pieces.first {
      // Pieces that are to be seen as pieces do not leave at one moment.
      return .until(context.wait(max(first.delay, 1_000_000))) { self.isLate = true }
    }
    switch ending {
    case .none: return inner.work(context)
    case .polite: return .over
    case .abrupt:
      context.breakOff()
      return .over
    }
  }
  func expire() { inner.expire() }
  func shutDown() { inner.shutDown() }
  func end() { inner.end() }
}

/// The fault plans of a machine's services, each for all of the service's connections.
final class FaultPlans {
  private var plans: [MailService: FaultPlan]

  init(_ plans: [MailService: FaultPlan]) { self.plans = plans }
  subscript(service: MailService) -> FaultPlan {
    get { plans[service] ?? FaultPlan() }
    set { plans[service] = newValue }
  }
}
