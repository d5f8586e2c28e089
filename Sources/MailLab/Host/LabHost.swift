internal import Bytes
internal import Ciphers
internal import MailProtocols
internal import MailSystem
internal import NIOCore
internal import NIOPosix

/// One mail server machine of the lab: its rules, its mailboxes, its channels. All of it lives on one event loop, so
/// that nothing needs a lock.
final class LabHost {
  private(set) var machine: LabConfiguration.Machine
  let options: LabOptions
  let eventLoop: any EventLoop
  let routes: MailRoutes
  let protection: LabProtection?
  var host: MailHost
  var store: IndexedMailStore
  /// Nil where everything is in memory alone.
  let disk: HostDisk?
  private let tell: (@Sendable (LabEvent) -> Void)?
  var openMaildrops: Set<String> = []
  private var imapConversations: [ObjectIdentifier: (IMAPServerConversation, act: () -> Void)] = [:]
  var nextPump: Scheduled<Void>?
  private var channels: [ObjectIdentifier: any Channel] = [:]
  private var isUp = false
  private var isGoingDown = false
  /// What the services do wrong on purpose.
  let faults: FaultPlans
  /// Where what passes is kept, if it is.
  var recording: ConnectionRecording?

  init(
    _ machine: LabConfiguration.Machine, _ options: LabOptions, routes: MailRoutes, protection: LabProtection?,
    pool: NIOThreadPool, eventLoop: any EventLoop, tell: (@Sendable (LabEvent) -> Void)?
  ) throws {
    self.machine = machine
    self.options = options
    self.routes = routes
    self.protection = protection
    faults = FaultPlans(options.faults[machine.hostName] ?? [:])
    self.eventLoop = eventLoop
    self.tell = tell
    let directory = MailDirectory(
      domains: [machine.domain, machine.hostName], accounts: machine.accounts, secret: RandomOctets.make(16))
    let schedule = DeliverySchedule(timeScale: options.timeScale)
    let uidValidity = UInt32(truncatingIfNeeded: LabClock.now.nanoseconds / 1_000_000_000)
    switch options.storage {
    case .memory:
      disk = nil
      host = MailHost(name: machine.hostName, directory: directory, queue: MailQueue(schedule))
      store = IndexedMailStore(uidValidity: uidValidity)
    case .disk(let path):
      let (disk, contents) = try HostDisk.open(
        "\(path)/\(machine.hostName)", host: machine.hostName, uidValidity: uidValidity, pool: pool,
        eventLoop: eventLoop)
      self.disk = disk
      host = MailHost(
        name: machine.hostName, directory: directory, queue: MailQueue(schedule, entries: contents.entries),
        messages: contents.messages, isJournaled: true, ownMail: .queued)
      store = contents.store
    }
    for account in machine.accounts { store.open(account: account.name) }
    store.flush()
    if disk?.hasNewIndex == true { say("its index was damaged, and was made anew from the mailboxes") }
  }
  var directory: MailDirectory { host.directory }
  func add(_ account: MailAccount) {
    machine.accounts.append(account)
    host.add(account)
    change { store.open(account: account.name) }
    say("has a mailbox for \(account.name)")
  }
  /// Tells something that happened here, if anybody listens.
  func say(_ text: @autoclosure () -> String) {
    tell?(LabEvent(timestamp: LabClock.now, hostName: machine.hostName, text: text()))
  }

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
  /// Every machine of the lab can be reached; before, a domain would seem to have no server. Behind `shutDown`, it takes up
  /// its work again.
  func goUp() {
    isUp = true
    isGoingDown = false
    pump()
  }
  var mayBring: Bool { isUp && !isGoingDown }
  var channelCount: Int { channels.count }

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
    // Before anybody is told.
    store.flush()
    if store.changeCount != before {
      for (other, act) in imapConversations.values where other !== conversation {
        other.poll()
        act()
      }
    }
    return result
  }
}
