package import Bytes
internal import MailProtocols

/// One mail server machine behind its sessions, as rules without I/O and without a clock: what is for its own users goes
/// into a store, what is for others waits in a queue, and what fails is told to its sender (RFC 5321 §3.6, §4.5.4, §6.1).
///
///     session ─take→ host ─┬─ own domains ──→ store
///                          ├─ others ───────→ queue ─due→ client session ─settle→ host
///                          └─ what fails ───→ a notification, taken in the same way
///
/// Where a disk has to be waited for, all mail goes through the queue, and the caller brings what is for the host's own
/// domains into its store, too (`OwnMail.queued`).
///
/// The caller asks `nextAttempt` when to call `due`, brings each delivery to its domain, and calls `settle`.
package struct MailHost: Sendable {
  /// A message on its way to another server.
  package struct Delivery: Equatable, Sendable {
    /// For `settle`.
    package var id: String
    package var envelope: Envelope
    package var message: [UInt8]
  }
  package struct Destination: Equatable, Sendable {
    package var domain: String
    /// Whether it is the host's own domain, and its store the place to bring this to.
    package var isOwn = false
    package var deliveries: [Delivery]
  }
  /// What happens to mail for the host's own users.
  package enum OwnMail: Sendable {
    /// It is put into the store as it comes.
    case stored
    /// It waits in the queue, as mail for others does, until the caller puts it into the store.
    case queued
  }
  /// What a disk has to write so that a crash loses nothing, one after the other.
  package enum Change: Equatable, Sendable {
    case message(id: String, [UInt8])
    case entry(MailQueue.Entry)
    case entryGone(id: String)
    case messageGone(id: String)
  }

  /// The host's own name, as its notifications tell it.
  package let name: String
  package private(set) var directory: MailDirectory
  package private(set) var queue: MailQueue
  /// The messages that wait, by id.
  package private(set) var messages: [String: [UInt8]]
  private var waitingByteCount: Int
  private var octetSource: OctetSource
  private let isJournaled: Bool
  private let ownMail: OwnMail
  private var changes: [Change] = []
  /// Notifications that nobody got because the queue was full.
  package private(set) var lostNoticeCount = 0

  /// `queue` and `messages` are what a disk kept. Where there is a disk, `isJournaled`, and `takeChanges` is called
  /// behind each call.
  package init(
    name: String, directory: MailDirectory, queue: MailQueue = MailQueue(), messages: [String: [UInt8]] = [:],
    isJournaled: Bool = false, ownMail: OwnMail = .stored, octetSource: OctetSource = .system
  ) {
    self.name = name
    self.ownMail = ownMail
    self.directory = directory
    self.queue = queue
    self.messages = messages
    waitingByteCount = messages.values.reduce(0) { $0 + $1.count }
    self.octetSource = octetSource
    self.isJournaled = isJournaled
  }

  package mutating func add(_ account: MailAccount) { directory.add(account) }
  /// What is to be on disk before `take` is answered with 250, or another server's answer counts.
  package mutating func takeChanges() -> [Change] {
    defer { changes = [] }
    return changes
  }
  private mutating func note(_ change: Change) { if isJournaled { changes.append(change) } }

  /// When `due` has something to do; nil while nothing waits.
  package var nextAttempt: Timestamp? { queue.nextAttempt }

  /// Takes a message over from a session; `failed` leaves it with the client, and nothing has happened.
  package mutating func take(
    _ envelope: Envelope, _ message: [UInt8], id: String, at now: Timestamp, into store: inout some MailDelivery
  ) -> SMTPServerSession.Custody {
    accept(envelope, message, id: id, at: now, into: &store, mayRefuse: true) ? .taken : .failed
  }
  /// Has everything in the queue tried now.
  package mutating func hurry(at now: Timestamp) { queue.hurry(at: now) }
  /// These changes are on disk: what they brought may be tried. Where mail for own users is queued, nothing is tried
  /// before.
  package mutating func wrote(_ changes: [Change]) {
    guard holdsMail else { return }
    queue.release(changes.compactMap { if case .entry(let entry) = $0, entry.attemptCount == 0 { entry } else { nil } })
  }
  /// Forgets a message that was taken over and could not be kept on disk; its client hears so.
  package mutating func withdraw(_ id: String) {
    queue.withdraw(message: id)
    if let message = messages.removeValue(forKey: id) { waitingByteCount -= message.count }
  }
  /// What is to be brought to other servers now. What waits for our own store is tried at once, or brought by the caller.
  package mutating func due(at now: Timestamp, into store: inout some MailDelivery) -> [Destination] {
    var destinations: [Destination] = []
    for waiting in queue.due(at: now) {
      let isOwn = directory.domains.contains(waiting.domain)
      if isOwn, case .stored = ownMail {
        for entry in waiting.entries { retry(entry, at: now, into: &store) }
        continue
      }
      let deliveries = waiting.entries.map {
        Delivery(id: $0.id, envelope: $0.envelope, message: messages[$0.messageID] ?? [])
      }
      destinations.append(Destination(domain: waiting.domain, isOwn: isOwn, deliveries: deliveries))
    }
    return destinations
  }
  /// Says what became of a delivery: a fate for each recipient of its envelope, and who decided.
  package mutating func settle(
    _ id: String, _ fates: [SMTPClientSession.Fate], from remoteHost: String? = nil, offersDSN: Bool = false,
    at now: Timestamp, into store: inout some MailDelivery
  ) {
    guard let entry = queue.entry(id) else { return }
    settle(entry, fates, from: remoteHost, offersDSN: offersDSN, at: now, into: &store)
  }
  /// The accounts that a delivery to our own domain is for, each once, and the message as it goes into their mailboxes.
  package func mail(of delivery: Delivery) -> (accounts: [String], message: [UInt8]) {
    var accounts: [String] = []
    for recipient in delivery.envelope.recipients {
      if case .local(let account) = directory.resolve(recipient.path), !accounts.contains(account) {
        accounts.append(account)
      }
    }
    return (accounts, ReturnPath.add(delivery.envelope.reversePath, to: delivery.message))
  }
  /// Says what became of a delivery to our own domain: the accounts whose mailboxes did not take it, and why.
  package mutating func settle(
    _ id: String, except faults: [String: DeliveryFault], at now: Timestamp, into store: inout some MailDelivery
  ) {
    guard let entry = queue.entry(id) else { return }
    let fates = entry.envelope.recipients.map { recipient in
      fate(of: recipient) { account in faults[account].map(Self.fate(of:)) ?? Self.delivered }
    }
    settleOwn(entry, fates, at: now, into: &store)
  }

  // MARK: Taking

  /// False when nothing has been done; where the message `mayRefuse` not, it waits instead.
  private mutating func accept(
    _ envelope: Envelope, _ message: [UInt8], id: String, at now: Timestamp, into store: inout some MailDelivery,
    mayRefuse: Bool
  ) -> Bool {
    guard TraceFields.hopCount(message) <= MailHostLimits.hopCount else {
      let reply = SMTPClientSession.Reply.ours(554, "5.4.6 Too many hops: the message goes in circles")
      let reports = envelope.recipients.map { DeliveryReport($0, .failed, .loop, reply: reply, lastAttempt: now) }
      notify(envelope, message, arrival: now, reports.filter(\.isWanted), at: now, into: &store)
      return true
    }
    var local = envelope
    local.recipients = envelope.recipients.filter { isStoredAtOnce($0) }
    var waiting = envelope
    waiting.recipients = envelope.recipients.filter { !isStoredAtOnce($0) }
    // Whether there is room is known before anything is done. Where only a mailbox turns out to be full, and the queue
    // is too, somebody may get the message twice, and nobody loses it.
    let hasRoom =
      queue.hasRoom(for: id, waiting) && message.count <= MailHostLimits.waitingByteCount - waitingByteCount
    guard hasRoom || waiting.recipients.isEmpty || !mayRefuse else { return false }

    let fates = deliver(local, message, at: now, into: &store)
    let deferred = zip(local.recipients, fates).filter { if case .deferred = $1 { true } else { false } }
    if mayRefuse, waiting.recipients.isEmpty, !deferred.isEmpty, deferred.count == fates.count { return false }
    waiting.recipients += deferred.map(\.0)
    if !waiting.recipients.isEmpty {
      guard let entries = queue.add(id, waiting, at: now, isHeld: holdsMail) else { return false }
      messages[id] = message
      waitingByteCount += message.count
      note(.message(id: id, message))
      for entry in entries { note(.entry(entry)) }
      for entry in entries where !holdsMail && directory.domains.contains(entry.domain) {
        settle(entry.id, deferred.filter { $0.0.path.canonicalDomain == entry.domain }.map(\.1), at: now, into: &store)
      }
    }
    let reports = zip(local.recipients, fates).compactMap { Self.report($0, $1, at: now) }
    notify(envelope, message, arrival: now, reports.filter(\.isWanted), at: now, into: &store)
    return true
  }
  private static func report(
    _ recipient: Envelope.Recipient, _ fate: SMTPClientSession.Fate, at now: Timestamp
  ) -> DeliveryReport? {
    switch fate {
    case .accepted: DeliveryReport(recipient, .delivered, EnhancedStatus(2, 0, 0), lastAttempt: now)
    case .refused(let reply):
      DeliveryReport(recipient, .failed, EnhancedStatus(reply, statusClass: 5), reply: reply, lastAttempt: now)
    case .deferred: nil
    }
  }

  // MARK: Our own users

  private var holdsMail: Bool { if case .queued = ownMail { true } else { false } }
  private func isStoredAtOnce(_ recipient: Envelope.Recipient) -> Bool {
    !holdsMail && directory.domains.contains(recipient.path.canonicalDomain)
  }
  /// Gives the message to each account once, however many of the recipients lead to it.
  private func deliver(
    _ envelope: Envelope, _ message: [UInt8], at now: Timestamp, into store: inout some MailDelivery
  ) -> [SMTPClientSession.Fate] {
    if envelope.recipients.isEmpty { return [] }
    let message = ReturnPath.add(envelope.reversePath, to: message)
    var fates: [String: SMTPClientSession.Fate] = [:]
    return envelope.recipients.map { recipient in
      fate(of: recipient) { account in
        if let fate = fates[account] { return fate }
        let fate = Self.fate(of: message, to: account, at: now, into: &store)
        fates[account] = fate
        return fate
      }
    }
  }
  /// What `body` says of the recipient's account, if there is one.
  private func fate(
    of recipient: Envelope.Recipient, _ body: (String) -> SMTPClientSession.Fate
  ) -> SMTPClientSession.Fate {
    guard case .local(let account) = directory.resolve(recipient.path) else {
      return .refused(.ours(550, "5.1.1 <\(recipient.path.text)>: no such user here"))
    }
    return body(account)
  }
  private static func fate(
    of message: [UInt8], to account: String, at now: Timestamp, into store: inout some MailDelivery
  ) -> SMTPClientSession.Fate {
    do throws(DeliveryFault) {
      try store.keep(message, for: account, at: now)
      return delivered
    } catch {
      return fate(of: error)
    }
  }
  private static let delivered = SMTPClientSession.Fate.accepted(.ours(250, "2.0.0 Delivered"))
  private static func fate(of fault: DeliveryFault) -> SMTPClientSession.Fate {
    switch fault {
    case .noRoom: .deferred(.ours(452, "4.2.2 The mailbox is full"))
    case .broken: .deferred(.ours(451, "4.3.0 The mailbox cannot be written"))
    case .noMailbox: .refused(.ours(550, "5.1.1 There is no such mailbox"))
    }
  }
  private mutating func retry(_ entry: MailQueue.Entry, at now: Timestamp, into store: inout some MailDelivery) {
    let fates = deliver(entry.envelope, messages[entry.messageID] ?? [], at: now, into: &store)
    settleOwn(entry, fates, at: now, into: &store)
  }
  private mutating func settleOwn(
    _ entry: MailQueue.Entry, _ fates: [SMTPClientSession.Fate], at now: Timestamp, into store: inout some MailDelivery
  ) {
    let delivered = zip(entry.envelope.recipients, fates).compactMap { recipient, fate in
      if case .accepted = fate { Self.report(recipient, fate, at: now) } else { nil as DeliveryReport? }
    }
    // What is delivered is told as that, and not as passed on.
    settle(entry, fates, offersDSN: true, at: now, into: &store, telling: delivered.filter(\.isWanted))
  }

  // MARK: What follows from an attempt

  private mutating func settle(
    _ entry: MailQueue.Entry, _ fates: [SMTPClientSession.Fate], from remoteHost: String? = nil, offersDSN: Bool,
    at now: Timestamp, into store: inout some MailDelivery, telling delivered: [DeliveryReport] = []
  ) {
    guard let settlement = queue.settle(entry.id, fates, from: remoteHost, offersDSN: offersDSN, at: now) else {
      return
    }
    // The notification is there before what it is about is gone: a crash between them tells twice, and hides nothing.
    notify(
      entry.envelope, messages[entry.messageID] ?? [], arrival: entry.arrival, settlement.notices + delivered, at: now,
      into: &store)
    note(settlement.entry.map { .entry($0) } ?? .entryGone(id: entry.id))
    guard settlement.isMessageDone, let message = messages.removeValue(forKey: entry.messageID) else { return }
    waitingByteCount -= message.count
    note(.messageGone(id: entry.messageID))
  }

  // MARK: Telling the sender

  private mutating func notify(
    _ envelope: Envelope, _ message: [UInt8], arrival: Timestamp, _ reports: [DeliveryReport], at now: Timestamp,
    into store: inout some MailDelivery
  ) {
    if reports.isEmpty { return }
    let id = octetSource.takeName(12)
    guard
      let notification = DeliveryStatusNotification(
        host: name, domain: directory.mainDomain, id: id, about: envelope, message: message, arrival: arrival,
        reports: reports)
    else { return }
    // A notification is never told of in its turn, so this ends here.
    let isTaken = accept(
      notification.envelope, notification.encode(at: now), id: id, at: now, into: &store, mayRefuse: false)
    if !isTaken { lostNoticeCount += 1 }
  }
}

/// The numbers that a host keeps to.
enum MailHostLimits {
  /// Servers that have signed a message before it goes in circles (RFC 5321 §6.3), our own session included.
  static let hopCount = 50
  /// What may wait, in octets; beyond it clients hear 452.
  static let waitingByteCount = 1_073_741_824
}
