internal import Bytes

/// An agent's side of one connection, whatever it speaks: what a runner needs to know of it.
package struct AgentConversation: Sendable {
  package enum Action: Equatable, Sendable {
    /// Begin TLS; then call `beginProtected`.
    case startTLS
    /// Hang up, behind what was to be sent.
    case close
    /// Break off at once.
    case abort
  }
  enum Session: Sendable {
    case smtp(SMTPClientSession)
    case pop3(POP3ClientSession, end: POP3Action.End)
    case imap(IMAPClientSession)
    case script(ScriptedClientSession)
  }
  var session: Session
  private var action: Action?
  /// What POP3 has brought.
  private(set) var kept: [POP3ClientSession.Message] = []
  private(set) var isOver = false
  /// What was said inside TLS, which no capture shows; as much as a page holds.
  private(set) var hidden: [ScenarioRecord.Hidden]?

  init(_ session: Session) { self.session = session }

  private mutating func hide(_ octets: [UInt8], byClient: Bool) {
    guard let hidden, !octets.isEmpty else { return }
    if hidden.reduce(0, { $0 + $1.octets.count }) > ScenarioLimits.hiddenByteCount { return }
    self.hidden?.append(ScenarioRecord.Hidden(octets: octets, byClient: byClient))
  }
  mutating func receive(_ octets: Span<UInt8>) {
    hide(octets.copied(), byClient: false)
    switch session {
    case .smtp(var smtp):
      smtp.receive(octets)
      session = .smtp(smtp)
    case .pop3(var pop3, let end):
      pop3.receive(octets)
      session = .pop3(pop3, end: end)
    case .imap(var imap):
      imap.receive(octets)
      session = .imap(imap)
    case .script(var script):
      script.receive(octets)
      session = .script(script)
    }
    follow()
  }
  mutating func beginProtected() {
    hidden = []
    switch session {
    case .smtp(var smtp):
      smtp.beginProtected()
      session = .smtp(smtp)
    case .pop3(var pop3, let end):
      pop3.beginProtected()
      session = .pop3(pop3, end: end)
    case .imap(var imap):
      imap.beginProtected()
      session = .imap(imap)
    case .script: break
    }
    follow()
  }
  /// The connection is over, by whomever.
  mutating func lostConnection() {
    switch session {
    case .smtp(var smtp):
      smtp.lostConnection()
      session = .smtp(smtp)
    case .pop3(var pop3, let end):
      pop3.lostConnection()
      session = .pop3(pop3, end: end)
    case .imap(var imap):
      imap.lostConnection()
      session = .imap(imap)
    case .script(var script):
      script.lostConnection()
      session = .script(script)
    }
    follow()
  }
  mutating func perform(_ operations: [IMAPOperation]) {
    guard case .imap(var imap) = session else { return }
    imap.perform(operations)
    session = .imap(imap)
    follow()
  }
  mutating func takeOutput() -> [UInt8] {
    let output = takeSessionOutput()
    hide(output, byClient: true)
    return output
  }
  private mutating func takeSessionOutput() -> [UInt8] {
    switch session {
    case .smtp(var smtp):
      defer { session = .smtp(smtp) }
      return smtp.takeOutput()
    case .pop3(var pop3, let end):
      let output = pop3.takeOutput()
      // What would say QUIT is not sent where the connection is to end without it.
      let isLeaving = end != .quit && (pop3.step == .quit || action != nil)
      session = .pop3(pop3, end: end)
      return isLeaving ? [] : output
    case .imap(var imap):
      defer { session = .imap(imap) }
      return imap.takeOutput()
    case .script(var script):
      defer { session = .script(script) }
      return script.takeOutput()
    }
  }
  mutating func takeAction() -> Action? {
    defer { action = nil }
    return action
  }
  /// The agent's connection breaks off.
  mutating func breakOff() {
    action = .abort
    isOver = true
  }

  /// Whether nothing is to be said until something new is asked for.
  var isAtRest: Bool {
    if isOver { return true }
    guard case .imap(let imap) = session else { return false }
    return imap.isAtRest && imap.output.isEmpty
  }

  /// Does what the session asks for, as far as that needs nobody else.
  private mutating func follow() {
    switch session {
    case .smtp(var smtp):
      switch smtp.takeAction() {
      case .startTLS: action = .startTLS
      case .close: close()
      case nil: break
      }
      session = .smtp(smtp)
    case .pop3(var pop3, let end):
      while let asked = pop3.takeAction() {
        switch asked {
        case .startTLS: action = .startTLS
        case .close: close()
        case .keep(let message):
          kept.append(message)
          pop3.kept(true)
        }
      }
      session = .pop3(pop3, end: end)
      if end != .quit, pop3.step == .quit, !isOver {
        action = end == .lose ? .abort : .close
        isOver = true
      }
    case .imap(var imap):
      switch imap.takeAction() {
      case .startTLS: action = .startTLS
      case .close: close()
      case nil: break
      }
      session = .imap(imap)
    case .script(let script): if script.isOver { close() }
    }
  }
  private mutating func close() {
    if isOver { return }
    action = .close
    isOver = true
  }
}
