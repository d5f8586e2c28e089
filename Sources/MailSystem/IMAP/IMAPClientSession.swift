internal import Bytes
internal import MailProtocols

/// A user agent at an IMAP server (RFC 9051), without I/O and without a clock.
///
///     * OK → [CAPABILITY] → [STARTTLS → CAPABILITY] → LOGIN | AUTHENTICATE → [ENABLE] → operations… → LOGOUT → * BYE
///
/// One command at a time. `perform` says what is to be done, also before the login is over and again and again; when
/// `isAtRest`, all of it is done. After each call the caller sends `takeOutput()`, then does what `takeAction()` asks for,
/// and may take `takeOutcomes()` and `takeNews()`.
package struct IMAPClientSession: Sendable {
  package enum Action: Equatable, Sendable {
    /// Begin TLS; then call `beginProtected`.
    case startTLS
    /// Hang up.
    case close
  }
  /// What the session is at.
  package enum Step: Equatable, Sendable {
    case greeting, capabilities, protection, login, enabling, ready, operation, idling, over
  }
  /// What went wrong, and where.
  package struct Failure: Equatable, Sendable {
    package var step: Step
    /// The server's words, or ours where it had none.
    package var text: String

    package init(_ step: Step, _ text: String) {
      self.step = step
      self.text = text
    }
  }
  let configuration: IMAPClientConfiguration
  var octetSource: OctetSource
  var dialogue = IMAPDialogue()
  var reader: IMAPResponseReader
  var output = OutputBuffer()
  var action: Action?
  var isProtected: Bool
  var isWaitingForTLS = false
  /// In upper case; nil when they are not known, or not any more.
  var capabilities: Set<String>?
  var exchange: SASLClient?
  var challengeCount = 0
  var isLoggedIn = false
  var isRevision2 = false
  private var tagCount = 0
  var tag = ""
  /// A message that waits for the server's `+`.
  var heldLiteral: [UInt8]?
  /// What is still to be done.
  var operations: [IMAPOperation] = []
  /// What is being done.
  var current: IMAPOutcome?
  var outcomes: [IMAPOutcome] = []
  var news: [IMAPNews] = []
  /// Something was told since IDLE began.
  var hasNewsSinceIdle = false
  var isEndingIdle = false

  package internal(set) var step = Step.greeting
  /// Nil when all went well, once `step` is `over`.
  package internal(set) var failure: Failure?
  /// The folder that is selected.
  package internal(set) var selected: String?

  package init(_ configuration: IMAPClientConfiguration, isProtected: Bool = false, octetSource: OctetSource = .system)
  {
    self.configuration = configuration
    self.isProtected = isProtected
    self.octetSource = octetSource
    reader = IMAPResponseReader(byteLimit: configuration.responseByteLimit)
  }
  /// Whether the server has been asked everything, and has answered; or nothing can be asked any more.
  package var isAtRest: Bool {
    switch step {
    case .over: true
    case .ready: operations.isEmpty
    case .idling: operations.isEmpty && !isEndingIdle
    case .greeting, .capabilities, .protection, .login, .enabling, .operation: false
    }
  }
  /// Says what is to be done behind what was said before.
  package mutating func perform(_ more: [IMAPOperation]) {
    operations += more
    if step == .ready || step == .idling { goOn() }
  }
  /// Octets came.
  package mutating func receive(_ octets: Span<UInt8>) {
    if step == .over { return }
    reader.append(octets)
    proceed()
  }
  /// TLS stands: what the server can is asked anew (RFC 9051 §6.2.1).
  package mutating func beginProtected() {
    guard isWaitingForTLS else { return }
    isWaitingForTLS = false
    isProtected = true
    dialogue.resumePlaintext()
    capabilities = nil
    askCapabilities()
    proceed()
  }
  /// The connection is lost: what was not answered may have been done or not.
  package mutating func lostConnection() { fail("the connection was lost") }
  /// The server has said nothing for too long.
  package mutating func expire() { fail("the server did not answer in time") }

  /// What is to be sent.
  package mutating func takeOutput() -> [UInt8] { output.take() }
  /// What is to be done behind what is to be sent.
  package mutating func takeAction() -> Action? {
    defer { action = nil }
    return action
  }
  /// What was done since it was asked last, in order.
  package mutating func takeOutcomes() -> [IMAPOutcome] {
    defer { outcomes = [] }
    return outcomes
  }
  /// What was told unasked since it was asked last.
  package mutating func takeNews() -> [IMAPNews] {
    defer { news = [] }
    return news
  }

  // MARK: Reading

  private mutating func proceed() {
    while step != .over, !isWaitingForTLS {
      switch reader.next() {
      case .incomplete: return
      case .tooLong: fail("the server sent a response that is longer than the limit")
      case .whole(let octets): receive(octets)
      }
    }
  }
  private mutating func receive(_ octets: [UInt8]) {
    guard let response = IMAPResponse.parse(octets.span) else {
      return fail("the server does not speak IMAP: \(octets.span.text().prefix(80))")
    }
    let text = octets.span.extracting(octets.span.bounds(response.text)).text()
    switch response.kind {
    case .continuation:
      _ = dialogue.heardContinuationRequest()
      heardContinuation(text)
    case .untagged:
      let heard = dialogue.heardUntagged(response.status)
      if heard.isGreeting { heardGreeting(response.status, text) } else { heardData(response, text, octets) }
    case .tagged:
      let said = Array(octets[response.tag.lower..<response.tag.upper])
      guard said.elementsEqual(tag.utf8), let status = IMAPOutcome.Status(response.status) else {
        return fail("the server answers what was not asked: \(octets.span.text().prefix(80))")
      }
      _ = dialogue.heardTagged(said.span, response.status)
      tag = ""
      completed(status, text)
    }
  }
  private mutating func heardContinuation(_ text: String) {
    switch step {
    case .login: challenged(text)
    case .operation:
      if case .idle? = current?.operation { return beginIdle() }
      guard let literal = heldLiteral else { return }
      heldLiteral = nil
      output.append(literal + [13, 10])
    case .greeting, .capabilities, .protection, .enabling, .ready, .idling, .over: break
    }
  }
  /// A command is over.
  private mutating func completed(_ status: IMAPOutcome.Status, _ text: String) {
    switch step {
    case .capabilities: status == .ok ? protectOrLogIn() : fail(text)
    case .protection: protectionAnswered(status, text)
    case .login: loginAnswered(status, text)
    case .enabling: rest()
    case .operation, .idling: operationAnswered(status, text)
    case .greeting, .ready, .over: break
    }
  }

  // MARK: Saying, and the end

  /// Begins a command with a tag of its own; what `arguments` writes has no end of line.
  mutating func say(_ name: String, _ next: Step, _ arguments: String = "") {
    tagCount += 1
    tag = "a\(tagCount)"
    step = next
    let tag = tag
    output.write { IMAPCommand.encode(tag: tag, name: name, arguments: arguments, into: &$0) }
    let line = Array("\(tag) \(name)".utf8)
    if let command = IMAPCommand.parse(line.span) { _ = dialogue.heard(command.name, tag: Array(tag.utf8).span) }
  }
  /// Nothing is to be done at present.
  mutating func rest() {
    step = .ready
    goOn()
  }
  /// Nothing more can be done: the reason is kept, and the server is left politely.
  mutating func leave(_ text: String) {
    if failure == nil { failure = Failure(step, text) }
    operations = []
    current = IMAPOutcome(.logout)
    say("LOGOUT", .operation)
  }
  mutating func fail(_ text: String) {
    if step == .over { return }
    if failure == nil { failure = Failure(step, text) }
    end()
  }
  mutating func end() {
    step = .over
    current = nil
    operations = []
    heldLiteral = nil
    action = .close
  }
}
