package import Bytes
internal import Ciphers
internal import MailProtocols

/// One client's conversation with a POP3 server (RFC 1939), without I/O and without a clock.
///
///     greeting ─+OK→ AUTHORIZATION ─USER PASS | APOP | AUTH→ TRANSACTION ─QUIT→ UPDATE
///
/// After each call the caller sends `takeOutput()`, then does what `takeAction()` asks for, if anything, and tells the
/// outcome; until then the session reads no further, and what comes waits.
package struct POP3ServerSession: Sendable {
  package enum Action: Equatable, Sendable {
    /// Open the user's maildrop for this session alone; then call `opened`.
    case open(user: String)
    /// Read the message of this index; then call `fetched`.
    case fetch(Int)
    /// Remove the messages of these indices and let the maildrop go; then call `updated`.
    case update(deleted: Set<Int>)
    case startTLS
    /// Wait so long, in nanoseconds; then call `resume`.
    case pause(Int64)
    case close
  }
  package enum Opening: Sendable {
    case opened(Maildrop)
    /// Another session has it (RFC 1939 §4; RFC 2449 §8.1.1).
    case inUse
    case failed
  }
  private enum Waiting: Sendable {
    case nothing, opening, message(POP3Command<String>), update, protection, refusal, end
  }
  private enum State: Sendable {
    case authorization(user: String?)
    case transaction(Maildrop)
  }

  private let configuration: POP3ServerConfiguration
  private let directory: MailDirectory
  private var dialogue = POP3Dialogue()
  private var input = LineBuffer()
  private var output = OutputBuffer()
  private var action: Action?
  private var waiting = Waiting.nothing
  private var state = State.authorization(user: nil)
  private var exchange: SASLServer?
  private var octetSource: OctetSource
  private var now = Timestamp(nanoseconds: 0)
  /// What APOP's digest is made of, told with the greeting (RFC 1939 §7).
  private var timestamp: [UInt8] = []
  private var failedLoginCount = 0
  private var errorCount = 0
  private var isProtected: Bool
  /// Who has logged in.
  package private(set) var user: String?

  package init(
    _ configuration: POP3ServerConfiguration, directory: MailDirectory, isProtected: Bool = false,
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
    timestamp = MessageTimestamp.make(host: configuration.hostName, nonce: octetSource.take(8), now: now)
    say(.ok, "mailwire POP3 server ready \(String(decoding: timestamp, as: UTF8.self))")
  }
  /// Octets came.
  package mutating func receive(_ octets: Span<UInt8>, at now: Timestamp) {
    self.now = now
    if case .end = waiting { return }
    input.append(octets)
    proceed()
  }
  /// The maildrop was opened, or was not.
  package mutating func opened(_ opening: Opening, at now: Timestamp) {
    guard case .opening = waiting else { return }
    self.now = now
    waiting = .nothing
    switch opening {
    case .opened(let maildrop):
      state = .transaction(maildrop)
      say(.ok, "maildrop has \(maildrop.messages.count) messages (\(maildrop.byteCount) octets)")
    case .inUse:
      user = nil
      refuse("[IN-USE] another session has this maildrop")
    case .failed:
      user = nil
      refuse("[SYS/TEMP] the maildrop cannot be opened")
    }
    proceed()
  }
  /// The message was read; nil when it could not be.
  package mutating func fetched(_ message: [UInt8]?, at now: Timestamp) {
    guard case .message(let command) = waiting else { return }
    self.now = now
    waiting = .nothing
    if let message { send(message, command) } else { refuse("[SYS/TEMP] the message cannot be read") }
    proceed()
  }
  /// The messages were removed; false when some remain.
  package mutating func updated(_ isComplete: Bool, at now: Timestamp) {
    guard case .update = waiting else { return }
    if isComplete {
      say(.ok, "\(configuration.hostName) POP3 server signing off")
    } else {
      say(.error, "[SYS/TEMP] some deleted messages not removed")
    }
    hangUp()
  }
  /// TLS stands.
  package mutating func beginProtected(at now: Timestamp) {
    guard case .protection = waiting else { return }
    self.now = now
    waiting = .nothing
    isProtected = true
    dialogue.resumePlaintext()
    state = .authorization(user: nil)
    proceed()
  }
  /// The pause is over.
  package mutating func resume(at now: Timestamp) {
    guard case .refusal = waiting else { return }
    self.now = now
    waiting = .nothing
    refuse("[AUTH] user name or password wrong")
    if failedLoginCount >= POP3ServerLimits.failedLoginCount { hangUp() }
    proceed()
  }
  /// The client has said nothing for too long: the session ends without UPDATE (RFC 1939 §3).
  package mutating func expire() { hangUp() }
  /// The server is going down.
  package mutating func shutDown() {
    if case .end = waiting { return }
    say(.error, "[SYS/TEMP] server shutting down")
    hangUp()
  }

  /// What is to be sent.
  package mutating func takeOutput() -> [UInt8] { output.take() }
  /// What is to be done behind what is to be sent.
  package mutating func takeAction() -> Action? {
    defer { action = nil }
    return action
  }

  // MARK: Reading

  private mutating func proceed() { while case .nothing = waiting, step() {} }
  private mutating func step() -> Bool {
    let isResponse = dialogue.clientSpeech == .response
    switch input.takeLine(limit: isResponse ? POP3ServerLimits.responseByteCount : POP3ServerLimits.commandByteCount) {
    case .incomplete: return false
    case .tooLong:
      if isResponse { dialogue.heardResponse() } else { dialogue.heard(.unknown(verb: OctetRange(0, 0))) }
      exchange = nil
      refuse("line too long")
    case .line(var line):
      line.removeLast()
      if line.last == ASCII.carriageReturn { line.removeLast() }
      if isResponse { receiveResponse(line) } else { receiveCommand(line) }
    }
    return true
  }
  private mutating func receiveCommand(_ line: [UInt8]) {
    let parsed = POP3Command<OctetRange>.parse(line.span)
    dialogue.heard(parsed)
    let command = parsed.map { line.span.extracting(line.span.bounds($0)).text() }
    switch state {
    case .authorization(let user): authorize(command, user, line)
    case .transaction(let maildrop): transact(command, maildrop)
    }
  }

  // MARK: AUTHORIZATION (RFC 1939 §4)

  private mutating func authorize(_ command: POP3Command<String>, _ named: String?, _ line: [UInt8]) {
    switch command {
    case .capability: tellCapabilities()
    case .quit:
      say(.ok, "\(configuration.hostName) POP3 server signing off")
      hangUp()
    case .startTLS:
      guard configuration.offersTLS, !isProtected else { return refuse("TLS is not offered") }
      // What came behind the command came in clear (RFC 2595 §4).
      input.removeAll()
      say(.ok, "begin TLS")
      ask(.startTLS, .protection)
    case .user, .password, .apop, .authenticate(_?, _):
      guard isProtected || !configuration.requiresTLSForLogin else { return refuse("[AUTH] TLS is required first") }
      logIn(command, named, line)
    case .authenticate(nil, _):
      say(.ok, "mechanisms follow")
      sendLines(configuration.mechanisms.map(\.rawValue))
    case .status, .list, .retrieve, .delete, .top, .uniqueIDListing, .noOperation, .reset:
      refuse("not before you have logged in")
    case .unknown: refuse("unknown command")
    }
  }
  private mutating func logIn(_ command: POP3Command<String>, _ named: String?, _ line: [UInt8]) {
    switch command {
    case .user(let name):
      guard !name.isEmpty else { return refuse("USER needs a name") }
      state = .authorization(user: name)
      // Whether there is such a user is not told (RFC 1939 §13).
      say(.ok, "send PASS")
    case .password(let password):
      guard let named else { return refuse("USER first") }
      state = .authorization(user: nil)
      let account = directory.account(named: named)
      let isRight = DigestAlgorithm.areEqual(account?.password ?? [0], Array(password.utf8))
      judge(isRight ? account?.name : nil)
    case .apop(let name, let digest):
      let account = directory.account(named: name)
      let expected = DigestAlgorithm.md5.digest(timestamp + (account?.password ?? [0]))
      let isRight = DigestAlgorithm.areEqual(LowerHexadecimal.encode(expected), Array(digest.utf8))
      judge(isRight ? account?.name : nil)
    case .authenticate(let name?, let response): authenticate(name, response)
    case .status, .list, .retrieve, .delete, .top, .uniqueIDListing, .capability, .startTLS, .authenticate(nil, _),
      .noOperation, .reset, .quit, .unknown:
      refuse("unknown command")
    }
  }
  private mutating func authenticate(_ name: String, _ response: String?) {
    guard let mechanism = SASLMechanism(rawValue: name.uppercased()), configuration.mechanisms.contains(mechanism)
    else {
      return refuse("unrecognized authentication type")
    }
    var initial: [UInt8]?
    if let response {
      guard let decoded = response == "=" ? [] : Base64.decode(Array(response.utf8).span) else {
        return refuse("cannot decode the initial response: no base64")
      }
      initial = decoded
    }
    var exchange = SASLServer(
      mechanism, directory: directory, host: configuration.hostName, nonce: octetSource.take(18), now: now)
    let outcome = exchange.begin(initialResponse: initial)
    self.exchange = exchange
    follow(outcome)
  }
  private mutating func receiveResponse(_ line: [UInt8]) {
    dialogue.heardResponse()
    guard var exchange, !line.span.equals("*"), let response = Base64.decode(line.span) else {
      self.exchange = nil
      return refuse(line.span.equals("*") ? "authentication cancelled" : "cannot decode the response: no base64")
    }
    let outcome = exchange.receive(response)
    self.exchange = exchange
    follow(outcome)
  }
  private mutating func follow(_ outcome: SASLServer.Outcome) {
    switch outcome {
    case .challenge(let challenge): say(.challenge, Base64.encode(challenge.span).span.text())
    case .succeeded(let user): judge(user)
    case .failed: judge(nil)
    case .malformed: refuse("malformed authentication data")
    }
  }
  private mutating func judge(_ user: String?) {
    exchange = nil
    if let user {
      self.user = user
      ask(.open(user: user), .opening)
    } else {
      failedLoginCount += 1
      ask(.pause(Int64(failedLoginCount) * POP3ServerLimits.failedLoginDelay), .refusal)
    }
  }

  // MARK: TRANSACTION (RFC 1939 §5)

  private mutating func transact(_ command: POP3Command<String>, _ maildrop: Maildrop) {
    switch command {
    case .status: say(.ok, "\(maildrop.live.count) \(maildrop.byteCount)")
    case .list(nil):
      say(.ok, "\(maildrop.live.count) messages (\(maildrop.byteCount) octets)")
      sendLines(maildrop.live.map { "\($0.index + 1) \($0.message.byteCount)" })
    case .uniqueIDListing(nil):
      say(.ok, "unique-id listing follows")
      sendLines(maildrop.live.map { "\($0.index + 1) \($0.message.uniqueID)" })
    case .list(let number?):
      withMessage(number, maildrop) { $0.say(.ok, "\($1 + 1) \(maildrop.messages[$1].byteCount)") }
    case .uniqueIDListing(let number?):
      withMessage(number, maildrop) { $0.say(.ok, "\($1 + 1) \(maildrop.messages[$1].uniqueID)") }
    case .retrieve(let number): withMessage(number, maildrop) { $0.ask(.fetch($1), .message(command)) }
    case .top(let number, let lines):
      guard lines.utf8.count <= 10, !lines.isEmpty, lines.utf8.allSatisfy(ASCII.isDigit) else {
        return refuse("TOP needs a message and a number of lines")
      }
      withMessage(number, maildrop) { $0.ask(.fetch($1), .message(command)) }
    case .delete(let number):
      withMessage(number, maildrop) {
        var maildrop = maildrop
        maildrop.delete($1)
        $0.state = .transaction(maildrop)
        $0.say(.ok, "message \($1 + 1) deleted")
      }
    case .noOperation: say(.ok, "")
    case .reset:
      var maildrop = maildrop
      maildrop.reset()
      state = .transaction(maildrop)
      say(.ok, "maildrop has \(maildrop.messages.count) messages (\(maildrop.byteCount) octets)")
    case .capability: tellCapabilities()
    case .quit: ask(.update(deleted: maildrop.deleted), .update)
    case .user, .password, .apop, .startTLS, .authenticate: refuse("you have logged in")
    case .unknown: refuse("unknown command")
    }
  }
  private mutating func withMessage(
    _ number: String, _ maildrop: Maildrop, _ body: (inout POP3ServerSession, Int) -> Void
  ) {
    guard let index = maildrop.index(number) else { return refuse("no such message") }
    body(&self, index)
  }
  /// The whole message, or its header and the first lines of its body, byte-stuffed (RFC 1939 §3).
  private mutating func send(_ message: [UInt8], _ command: POP3Command<String>) {
    var lineLimit = Int.max
    if case .top(_, let lines) = command { lineLimit = Int(lines) ?? 0 }
    say(.ok, lineLimit == Int.max ? "\(message.count) octets" : "top of message follows")
    output.write { DotStuffing.encode(MessageLines.top(of: message, bodyLines: lineLimit).span, into: &$0) }
    dialogue.heardEndOfLines()
  }
  private mutating func tellCapabilities() {
    say(.ok, "capability list follows")
    var lines = [
      "TOP", "UIDL", "RESP-CODES", "AUTH-RESP-CODE", "PIPELINING", "EXPIRE NEVER", "IMPLEMENTATION mailwire",
    ]
    if isProtected || !configuration.requiresTLSForLogin {
      lines += ["USER", "SASL \(configuration.mechanisms.map(\.rawValue).joined(separator: " "))"]
    }
    if configuration.offersTLS, !isProtected { lines.append("STLS") }
    sendLines(lines)
  }

  // MARK: Answering

  private mutating func say(_ status: POP3Reply.Status, _ text: String) {
    output.write { POP3Reply.encode(status, text, into: &$0) }
    _ = dialogue.heard(status)
  }
  /// The lines of a multi-line reply, and its dot.
  private mutating func sendLines(_ lines: [String]) {
    output.append((lines.map { "\($0)\r\n" }.joined() + ".\r\n").utf8)
    dialogue.heardEndOfLines()
  }
  private mutating func refuse(_ text: String) {
    say(.error, text)
    errorCount += 1
    if errorCount >= POP3ServerLimits.errorCount { hangUp() }
  }
  private mutating func ask(_ action: Action, _ waiting: Waiting) {
    self.action = action
    self.waiting = waiting
  }
  private mutating func hangUp() {
    waiting = .end
    action = .close
  }
}
