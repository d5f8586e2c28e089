internal import Bytes
internal import Packets

/// What happens on the wire, and what everybody does about it.
extension VirtualLab {
  // MARK: The wire

  mutating func wake(_ alarm: Alarm, after nanoseconds: Int64) {
    alarms.append(alarm)
    wire.wake(alarms.count - 1, after: nanoseconds)
  }
  mutating func handle(_ event: VirtualWire.Event) {
    switch event {
    case .accepted(let socket, let host, let port): accept(socket, host, port)
    case .connected(let socket): if agents[socket] != nil { speak(socket) }
    case .received(let socket, let octets): receive(socket, octets)
    case .finished(let socket): finish(socket)
    case .reset(let socket): reset(socket)
    case .woke(let token): ring(alarms[token])
    }
  }
  mutating func accept(_ socket: VirtualWire.Socket, _ host: Int, _ port: UInt16) {
    guard let index = machine(host: host),
      let service = MailService.allCases.first(where: { $0.wellKnownPort == port })
    else { return }
    said[socket] = []
    let peer = wire.endpoint(of: socket.peer).address.description
    servers[socket] = (index, machines[index].serve(service, clientAddress: peer, offersTLS: security != nil))
    withServer(socket) { $0.begin(&$1, at: $2) }
  }
  mutating func receive(_ socket: VirtualWire.Socket, _ octets: [UInt8]) {
    if protections[socket] != nil { receiveProtected(socket, octets) } else { hear(socket, octets) }
  }
  /// What was said, in clear or inside TLS, comes to whom it was said to.
  mutating func hear(_ socket: VirtualWire.Socket, _ octets: [UInt8]) {
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
  mutating func finish(_ socket: VirtualWire.Socket) {
    close(socket)
    if let id = agents.removeValue(forKey: socket) {
      player.ended(id, reason: "the server hung up", at: wire.time)
    } else if let entry = servers[socket] {
      end(socket, entry.machine)
    } else {
      settle(socket)
    }
  }
  mutating func reset(_ socket: VirtualWire.Socket) {
    if let id = agents.removeValue(forKey: socket) {
      player.ended(id, reason: "the connection was refused, broken off, or nobody answered", at: wire.time)
    } else if let entry = servers[socket] {
      end(socket, entry.machine)
    } else {
      settle(socket)
    }
  }
  mutating func ring(_ alarm: Alarm) {
    switch alarm {
    case .resume(let socket): withServer(socket) { $0.resume(&$1, at: $2) }
    case .send(let socket, let octets): send(octets, socket)
    case .act(let socket, let action): act(action, socket)
    case .pump(let index): pump(index)
    case .pause:
      isPauseSet = false
      player.pauseIsOver(at: wire.time)
    case .begin(let part, let step):
      if let request = player.begin(part: part, step: step, at: wire.time) { obey(request) }
    case .happen(let step): if step == player.record.steps.count { player.happened(at: wire.time) }
    case .expire(let step):
      guard step == player.record.steps.count, condition != nil else { return }
      condition = nil
      player.expired(at: wire.time)
    }
  }
  mutating func transmit(_ octets: [UInt8], _ socket: VirtualWire.Socket) {
    said[socket, default: []] += octets
    wire.send(octets, on: socket)
  }

  // MARK: The agents' side

  mutating func speak(_ socket: VirtualWire.Socket) {
    guard let id = agents[socket] else { return }
    let output = player.takeOutput(id)
    if !output.isEmpty { send(output, socket) }
    switch player.takeAction(id, at: wire.time) {
    case nil: break
    case .close: close(socket)
    case .startTLS: protectAgent(socket, toward: player.machine(of: id) ?? "")
    case .abort:
      wire.abort(socket)
      agents[socket] = nil
      player.ended(id, at: wire.time)
    }
  }

  // MARK: The servers' side

  var sortedServers: [VirtualWire.Socket] { servers.keys.sorted { $0.connection < $1.connection } }

  mutating func withServer(
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
  mutating func act(_ action: VirtualServer.Action, _ socket: VirtualWire.Socket) {
    switch action {
    case .close: close(socket)
    case .startTLS: protectServer(socket)
    case .abort:
      wire.abort(socket)
      servers[socket] = nil
    case .pause(let nanoseconds): wake(.resume(socket), after: nanoseconds)
    }
  }
  mutating func end(_ socket: VirtualWire.Socket, _ index: Int) {
    servers[socket]?.server.end(&machines[index])
    servers[socket] = nil
  }
  /// Sessions that idle hear of what has changed in their machine's store.
  mutating func pushNews() {
    for index in machines.indices where machines[index].store.changeCount != changeCounts[index] {
      changeCounts[index] = machines[index].store.changeCount
      for socket in sortedServers where servers[socket]?.machine == index {
        withServer(socket) { $0.poll(&$1, at: $2) }
      }
    }
  }
}
