package import Bytes
internal import Packets
internal import TransportSecurity

/// Plays a scenario on the virtual wire: machines, agents and everything that they say to each other, in simulated time.
/// The same scenario, choice, seed and beginning give the same packets, octet by octet.
///
///     var lab = VirtualLab(scenario, choice: "pop3", seed: 1, beginning: time)
///     let run = lab.play()          run.record, run.packets; run.capture(…) is a pcapng file
package struct VirtualLab {
  /// What a wake-up is for.
  enum Alarm {
    case resume(VirtualWire.Socket)
    case send(VirtualWire.Socket, [UInt8])
    case act(VirtualWire.Socket, VirtualServer.Action)
    /// The machine's queue has something to do.
    case pump(Int)
    case pause
    case begin(part: Int, step: Int)
    case happen(step: Int)
    case expire(step: Int)
  }
  /// A server's delivery to another.
  struct Relay {
    var machine: Int
    var id: String
    var domain: String
    var session: SMTPClientSession
  }
  let scenario: Scenario
  let seed: UInt64
  let choice: String?
  let addresses: ScenarioAddresses
  var wire: VirtualWire
  var player: ScenarioPlayer
  var machines: [VirtualMachine] = []
  var hosts: [String: Int] = [:]
  var isDown: Set<Int> = []
  var servers: [VirtualWire.Socket: (machine: Int, server: VirtualServer)] = [:]
  /// When the last piece of a server that is slow goes out.
  var lateness: [VirtualWire.Socket: Int64] = [:]
  var agents: [VirtualWire.Socket: Int] = [:]
  var sockets: [Int: VirtualWire.Socket] = [:]
  var relays: [VirtualWire.Socket: Relay] = [:]
  /// What gives out certificates, where anybody would use TLS.
  let security: VirtualSecurity?
  /// The sockets whose octets are records of TLS.
  var protections: [VirtualWire.Socket: TLSConnection] = [:]
  var alarms: [Alarm] = []
  var condition: WaitAction.Condition?
  var changeCounts: [UInt64] = []
  var isPauseSet = false
  var isLeaving = false
  /// What each side of each connection said, for who wants to compare.
  var said: [VirtualWire.Socket: [UInt8]] = [:]

  package init(_ scenario: Scenario, choice: String?, seed: UInt64, beginning: Timestamp) {
    self.scenario = scenario
    self.seed = seed
    self.choice = choice
    addresses = ScenarioAddresses.documentation(scenario)
    security = scenario.usesTLS ? VirtualSecurity(seed: seed, beginning: beginning) : nil
    wire = VirtualWire(seed: seed, beginning: beginning, conditions: scenario.wire)
    var source = OctetSource.seeded(seed ^ 0x5CE0)
    var passwords: [String: String] = [:]
    for machine in scenario.cast.machines {
      for user in machine.users { passwords["\(user)@\(machine.domain)"] = Passphrase.make(from: &source) }
    }
    player = ScenarioPlayer(scenario, choice: choice, passwords: passwords, octetSource: source)
    for (index, machine) in scenario.cast.machines.enumerated() {
      hosts[machine.name] = wire.addHost(addresses.of(machine.name))
      let accounts = machine.users.map {
        MailAccount(name: "\($0)@\(machine.domain)", password: passwords["\($0)@\(machine.domain)"] ?? "")
      }
      let faults = MailService.allCases.map { ($0, scenario.faultPlan(machine.name, $0)) }
      machines.append(
        VirtualMachine(
          machine, accounts: accounts, faults: Dictionary(uniqueKeysWithValues: faults),
          uidValidity: UInt32(truncatingIfNeeded: beginning.nanoseconds / 1_000_000_000),
          octetSource: .seeded(seed &* 31 &+ UInt64(index))))
      changeCounts.append(machines[index].store.changeCount)
      setListening(index, true)
    }
    for agent in scenario.cast.agents { hosts[agent.name] = wire.addHost(addresses.of(agent.name)) }
  }
  mutating func setListening(_ machine: Int, _ isListening: Bool) {
    guard let host = hosts[machines[machine].cast.name] else { return }
    for service in MailService.allCases {
      if isListening {
        wire.listen(host, port: service.wellKnownPort)
      } else {
        wire.stopListening(host, port: service.wellKnownPort)
      }
    }
  }
  func machine(_ name: String) -> Int? { machines.firstIndex { $0.cast.name == name } }
  func machine(host: Int) -> Int? { machines.firstIndex { hosts[$0.cast.name] == host } }

  // MARK: The play

  /// Plays it to its end.
  package mutating func play() -> VirtualRun {
    advance()
    run()
    while !player.isOver {
      // Nothing will happen any more: the step fails, and the next ones have their turn.
      player.expired(at: wire.time)
      advance()
      run()
    }
    player.record.mailboxes = machines.flatMap(\.mailboxes)
    player.record.queues = machines.map(\.queue)
    let connections = said.keys.filter { $0.end == 0 }.sorted { $0.connection < $1.connection }
    return VirtualRun(
      record: player.record, packets: wire.packets, link: wire.link, addresses: addresses, seed: seed, choice: choice,
      scenario: scenario,
      spoken: connections.map { socket in
        VirtualRun.Spoken(
          client: wire.endpoint(of: socket), server: wire.endpoint(of: socket.peer), byClient: said[socket] ?? [],
          byServer: said[socket.peer] ?? [])
      }, keyLog: security?.keyLog ?? [])
  }
  mutating func run() {
    while let event = wire.next() {
      handle(event)
      advance()
      if player.isOver { leave() }
    }
  }
  /// All steps are over: what agents left open is closed, and queues are not waited for.
  mutating func leave() {
    if isLeaving { return }
    isLeaving = true
    for socket in agents.keys.sorted(by: { $0.connection < $1.connection }) { close(socket) }
  }

  /// Does what the player wants until it wants nothing.
  mutating func advance() {
    checkCondition()
    while true {
      if player.isPausing, !isPauseSet {
        isPauseSet = true
        wake(.pause, after: ScenarioLimits.pause)
      }
      guard let request = player.next(at: wire.time) else { break }
      obey(request)
      checkCondition()
    }
    pushNews()
  }
  mutating func obey(_ request: ScenarioPlayer.Request) {
    switch request {
    case .connect(let connection):
      guard let host = hosts[connection.agent] else { return }
      let socket = wire.connect(
        from: host, to: addresses.of(connection.machine), port: connection.service.wellKnownPort)
      agents[socket] = connection.id
      sockets[connection.id] = socket
      said[socket] = []
    case .speak(let id): if let socket = sockets[id] { speak(socket) }
    case .begin(let part, let step, let delay): wake(.begin(part: part, step: step), after: delay)
    case .down(let name):
      guard let index = machine(name) else { return }
      isDown.insert(index)
      setListening(index, false)
      for socket in sortedServers where servers[socket]?.machine == index {
        withServer(socket) { $0.shutDown(&$1, at: $2) }
      }
    case .vanish(let name):
      if let host = hosts[name] { wire.setGone(host, true) }
      for (socket, id) in agents where player.isAgent(name, of: id) { agents[socket] = nil }
      if let index = machine(name) { switchOff(index) }
    case .up(let name):
      if let host = hosts[name] { wire.setGone(host, false) }
      guard let index = machine(name), isDown.remove(index) != nil else { return }
      setListening(index, true)
      pump(index)
    case .await(let wanted, let patience):
      let step = player.record.steps.count
      if case .time(let nanoseconds) = wanted {
        wake(.happen(step: step), after: nanoseconds)
      } else {
        condition = wanted
      }
      wake(.expire(step: step), after: patience)
    }
  }
  mutating func checkCondition() {
    guard let condition else { return }
    let isSo =
      switch condition {
      case .queueIsEmpty(let name): machine(name).map { machines[$0].host.queue.isEmpty } ?? true
      case .attempts(let count, let name): machine(name).map { machines[$0].attemptCount >= count } ?? true
      case .messages(let count, let user):
        (scenario.cast.home(of: user).flatMap { machine($0.name) }).map { machines[$0].messageCount(of: user) >= count }
          ?? true
      case .time: false
      }
    guard isSo else { return }
    self.condition = nil
    player.happened(at: wire.time)
  }
  /// What a machine had open is forgotten with it; its queue and its mailboxes stay.
  private mutating func switchOff(_ index: Int) {
    isDown.insert(index)
    for socket in sortedServers where servers[socket]?.machine == index { end(socket, index) }
    for socket in relays.keys.sorted(by: { $0.connection < $1.connection }) where relays[socket]?.machine == index {
      settle(socket)
    }
  }
}
