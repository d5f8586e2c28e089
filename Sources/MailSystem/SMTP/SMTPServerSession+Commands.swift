internal import Bytes
internal import MailProtocols

/// The commands that need no transaction (RFC 5321 §4.1.1).
extension SMTPServerSession {
  mutating func receiveCommand(_ line: [UInt8]) {
    let command = SMTPCommand<OctetRange>.parse(line.span)
    let violation = dialogue.heard(command)
    switch command {
    case .hello(let domain): greet(line, domain, isExtended: false)
    case .extendedHello(let domain): greet(line, domain, isExtended: true)
    case .mail(let path, let parameters):
      if let answer = refusalOfMail(violation) { return refuse(answer) }
      beginTransaction(line, path, parameters)
    case .recipient(let path, let parameters):
      guard envelope != nil, chunks == nil else { return refuse(.badSequence) }
      addRecipient(line, path, parameters)
    case .data: beginMessage()
    case .binaryData(let byteCount, let isLast): beginChunk(byteCount, isLast: isLast)
    case .reset:
      guard line.count == 4 else { return refuse(.syntax) }
      endTransaction()
      reply(250, "2.0.0", "Ok")
    case .noOperation: reply(250, "2.0.0", "Ok")
    case .quit:
      guard line.count == 4 else { return refuse(.syntax) }
      reply(221, "2.0.0", "\(configuration.hostName) closing connection")
      hangUp()
    case .verify(let text):
      // Who is here is told to nobody (RFC 5321 §7.3).
      if text.isEmpty { return refuse(.syntax) }
      reply(252, "2.5.0", "Cannot VRFY user, but will accept message and attempt delivery")
    case .expand: refuse(SMTPAnswer(502, "5.5.1", "EXPN not implemented"))
    case .help:
      reply(
        SMTPAnswer(
          214, "2.0.0",
          lines: ["Commands: EHLO HELO MAIL RCPT DATA BDAT RSET NOOP QUIT VRFY HELP STARTTLS AUTH", "See RFC 5321"]))
    case .startTLS: beginTLS()
    case .authenticate(let mechanism, let response): authenticate(line, mechanism, response)
    case .unknown(let verb): receiveUnknown(line, verb)
    // This is no server of LMTP.
    case .localHello: receiveUnknown(line, OctetRange(0, 4))
    }
  }
  /// What is known by its first word, and wrong behind it, is told apart from what is not known at all.
  private mutating func receiveUnknown(_ line: [UInt8], _ verb: OctetRange) {
    let word = line.span.extracting(line.span.bounds(verb)).text().uppercased()
    switch word {
    case "MAIL": refuse(SMTPAnswer(501, "5.5.4", "Syntax: MAIL FROM:<address>"))
    case "RCPT": refuse(SMTPAnswer(501, "5.5.4", "Syntax: RCPT TO:<address>"))
    case "DATA", "STARTTLS", "BDAT", "AUTH": refuse(.syntax)
    case "": refuse(SMTPAnswer(500, "5.5.2", "Syntax error: no command"))
    default: refuse(.unknownCommand)
    }
  }
  private mutating func greet(_ line: [UInt8], _ domain: OctetRange, isExtended: Bool) {
    let octets = Array(line[domain.lower..<domain.upper])
    guard !octets.isEmpty, octets.allSatisfy({ $0 > 32 && $0 != 127 }),
      let name = String(validating: octets, as: UTF8.self)
    else { return refuse(SMTPAnswer(501, nil, "Syntax: \(isExtended ? "EHLO" : "HELO") hostname")) }
    helloName = name
    self.isExtended = isExtended
    endTransaction()
    guard isExtended else { return reply(250, nil, "\(configuration.hostName) greets \(name)") }
    reply(SMTPAnswer(250, lines: ["\(configuration.hostName) greets \(name)"] + extensions))
  }
  /// What is offered at present (RFC 5321 §4.1.1.1).
  private var extensions: [String] {
    var lines = configuration.offersPipelining ? ["PIPELINING"] : []
    lines += [
      "SIZE \(configuration.messageByteLimit)", "8BITMIME", "SMTPUTF8", "CHUNKING", "DSN",
      "ENHANCEDSTATUSCODES",
    ]
    if configuration.offersTLS, !isProtected { lines.append("STARTTLS") }
    if offersLogin { lines.append("AUTH \(configuration.mechanisms.map(\.rawValue).joined(separator: " "))") }
    return lines + ["HELP"]
  }
  private var offersLogin: Bool {
    guard configuration.service == .submission, !configuration.mechanisms.isEmpty else { return false }
    return isProtected || !configuration.requiresTLSForLogin
  }

