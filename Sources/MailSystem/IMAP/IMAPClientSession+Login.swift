internal import Bytes
internal import MailProtocols

/// From the greeting to the login (RFC 9051 §6.1, §6.2, §6.3.1).
extension IMAPClientSession {
  mutating func heardGreeting(_ status: IMAPResponse.Status, _ text: String) {
    noteCapabilities(in: text)
    switch status {
    case .ok: capabilities == nil ? askCapabilities() : protectOrLogIn()
    // Somebody else has said who we are (RFC 9051 §7.1.4).
    case .preauthenticated: loggedIn()
    case .bye, .no, .bad, .none: fail(text)
    }
  }
  mutating func askCapabilities() { say("CAPABILITY", .capabilities) }
  /// `[CAPABILITY IMAP4rev2 …]` within a status response.
  mutating func noteCapabilities(in text: String) {
    guard text.uppercased().hasPrefix("[CAPABILITY "), let end = text.firstIndex(of: "]") else { return }
    let words = text[..<end].split(separator: " ").dropFirst()
    capabilities = Set(words.map { $0.uppercased() })
  }

  mutating func protectOrLogIn() {
    if !isProtected, configuration.protection != .never {
      if capabilities?.contains("STARTTLS") == true { return say("STARTTLS", .protection) }
      if configuration.protection == .required { return leave("the server does not offer TLS") }
    }
    logIn()
  }
  mutating func protectionAnswered(_ status: IMAPOutcome.Status, _ text: String) {
    guard status == .ok else { return configuration.protection == .required ? leave(text) : logIn() }
    // What came behind the answer came in clear, from whomever.
    guard reader.isEmpty else {
      return fail("the server, or somebody else, spoke in clear behind its answer to STARTTLS")
    }
    isWaitingForTLS = true
    action = .startTLS
  }
  private mutating func logIn() {
    step = .login
    switch configuration.login {
    case .login:
      if capabilities?.contains("LOGINDISABLED") == true {
        return leave("the server takes no password before TLS (LOGINDISABLED)")
      }
      guard let user = IMAPQuoted.encode(configuration.user), let password = IMAPQuoted.encode(configuration.password)
      else { return leave("the user name or the password cannot be said in a quoted string") }
      say("LOGIN", .login, "\(user) \(password)")
    case .authenticate(let wanted): authenticate(wanted)
    }
  }
  private mutating func authenticate(_ wanted: SASLMechanism?) {
    let offered = capabilities ?? []
    let mechanism = wanted ?? SASLMechanism.allCases.first { offered.contains("AUTH=\($0.rawValue)") }
    guard let mechanism, offered.contains("AUTH=\(mechanism.rawValue)") else {
      return leave("the server offers no login that we know")
    }
    var exchange = SASLClient(
      mechanism, user: configuration.user, password: configuration.password, nonce: octetSource.take(18))
    var words = mechanism.rawValue
    if offered.contains("SASL-IR"), let initial = exchange.initialResponse() {
      words += " \(initial.isEmpty ? "=" : Base64.encode(initial.span).span.text())"
    }
    self.exchange = exchange
    say("AUTHENTICATE", .login, words)
  }
  mutating func challenged(_ text: String) {
    challengeCount += 1
    guard var exchange, challengeCount <= IMAPClientLimits.challengeCount else {
      return fail("the server asks what no login asks")
    }
    let challenge = Base64.decode(Array(text.utf8).span)
    let step = challenge.map { exchange.receive($0) } ?? .giveUp
    self.exchange = exchange
    dialogue.heardContinuation()
    switch step {
    case .respond(let response): output.append(Base64.encode(response.span) + [13, 10])
    case .giveUp: output.append("*\r\n".utf8)
    }
  }
  mutating func loginAnswered(_ status: IMAPOutcome.Status, _ text: String) {
    guard status == .ok else { return leave(text) }
    guard exchange?.isComplete != false else { return fail("the server did not prove that it knows the password") }
    exchange = nil
    noteCapabilities(in: text)
    loggedIn()
  }
  private mutating func loggedIn() {
    isLoggedIn = true
    let wanted = configuration.enabledExtensions.filter { capabilities?.contains($0.uppercased()) == true }
    guard !wanted.isEmpty, capabilities?.contains("ENABLE") == true || capabilities?.contains("IMAP4REV2") == true
    else { return rest() }
    say("ENABLE", .enabling, wanted.joined(separator: " "))
  }
}
