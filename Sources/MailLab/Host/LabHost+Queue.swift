internal import Bytes
internal import Glibc
internal import MailProtocols
internal import MailSystem
internal import NIOCore
internal import NIOPosix

/// The way of a message: from a session into the queue, and from there into a mailbox or to another server.
extension LabHost: MailPost {
  func take(_ envelope: Envelope, _ message: [UInt8], id: String) -> Taking {
    let custody = change { host.take(envelope, message, id: id, at: LabClock.now, into: &store) }
    guard case .taken = custody else {
      say("cannot keep \(Self.name(id, envelope))")
      return .known(.failed)
    }
    guard let disk else {
      say("takes \(Self.name(id, envelope))")
      pump()
      return .known(.taken)
    }
    let changes = host.takeChanges()
    let custodyKnown = eventLoop.makePromise(of: SMTPServerSession.Custody.self)
    disk.writer.write(changes, isFact: false).assumeIsolated().whenComplete {
      switch $0 {
      case .success:
        self.say("takes \(Self.name(id, envelope))")
        self.host.wrote(changes)
        custodyKnown.succeed(.taken)
        self.pump()
      case .failure(let error):
        self.say("cannot keep \(Self.name(id, envelope)): \(error)")
        self.host.withdraw(id)
        custodyKnown.succeed(.failed)
      }
    }
    return .awaited(custodyKnown.futureResult)
  }
  private static func name(_ id: String, _ envelope: Envelope) -> String {
    let recipients = envelope.recipients.map(\.path.text).joined(separator: ", ")
    return "\(id) from \(envelope.reversePath?.text ?? "<>") for \(recipients)"
  }
  /// Has the disk write what the queue has noted.
  private func record() {
    guard let disk else { return }
    let changes = host.takeChanges()
    if changes.isEmpty { return }
    disk.writer.write(changes, isFact: true).assumeIsolated().whenSuccess { _ in
      self.host.wrote(changes)
      self.pump()
    }
  }

  // MARK: What is due

  /// Brings where it belongs what is due, and sees to it that what is due later is brought then.
  func pump() {
    nextPump?.cancel()
    nextPump = nil
    guard mayBring else { return }
    for destination in host.due(at: LabClock.now, into: &store) {
      if destination.isOwn {
        bringHome(destination)
      } else {
        bring(destination.deliveries[...], to: destination.domain)
      }
    }
    record()
    guard let next = host.nextAttempt else { return }
    let wait = max(0, next.nanoseconds - LabClock.now.nanoseconds)
    let loopBound = NIOLoopBound(self, eventLoop: eventLoop)
    nextPump = eventLoop.scheduleTask(in: .nanoseconds(wait)) { loopBound.value.pump() }
  }

  // MARK: Into our own mailboxes

  private func bringHome(_ destination: MailHost.Destination) {
    guard let disk else { return }
    let jobs = destination.deliveries.map { delivery in
      let mail = host.mail(of: delivery)
      return MaildirDelivery.Job(id: delivery.id, accounts: mail.accounts, message: mail.message)
    }
    let now = LabClock.now
    disk.pool.runIfActive(eventLoop: eventLoop) { [delivery = disk.delivery] in delivery.deliver(jobs, at: now) }
      .assumeIsolated().whenSuccess { outcomes in
        self.change { for outcome in outcomes { self.settle(outcome) } }
        self.record()
        self.pump()
      }
  }
  private func settle(_ outcome: MaildirDelivery.Outcome) {
    var faults: [String: DeliveryFault] = [:]
    for (account, result) in outcome.accounts {
      do {
        _ = try store.adopt(try result.get(), for: account)
        say("puts a message into the mailbox of \(account)")
      } catch let error as DiskError {
        faults[account] = error.deliveryFault
        say("cannot write into the mailbox of \(account): \(error)")
      } catch {
        if case .success(let arrival) = result { disk?.delivery.withdraw(arrival, of: account) }
        faults[account] = .noRoom
        say("the mailbox of \(account) is full")
      }
    }
    host.settle(outcome.id, except: faults, at: LabClock.now, into: &store)
  }

  // MARK: To other servers

