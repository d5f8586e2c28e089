internal import MailProtocols

/// The agents' sessions as the steps want them, and what they tell in the end.
extension ScenarioPlayer {
  func submission(
    _ send: SendAction, _ message: ScenarioMessage, _ octets: [UInt8], _ agent: ScenarioCast.Agent
  ) -> SMTPClientSession {
    let user = scenario.cast.address(of: agent.user)
    let paths = message.to.compactMap { SMTPPath.parse(Array(scenario.cast.address(of: $0).utf8).span) }
    let from = SMTPPath.parse(Array(scenario.cast.address(of: message.from).utf8).span)
    let protection: SMTPClientSession.Protection =
      switch send.protection {
      case .never: .never
      case .ifOffered: .ifOffered
      case .required: .required
      }
    return SMTPClientSession(
      helloName: agent.name, envelope: Envelope(from: from, to: paths), message: octets,
      login: SMTPClientSession.Login(
        user: user, password: send.password ?? password(of: user), mechanism: send.mechanism ?? .plain),
      protection: protection, octetSource: .seeded(UInt64(octets.count)))
  }
  func download(_ fetch: POP3Action, _ agent: ScenarioCast.Agent) -> POP3ClientSession {
    let user = scenario.cast.address(of: agent.user)
    var configuration = POP3ClientConfiguration(user: user, password: password(of: user))
    configuration.mode = fetch.mode == .keep ? .keep : .delete
    configuration.login =
      switch fetch.login {
      case .password: .password
      case .apop: .apop
      case .sasl: .authenticate(nil)
      }
    configuration.protection =
      switch fetch.protection {
      case .never: .never
      case .ifOffered: .ifOffered
      case .required: .required
      }
    configuration.numbers = fetch.messages.map { Set($0) }
    configuration.knownUniqueIDs = knownUniqueIDs[agent.name] ?? []
    return POP3ClientSession(configuration, octetSource: .seeded(7))
  }
  func online(_ agent: ScenarioCast.Agent) -> IMAPClientSession {
    let user = scenario.cast.address(of: agent.user)
    return IMAPClientSession(
      IMAPClientConfiguration(user: user, password: password(of: user)), octetSource: .seeded(11))
  }
  /// `{alice.password}` and `{alice}` in a line that is said.
  func filled(_ line: String) -> String {
    var line = line
    for machine in scenario.cast.machines {
      for user in machine.users {
        let address = "\(user)@\(machine.domain)"
        line = line.replacing("{\(user).password}", with: password(of: address)).replacing("{\(user)}", with: address)
      }
    }
    return line
  }

  // MARK: What came of it

  /// Notes what a connection has brought in this step.
  mutating func finish(_ connection: Connection) {
    guard let conversation = conversations[connection.id], !record.steps.isEmpty else { return }
    record.steps[record.steps.count - 1].hidden += conversation.hidden ?? []
    let action = actions[connection.id]
    switch conversation.session {
    case .smtp(let smtp): finish(smtp, action)
    case .pop3(let pop3, let end): finish(pop3, conversation.kept, end, connection.agent)
    case .imap: finishIMAP(connection)
    case .script(let script): finish(script, action)
    }
  }
  private mutating func finish(_ smtp: SMTPClientSession, _ action: ScenarioAction?) {
    guard case .send(let send)? = action else { return }
    for fate in smtp.fates {
      switch fate {
      case .accepted(let reply):
        note(lines: ["accepted: \(reply.text)"], isAsExpected: send.expectedCode.map { $0 == Int(reply.code) } ?? true)
      case .deferred(let reply), .refused(let reply):
        let isTemporary = if case .deferred = fate { true } else { false }
        note(
          lines: ["\(isTemporary ? "not now" : "refused"): \(reply.text)"],
          isAsExpected: send.expectedCode == Int(reply.code))
      }
    }
  }
  private mutating func finish(
    _ pop3: POP3ClientSession, _ kept: [POP3ClientSession.Message], _ end: POP3Action.End, _ agent: String
  ) {
    for message in kept {
      hold(.downloaded, message.octets, by: agent)
      if let id = message.uniqueID { knownUniqueIDs[agent, default: []].insert(id) }
    }
    let byteCount = kept.reduce(0) { $0 + $1.octets.count }
    var lines = ["\(ScenarioWords.messages(kept.count)) fetched (\(byteCount) octets)"]
    if !pop3.deleted.isEmpty { lines.append("\(ScenarioWords.messages(pop3.deleted.count)) removed at the server") }
    if end != .quit { lines.append("no QUIT was said: the server removes nothing (RFC 1939 §6)") }
    for leftover in pop3.leftovers { lines.append("message \(leftover.message.number) stays: \(leftover.reason)") }
    let failure = end == .quit ? pop3.failure : nil
    if let failure { lines.append("at \(failure.step): \(failure.text)") }
    note(lines: lines, isAsExpected: failure == nil)
  }
  private mutating func finishIMAP(_ connection: Connection) {
    guard case .imap(var imap)? = conversations[connection.id]?.session else { return }
    for outcome in imap.takeOutcomes() {
      note(lines: [ScenarioWords.outcome(outcome)], isAsExpected: outcome.status == .ok)
      for message in outcome.messages {
        if let octets = message.octets { hold(.seen, octets, by: connection.agent) }
      }
    }
    let news = imap.takeNews()
    if !news.isEmpty {
      note(lines: ["told unasked: \(news.map(ScenarioWords.news).joined(separator: "; "))"])
    }
    if let failure = imap.failure {
      let isMeant = if case .lose? = record.steps.last?.step.action { true } else { false }
      note(lines: [isMeant ? "the connection broke off" : failure.text], isAsExpected: isMeant)
    } else if case .lose? = record.steps.last?.step.action {
      note(lines: ["the connection broke off"])
    }
    conversations[connection.id]?.session = .imap(imap)
  }
  private mutating func finish(_ script: ScriptedClientSession, _ action: ScenarioAction?) {
    for exchange in script.exchanges {
      let said = exchange.line.text.map { "\($0)" } ?? "(greeting)"
      let verdict =
        exchange.line.expectedCode.map { exchange.isAsExpected ? "" : "  — expected \($0)" } ?? ""
      note(lines: ["\(said) → \(ScenarioWords.reply(exchange.reply))\(verdict)"], isAsExpected: exchange.isAsExpected)
    }
    guard case .say(let say)? = action else { return }
    let asked = say.lines.count { $0.expectedCode != nil }
    let answered = script.exchanges.count { $0.line.expectedCode != nil }
    if answered < asked { note(lines: ["the server hung up before all was said"], isAsExpected: false) }
  }
}
