import Bytes
import Ciphers
import MailProtocols

@testable import MailSystem

/// A mail store in memory, which may be out of order.
struct MailStorePlay: MailDelivery {
  var inboxes: [String: [String]] = [:]
  var fault: DeliveryFault?
  /// Accounts whose mailbox is full.
  var full: Set<String> = []

  mutating func keep(_ message: [UInt8], for account: String, at now: Timestamp) throws(DeliveryFault) {
    if let fault { throw fault }
    if full.contains(account) { throw .noRoom }
    inboxes[account, default: []].append(String(decoding: message, as: UTF8.self))
  }
}

/// What a disk holds of a host's queue.
struct MailDiskPlay {
  var entries: [String: MailQueue.Entry] = [:]
  var messages: [String: [UInt8]] = [:]
  var changeCount: UInt64 = 0

  mutating func write(_ changes: [MailHost.Change]) {
    for change in changes {
      changeCount += 1
      switch change {
      case .message(let id, let octets): messages[id] = octets
      case .entry(let entry): entries[entry.id] = entry
      case .entryGone(let id): entries[id] = nil
      case .messageGone(let id): messages[id] = nil
      }
    }
  }
}

/// A mail server machine, and what is played at its door.
struct MailHostPlay {
  var host: MailHost
  var store = MailStorePlay()
  var isUp = true
  var disk = MailDiskPlay()
  private let directory: MailDirectory

  /// `alice`, at the domain `a.example`.
  init(_ domain: String, users: [String], schedule: DeliverySchedule = DeliverySchedule()) {
    directory = MailDirectory(
      domains: [domain], accounts: users.map { MailAccount(name: "\($0)@\(domain)", password: "x") }, secret: [1])
    host = MailHost(
      name: "mx.\(domain)", directory: directory, queue: MailQueue(schedule), isJournaled: true,
      octetSource: .seeded(UInt64(users.count)))
  }
  /// The machine stops, and begins anew with what its disk kept.
  mutating func crash() {
    host = MailHost(
      name: host.name, directory: directory, queue: MailQueue(host.queue.schedule, entries: Array(disk.entries.values)),
      messages: disk.messages, isJournaled: true, octetSource: .seeded(disk.changeCount))
  }
  mutating func write() { disk.write(host.takeChanges()) }
  /// A user agent, or another server, brings a message through a session; returns the fates, and whether the host offers
  /// DSN.
  mutating func receive(
    _ envelope: Envelope, _ message: [UInt8], as user: String? = nil, at now: Timestamp
  ) -> (fates: [SMTPClientSession.Fate], offersDSN: Bool) {
    let configuration = SMTPServerConfiguration(user == nil ? .relay : .submission, hostName: host.name)
    var server = SMTPServerSession(
      configuration, directory: directory, clientAddress: "192.0.2.1", octetSource: .seeded(UInt64(message.count)))
    var client = SMTPClientSession(
      helloName: "client.example", envelope: envelope, message: message,
      login: user.map { .init(user: $0, password: "x") }, octetSource: .seeded(5))
    guard isUp else {
      client.lostConnection()
      return (client.fates, false)
    }
    server.begin(at: now)
    for _ in 0..<100 {
      let replies = server.takeOutput()
      client.receive(replies.span)
      switch server.takeAction() {
      case .take(let envelope, let message, let id):
        let custody = host.take(envelope, message, id: id, at: now, into: &store)
        write()
        server.custody(custody, at: now)
      case .startTLS, .pause, .close, nil: break
      }
      let said = client.takeOutput()
      server.receive(said.span, at: now)
      if client.takeAction() == .close { break }
    }
    return (client.fates, client.serverOffersDSN)
  }
  /// Brings what is due to another host; returns how many messages were tried.
  mutating func bring(to other: inout MailHostPlay, at now: Timestamp) -> Int {
    var count = 0
    let destinations = host.due(at: now, into: &store)
    write()
    for destination in destinations {
      for delivery in destination.deliveries {
        count += 1
        let (fates, offersDSN) = other.receive(delivery.envelope, delivery.message, at: now)
        host.settle(delivery.id, fates, from: other.host.name, offersDSN: offersDSN, at: now, into: &store)
        write()
      }
    }
    return count
  }
  func inbox(_ user: String) -> [String] { store.inboxes[user] ?? [] }
}
