internal import Bytes
internal import Ciphers
internal import MailProtocols
internal import MailSystem
internal import NIOCore
internal import NIOPosix

/// One mail server machine of the lab: its rules, its mailboxes, its channels. All of it lives on one event loop, so
/// that nothing needs a lock.
final class LabHost {
  let machine: LabConfiguration.Machine
  private let eventLoop: any EventLoop
  private var host: MailHost
  var store: MemoryMailStore
  private let names: NameTable
  private let tell: @Sendable (LabEvent) -> Void
  private var openMaildrops: Set<String> = []
  private var imapConversations: [ObjectIdentifier: (IMAPServerConversation, act: () -> Void)] = [:]
  private var nextPump: Scheduled<Void>?
  private var channels: [ObjectIdentifier: any Channel] = [:]
  private var isGoingDown = false

  init(
    _ machine: LabConfiguration.Machine, names: NameTable, eventLoop: any EventLoop,
    tell: @escaping @Sendable (LabEvent) -> Void
  ) {
    self.machine = machine
    self.names = names
    self.eventLoop = eventLoop
    self.tell = tell
    let directory = MailDirectory(
      domains: [machine.domain, machine.hostName], accounts: machine.accounts, secret: RandomOctets.make(16))
    host = MailHost(name: machine.hostName, directory: directory)
    store = MemoryMailStore(uidValidity: UInt32(truncatingIfNeeded: LabClock.now.nanoseconds / 1_000_000_000))
    for account in machine.accounts { store.open(account: account.name) }
  }
  var directory: MailDirectory { host.directory }
  func tell(_ text: String) { tell(LabEvent(timestamp: LabClock.now, hostName: machine.hostName, text: text)) }

  // MARK: Channels

  /// Keeps a channel until it closes, so that it is told when the lab goes down.
  func hold(_ channel: any Channel) {
    let id = ObjectIdentifier(channel)
    channels[id] = channel
    channel.closeFuture.assumeIsolated().whenComplete { _ in self.channels[id] = nil }
  }
  /// Tells every session that it is over.
  func shutDown() {
    isGoingDown = true
    nextPump?.cancel()
    for channel in channels.values { channel.pipeline.fireUserInboundEventTriggered(ShutDown()) }
  }

  // MARK: Devices that look at the same mailbox

  func remember(_ conversation: IMAPServerConversation, _ act: @escaping () -> Void) {
    imapConversations[ObjectIdentifier(conversation)] = (conversation, act)
  }
  func forget(_ conversation: IMAPServerConversation) {
    imapConversations[ObjectIdentifier(conversation)] = nil
  }
  /// Does something to the store, and lets every other IMAP session look whether it concerns it.
  func change<Result>(by conversation: IMAPServerConversation? = nil, _ body: () -> Result) -> Result {
    let before = store.changeCount
    let result = body()
    if store.changeCount != before {
      for (other, act) in imapConversations.values where other !== conversation {
        other.poll()
        act()
      }
    }
    return result
  }

  // MARK: The queue