  // MARK: TLS

  private mutating func beginTLS() {
    guard configuration.offersTLS, !isProtected else {
      return refuse(SMTPAnswer(503, "5.5.1", isProtected ? "TLS is on already" : "TLS is not offered"))
    }
    // What came behind the command came in clear, from whomever: it is not answered (RFC 3207 §6).
    input.removeAll()
    reply(220, "2.0.0", "Ready to start TLS")
    ask(.startTLS, waiting: .protection)
  }

  // MARK: Authentication (RFC 4954)

  private mutating func authenticate(_ line: [UInt8], _ mechanism: OctetRange, _ response: OctetRange?) {
    if user != nil || envelope != nil { return refuse(.badSequence) }
    guard configuration.service == .submission, helloName != nil else { return refuse(.badSequence) }
    guard offersLogin else {
      return refuse(SMTPAnswer(538, "5.7.11", "Encryption required for requested authentication mechanism"))
    }
    let name = line.span.extracting(line.span.bounds(mechanism)).text().uppercased()
    guard let mechanism = SASLMechanism(rawValue: name), configuration.mechanisms.contains(mechanism) else {
      return refuse(SMTPAnswer(504, "5.5.4", "Unrecognized authentication type"))
    }
    var initial: [UInt8]?
    if let response {
      let text = line.span.extracting(line.span.bounds(response))
      // `=` is a response of no octets (RFC 4954 §4).
      guard let decoded = text.equals("=") ? [] : Base64.decode(text) else {
        return refuse(SMTPAnswer(501, "5.5.2", "Cannot decode the initial response: no base64"))
      }
      initial = decoded
    }
    var exchange = SASLServer(
      mechanism, directory: directory, host: configuration.hostName, nonce: octetSource.take(18), now: now)
    let outcome = exchange.begin(initialResponse: initial)
    self.exchange = exchange
    follow(outcome)
  }
  mutating func receiveResponse(_ line: [UInt8]) {
    dialogue.heardResponse()
    guard var exchange else { return refuse(.badSequence) }
    guard !line.span.equals("*") else { return giveUpExchange(SMTPAnswer(501, "5.7.0", "Authentication cancelled")) }
    guard let response = Base64.decode(line.span) else {
      return giveUpExchange(SMTPAnswer(501, "5.5.2", "Cannot decode the response: no base64"))
    }
    let outcome = exchange.receive(response)
    self.exchange = exchange
    follow(outcome)
  }
  private mutating func giveUpExchange(_ answer: SMTPAnswer) {
    exchange = nil
    refuse(answer)
  }
  private mutating func follow(_ outcome: SASLServer.Outcome) {
    switch outcome {
    case .challenge(let challenge): reply(334, nil, Base64.encode(challenge.span).span.text())
    case .succeeded(let user):
      self.user = user
      exchange = nil
      reply(235, "2.7.0", "Authentication successful")
    case .malformed: giveUpExchange(SMTPAnswer(501, "5.5.2", "Malformed authentication data"))
    case .failed:
      exchange = nil
      failedLoginCount += 1
      ask(.pause(Int64(failedLoginCount) * SMTPServerLimits.failedLoginDelay), waiting: .refusal(.wrongPassword))
    }
  }
}
