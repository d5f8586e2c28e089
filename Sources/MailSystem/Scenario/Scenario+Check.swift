internal import MailProtocols
internal import Packets

extension Scenario {
  /// Throws what is wrong with it as a whole: names that nobody has, steps that lack what they need.
  package func check() throws(ScenarioError) {
    guard !name.isEmpty, name.utf8.count <= 64, name.utf8.allSatisfy(Self.isNameOctet) else {
      throw ScenarioError("a name has 1 to 64 lower-case letters, digits and hyphens", place: "name")
    }
    guard !steps.isEmpty, steps.count <= ScenarioLimits.stepCount else {
      throw ScenarioError("a scenario has 1 to \(ScenarioLimits.stepCount) steps", place: "steps")
    }
    try checkCast()
    for (name, message) in messages { try check(message, "messages.\(name)") }
    for (index, fault) in faults.enumerated() { try known(machine: fault.machine, "faults[\(index + 1)]") }
    for (index, step) in steps.enumerated() { try check(step, "steps[\(index + 1)]") }
  }
  private static func isNameOctet(_ octet: UInt8) -> Bool {
    switch octet {
    case 48...57, 97...122, 45: true
    default: false
    }
  }
  private func checkCast() throws(ScenarioError) {
    guard !cast.machines.isEmpty else { throw ScenarioError("there is no machine", place: "cast.machines") }
    guard cast.machines.count <= 20, cast.agents.count <= 100 else {
      throw ScenarioError("20 machines and 100 agents are the most", place: "cast")
    }
    let names = cast.machines.map(\.name) + cast.agents.map(\.name)
    guard Set(names).count == names.count else { throw ScenarioError("two have the same name", place: "cast") }
    let addresses = ScenarioAddresses.documentation(self).places.map(\.address)
    guard Set(addresses).count == addresses.count else {
      throw ScenarioError("two have the same address", place: "cast")
    }
    guard addresses.allSatisfy({ $0.isIPv6 == isIPv6 }) else {
      throw ScenarioError(
        "an address is of the other version than the wire (see 'wire: { ipv6: true }')", place: "cast")
    }
    for machine in cast.machines {
      for name in [machine.name, machine.hostName, machine.domain] + machine.users {
        guard !name.isEmpty, name.utf8.allSatisfy({ Self.isNameOctet($0) || $0 == 46 }) else {
          throw ScenarioError(
            "'\(name)' is no name of lower-case letters, digits, dots and hyphens", place: "cast.machines")
        }
      }
    }
    for agent in cast.agents {
      guard agent.name.utf8.allSatisfy(Self.isNameOctet) else {
        throw ScenarioError("'\(agent.name)' is no name of an agent", place: "cast.agents")
      }
      guard cast.home(of: agent.user) != nil else {
        throw ScenarioError("no machine has the user '\(agent.user)'", place: "cast.agents")
      }
    }
  }
  private func check(_ message: ScenarioMessage, _ place: String) throws(ScenarioError) {
    guard !message.to.isEmpty else { throw ScenarioError("'to' names nobody", place: place) }
    for user in [message.from] + message.to {
      guard SMTPPath.parse(Array(cast.address(of: user).utf8).span) != nil, cast.address(of: user).contains("@") else {
        throw ScenarioError("'\(user)' is neither a user of the cast nor an address", place: place)
      }
    }
  }
  private func known(machine: String, _ place: String) throws(ScenarioError) {
    guard cast.machine(machine) == nil else { return }
    throw ScenarioError(
      "there is no machine '\(machine)', only \(cast.machines.map(\.name).joined(separator: ", "))", place: place)
  }
  private func known(message: String, _ place: String) throws(ScenarioError) {
    if messages[message] == nil { throw ScenarioError("there is no message '\(message)'", place: place) }
  }
  private func check(_ step: ScenarioStep, _ place: String) throws(ScenarioError) {
    if let when = step.when, !choices.contains(when) {
      throw ScenarioError("'with' does not offer '\(when)'", place: "\(place).when")
    }
    if let agent = step.agent, cast.agent(agent) == nil {
      throw ScenarioError(
        "there is no agent '\(agent)', only \(cast.agents.map(\.name).joined(separator: ", "))", place: "\(place).agent"
      )
    }
    switch step.action {
    case .compose, .send, .pop3, .imap, .say, .lose:
      if step.agent == nil { throw ScenarioError("'agent' must say who does this", place: place) }
    case .nothing, .down, .vanish, .up, .wait: break
    case .together(let parts): try check(parts, "\(place).together")
    }
    for action in step.actions { try check(action, place) }
  }
  private func check(_ parts: [ScenarioPart], _ place: String) throws(ScenarioError) {
    guard (2...ScenarioLimits.partCount).contains(parts.count) else {
      throw ScenarioError("2 to \(ScenarioLimits.partCount) act together", place: place)
    }
    guard Set(parts.map(\.agent)).count == parts.count else {
      throw ScenarioError("an agent has one part in a step", place: place)
    }
    for part in parts where cast.agent(part.agent) == nil {
      throw ScenarioError("there is no agent '\(part.agent)'", place: place)
    }
  }
  private func check(_ action: ScenarioAction, _ place: String) throws(ScenarioError) {
    switch action {
    case .compose(let name): try known(message: name, "\(place).compose")
    case .send(let send): try known(message: send.message, "\(place).send")
    case .imap(let actions):
      for action in actions {
        if case .append(let name, _, _) = action { try known(message: name, "\(place).imap") }
      }
    case .say(let say): try known(machine: say.machine, "\(place).say")
    case .down(let name): try known(machine: name, "\(place).down")
    case .up(let name), .vanish(let name): if cast.agent(name) == nil { try known(machine: name, place) }
    case .wait(let wait): try check(wait, "\(place).wait")
    case .nothing, .pop3, .lose, .together: break
    }
  }
  private func check(_ wait: WaitAction, _ place: String) throws(ScenarioError) {
    switch wait.condition {
    case .queueIsEmpty(let name), .attempts(_, let name): try known(machine: name, place)
    case .messages(_, let user):
      if cast.home(of: user) == nil { throw ScenarioError("no machine has the user '\(user)'", place: place) }
    case .time: break
    }
  }
}

extension Scenario {
  /// Why it cannot be played on real sockets; nil when it can.
  package var needsVirtualWire: String? {
    if wire != WireConditions() || isIPv6 { return "its wire's conditions are those of the virtual wire" }
    let vanishes = steps.contains { if case .vanish = $0.action { true } else { false } }
    return vanishes ? "nobody can be made to vanish on this machine" : nil
  }
  /// Whether an agent would use TLS: then the machines of the virtual wire offer it, and there are keys to be written.
  package var usesTLS: Bool {
    steps.flatMap(\.actions).contains { action in
      switch action {
      case .send(let send): send.protection != .never
      case .pop3(let fetch): fetch.protection != .never
      case .nothing, .compose, .imap, .say, .down, .vanish, .up, .wait, .lose, .together: false
      }
    }
  }
}
