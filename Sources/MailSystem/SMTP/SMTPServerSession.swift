package import Bytes
internal import MailProtocols

/// One client's conversation with an SMTP server (RFC 5321), without I/O and without a clock: octets come in, replies
/// come out, and what must be done for a reply is asked for.
///
///     begin → receive* ⇄ action → resumed → … → close
///
/// After each call the caller sends `takeOutput()`, then does what `takeAction()` asks for, if anything, and tells the
/// outcome; until then the session reads no further, and what comes waits.
package struct SMTPServerSession: Sendable {
  package enum Action: Equatable, Sendable {
    /// Take the message over under a name of its own, so that no crash loses it; then call `custody`.
    case take(Envelope, message: [UInt8], id: String)
    /// Begin TLS behind what was to be sent; then call `beginProtected`.
    case startTLS
    /// Wait so long, in nanoseconds; then call `resume`.
    case pause(Int64)
    /// Hang up, behind what was to be sent.
    case close
  }
  /// What became of a message that was to be taken over.
  package enum Custody: Sendable {
    case taken
    /// Nothing can be kept at present: no room, an error of the disk.
    case failed
  }
  /// What an action waits for.
  enum Waiting: Sendable {
    case nothing, custody(id: String), protection
    case refusal(SMTPAnswer)
    case end
  }

  let configuration: SMTPServerConfiguration
  let directory: MailDirectory
  /// The client's address as `Received:` tells it.
  let clientAddress: String
  var dialogue = SMTPDialogue()
  var input = LineBuffer()
  private var output = OutputBuffer()
  private var action: Action?
  var waiting = Waiting.nothing
  var octetSource: OctetSource
  /// The time of the call under way.
  var now = Timestamp(nanoseconds: 0)

  var helloName: String?
  var isExtended = false
  package private(set) var isProtected = false
  package internal(set) var user: String?
  var exchange: SASLServer?
  var failedLoginCount = 0
  var errorCount = 0
  /// The transaction under way (RFC 5321 §3.3).
  var envelope: Envelope?
  var receiver: MessageReceiver?
  var chunks: ChunkReceiver?

  package init(
    _ configuration: SMTPServerConfiguration, directory: MailDirectory, clientAddress: String,
    isProtected: Bool = false, octetSource: OctetSource = .system
  ) {
    self.configuration = configuration
    self.directory = directory
    self.clientAddress = clientAddress
    self.isProtected = isProtected
    self.octetSource = octetSource
  }

  /// The connection stands: the server speaks first (RFC 5321 §3.1).
  package mutating func begin(at now: Timestamp) {
    self.now = now
    let usual = ["\(configuration.hostName) ESMTP mailwire"]
    reply(SMTPAnswer(220, lines: configuration.greeting.isEmpty ? usual : configuration.greeting))
  }
  /// Octets came.
  package mutating func receive(_ octets: Span<UInt8>, at now: Timestamp) {
    self.now = now
    if case .end = waiting { return }
    input.append(octets)
    proceed()
  }
  /// The message of the last action was taken over, or was not.
  package mutating func custody(_ custody: Custody, at now: Timestamp) {
    guard case .custody(let id) = waiting else { return }
    self.now = now
    waiting = .nothing
    switch custody {
    case .taken: reply(250, "2.0.0", "Ok: queued as \(id)")
    case .failed: reply(452, "4.3.1", "Insufficient system storage")
    }
    proceed()
  }
  /// TLS stands: all that was said before is forgotten (RFC 3207 §4.2).
  package mutating func beginProtected(at now: Timestamp) {
    guard case .protection = waiting else { return }
    self.now = now
    waiting = .nothing
    isProtected = true
    dialogue.resumePlaintext()
    forgetSession()
    proceed()
  }
  /// The pause is over.
  package mutating func resume(at now: Timestamp) {
    guard case .refusal(let answer) = waiting else { return }
    self.now = now
    waiting = .nothing
    reply(answer)
    if failedLoginCount >= SMTPServerLimits.failedLoginCount {
      hangUp(SMTPAnswer(421, "4.7.0", "Too many wrong passwords"))
    }
    proceed()
  }
  /// The client has said nothing for too long (RFC 5321 §4.5.3.2.7).
  package mutating func expire() { hangUp(SMTPAnswer(421, "4.4.2", "\(configuration.hostName) Timeout, closing")) }
  /// The server is going down (RFC 5321 §3.8).
  package mutating func shutDown() { hangUp(SMTPAnswer(421, "4.3.2", "\(configuration.hostName) Shutting down")) }

  /// What is to be sent.
  package mutating func takeOutput() -> [UInt8] { output.take() }
  /// What is to be done behind what is to be sent.
  package mutating func takeAction() -> Action? {
    defer { action = nil }
    return action
  }

  // MARK: Reading

  private mutating func proceed() {
    while case .nothing = waiting, step() {}
  }
  /// Takes one thing of what has come; false when nothing whole is there.
  private mutating func step() -> Bool {
    switch dialogue.clientSpeech {
    case .command:
      return takeLine(SMTPServerLimits.commandByteCount) { session, line in session.receiveCommand(line) }
    case .response:
      return takeLine(SMTPServerLimits.responseByteCount) { session, line in session.receiveResponse(line) }
    case .message: return stepMessage()
    case .chunk(let rest): return stepChunk(rest)
    case .protected: return false
    }
  }
  private mutating func takeLine(
    _ limit: Int, _ body: (inout SMTPServerSession, [UInt8]) -> Void
  ) -> Bool {
    switch input.takeLine(limit: limit) {
    case .incomplete: return false
    case .tooLong:
      // The line must be answered as what it was.
      if dialogue.awaitsResponse {
        dialogue.heardResponse()
        exchange = nil
      } else {
        _ = dialogue.heard(.unknown(verb: OctetRange(0, 0)))
      }
      refuse(SMTPAnswer(500, "5.5.6", "Line too long"))
    case .line(var line):
      line.removeLast()
      if line.last == ASCII.carriageReturn { line.removeLast() }
      body(&self, line)
    }
    return true
  }

  // MARK: Answering

  mutating func reply(_ code: UInt16, _ status: String?, _ text: String) { reply(SMTPAnswer(code, status, text)) }
  mutating func reply(_ answer: SMTPAnswer) {
    output.write { answer.encode(into: &$0) }
    _ = dialogue.heard(code: answer.code)
  }
  /// Answers a command that cannot be obeyed; a client that goes on and on like this is left (RFC 5321 §7.8).
  mutating func refuse(_ answer: SMTPAnswer) {
    reply(answer)
    errorCount += 1
    if errorCount >= SMTPServerLimits.errorCount { hangUp(SMTPAnswer(421, "4.7.0", "Too many errors")) }
  }
  mutating func hangUp(_ answer: SMTPAnswer? = nil) {
    if case .end = waiting { return }
    if let answer { output.write { answer.encode(into: &$0) } }
    waiting = .end
    action = .close
  }
  mutating func ask(_ action: Action, waiting: Waiting) {
    self.action = action
    self.waiting = waiting
  }
  /// Forgets the greeting, the user and the transaction.
  mutating func forgetSession() {
    helloName = nil
    isExtended = false
    user = nil
    endTransaction()
  }
  mutating func endTransaction() {
    envelope = nil
    receiver = nil
    chunks = nil
  }
}
