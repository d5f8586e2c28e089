package import Bytes
internal import Packets

/// Plays a scenario on the virtual wire: machines, agents and everything that they say to each other, in simulated time.
/// The same scenario, choice, seed and beginning give the same packets, octet by octet.
///
///     var lab = VirtualLab(scenario, choice: "pop3", seed: 1, beginning: time)
///     let run = lab.play()          run.record, run.packets; run.capture(…) is a pcapng file
package struct VirtualLab {
  /// What a wake-up is for.
  private enum Alarm {
    case resume(VirtualWire.Socket)
    case send(VirtualWire.Socket, [UInt8])
    case act(VirtualWire.Socket, VirtualServer.Action)
    /// The machine's queue has something to do.
    case pump(Int)
    case pause
    case happen(step: Int)
    case expire(step: Int)
  }
  /// A server's delivery to another.
  private struct Relay {
    var machine: Int
    var id: String
    var domain: String
    var session: SMTPClientSession
  }
  private let scenario: Scenario
  private let seed: UInt64
  private let choice: String?
  let addresses: ScenarioAddresses
  private var wire: VirtualWire
  private var player: ScenarioPlayer
  private var machines: [VirtualMachine] = []
  private var hosts: [String: Int] = [:]
  private var isDown: Set<Int> = []
  private var servers: [VirtualWire.Socket: (machine: Int, server: VirtualServer)] = [:]
  /// When the last piece of a server that is slow goes out.
  private var lateness: [VirtualWire.Socket: Int64] = [:]
  private var agents: [VirtualWire.Socket: Int] = [:]
  private var sockets: [Int: VirtualWire.Socket] = [:]
  private var relays: [VirtualWire.Socket: Relay] = [:]
  private var alarms: [Alarm] = []
  private var condition: WaitAction.Condition?
  private var changeCounts: [UInt64] = []
  private var isPauseSet = false
  private var isLeaving = false
  /// What each side of each connection said, for who wants to compare.
  private var said: [VirtualWire.Socket: [UInt8]] = [:]

  package init(_ scenario: Scenario, choice: String?, seed: UInt64, beginning: Timestamp) {
    self.scenario = scenario
    self.seed = seed
    self.choice = choice
    addresses = ScenarioAddresses.documentation(scenario)
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
  private mutating func setListening(_ machine: Int, _ isListening: Bool) {
    guard let host = hosts[machines[machine].cast.name] else { return }
    for service in MailService.allCases {
      if isListening {
        wire.listen(host, port: service.wellKnownPort)
      } else {
        wire.stopListening(host, port: service.wellKnownPort)
      }
    }
  }
  private func machine(_ name: String) -> Int? { machines.firstIndex { $0.cast.name == name } }
  private func machine(host: Int) -> Int? { machines.firstIndex { hosts[$0.cast.name] == host } }

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
      })
  }
  private mutating func run() {
    while let event = wire.next() {
      handle(event)
      advance()
      if player.isOver { leave() }
    }
  }
  /// All steps are over: what agents left open is closed, and queues are not waited for.
  private mutating func leave() {
    if isLeaving { return }
    isLeaving = true
    for socket in agents.keys.sorted(by: { $0.connection < $1.connection }) { wire.close(socket) }
  }

  /// Does what the player wants until it wants nothing.
  private mutating func advance() {
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
  private mutating func obey(_ request: ScenarioPlayer.Request) {
    switch request {
    case .connect(let connection):
      guard let host = hosts[connection.agent] else { return }
      let socket = wire.connect(
        from: host, to: addresses.of(connection.machine), port: connection.service.wellKnownPort)
      agents[socket] = connection.id
      sockets[connection.id] = socket
      said[socket] = []
    case .speak(let id): if let socket = sockets[id] { speak(socket) }
    case .down(let name):
      guard let index = machine(name) else { return }
      isDown.insert(index)
      setListening(index, false)
      for socket in sortedServers where servers[socket]?.machine == index {
        withServer(socket) { $0.shutDown(&$1, at: $2) }
      }
    case .vanish(let name):
      if let host = hosts[name] { wire.setGone(host, true) }
      if let index = machine(name) { isDown.insert(index) }
      for (socket, id) in agents where player.isAgent(name, of: id) { agents[socket] = nil }
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
  private mutating func checkCondition() {
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

  // MARK: The wire

  private mutating func wake(_ alarm: Alarm, after nanoseconds: Int64) {
    alarms.append(alarm)
    wire.wake(alarms.count - 1, after: nanoseconds)
  }
  private mutating func handle(_ event: VirtualWire.Event) {
    switch event {
    case .accepted(let socket, let host, let port): accept(socket, host, port)
    case .connected(let socket): if agents[socket] != nil { speak(socket) }
    case .received(let socket, let octets): receive(socket, octets)
    case .finished(let socket): finish(socket)
    case .reset(let socket): reset(socket)
    case .woke(let token): ring(alarms[token])
    }
  }
  private mutating func accept(_ socket: VirtualWire.Socket, _ host: Int, _ port: UInt16) {
    guard let index = machine(host: host),
      let service = MailService.allCases.first(where: { $0.wellKnownPort == port })
    else { return }
    said[socket] = []
    let peer = wire.endpoint(of: socket.peer).address.description
    servers[socket] = (index, machines[index].serve(service, clientAddress: peer))
    withServer(socket) { $0.begin(&$1, at: $2) }
  }
  private mutating func receive(_ socket: VirtualWire.Socket, _ octets: [UInt8]) {
    if let id = agents[socket] {
      player.received(id, octets.span, at: wire.time)
      speak(socket)
    } else if servers[socket] != nil {
      withServer(socket) { $0.receive(octets, &$1, at: $2) }
    } else if var relay = relays[socket] {
      relay.session.receive(octets.span)
      relays[socket] = relay
      speakRelay(socket)
    }
  }
  private mutating func finish(_ socket: VirtualWire.Socket) {
    wire.close(socket)
    if let id = agents.removeValue(forKey: socket) {
      player.ended(id, reason: "the server hung up", at: wire.time)
    } else if let entry = servers[socket] {
      end(socket, entry.machine)
    } else {
      settle(socket)
    }
  }
  private mutating func reset(_ socket: VirtualWire.Socket) {
    if let id = agents.removeValue(forKey: socket) {
      player.ended(id, reason: "the connection was refused, broken off, or nobody answered", at: wire.time)
    } else if let entry = servers[socket] {
      end(socket, entry.machine)
    } else {
      settle(socket)
    }
  }
  private mutating func ring(_ alarm: Alarm) {
    switch alarm {
    case .resume(let socket): withServer(socket) { $0.resume(&$1, at: $2) }
    case .send(let socket, let octets): send(octets, socket)
    case .act(let socket, let action): act(action, socket)
    case .pump(let index): pump(index)
    case .pause:
      isPauseSet = false
      player.pauseIsOver(at: wire.time)
    case .happen(let step): if step == player.record.steps.count { player.happened(at: wire.time) }
    case .expire(let step):
      guard step == player.record.steps.count, condition != nil else { return }
      condition = nil
      player.expired(at: wire.time)
    }
  }
  private mutating func send(_ octets: [UInt8], _ socket: VirtualWire.Socket) {
    said[socket, default: []] += octets
    wire.send(octets, on: socket)
  }

  // MARK: The agents' side

  private mutating func speak(_ socket: VirtualWire.Socket) {
    guard let id = agents[socket] else { return }
    let output = player.takeOutput(id)
    if !output.isEmpty { send(output, socket) }
    switch player.takeAction(id, at: wire.time) {
    case nil: break
    // There is no TLS on this wire.
    case .close, .startTLS: wire.close(socket)
    case .abort:
      wire.abort(socket)
      agents[socket] = nil
      player.ended(id, at: wire.time)
    }
  }

  // MARK: The servers' side

  private var sortedServers: [VirtualWire.Socket] { servers.keys.sorted { $0.connection < $1.connection } }

  private mutating func withServer(
    _ socket: VirtualWire.Socket, _ body: (inout VirtualServer, inout VirtualMachine, Timestamp) -> Void
  ) {
    guard var entry = servers[socket] else { return }
    body(&entry.server, &machines[entry.machine], wire.time)
    let pieces = entry.server.takePieces()
    let actions = entry.server.takeActions()
    servers[socket] = entry
    let now = wire.time.nanoseconds
    var moment = max(now, lateness[socket] ?? now)
    for (index, piece) in pieces.enumerated() {
      // Pieces that are to be seen as pieces do not leave at one moment.
      moment += piece.delay + (index > 0 ? 1_000_000 : 0)
      if moment == now { send(piece.octets, socket) } else { wake(.send(socket, piece.octets), after: moment - now) }
    }
    lateness[socket] = moment
    for action in actions {
      if moment == now { act(action, socket) } else { wake(.act(socket, action), after: moment - now) }
    }
    pump(entry.machine)
  }
  private mutating func act(_ action: VirtualServer.Action, _ socket: VirtualWire.Socket) {
    switch action {
    case .close: wire.close(socket)
    case .abort:
      wire.abort(socket)
      servers[socket] = nil
    case .pause(let nanoseconds): wake(.resume(socket), after: nanoseconds)
    }
  }
  private mutating func end(_ socket: VirtualWire.Socket, _ index: Int) {
    servers[socket]?.server.end(&machines[index])
    servers[socket] = nil
  }
  /// Sessions that idle hear of what has changed in their machine's store.
  private mutating func pushNews() {
    for index in machines.indices where machines[index].store.changeCount != changeCounts[index] {
      changeCounts[index] = machines[index].store.changeCount
      for socket in sortedServers where servers[socket]?.machine == index {
        withServer(socket) { $0.poll(&$1, at: $2) }
      }
    }
  }

  // MARK: From server to server

  private mutating func pump(_ index: Int) {
    if isDown.contains(index) || isLeaving { return }
    let name = machines[index].cast.name
    for destination in machines[index].due(at: wire.time) {
      for delivery in destination.deliveries {
        guard
          let target = scenario.cast.machines.first(where: { [$0.domain, $0.hostName].contains(destination.domain) }),
          let host = hosts[name]
        else {
          let reply = SMTPClientSession.Reply.ours(550, "5.1.2 No such domain in this lab: \(destination.domain)")
          machines[index].settle(delivery.id, delivery.envelope.recipients.map { _ in .refused(reply) }, at: wire.time)
          continue
        }
        let socket = wire.connect(
          from: host, to: addresses.of(target.name), port: MailService.relay.wellKnownPort)
        said[socket] = []
        relays[socket] = Relay(
          machine: index, id: delivery.id, domain: destination.domain,
          session: SMTPClientSession(
            helloName: machines[index].cast.hostName, envelope: delivery.envelope, message: delivery.message,
            octetSource: .seeded(seed)))
      }
    }
    if let next = machines[index].host.nextAttempt {
      wake(.pump(index), after: max(0, next.nanoseconds - wire.time.nanoseconds))
    }
  }
  private mutating func speakRelay(_ socket: VirtualWire.Socket) {
    guard var relay = relays[socket] else { return }
    let output = relay.session.takeOutput()
    let action = relay.session.takeAction()
    relays[socket] = relay
    if !output.isEmpty { send(output, socket) }
    guard action != nil else { return }
    wire.close(socket)
    settle(socket)
  }
  private mutating func settle(_ socket: VirtualWire.Socket) {
    guard var relay = relays.removeValue(forKey: socket) else { return }
    relay.session.lostConnection()
    machines[relay.machine].settle(
      relay.id, relay.session.fates, from: relay.domain, offersDSN: relay.session.serverOffersDSN, at: wire.time)
    pump(relay.machine)
  }
}
