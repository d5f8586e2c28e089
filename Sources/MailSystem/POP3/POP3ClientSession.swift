internal import Bytes
internal import Ciphers
internal import MailProtocols

/// A user agent that fetches a mailbox from a POP3 server (RFC 1939), without I/O and without a clock.
///
///     +OK → CAPA → [STLS → CAPA] → login → LIST → UIDL → {RETR → keep → [DELE]}… → QUIT → +OK
///
/// One command at a time. After each call the caller sends `takeOutput()`, then does what `takeAction()` asks for, if
/// anything, and tells the outcome. A message is marked as deleted only when the caller has said that it is kept, and
/// counts as deleted only when the server has said so to QUIT (RFC 1939 §6).
package struct POP3ClientSession: Sendable {
  package enum Action: Equatable, Sendable {
    /// Begin TLS; then call `beginProtected`.
    case startTLS
    /// Write the message where no crash loses it; then call `kept`.
    case keep(Message)
    /// Hang up: the outcome is known.
    case close
  }

  private let configuration: POP3ClientConfiguration
  private var octetSource: OctetSource
  private var dialogue = POP3Dialogue()
  private var input = LineBuffer()
  private var output = OutputBuffer()
  private var action: Action?
  private var isProtected: Bool
  private var isWaitingForTLS = false
  /// From the greeting, angle brackets included.
  private var timestamp: String?
  /// The keywords of CAPA's reply, in upper case, with their parameters.
  private var capabilities: [String: String] = [:]
  private var exchange: SASLClient?
  private var challengeCount = 0
  private var listed: [Listed] = []
  /// Numbers to places in `listed`.
  private var places: [Int: Int] = [:]
  private var lineCount = 0
  /// The message of the list that the session is at.
  private var current = 0
  private var receiver: StuffedMessageReceiver?
  /// Those which the device has, with what this session added.
  private var known: Set<String>
  private var marked: [Listed] = []

  /// What the session is at.
  package private(set) var step = Step.greeting
  /// How many messages have been kept by this session.
  package private(set) var keptCount = 0
  /// What the server has removed.
  package private(set) var deleted: [Listed] = []
  package private(set) var leftovers: [Leftover] = []
  /// Nil when all went well, once `step` is `over`.
  package private(set) var failure: Failure?

  package init(
    _ configuration: POP3ClientConfiguration, isProtected: Bool = false, octetSource: OctetSource = .system
  ) {
    self.configuration = configuration
    self.isProtected = isProtected
    self.octetSource = octetSource
    known = configuration.knownUniqueIDs
  }

  /// Octets came.
  package mutating func receive(_ octets: Span<UInt8>) {
    if step == .over { return }
    input.append(octets)
    proceed()
  }
  /// TLS stands: the server is asked anew what it offers (RFC 2595 §4).
  package mutating func beginProtected() {
    guard isWaitingForTLS else { return }
    isWaitingForTLS = false
    isProtected = true
    dialogue.resumePlaintext()
    capabilities = [:]
    say(.capability, .capabilities)
    proceed()
  }
  /// The message was written, or could not be: then nothing more is fetched.
  package mutating func kept(_ isKept: Bool) {
    guard step == .keeping, current < listed.count else { return }
    guard isKept else {
      failure = Failure(.keeping, "the message could not be written here")
      return sayQuit()
    }
    keptCount += 1
    let message = listed[current]
    if let id = message.uniqueID { known.insert(id) }
    switch configuration.mode {
    case .keep: goOn()
    case .delete: say(.delete(message: "\(message.number)"), .deletion)
    }
    proceed()
  }
  /// The connection is lost: what was not kept may be fetched again, and nothing counts as deleted.
  package mutating func lostConnection() { fail("the connection was lost") }
  /// The server has said nothing for too long.
  package mutating func expire() {
    fail(
      receiver == nil
        ? "the server did not answer in time"
        : "the message did not end in time: it ends with a line that holds a dot alone, CRLF . CRLF")
  }
  /// What is to be sent.
  package mutating func takeOutput() -> [UInt8] { output.take() }
  /// What is to be done behind what is to be sent.
  package mutating func takeAction() -> Action? {
    defer { action = nil }
    return action
  }

  // MARK: Reading

  private mutating func proceed() {
    while step != .over, step != .keeping, !isWaitingForTLS, !input.isEmpty {
      if case .message = dialogue.serverSpeech {
        takeMessage()
      } else if !takeLine() {
        return
      }
    }
  }
  private mutating func takeLine() -> Bool {
    switch input.takeLine(limit: POP3ClientLimits.replyLineByteCount) {
    case .incomplete: return false
    case .tooLong: fail("the server sent a line longer than \(POP3ClientLimits.replyLineByteCount) octets")
    case .line(var line):
      line.removeLast()
      if line.last == ASCII.carriageReturn { line.removeLast() }
      if case .listing = dialogue.serverSpeech { receiveListed(line) } else { receiveStatus(line) }
    }
    return true
  }
  private mutating func takeMessage() {
    guard var receiver else { return fail("a message came that was not asked for") }
    // Moved, so that what was taken is not copied for each piece that comes.
    self.receiver = nil
    input.take { receiver.receive($0) }
    guard !receiver.isTooLarge else {
      return fail("the message is larger than \(configuration.messageByteLimit) octets, and than LIST said")
    }
    guard receiver.isOver else {
      self.receiver = receiver
      return
    }
    dialogue.heardEndOfLines()
    guard current < listed.count else { return goOn() }
    step = .keeping
    action = .keep(Message(uniqueID: listed[current].uniqueID, octets: receiver.octets))
  }
  private mutating func receiveStatus(_ line: [UInt8]) {
    guard let reply = POP3Reply.parse(line.span) else {
      return fail("the server does not speak POP3: \(line.span.text().prefix(80))")
    }
    guard dialogue.heard(reply.status).asked != nil else { return fail("the server answers what was not asked") }
    let text = line.span.extracting(line.span.bounds(reply.text)).text()
    switch reply.status {
    case .ok: succeeded(text)
    case .error: refused(line.span.text())
    case .challenge: challenged(text)
    }
  }

  // MARK: What a reply means

  private mutating func succeeded(_ text: String) {
    switch step {
    case .greeting:
      timestamp = Self.timestamp(in: text)
      say(.capability, .capabilities)
    case .protection:
      // What came behind the reply came in clear, from whomever.
      guard input.isEmpty else { return fail("the server, or somebody else, spoke in clear behind its answer to STLS") }
      isWaitingForTLS = true
      action = .startTLS
    case .user: say(.password(configuration.password), .login)
    case .login:
      guard exchange?.isComplete != false else { return fail("the server did not prove that it knows the password") }
      say(.list(message: nil), .listing)
    case .message: receiver = StuffedMessageReceiver(byteLimit: configuration.messageByteLimit)
    case .deletion:
      if current < listed.count { marked.append(listed[current]) }
      goOn()
    case .quit:
      deleted = marked
      end()
    // Their lines follow.
    case .capabilities, .listing, .uniqueIDs: lineCount = 0
    case .keeping, .over: break
    }
  }
  private mutating func refused(_ line: String) {
    switch step {
    case .capabilities: protectOrLogIn()
    case .protection where configuration.protection == .ifOffered: logIn()
    case .uniqueIDs where configuration.mode == .delete: begin()
    case .uniqueIDs: leave("the server gives no unique ids, so what is new cannot be told from what is known: \(line)")
    case .message, .deletion:
      leaveBehind(line)
      goOn()
    case .quit: fail(line)
    case .greeting: fail(line)
    case .protection, .user, .login, .listing: leave(line)
    case .keeping, .over: break
    }
  }
  private mutating func challenged(_ text: String) {
    challengeCount += 1
    guard step == .login, var exchange, challengeCount <= POP3ClientLimits.challengeCount else {
      return fail("the server asks what no login asks")
    }
    let challenge = Base64.decode(Array(text.utf8).span)
    let step = challenge.map { exchange.receive($0) } ?? .giveUp
    self.exchange = exchange
    dialogue.heardResponse()
    switch step {
    case .respond(let response): output.append(Base64.encode(response.span) + [13, 10])
    case .giveUp: output.append("*\r\n".utf8)
    }
  }
  /// A line of a listing, or its end.
  private mutating func receiveListed(_ line: [UInt8]) {
    guard !line.span.equals(".") else {
      dialogue.heardEndOfLines()
      switch step {
      case .capabilities: return protectOrLogIn()
      case .listing: return say(.uniqueIDListing(message: nil), .uniqueIDs)
      case .uniqueIDs: return begin()
      case .greeting, .protection, .user, .login, .message, .keeping, .deletion, .quit, .over: return
      }
    }
    lineCount += 1
    let limit = step == .capabilities ? POP3ClientLimits.capabilityCount : POP3ClientLimits.messageCount
    guard lineCount <= limit else { return fail("the listing has more than \(limit) lines") }
    let words = line.span.text().split(separator: " ", maxSplits: 1).map(String.init)
    let rest = words.count > 1 ? words[1].split(separator: " ").first.map(String.init) : nil
    switch step {
    case .capabilities: if let word = words.first { capabilities[word.uppercased()] = words.count > 1 ? words[1] : "" }
    case .listing:
      guard let number = Self.number(words.first), places[number] == nil else {
        return fail("LIST brought a line that is no listing: \(line.span.text().prefix(80))")
      }
      places[number] = listed.count
      listed.append(Listed(number: number, byteCount: Self.number(rest), uniqueID: nil))
    case .uniqueIDs:
      guard let number = Self.number(words.first), let id = rest, let place = places[number],
        listed[place].uniqueID == nil
      else { return fail("UIDL brought a line that fits no message: \(line.span.text().prefix(80))") }
      listed[place].uniqueID = id
    case .greeting, .protection, .user, .login, .message, .keeping, .deletion, .quit, .over: break
    }
  }
  private static func number(_ word: String?) -> Int? {
    guard let word, word.utf8.count <= 15, word.utf8.allSatisfy(ASCII.isDigit), let number = Int(word), number >= 0
    else { return nil }
    return number
  }

  // MARK: Logging in

  private mutating func protectOrLogIn() {
    guard !isProtected, configuration.protection != .never else { return logIn() }
    if capabilities["STLS"] != nil { return say(.startTLS, .protection) }
    guard configuration.protection == .required else { return logIn() }
    step = .protection
    leave("the server does not offer TLS")
  }
  private mutating func logIn() {
    switch configuration.login {
    case .password: say(.user(name: configuration.user), .user)
    case .apop:
      guard let timestamp else { return leaveLogin("the server's greeting has no time stamp, so there is no APOP") }
      let digest = DigestAlgorithm.md5.digest(Array("\(timestamp)\(configuration.password)".utf8))
      say(.apop(name: configuration.user, digest: LowerHexadecimal.encode(digest).span.text()), .login)
    case .authenticate(let wanted): authenticate(wanted)
    }
  }
  private mutating func authenticate(_ wanted: SASLMechanism?) {
    let offered = Set((capabilities["SASL"] ?? "").uppercased().split(separator: " ").map(String.init))
    let mechanism = wanted ?? SASLMechanism.allCases.first { offered.contains($0.rawValue) }
    guard let mechanism, offered.contains(mechanism.rawValue) else {
      return leaveLogin("the server offers no login that we know")
    }
    var exchange = SASLClient(
      mechanism, user: configuration.user, password: configuration.password, nonce: octetSource.take(18))
    let untouched = exchange
    var initial = exchange.initialResponse().map { $0.isEmpty ? "=" : Base64.encode($0.span).span.text() }
    if let text = initial, "AUTH \(mechanism.rawValue) \(text)\r\n".utf8.count > POP3ClientLimits.commandByteCount {
      (initial, exchange) = (nil, untouched)
    }
    self.exchange = exchange
    say(.authenticate(mechanism: mechanism.rawValue, initialResponse: initial), .login)
  }
  private mutating func leaveLogin(_ text: String) {
    step = .login
    leave(text)
  }
  /// What APOP's digest is made of: it must look like a Message-ID, or a false server could choose its octets so that
  /// collisions of MD5 betray the password.
  private static func timestamp(in greeting: String) -> String? {
    guard let start = greeting.firstIndex(of: "<"), let end = greeting[start...].firstIndex(of: ">") else { return nil }
    let text = greeting[start...end]
    let isMessageID = text.utf8.allSatisfy { $0 > 32 && $0 < 127 } && text.utf8.count { $0 == UInt8(ascii: "@") } == 1
    return isMessageID ? String(text) : nil
  }

  // MARK: Fetching

  private mutating func begin() {
    current = 0
    visit()
  }
  private mutating func goOn() {
    current += 1
    visit()
  }
  /// Does what the message that the session is at needs, or the next that needs anything.
  private mutating func visit() {
    while current < listed.count {
      let message = listed[current]
      if configuration.numbers?.contains(message.number) == false {
        // Another time.
      } else if let id = message.uniqueID, known.contains(id) {
        // What the device has and should not stay: it is what a connection lost before QUIT left behind, or a copy.
        if configuration.mode == .delete { return say(.delete(message: "\(message.number)"), .deletion) }
      } else if let byteCount = message.byteCount, byteCount > configuration.messageByteLimit {
        leaveBehind("\(byteCount) octets, and the limit is \(configuration.messageByteLimit)")
      } else {
        return say(.retrieve(message: "\(message.number)"), .message)
      }
      current += 1
    }
    sayQuit()
  }
  private mutating func leaveBehind(_ reason: String) {
    guard current < listed.count else { return }
    leftovers.append(Leftover(message: listed[current], reason: reason))
  }

  // MARK: Saying, and the end

  private mutating func say(_ command: POP3Command<String>, _ next: Step) {
    // What has come by now answers nothing that was asked: the server is out of step.
    guard input.isEmpty else { return fail("the server said more than was asked") }
    step = next
    output.write { command.encode(into: &$0) }
    dialogue.heard(command.map { _ in OctetRange(0, 0) })
  }
  private mutating func sayQuit() { say(.quit, .quit) }
  /// Nothing more can be done: the reason is kept, and the server is left politely.
  private mutating func leave(_ text: String) {
    failure = Failure(step, text)
    sayQuit()
  }
  private mutating func fail(_ text: String) {
    if step == .over { return }
    if failure == nil { failure = Failure(step, text) }
    end()
  }
  private mutating func end() {
    step = .over
    receiver = nil
    action = .close
  }
}
