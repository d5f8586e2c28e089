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

  mutating func deliver(_ message: [UInt8], to account: String, at now: Timestamp) throws(DeliveryFault) {
    if let fault { throw fault }
    if full.contains(account) { throw .noRoom }
    inboxes[account, default: []].append(String(decoding: message, as: UTF8.self))
  }
}

/// A mail server machine, and what is played at its door.
struct MailHostPlay {
  var host: MailHost
  var store = MailStorePlay()
  var isUp = true
  private let directory: MailDirectory

  /// `alice`, at the domain `a.example`.
  init(_ domain: String, users: [String], schedule: DeliverySchedule = DeliverySchedule()) {
    directory = MailDirectory(
      domains: [domain], accounts: users.map { MailAccount(name: "\($0)@\(domain)", password: "x") }, secret: [1])
    host = MailHost(
      name: "mx.\(domain)", directory: directory, queue: MailQueue(schedule), octetSource: .seeded(UInt64(users.count)))
  }
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
      case .take(let envelope, let message):
        server.custody(
          host.take(envelope, message, id: server.custodyID ?? "", at: now, into: &store), at: now)
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
    for destination in host.due(at: now, into: &store) {
      for delivery in destination.deliveries {
        count += 1
        let (fates, offersDSN) = other.receive(delivery.envelope, delivery.message, at: now)
        host.settle(delivery.id, fates, from: other.host.name, offersDSN: offersDSN, at: now, into: &store)
      }
    }
    return count
  }
  func inbox(_ user: String) -> [String] { store.inboxes[user] ?? [] }
}
