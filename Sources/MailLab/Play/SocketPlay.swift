internal import MailSystem
internal import NIOCore
internal import NIOPosix

/// The play while it goes on.
final class SocketPlay {
  var player: ScenarioPlayer
  private let scenario: Scenario
  private let addresses: ScenarioAddresses
  private let lab: Lab
  private let over: EventLoopPromise<Void>
  private var handlers: [Int: (handler: ConversationHandler, context: ChannelHandlerContext)] = [:]
  private var condition: (wanted: WaitAction.Condition, deadline: NIODeadline)?
  private var isAdvancing = false
  private var isPauseSet = false
  private var isOver = false
  /// How often it is looked whether what is waited for is so.
  private static let lookInterval = TimeAmount.milliseconds(10)
  /// What is waited for must be so within this time.
  private static let patience = TimeAmount.seconds(60)

  init(
    _ player: ScenarioPlayer, _ scenario: Scenario, _ addresses: ScenarioAddresses, _ lab: Lab,
    _ over: EventLoopPromise<Void>
  ) {
    self.player = player
    self.scenario = scenario
    self.addresses = addresses
    self.lab = lab
    self.over = over
  }
  var outcome: SocketStage.Outcome {
    var record = player.record
    for (machine, host) in zip(scenario.cast.machines, lab.hostsOnLoop) {
      record.queues.append(QueueSnapshot(machine: machine.name, host.host.queue))
      for user in machine.users {
        record.mailboxes.append(
          .take("\(user)@\(machine.domain)", user: user, machine: machine.name, of: host.store))
      }
    }
    return SocketStage.Outcome(record: record, events: lab.recordedEvents)
  }

  // MARK: What the player wants

  /// Does what the player wants, when whatever is under way is done.
  func advanceSoon() {
    if isAdvancing { return }
    isAdvancing = true
    let play = NIOLoopBound(self, eventLoop: lab.eventLoop)
    lab.eventLoop.execute {
      play.value.isAdvancing = false
      play.value.advance()
    }
  }
  private func advance() {
    while let request = player.next(at: LabClock.now) { obey(request) }
    if player.isPausing, !isPauseSet {
      isPauseSet = true
      wait(.nanoseconds(ScenarioLimits.pause)) {
        $0.isPauseSet = false
        $0.player.pauseIsOver(at: LabClock.now)
      }
    }
    if player.isOver { finish() }
  }
  /// The play is over, at its end or where it is.
  func finish() {
    if isOver { return }
    isOver = true
    over.succeed()
  }
  private func obey(_ request: ScenarioPlayer.Request) {
    switch request {
    case .connect(let connection): connect(connection)
    case .speak(let id):
      if let (handler, context) = handlers[id] { handler.act(context) }
    case .begin(let part, let step, let delay):
      wait(.nanoseconds(delay)) { play in
        if let request = play.player.begin(part: part, step: step, at: LabClock.now) { play.obey(request) }
      }
    case .down(let name): turn(name, isUp: false)
    case .up(let name): turn(name, isUp: true)
    // Nobody on this machine can be made to vanish.
    case .vanish: break
    case .await(.time(let nanoseconds), _):
      wait(.nanoseconds(nanoseconds)) { $0.player.happened(at: LabClock.now) }
    case .await(let wanted, _):
      condition = (wanted, .now() + Self.patience)
      look()
    }
  }
  private func wait(_ time: TimeAmount, _ body: @escaping (SocketPlay) -> Void) {
    let bound = NIOLoopBound((self, body), eventLoop: lab.eventLoop)
    lab.eventLoop.scheduleTask(in: time) {
      let (play, body) = bound.value
      body(play)
      play.advanceSoon()
    }
  }
  /// Looks again and again whether what is waited for is so.
  private func look() {
    guard let condition else { return }
    if isSo(condition.wanted) {
      self.condition = nil
      player.happened(at: LabClock.now)
      return advanceSoon()
    }
    if condition.deadline < .now() {
      self.condition = nil
      player.expired(at: LabClock.now)
      return advanceSoon()
    }
    wait(Self.lookInterval) { $0.look() }
  }
  private func isSo(_ condition: WaitAction.Condition) -> Bool {
    func host(_ name: String) -> LabHost? {
      scenario.cast.machines.firstIndex { $0.name == name }.map { lab.hostsOnLoop[$0] }
    }
    switch condition {
    case .queueIsEmpty(let name): return host(name)?.host.queue.isEmpty ?? true
    case .attempts(let count, let name):
      return (host(name)?.host.queue.entries.map(\.attemptCount).max() ?? 0) >= count
    case .messages(let count, let user):
      guard let machine = scenario.cast.home(of: user), let host = host(machine.name) else { return true }
      let inbox = host.store.folder(named: FolderName.inbox, of: "\(user)@\(machine.domain)")
      return inbox.map { host.store.messages(in: $0.id).count >= count } ?? false
    case .time: return true
    }
  }
  private func turn(_ name: String, isUp: Bool) {
    guard let index = scenario.cast.machines.firstIndex(where: { $0.name == name }) else { return }
    lab.turn(index, isUp: isUp)
  }

  // MARK: Connections

  private func connect(_ connection: ScenarioPlayer.Connection) {
    guard let port = addresses.ports[connection.machine]?[connection.service] else { return }
    let host = addresses.text(of: connection.machine)
    let own = addresses.text(of: connection.agent)
    var bootstrap = ClientBootstrap(group: lab.eventLoop)
    // Every device has an address of its own: who is who can be told in a capture.
    if let address = try? SocketAddress(ipAddress: own, port: 0) { bootstrap = bootstrap.bind(to: address) }
    let domain = scenario.cast.machine(connection.machine)?.hostName ?? ""
    let bound = NIOLoopBound(self, eventLoop: lab.eventLoop)
    bootstrap
      .connectTimeout(.seconds(30))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let play = bound.value
          let protection = play.lab.hostsOnLoop.first?.protection
          let handler = ConversationHandler(
            AgentChannel(connection.id, play),
            protection: protection.map { protection in { try protection.clientHandler(for: domain) } })
          try channel.pipeline.syncOperations.addHandler(handler)
          play.handlers[connection.id] = (handler, try channel.pipeline.syncOperations.context(handler: handler))
        }
      }
      .connect(host: host, port: Int(port))
      .whenFailure { error in
        bound.value.ended(connection.id, reason: "no connection: \(ConnectionFailure.text(error))")
      }
  }
  /// A connection is over, or never was.
  func ended(_ id: Int, reason: String) {
    handlers[id] = nil
    player.ended(id, reason: reason, at: LabClock.now)
    advanceSoon()
  }
}
