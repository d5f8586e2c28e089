internal import Bytes
internal import Packets

/// From server to server: the queues' deliveries.
extension VirtualLab {
  mutating func pump(_ index: Int) {
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
  mutating func speakRelay(_ socket: VirtualWire.Socket) {
    guard var relay = relays[socket] else { return }
    let output = relay.session.takeOutput()
    let action = relay.session.takeAction()
    relays[socket] = relay
    if !output.isEmpty { send(output, socket) }
    guard action != nil else { return }
    close(socket)
    settle(socket)
  }
  mutating func settle(_ socket: VirtualWire.Socket) {
    guard var relay = relays.removeValue(forKey: socket) else { return }
    relay.session.lostConnection()
    machines[relay.machine].settle(
      relay.id, relay.session.fates, from: relay.domain, offersDSN: relay.session.serverOffersDSN, at: wire.time)
    pump(relay.machine)
  }
}
