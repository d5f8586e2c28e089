package import Bytes
internal import MailProtocols

/// One client's conversation with an IMAP server (RFC 9051; RFC 3501 for who does not ENABLE IMAP4rev2), without I/O and
/// without a clock.
///
///     greeting ─* OK→ not authenticated ─LOGIN, AUTHENTICATE→ authenticated ─SELECT, EXAMINE→ selected
///                                                                     ↑ └──CLOSE, UNSELECT──────┘
///                      any of them ─LOGOUT→ * BYE
///
/// After each call the caller sends `takeOutput()`, then does what `takeAction()` asks for, if anything, and tells the
/// outcome; until then the session reads no further, and what comes waits. The mail store is lent to each call; what
/// others changed in it is told to the client when RFC 9051 §7.5.1 allows: behind a command, or in `poll` during IDLE.
package struct IMAPServerSession: Sendable {
  package enum Action: Equatable, Sendable {
    case startTLS
    /// Wait so long, in nanoseconds; then call `resume`.
    case pause(Int64)
    /// Much was put together: when it has been sent, call `resume` for the rest.
    case drain
    case close
  }
  enum Waiting: Equatable, Sendable {
    case nothing, protection, drained, end
    /// A wrong password will be answered.
    case refusal(tag: String)
  }
  /// What ENABLE switched on, or a command that takes it for granted (RFC 9051 §6.3.1, RFC 7162 §3.1). SELECT tells
  /// HIGHESTMODSEQ to everybody.
  struct Extensions: Equatable, Sendable {
    var isRevision2 = false
    var isUTF8 = false
    var isConditionalStore = false
  }
  let configuration: IMAPServerConfiguration
  let directory: MailDirectory
  var dialogue = IMAPDialogue()
  var reader = IMAPCommandReader()
  var output = OutputBuffer()
  var action: Action?
  var waiting = Waiting.nothing
  var extensions = Extensions()
  var exchange: SASLServer?
  /// The tag of AUTHENTICATE or IDLE, which the client's next line goes on with.
  var openTag = ""
  /// A FETCH whose answer is longer than what is put together at once.
  var fetchJob: IMAPFetchJob?
  var octetSource: OctetSource
  var now = Timestamp(nanoseconds: 0)
  var failedLoginCount = 0
  private var errorCount = 0
  var isProtected: Bool
  /// Who has logged in; nobody: not authenticated.
  package var user: String?
  /// What is selected; only of somebody.
  var selection: IMAPSelection?

  package init(
    _ configuration: IMAPServerConfiguration, directory: MailDirectory, isProtected: Bool = false,
    octetSource: OctetSource = .system
  ) {
    self.configuration = configuration
    self.directory = directory
    self.isProtected = isProtected
    self.octetSource = octetSource
  }

  /// The connection stands: the server speaks first.
  package mutating func begin(at now: Timestamp) {
    self.now = now
    untagged("OK [CAPABILITY \(capabilities)] \(configuration.hostName) mailwire IMAP4rev2 server ready")
  }
  /// Octets came.
  package mutating func receive(_ octets: Span<UInt8>, at now: Timestamp, store: inout some MailStore) {
    self.now = now
    if case .end = waiting { return }
    reader.append(octets)
    proceed(&store)
  }
  /// TLS stands.
  package mutating func beginProtected(at now: Timestamp, store: inout some MailStore) {
    guard case .protection = waiting else { return }
    self.now = now
    waiting = .nothing
    isProtected = true
    dialogue.resumePlaintext()
    proceed(&store)
  }
  /// The pause is over, or what was put together was sent.
  package mutating func resume(at now: Timestamp, store: inout some MailStore) {
    self.now = now
    switch waiting {
    case .refusal(let tag):
      waiting = .nothing
      complete(tag, .no("[AUTHENTICATIONFAILED] user name or password wrong"))
      if failedLoginCount >= IMAPServerLimits.failedLoginCount { sayGoodbye("too many wrong passwords") }
    case .drained:
      waiting = .nothing
    case .nothing, .protection, .end: return
    }
    proceed(&store)
  }
  /// Somebody else may have changed the store: during IDLE the client is told what (RFC 9051 §6.3.13).
  package mutating func poll(at now: Timestamp, store: inout some MailStore) {
    guard waiting == .nothing, dialogue.clientSpeech == .done else { return }
    self.now = now
    tellNews(&store, mayExpunge: true)
  }
  /// The client has said nothing for too long (RFC 9051 §5.4).
  package mutating func expire() { sayGoodbye("you have been idle for too long") }
  /// The server is going down.
  package mutating func shutDown() { sayGoodbye("the server is shutting down") }

  /// What is to be sent.
  package mutating func takeOutput() -> [UInt8] { output.take() }
  /// What is to be done behind what is to be sent.
  package mutating func takeAction() -> Action? {
    defer { action = nil }
    return action
  }

  // MARK: Reading

  private mutating func proceed(_ store: inout some MailStore) {
    while case .nothing = waiting {
      if output.octets.count >= IMAPServerLimits.outputByteCount { return ask(.drain, .drained) }
      if fetchJob != nil {
        continueFetch(&store)
      } else if !step(&store) {
        return
      }
    }
  }
  private mutating func step(_ store: inout some MailStore) -> Bool {
    guard dialogue.clientSpeech == .command else {
      guard let line = reader.nextResponse(limit: IMAPServerLimits.responseByteCount) else { return false }
      if dialogue.clientSpeech == .done { endIdle(line, &store) } else { receiveResponse(line, &store) }
      return true
    }
    switch reader.nextCommand(readerLimits) {
    case .incomplete: return false
    case .command(let octets): execute(octets, &store)
    case .continuation: output.append("+ ready for the literal\r\n".utf8)
    case .tooLong(let head): refuse(head, .bad("[LIMIT] the command is too long"))
    case .literalTooLarge(let head):
      refuse(head, user == nil ? .bad("[LIMIT] the literal is too long") : .no("[TOOBIG] the literal is too long"))
    }
    return true
  }
  private var readerLimits: IMAPCommandReader.Limits {
    let literals = user == nil ? IMAPServerLimits.earlyLiteralByteCount : IMAPServerLimits.literalByteCount
    return IMAPCommandReader.Limits(
      commandByteCount: IMAPServerLimits.commandByteCount, literalByteCount: literals,
      messageByteCount: user == nil ? literals : configuration.messageByteCount,
      nonSynchronizingByteCount: configuration.acceptsLongNonSynchronizingLiterals
        ? .max : IMAPServerLimits.nonSynchronizingLiteralByteCount)
  }
  /// A command was refused before all of it was read.
  private mutating func refuse(_ head: [UInt8], _ completion: IMAPCompletion) {
    countError()
    guard let command = IMAPCommand.parse(head.span) else { return untagged("BAD \(completion.text)") }
    // What is no command is none with a smaller literal either (RFC 9051 §7.6).
    let completion = command.name == .unknown ? .bad("unknown command") : completion
    complete(head.span.extracting(head.span.bounds(command.tag)).text(), completion)
  }

  // MARK: Answering

  mutating func untagged(_ text: String) { output.append("* \(text)\r\n".utf8) }
  /// The tagged response: the command is over.
  mutating func complete(_ tag: String, _ completion: IMAPCompletion) {
    output.write { IMAPResponse.encode(tag: tag, status: completion.status, text: completion.text, into: &$0) }
    _ = dialogue.heardTagged(Array(tag.utf8).span, completion.status)
    if completion.status == .bad { countError() }
  }
  /// What is no command at all.
  mutating func refuseLine(_ text: String) {
    untagged("BAD \(text)")
    countError()
  }
  private mutating func countError() {
    errorCount += 1
    if errorCount >= IMAPServerLimits.errorCount { sayGoodbye("too many errors") }
  }
  mutating func ask(_ action: Action, _ waiting: Waiting) {
    self.action = action
    self.waiting = waiting
  }
  /// BYE, and the end.
  mutating func sayGoodbye(_ text: String) {
    if case .end = waiting { return }
    untagged("BYE \(text)")
    hangUp()
  }
  mutating func hangUp() {
    selection = nil
    ask(.close, .end)
  }
}