  /// One after the other, in their order. Where nobody answers, the rest is not tried now.
  private func bring(_ deliveries: ArraySlice<MailHost.Delivery>, to domain: String) {
    guard let delivery = deliveries.first else { return pump() }
    bring(delivery, to: domain).assumeIsolated().whenSuccess { outcome in
      self.settle(delivery, outcome, domain)
      guard let failure = outcome.connectionFailure else { return self.bring(deliveries.dropFirst(), to: domain) }
      for rest in deliveries.dropFirst() {
        self.settle(rest, .init(fates: rest.envelope.recipients.map { _ in failure }), domain)
      }
      self.pump()
    }
  }
  private func settle(_ delivery: MailHost.Delivery, _ outcome: SMTPClientConversation.Outcome, _ domain: String) {
    for (recipient, fate) in zip(delivery.envelope.recipients, outcome.fates) { tell(fate, recipient.path.text) }
    change {
      host.settle(
        delivery.id, outcome.fates, from: domain, offersDSN: outcome.offersDSN, at: LabClock.now, into: &store)
    }
    record()
  }
  private func bring(
    _ delivery: MailHost.Delivery, to domain: String
  ) -> EventLoopFuture<SMTPClientConversation.Outcome> {
    let outcome = eventLoop.makePromise(of: SMTPClientConversation.Outcome.self)
    routes.route(to: domain).assumeIsolated().whenComplete {
      switch $0 {
      case .success(.servers(let servers)): self.bring(delivery, to: servers[...], of: domain, outcome)
      case .success(.none(let fate)): self.give(up: delivery, fate, outcome)
      case .failure(let error): self.give(up: delivery, .deferred(.ours(451, "4.4.3 \(error)")), outcome)
      }
    }
    return outcome.futureResult
  }
  private func give(
    up delivery: MailHost.Delivery, _ fate: SMTPClientSession.Fate,
    _ outcome: EventLoopPromise<SMTPClientConversation.Outcome>
  ) {
    outcome.succeed(.init(fates: delivery.envelope.recipients.map { _ in fate }, connectionFailure: fate))
  }
  /// To the first server that can be reached.
  private func bring(
    _ delivery: MailHost.Delivery, to servers: ArraySlice<MailRoutes.Server>, of domain: String,
    _ outcome: EventLoopPromise<SMTPClientConversation.Outcome>
  ) {
    guard let server = servers.first else {
      return give(up: delivery, .deferred(.ours(421, "4.4.1 No server of \(domain) can be reached")), outcome)
    }
    let recipients = delivery.envelope.recipients.map(\.path.text).joined(separator: ", ")
    say("brings a message for \(recipients) to \(server.host) port \(server.port)")
    let session = SMTPClientSession(
      helloName: machine.hostName, envelope: delivery.envelope, message: delivery.message,
      protection: protection == nil ? .never : options.relayProtection)
    let loopBound = NIOLoopBound((session, outcome, self), eventLoop: eventLoop)
    var bootstrap = ClientBootstrap(group: eventLoop)
    // From the machine's own address: who sends can be told apart in a capture.
    if let own = try? SocketAddress(ipAddress: machine.address, port: 0) { bootstrap = bootstrap.bind(to: own) }
    bootstrap
      .connectTimeout(.seconds(30))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let (session, outcome, host) = loopBound.value
          try channel.pipeline.syncOperations.addHandler(
            ConversationHandler(
              SMTPClientConversation(session, outcome: outcome),
              protection: host.protection.map { protection in { try protection.clientHandler(for: domain) } }))
          host.hold(channel)
        }
      }
      .connect(host: server.host, port: server.port)
      .assumeIsolated().whenFailure { error in
        let reason = ConnectionFailure.text(error)
        self.say("cannot reach \(server.host) port \(server.port): \(reason)")
        guard servers.count > 1 else {
          return self.give(up: delivery, .deferred(.ours(421, "4.4.1 Connection failed: \(reason)")), outcome)
        }
        self.bring(delivery, to: servers.dropFirst(), of: domain, outcome)
      }
  }
  private func tell(_ fate: SMTPClientSession.Fate, _ recipient: String) {
    switch fate {
    case .accepted(let reply): say("\(recipient): taken over, \(reply.text)")
    case .deferred(let reply): say("\(recipient): later again, \(reply.text)")
    case .refused(let reply): say("\(recipient): refused, \(reply.text)")
    }
  }
}

/// Why no connection came about, in a few words.
enum ConnectionFailure {
  static func text(_ error: any Error) -> String {
    if let error = error as? IOError { return error.reason }
    if let error = error as? NIOConnectionError, let first = error.connectionErrors.first { return text(first.error) }
    return "\(error)"
  }
}

extension IOError {
  fileprivate var reason: String {
    switch errnoCode {
    case EACCES, EPERM: "permission denied"
    case EADDRINUSE: "the port is in use"
    case EADDRNOTAVAIL: "this machine has no such address"
    case ECONNREFUSED: "connection refused"
    case ECONNRESET: "the connection was broken off"
    case ETIMEDOUT: "timed out"
    case EHOSTUNREACH, ENETUNREACH: "no way there"
    default: description
    }
  }
}
