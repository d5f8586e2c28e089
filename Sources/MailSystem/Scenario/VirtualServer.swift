internal import Bytes
internal import MailProtocols

/// A server's side of one connection, whatever it speaks, with the faults that stand before it.
struct VirtualServer: Sendable {
  enum Session: Sendable {
    case smtp(SMTPServerSession)
    case pop3(POP3ServerSession)
    case imap(IMAPServerSession)
  }
  /// What is to be done at the wire.
  enum Action: Equatable { case startTLS, close, abort, pause(Int64) }

  let service: MailService
  var session: Session
  private var gate: FaultGate
  /// What is to be sent, and when: so late behind what was sent before.
  private var pieces: [FaultGate.Piece] = []
  private var actions: [Action] = []
  /// The POP3 session's maildrop, which nobody else may have meanwhile.
  private(set) var held: (user: String, maildrop: Maildrop)?
  private(set) var isOver = false

  init(_ service: MailService, _ session: Session) {
    self.service = service
    self.session = session
    gate = FaultGate(service)
  }
  mutating func takePieces() -> [FaultGate.Piece] {
    defer { pieces = [] }
    return pieces
  }
  mutating func takeActions() -> [Action] {
    defer { actions = [] }
    return actions
  }

  mutating func begin(_ machine: inout VirtualMachine, at now: Timestamp) {
    if let fault = gate.greet(&machine.faults[service, default: FaultPlan()]) {
      // The session believes that it has greeted.
      start(at: now)
      discard()
      return obey(fault, &machine, at: now)
    }
    start(at: now)
    work(&machine, at: now)
  }
  private mutating func start(at now: Timestamp) {
    switch session {
    case .smtp(var smtp):
      smtp.begin(at: now)
      session = .smtp(smtp)
    case .pop3(var pop3):
      pop3.begin(at: now)
      session = .pop3(pop3)
    case .imap(var imap):
      imap.begin(at: now)
      session = .imap(imap)
    }
  }
  private mutating func discard() {
    switch session {
    case .smtp(var smtp):
      _ = smtp.takeOutput()
      session = .smtp(smtp)
    case .pop3(var pop3):
      _ = pop3.takeOutput()
      session = .pop3(pop3)
    case .imap(var imap):
      _ = imap.takeOutput()
      session = .imap(imap)
    }
  }
  mutating func receive(_ octets: [UInt8], _ machine: inout VirtualMachine, at now: Timestamp) {
    if isOver { return }
    for heard in gate.hear(octets.span, &machine.faults[service, default: FaultPlan()]) {
      if isOver { return }
      obey(heard, &machine, at: now)
    }
  }
  private mutating func obey(_ heard: FaultGate.Heard, _ machine: inout VirtualMachine, at now: Timestamp) {
    switch heard {
    case .pass(let octets):
      switch session {
      case .smtp(var smtp):
        smtp.receive(octets.span, at: now)
        session = .smtp(smtp)
      case .pop3(var pop3):
        pop3.receive(octets.span, at: now)
        session = .pop3(pop3)
      case .imap(var imap):
        imap.receive(octets.span, at: now, store: &machine.store)
        session = .imap(imap)
      }
      work(&machine, at: now)
    case .say(let octets, let hangsUp):
      pieces += gate.speak(octets, &machine.faults[service, default: FaultPlan()])
      if hangsUp { hangUp(&machine, .close) }
    case .drop: hangUp(&machine, .abort)
    }
  }
  /// A pause is over.
  mutating func resume(_ machine: inout VirtualMachine, at now: Timestamp) {
    switch session {
    case .smtp(var smtp):
      smtp.resume(at: now)
      session = .smtp(smtp)
    case .pop3(var pop3):
      pop3.resume(at: now)
      session = .pop3(pop3)
    case .imap(var imap):
      imap.resume(at: now, store: &machine.store)
      session = .imap(imap)
    }
    work(&machine, at: now)
  }
  /// TLS has begun.
  mutating func beginProtected(_ machine: inout VirtualMachine, at now: Timestamp) {
    gate.beginProtected()
    switch session {
    case .smtp(var smtp):
      smtp.beginProtected(at: now)
      session = .smtp(smtp)
    case .pop3(var pop3):
      pop3.beginProtected(at: now)
      session = .pop3(pop3)
    case .imap(var imap):
      imap.beginProtected(at: now, store: &machine.store)
      session = .imap(imap)
    }
    work(&machine, at: now)
  }
  /// The machine goes down.
  mutating func shutDown(_ machine: inout VirtualMachine, at now: Timestamp) {
    switch session {
    case .smtp(var smtp):
      smtp.shutDown()
      session = .smtp(smtp)
    case .pop3(var pop3):
      pop3.shutDown()
      session = .pop3(pop3)
    case .imap(var imap):
      imap.shutDown()
      session = .imap(imap)
    }
    work(&machine, at: now)
  }
  /// Others have changed the store: a client that idles is told.
  mutating func poll(_ machine: inout VirtualMachine, at now: Timestamp) {
    guard case .imap(var imap) = session, !isOver else { return }
    imap.poll(at: now, store: &machine.store)
    session = .imap(imap)
    work(&machine, at: now)
  }
  /// The connection is over.
  mutating func end(_ machine: inout VirtualMachine) {
    isOver = true
    if let held { machine.openMaildrops.remove(held.user) }
    held = nil
  }
  private mutating func hangUp(_ machine: inout VirtualMachine, _ action: Action) {
    actions.append(action)
    end(&machine)
  }

