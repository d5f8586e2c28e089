package import Bytes
internal import MailProtocols

/// Plays a scenario without I/O and without a clock: it says what is to be done next, is told what happens, and keeps
/// the agents' sides of all connections.
///
///     next → connect, speak, down, up, wait… ⇄ connected, received, ended, happened → … → isOver
///
/// After each call about a connection the runner sends `takeOutput` and does what `takeAction` asks for; then it asks
/// `next` until that gives nothing. One step is over before the next begins, also where several act together in it;
/// connections of IMAP stay open between steps, and any number of them.
package struct ScenarioPlayer: Sendable {
  /// A connection of an agent to a service of a machine.
  package struct Connection: Equatable, Sendable {
    /// From 0, in the order in which they begin.
    package var id: Int
    package var agent: String
    package var machine: String
    package var service: MailService
  }
  package enum Request: Equatable, Sendable {
    case connect(Connection)
    /// There is something to be sent or done on a connection.
    case speak(Int)
    /// Call `begin` with the same part and step after so many nanoseconds, and do what that gives.
    case begin(part: Int, step: Int, after: Int64)
    case down(String)
    case vanish(String)
    case up(String)
    /// Call `happened` when this is so; after so many nanoseconds call `expired`.
    case await(WaitAction.Condition, atMost: Int64)
  }
  private enum Phase: Equatable {
    case between
    /// Connections whose part in the step is not over, and parts that have not begun.
    case acting([Int], unbegun: Int)
    case waiting
    /// The last packets of the step get time to arrive.
    case pausing
    case over
  }
  let scenario: Scenario
  /// Passwords by address.
  private let passwords: [String: String]
  private let steps: [ScenarioStep]
  var octetSource: OctetSource
  private var phase = Phase.between
  private var index = -1
  var conversations: [Int: AgentConversation] = [:]
  private var connections: [Connection] = []
  private var isEnded: [Bool] = []
  /// What each connection does in its latest step.
  var actions: [Int: ScenarioAction] = [:]
  /// What is to be done before anything else.
  private var requests: [Request] = []
  /// Whose part of a step is told.
  private var speaker: String?
  /// The open IMAP connection of each agent.
  private var openIMAP: [String: Int] = [:]
  /// The unique ids of what each agent has.
  var knownUniqueIDs: [String: Set<String>] = [:]
  private var composed: [String: [UInt8]] = [:]
  package var record = ScenarioRecord()

  /// `choice` is one of the scenario's. The steps of other choices are left out.
  package init(
    _ scenario: Scenario, choice: String?, passwords: [String: String], octetSource: OctetSource = .system
  ) {
    self.scenario = scenario
    self.passwords = passwords
    self.octetSource = octetSource
    steps = scenario.steps.filter { $0.when == nil || $0.when == choice }
  }
  package var isOver: Bool { phase == .over }
  package func isAgent(_ name: String, of id: Int) -> Bool { id < connections.count && connections[id].agent == name }
  func machine(of id: Int) -> String? { id < connections.count ? connections[id].machine : nil }
  package func password(of address: String) -> String { passwords[address] ?? "" }

  // MARK: What is to be done

  /// The next thing to be done; nil while something is under way, and in the end.
  package mutating func next(at now: Timestamp) -> Request? {
    if !requests.isEmpty { return requests.removeFirst() }
    while phase == .between {
      index += 1
      guard index < steps.count else {
        phase = .over
        return nil
      }
      let step = steps[index]
      let number = step.number ?? (record.steps.last?.number ?? 0) + 1
      record.steps.append(ScenarioRecord.Step(step: step, number: number, begin: now, end: now))
      let agent = step.agent.flatMap { scenario.cast.agent($0) }
      if let request = begin(step.action, agent, at: now) { return request }
    }
    return nil
  }
  /// Begins one agent's part of the step `step`, which the request `begin` has asked for; nil when that step is over.
  package mutating func begin(part: Int, step: Int, at now: Timestamp) -> Request? {
    guard step == index, case .acting(let others, let unbegun) = phase, unbegun > 0,
      case .together(let parts) = steps[step].action
    else { return nil }
    let request = begin(parts[part].action, scenario.cast.agent(parts[part].agent), at: now)
    var acting = others
    if case .acting(let begun, _) = phase, request != nil { acting += begun }
    phase = .acting(acting, unbegun: unbegun - 1)
    return request
  }
  private mutating func begin(
    _ action: ScenarioAction, _ agent: ScenarioCast.Agent?, at now: Timestamp
  ) -> Request? {
    switch action {
    case .nothing: return nil
    case .compose(let name):
      guard let agent else { return nil }
      let octets = message(name, at: now)
      hold(.written, octets, by: agent.name)
      note(lines: ["the message has \(octets.count) octets, and nobody but \(agent.title) has it"])
      return nil
    case .send(let send): return begin(send, agent, at: now)
    case .pop3(let fetch): return begin(fetch, agent)
    case .imap(let actions): return begin(actions, agent, at: now)
    case .say(let say):
      guard let agent else { return nil }
      let lines = say.lines.map { line in
        var line = line
        line.text = line.text.map { filled($0) }
        return line
      }
      return connect(
        .script(ScriptedClientSession(lines)), agent.name, say.machine, say.service, .say(say))
    case .down(let name): return act(.down(name), "it is down: connections to it are refused")
    case .vanish(let name):
      // What the device had open is forgotten with it.
      if let id = openIMAP.removeValue(forKey: name) {
        conversations[id]?.lostConnection()
        isEnded[id] = true
      }
      return act(.vanish(name), "it is gone: nobody answers")
    case .up(let name): return act(.up(name), "it is there again")
    case .wait(let wait):
      phase = .waiting
      if case .time(let nanoseconds) = wait.condition {
        return .await(.time(nanoseconds), atMost: nanoseconds + ScenarioLimits.patience)
      }
      return .await(wait.condition, atMost: ScenarioLimits.patience)
    case .lose:
      guard let agent, let id = openIMAP.removeValue(forKey: agent.name), !isEnded[id] else {
        note(lines: ["there is no open connection"], isAsExpected: false)
        return nil
      }
      conversations[id]?.breakOff()
      phase = .acting([id], unbegun: 0)
      return .speak(id)
    case .together(let parts):
      phase = .acting([], unbegun: parts.count)
      requests = parts.enumerated().map { .begin(part: $0.offset, step: index, after: $0.element.delay) }
      return requests.removeFirst()
    }
  }
  private mutating func act(_ request: Request, _ line: String) -> Request {
    note(lines: [line])
    phase = .pausing
    return request
  }
  private mutating func begin(_ send: SendAction, _ agent: ScenarioCast.Agent?, at now: Timestamp) -> Request? {
    guard let agent, let machine = scenario.cast.home(of: agent.user), let message = scenario.messages[send.message]
    else { return nil }
    let octets = self.message(send.message, at: now)
    hold(.written, octets, by: agent.name)
    let session = submission(send, message, octets, agent)
    return connect(.smtp(session), agent.name, machine.name, .submission, .send(send))
  }
  private mutating func begin(_ fetch: POP3Action, _ agent: ScenarioCast.Agent?) -> Request? {
    guard let agent, let machine = scenario.cast.home(of: agent.user) else { return nil }
    return connect(
      .pop3(download(fetch, agent), end: fetch.end), agent.name, machine.name, .pop3, .pop3(fetch))
  }
  private mutating func begin(_ actions: [IMAPAction], _ agent: ScenarioCast.Agent?, at now: Timestamp) -> Request? {
    guard let agent, let machine = scenario.cast.home(of: agent.user) else { return nil }
    let operations = actions.map { action in
      switch action {
      case .operation(let operation): operation
      case .append(let name, let folder, let flags):
        IMAPOperation.append(message(name, at: now), to: folder, flags: flags)
      }
    }
    if let id = openIMAP[agent.name] {
      conversations[id]?.perform(operations)
      phase = .acting([id], unbegun: 0)
      return .speak(id)
    }
    var session = online(agent)
    session.perform(operations)
    let request = connect(.imap(session), agent.name, machine.name, .imap, .imap(actions))
    openIMAP[agent.name] = connections.count - 1
    return request
  }
  private mutating func connect(
    _ session: AgentConversation.Session, _ agent: String, _ machine: String, _ service: MailService,
    _ action: ScenarioAction
  ) -> Request {
    let connection = Connection(id: connections.count, agent: agent, machine: machine, service: service)
    connections.append(connection)
    isEnded.append(false)
    conversations[connection.id] = AgentConversation(session)
    actions[connection.id] = action
    phase = .acting([connection.id], unbegun: 0)
    return .connect(connection)
  }
  /// The message's octets: written once, the same for whoever sends it.
  private mutating func message(_ name: String, at now: Timestamp) -> [UInt8] {
    if let octets = composed[name] { return octets }
    guard let message = scenario.messages[name] else { return [] }
    let octets = message.compose(
      scenario.cast, date: .init(secondsSinceEpoch: now.nanoseconds / 1_000_000_000), id: octetSource.takeName(12))
    composed[name] = octets
    return octets
  }

  // MARK: What happens

  package mutating func received(_ id: Int, _ octets: Span<UInt8>, at now: Timestamp) {
    conversations[id]?.receive(octets)
    settle(at: now)
  }
  package mutating func beginProtected(_ id: Int) { conversations[id]?.beginProtected() }
  package mutating func takeOutput(_ id: Int) -> [UInt8] { conversations[id]?.takeOutput() ?? [] }
  package mutating func takeAction(_ id: Int, at now: Timestamp) -> AgentConversation.Action? {
    let action = conversations[id]?.takeAction()
    settle(at: now)
    return action
  }
  /// The connection is over for both sides, or never was; `reason` is for who reads the page.
  package mutating func ended(_ id: Int, reason: String? = nil, at now: Timestamp) {
    guard id < isEnded.count, !isEnded[id] else { return }
    isEnded[id] = true
    openIMAP = openIMAP.filter { $0.value != id }
    let wasOver = conversations[id]?.isOver == true
    conversations[id]?.lostConnection()
    if !wasOver, let reason, case .acting(let acting, _) = phase, acting.contains(id) {
      speaking(connections[id]) { $0.note(lines: [reason]) }
    }
    settle(at: now)
  }
  /// What was waited for is so.
  package mutating func happened(at now: Timestamp) {
    guard phase == .waiting, let step = record.steps.last, case .wait(let wait) = step.step.action else { return }
    note(
      lines: [
        ScenarioWords.met(
          wait.condition, seconds: Double(now.nanoseconds - step.begin.nanoseconds) / 1e9, scenario.cast)
      ])
    phase = .pausing
  }
  /// What was waited for is not so, and will not be waited for any longer.
  package mutating func expired(at now: Timestamp) {
    switch phase {
    case .waiting:
      note(lines: ["it did not happen in time"], isAsExpected: false)
      phase = .pausing
    case .acting(let acting, _):
      phase = .acting(acting, unbegun: 0)
      for id in acting {
        conversations[id]?.lostConnection()
        ended(id, reason: "nobody answered in time", at: now)
      }
      settle(at: now)
    case .between, .pausing, .over: break
    }
  }
  /// Whether the pause that lets a step's last packets arrive is to be made: then call `pauseIsOver` behind it.
  package var isPausing: Bool { phase == .pausing }
  package mutating func pauseIsOver(at now: Timestamp) {
    guard phase == .pausing, !record.steps.isEmpty else { return }
    record.steps[record.steps.count - 1].end = now
    phase = .between
  }
  /// Looks which of the step's connections have done their part.
  private mutating func settle(at now: Timestamp) {
    guard case .acting(let acting, let unbegun) = phase else { return }
    let isDone = { [conversations, isEnded] (id: Int) in
      guard let conversation = conversations[id] else { return false }
      return isEnded[id] || !conversation.isOver && conversation.isAtRest
    }
    let done = acting.filter(isDone)
    let others = acting.filter { !done.contains($0) }
    phase = others.isEmpty && unbegun == 0 ? .pausing : .acting(others, unbegun: unbegun)
    for id in done { speaking(connections[id]) { $0.finish($0.connections[id]) } }
  }
  /// Lines that are told in `body` are of this connection's agent, who is named where several act.
  private mutating func speaking(_ connection: Connection, _ body: (inout ScenarioPlayer) -> Void) {
    if case .together? = record.steps.last?.step.action {
      speaker = scenario.cast.agent(connection.agent)?.title ?? connection.agent
    }
    body(&self)
    speaker = nil
  }

  // MARK: Keeping

  mutating func note(lines: [String], isAsExpected: Bool = true) {
    guard !record.steps.isEmpty else { return }
    record.steps[record.steps.count - 1].lines += speaker.map { name in lines.map { "\(name): \($0)" } } ?? lines
    if !isAsExpected { record.steps[record.steps.count - 1].isAsExpected = false }
  }
  mutating func hold(_ way: ScenarioRecord.Holding.Way, _ octets: [UInt8], by agent: String) {
    let holding = ScenarioRecord.Holding(way: way, message: MessageSummary(octets))
    let isKnown =
      record.holdings[agent]?.contains { $0.way == way && $0.message.messageID == holding.message.messageID } ?? false
    if !isKnown { record.holdings[agent, default: []].append(holding) }
  }
}

/// How long a play waits.
package enum ScenarioLimits {
  /// For what a step waits for: simulated time, or the real runner's own shorter one.
  package static let patience: Int64 = 86_400_000_000_000
  /// Between steps, so that a step's last packets are its own: longer than a delayed acknowledgement.
  package static let pause: Int64 = 250_000_000
  /// Octets inside TLS that are kept for the page.
  static let hiddenByteCount = 32_768
  /// Agents that act at the same time.
  package static let partCount = 20
  /// Steps of a scenario.
  package static let stepCount = 200
}