  /// Brings to other servers what is due, and sees to it that what is due later is brought then.
  private func pump() {
    nextPump?.cancel()
    nextPump = nil
    if isGoingDown { return }
    for destination in host.due(at: LabClock.now, into: &store) {
      for delivery in destination.deliveries { bring(delivery, to: destination.domain) }
    }
    guard let next = host.nextAttempt else { return }
    let wait = max(0, next.nanoseconds - LabClock.now.nanoseconds)
    let loopBound = NIOLoopBound(self, eventLoop: eventLoop)
    nextPump = eventLoop.scheduleTask(in: .nanoseconds(wait)) { loopBound.value.pump() }
  }
  private func bring(_ delivery: MailHost.Delivery, to domain: String) {
    let session = SMTPClientSession(
      helloName: machine.hostName, envelope: delivery.envelope, message: delivery.message)
    let outcome = eventLoop.makePromise(of: [SMTPClientSession.Fate].self)
    let recipients = delivery.envelope.recipients.map(\.path.text).joined(separator: ", ")
    guard let address = names.address(of: domain) else {
      let reply = SMTPClientSession.Reply(code: 550, lines: ["5.1.2 No such domain in this lab: \(domain)"])
      tell("cannot bring \(recipients) a message: no server for \(domain)")
      outcome.succeed(delivery.envelope.recipients.map { _ in .refused(reply) })
      return settle(delivery, outcome.futureResult, domain)
    }
    tell("brings a message for \(recipients) to \(address.host) port \(address.port)")
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
            ConversationHandler(SMTPClientConversation(session, outcome: outcome)))
          host.hold(channel)
        }
      }
      .connect(host: address.host, port: address.port)
      .whenFailure { error in
        let reply = SMTPClientSession.Reply(code: 421, lines: ["4.4.1 Connection failed: \(error)"])
        outcome.succeed(delivery.envelope.recipients.map { _ in .deferred(reply) })
      }
    settle(delivery, outcome.futureResult, domain)
  }
  private func settle(
    _ delivery: MailHost.Delivery, _ outcome: EventLoopFuture<[SMTPClientSession.Fate]>, _ domain: String
  ) {
    outcome.assumeIsolated().whenSuccess { fates in
      for (recipient, fate) in zip(delivery.envelope.recipients, fates) { self.tell(fate, recipient.path.text) }
      self.change { self.host.settle(delivery.id, fates, from: domain, at: LabClock.now, into: &self.store) }
      self.pump()
    }
  }
  private func tell(_ fate: SMTPClientSession.Fate, _ recipient: String) {
    switch fate {
    case .accepted(let reply): tell("\(recipient): taken over, \(reply.text)")
    case .deferred(let reply): tell("\(recipient): later again, \(reply.text)")
    case .refused(let reply): tell("\(recipient): refused, \(reply.text)")
    }
  }
}

// MARK: - What sessions ask for

extension LabHost: MailPost {
  func take(_ envelope: Envelope, _ message: [UInt8], id: String) -> EventLoopFuture<Bool> {
    let custody = change { host.take(envelope, message, id: id, at: LabClock.now, into: &store) }
    let isTaken = if case .taken = custody { true } else { false }
    let recipients = envelope.recipients.map(\.path.text).joined(separator: ", ")
    tell("\(isTaken ? "takes" : "cannot keep") \(id) from \(envelope.reversePath?.text ?? "<>") for \(recipients)")
    pump()
    return eventLoop.makeSucceededFuture(isTaken)
  }
}

extension LabHost: Mailboxes {
  func openMaildrop(of user: String) -> Maildrop? {
    guard openMaildrops.insert(user).inserted else { return nil }
    store.open(account: user)
    return Maildrop(
      inbox(of: user).map {
        Maildrop.Message(uniqueID: "\($0.validity).\($0.message.uid)", byteCount: $0.message.byteCount)
      })
  }
  func releaseMaildrop(of user: String) { openMaildrops.remove(user) }
  func message(_ uniqueID: String, of user: String) -> [UInt8]? {
    guard let folder = store.folder(named: FolderName.inbox, of: user), let uid = uid(uniqueID) else { return nil }
    return store.octets(of: uid, in: folder.id)
  }
  func remove(_ uniqueIDs: [String], of user: String) -> Bool {
    guard let folder = store.folder(named: FolderName.inbox, of: user) else { return false }
    change { store.remove(uniqueIDs.compactMap(uid), from: folder.id) }
    return true
  }
  private func inbox(of user: String) -> [(validity: UInt32, message: StoredMessage)] {
    guard let folder = store.folder(named: FolderName.inbox, of: user) else { return [] }
    return store.messages(in: folder.id).map { (folder.uidValidity, $0) }
  }
  private func uid(_ uniqueID: String) -> UInt32? { uniqueID.split(separator: ".").last.flatMap { UInt32($0) } }
}