  // MARK: What the session asks for

  private mutating func work(_ machine: inout VirtualMachine, at now: Timestamp) {
    while !isOver {
      switch session {
      case .smtp(var smtp):
        speak(smtp.takeOutput(), &machine)
        let action = smtp.takeAction()
        guard let action else { return session = .smtp(smtp) }
        switch action {
        case .take(let envelope, let message, let id):
          let custody = machine.host.take(envelope, message, id: id, at: now, into: &machine.store)
          if case .taken = custody { machine.takenCount += 1 }
          smtp.custody(custody, at: now)
        case .pause(let nanoseconds):
          session = .smtp(smtp)
          return actions.append(.pause(nanoseconds))
        case .startTLS: actions.append(.startTLS)
        case .close: hangUp(&machine, .close)
        }
        session = .smtp(smtp)
      case .pop3(var pop3):
        speak(pop3.takeOutput(), &machine)
        let action = pop3.takeAction()
        guard let action else { return session = .pop3(pop3) }
        switch action {
        case .open(let user):
          let maildrop = machine.openMaildrop(of: user)
          if let maildrop { held = (user, maildrop) }
          pop3.opened(maildrop.map { .opened($0) } ?? .inUse, at: now)
        case .fetch(let index):
          let message = held.flatMap { machine.message($0.maildrop.messages[index].uniqueID, of: $0.user) }
          pop3.fetched(message, at: now)
        case .update(let deleted):
          if let held { machine.remove(deleted.map { held.maildrop.messages[$0].uniqueID }, of: held.user) }
          pop3.updated(true, at: now)
        case .pause(let nanoseconds):
          session = .pop3(pop3)
          return actions.append(.pause(nanoseconds))
        case .startTLS: actions.append(.startTLS)
        case .close: hangUp(&machine, .close)
        }
        session = .pop3(pop3)
      case .imap(var imap):
        speak(imap.takeOutput(), &machine)
        let action = imap.takeAction()
        guard let action else { return session = .imap(imap) }
        switch action {
        case .drain: imap.resume(at: now, store: &machine.store)
        case .pause(let nanoseconds):
          session = .imap(imap)
          return actions.append(.pause(nanoseconds))
        case .startTLS: actions.append(.startTLS)
        case .close: hangUp(&machine, .close)
        }
        session = .imap(imap)
      }
    }
  }
  private mutating func speak(_ output: [UInt8], _ machine: inout VirtualMachine) {
    pieces += gate.speak(output, &machine.faults[service, default: FaultPlan()])
  }
}
