internal import Bytes
internal import MailProtocols

/// A client that brings one message to an SMTP server: a user agent to its submission server, or a server to the next
/// (RFC 5321 §3.3), without I/O and without a clock.
///
///     220 → EHLO → [STARTTLS → EHLO] → [AUTH] → MAIL, RCPT… → DATA → message → QUIT → 221
///
/// Where the server offers PIPELINING, MAIL, RCPT and DATA go together (RFC 2920 §3.1).
package struct SMTPClientSession: Sendable {
  package enum Action: Equatable, Sendable {
    /// Begin TLS; then call `beginProtected`.
    case startTLS
    /// Hang up: the outcome is known.
    case close
  }
  /// What a server said to something.
  package struct Reply: Equatable, Sendable, Codable {
    package var code: UInt16
    package var lines: [String]
    /// Whether we say it, in place of a server that said nothing, or nothing of the kind.
    package var isOurs: Bool
    package var isTemporary: Bool { code >= 400 && code < 500 }
    package var text: String { "\(code) \(lines.joined(separator: " "))" }

    package init(code: UInt16, lines: [String], isOurs: Bool = false) {
      self.code = code
      self.lines = lines
      self.isOurs = isOurs
    }
    /// Our own words, the enhanced status in front of them.
    package static func ours(_ code: UInt16, _ text: String) -> Reply { Reply(code: code, lines: [text], isOurs: true) }
  }
  /// What became of the message for one recipient.
  package enum Fate: Equatable, Sendable {
    /// The server has taken it over.
    case accepted(Reply)
    /// It may be tried again.
    case deferred(Reply)
    case refused(Reply)
  }
  package struct Login: Sendable {
    package var user: String
    package var password: String
    /// Nil for the strongest that the server offers.
    package var mechanism: SASLMechanism?

    package init(user: String, password: String, mechanism: SASLMechanism? = nil) {
      self.user = user
      self.password = password
      self.mechanism = mechanism
    }
  }
  package enum Protection: Sendable { case never, ifOffered, required }

  private let helloName: String
  private let envelope: Envelope
  private let message: [UInt8]
  private let login: Login?
  private let protection: Protection
  private var octetSource: OctetSource
  private var dialogue = SMTPDialogue()
  private var input = LineBuffer()
  private var output = OutputBuffer()
  private var action: Action?
  /// Lines of a reply that goes on.
  private var replyLines: [String] = []
  /// The keywords of EHLO's reply, in upper case, with their parameters.
  private var offers: [String: String] = [:]
  private var isProtected: Bool
  private var triesHELO = false
  private var exchange: SASLClient?
  /// What was said to each recipient's RCPT, in order.
  private var recipientReplies: [Reply] = []
  private var mailReply: Reply?
  private var isWaitingForTLS = false
  private var isOver = false
  /// The fate of each recipient of the envelope; complete when the action `close` is asked for.
  package private(set) var fates: [Fate] = []

  package init(
    helloName: String, envelope: Envelope, message: [UInt8], login: Login? = nil, protection: Protection = .never,
    isProtected: Bool = false, octetSource: OctetSource = .system
  ) {
    self.helloName = helloName
    self.envelope = envelope
    self.message = message
    self.login = login
    self.protection = protection
    self.isProtected = isProtected
    self.octetSource = octetSource
  }

  /// Octets came.
  package mutating func receive(_ octets: Span<UInt8>) {
    if isOver { return }
    input.append(octets)
    while !isOver, !isWaitingForTLS, step() {}
  }
  /// TLS stands: the server is asked anew what it offers (RFC 3207 §4.2).
  package mutating func beginProtected() {
    isWaitingForTLS = false
    isProtected = true
    dialogue.resumePlaintext()
    offers = [:]
    say(.extendedHello(domain: helloName))
  }
  /// The connection is lost: what was not accepted may be tried again.
  package mutating func lostConnection() {
    if isOver { return }
    finish(.ours(421, "4.4.2 Connection lost"))
  }
  /// What is to be sent.
  package mutating func takeOutput() -> [UInt8] { output.take() }
  /// What is to be done behind what is to be sent.
  package mutating func takeAction() -> Action? {
    defer { action = nil }
    return action
  }

  // MARK: Reading

  private mutating func step() -> Bool {
    switch input.takeLine(limit: SMTPClientLimits.replyLineByteCount) {
    case .incomplete: return false
    case .tooLong: finish(.ours(421, "4.5.0 The server's reply is too long"))
    case .line(var line):
      line.removeLast()
      if line.last == ASCII.carriageReturn { line.removeLast() }
      guard let reply = SMTPReply.parse(line.span), replyLines.count < SMTPClientLimits.replyLineCount else {
        finish(.ours(421, "4.5.0 The server does not speak SMTP"))
        return false
      }
      replyLines.append(line.span.extracting(line.span.bounds(reply.text)).text())
      guard reply.isLast else { return true }
      let whole = Reply(code: reply.code, lines: replyLines)
      replyLines = []
      receive(whole)
    }
    return true
  }
  private mutating func receive(_ reply: Reply) {
    // The server hangs up, whatever was asked (RFC 5321 §3.8); `finish` looks at what still awaits a reply.
    if reply.code == 421 { return finish(reply) }
    guard let asked = dialogue.heard(code: reply.code).asked else { return finish(reply) }
    switch asked {
    case .greeting:
      guard reply.code == 220 else { return finish(reply) }
      say(.extendedHello(domain: helloName))
    case .hello: heardHello(reply)
    case .startTLS:
      guard reply.code == 220 else { return protection == .required ? leave(reply) : logInOrSend() }
      // What came behind the reply came in clear.
      input.removeAll()
      isWaitingForTLS = true
      action = .startTLS
    case .authentication: heardAuthentication(reply)
    case .mail:
      mailReply = reply
      if !offersPipelining { reply.code == 250 ? sayNextRecipient() : leave(reply) }
    case .recipient:
      recipientReplies.append(reply)
      if !offersPipelining { sayNextRecipient() }
    case .data: heardData(reply)
    case .message:
      change(accepted: fate(reply))
      say(.quit)
    case .quit, .other, .reset, .chunk, .lastChunk: finish(nil)
    }
  }

  /// Whether the server tells the sender of the message's fate itself (RFC 3461 §5): then nobody else has to.
  package var serverOffersDSN: Bool { offers["DSN"] != nil }

  // MARK: Before the message

  private var offersPipelining: Bool { offers["PIPELINING"] != nil }

  private mutating func heardHello(_ reply: Reply) {
    guard reply.code == 250 else {
      // A server of before 1995 (RFC 5321 §3.2).
      guard !triesHELO, reply.code >= 500 else { return leave(reply) }
      triesHELO = true
      return say(.hello(domain: helloName))
    }
    if !triesHELO {
      for line in reply.lines.dropFirst() {
        let words = line.split(separator: " ", maxSplits: 1)
        if let keyword = words.first { offers[keyword.uppercased()] = words.count > 1 ? String(words[1]) : "" }
      }
    }
    if !isProtected, protection != .never {
      if offers["STARTTLS"] != nil { return say(.startTLS) }
      if protection == .required { return leave(.ours(454, "4.7.0 The server does not offer TLS")) }
    }
    logInOrSend()
  }
  private mutating func logInOrSend() {
    guard let login else { return sayEnvelope() }
    let offered = Set((offers["AUTH"] ?? "").uppercased().split(separator: " ").map(String.init))
    let mechanism = login.mechanism ?? SASLMechanism.allCases.first { offered.contains($0.rawValue) }
    guard let mechanism, offered.contains(mechanism.rawValue) else {
      return leave(.ours(504, "5.7.4 The server offers no login that we know"))
    }
    var exchange = SASLClient(mechanism, user: login.user, password: login.password, nonce: octetSource.take(18))
    let initial = exchange.initialResponse().map { $0.isEmpty ? "=" : Base64.encode($0.span).span.text() }
    self.exchange = exchange
    say(.authenticate(mechanism: mechanism.rawValue, initialResponse: initial))
  }
  private mutating func heardAuthentication(_ reply: Reply) {
    guard reply.code == 334, var exchange else {
      guard reply.code != 235 || exchange?.isComplete == true else {
        return leave(.ours(535, "5.7.8 The server did not prove that it knows the password"))
      }
      exchange = nil
      return reply.code == 235 ? sayEnvelope() : leave(reply)
    }
    let challenge = Base64.decode(Array((reply.lines.first ?? "").utf8).span)
    let step = challenge.map { exchange.receive($0) } ?? .giveUp
    self.exchange = exchange
    dialogue.heardResponse()
    switch step {
    case .respond(let response): output.append(Base64.encode(response.span) + [13, 10])
    case .giveUp: output.append("*\r\n".utf8)
    }
  }

  // MARK: The message

  private mutating func sayEnvelope() {
    var parameters: [String] = []
    let isEightBit = message.contains { $0 >= 128 }
    if offers["SIZE"] != nil { parameters.append("SIZE=\(message.count)") }
    if isEightBit, offers["8BITMIME"] != nil { parameters.append("BODY=8BITMIME") }
    if envelope.isInternationalized {
      guard offers["SMTPUTF8"] != nil else {
        return leave(.ours(550, "5.6.7 The server does not offer SMTPUTF8"))
      }
      parameters.append("SMTPUTF8")
    }
    if offers["DSN"] != nil {
      if let content = envelope.returnedContent { parameters.append("RET=\(content.rawValue)") }
      if let identifier = envelope.identifier { parameters.append("ENVID=\(identifier)") }
    }
    say(.mail(reversePath: envelope.reversePath?.text ?? "", parameters: parameters.joined(separator: " ")))
    guard offersPipelining else { return }
    for recipient in envelope.recipients { say(recipient) }
    say(.data)
  }
  private mutating func say(_ recipient: Envelope.Recipient) {
    var parameters: [String] = []
    if offers["DSN"] != nil {
      if recipient.notifications != .usual { parameters.append("NOTIFY=\(recipient.notifications.text)") }
      if let original = recipient.originalRecipient { parameters.append("ORCPT=\(original)") }
    }
    say(.recipient(forwardPath: recipient.path.text, parameters: parameters.joined(separator: " ")))
  }
  private mutating func sayNextRecipient() {
    if recipientReplies.count < envelope.recipients.count {
      say(envelope.recipients[recipientReplies.count])
    } else if recipientReplies.contains(where: { $0.code < 300 }) {
      say(.data)
    } else {
      settle()
      say(.quit)
    }
  }
  private mutating func heardData(_ reply: Reply) {
    settle()
    let isAccepted = fates.contains { if case .accepted = $0 { true } else { false } }
    guard reply.code == 354 else {
      change(accepted: fate(reply))
      return say(.quit)
    }
    guard isAccepted else {
      // The server waits for a message that nobody gets (RFC 2920 §3.1): an empty one.
      output.append(".\r\n".utf8)
      return dialogue.heardEndOfMessage()
    }
    let message = message
    output.write { DotStuffing.encode(message.span, into: &$0) }
    dialogue.heardEndOfMessage()
  }
  /// Fixes the fates that follow from what was said to MAIL and RCPT.
  private mutating func settle() {
    if let mailReply, mailReply.code >= 300 {
      fates = envelope.recipients.map { _ in fate(mailReply) }
    } else {
      fates = recipientReplies.map(fate)
    }
  }
  private func fate(_ reply: Reply) -> Fate {
    if reply.code < 300 { return .accepted(reply) }
    return reply.isTemporary ? .deferred(reply) : .refused(reply)
  }

  // MARK: Saying

  private mutating func say(_ command: SMTPCommand<String>) {
    output.write { command.encode(into: &$0) }
    // The dialogue asks only what is commanded.
    _ = dialogue.heard(command.map { _ in OctetRange(0, 0) })
  }
  /// Nothing can be sent: the reply is every recipient's.
  private mutating func leave(_ reply: Reply) {
    fates = envelope.recipients.map { _ in fate(reply) }
    say(.quit)
  }
  private mutating func finish(_ reply: Reply?) {
    if let reply {
      let fate: Fate = reply.code >= 500 ? .refused(reply) : .deferred(reply)
      if fates.isEmpty { fates = envelope.recipients.map { _ in fate } }
      if dialogue.awaitsMessageReply { change(accepted: fate) }
    }
    isOver = true
    action = .close
  }
  /// Those who were to get the message meet another fate.
  private mutating func change(accepted fate: Fate) {
    for index in fates.indices { if case .accepted = fates[index] { fates[index] = fate } }
  }
}

/// The lengths and numbers that a client bears from a server.
enum SMTPClientLimits {
  /// RFC 5321 §4.5.3.1.5 asks for 512.
  static let replyLineByteCount = 4_096
  static let replyLineCount = 128
}

extension Envelope.Notifications {
  /// The value of NOTIFY (RFC 3461 §4.1).
  var text: String {
    if contains(.never) { return "NEVER" }
    let words: [(Envelope.Notifications, String)] = [(.success, "SUCCESS"), (.failure, "FAILURE"), (.delay, "DELAY")]
    return words.filter { contains($0.0) }.map(\.1).joined(separator: ",")
  }
}
