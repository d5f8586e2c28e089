internal import Bytes
internal import MailProtocols

/// A mail server machine in memory: its rules, its mailboxes, the faults of its services.
struct VirtualMachine: Sendable {
  let cast: ScenarioCast.Machine
  var host: MailHost
  var store: IndexedMailStore
  var faults: [MailService: FaultPlan]
  var openMaildrops: Set<String> = []
  /// Messages that were taken by SMTP.
  var takenCount = 0
  private let accounts: [MailAccount]
  private var octetSource: OctetSource

  init(
    _ cast: ScenarioCast.Machine, accounts: [MailAccount], faults: [MailService: FaultPlan], uidValidity: UInt32,
    octetSource: OctetSource
  ) {
    self.cast = cast
    self.accounts = accounts
    self.faults = faults
    self.octetSource = octetSource
    let directory = MailDirectory(
      domains: [cast.domain, cast.hostName], accounts: accounts, secret: self.octetSource.take(16))
    host = MailHost(
      name: cast.hostName, directory: directory, octetSource: .seeded(Self.seed(self.octetSource.take(8))))
    store = IndexedMailStore(uidValidity: uidValidity)
    for account in accounts { store.open(account: account.name) }
  }
  private static func seed(_ octets: [UInt8]) -> UInt64 { octets.reduce(0) { $0 << 8 | UInt64($1) } }

  /// A session for whoever has connected to a service.
  mutating func serve(_ service: MailService, clientAddress: String, offersTLS: Bool) -> VirtualServer {
    let octetSource = OctetSource.seeded(Self.seed(self.octetSource.take(8)))
    switch service {
    case .relay, .submission:
      var configuration = SMTPServerConfiguration(service == .relay ? .relay : .submission, hostName: cast.hostName)
      configuration.offersTLS = offersTLS
      return VirtualServer(
        service,
        .smtp(
          SMTPServerSession(
            configuration, directory: host.directory, clientAddress: clientAddress, octetSource: octetSource)))
    case .pop3:
      var configuration = POP3ServerConfiguration(hostName: cast.hostName)
      configuration.offersTLS = offersTLS
      return VirtualServer(
        service, .pop3(POP3ServerSession(configuration, directory: host.directory, octetSource: octetSource)))
    case .imap:
      var configuration = IMAPServerConfiguration(hostName: cast.hostName)
      configuration.offersTLS = offersTLS
      return VirtualServer(
        service, .imap(IMAPServerSession(configuration, directory: host.directory, octetSource: octetSource)))
    }
  }

  // MARK: The queue

  mutating func due(at now: Timestamp) -> [MailHost.Destination] { host.due(at: now, into: &store) }
  mutating func settle(
    _ id: String, _ fates: [SMTPClientSession.Fate], from remoteHost: String? = nil, offersDSN: Bool = false,
    at now: Timestamp
  ) {
    host.settle(id, fates, from: remoteHost, offersDSN: offersDSN, at: now, into: &store)
  }

  // MARK: The mailboxes as POP3 uses them

  /// nil when another session has it (RFC 1939 §4).
  mutating func openMaildrop(of user: String) -> Maildrop? {
    guard openMaildrops.insert(user).inserted else { return nil }
    guard let folder = store.folder(named: FolderName.inbox, of: user) else { return Maildrop([]) }
    return Maildrop(
      store.messages(in: folder.id).map {
        Maildrop.Message(uniqueID: "\(folder.uidValidity).\($0.uid)", byteCount: $0.byteCount)
      })
  }
  func message(_ uniqueID: String, of user: String) -> [UInt8]? {
    guard let folder = store.folder(named: FolderName.inbox, of: user), let uid = Self.uid(uniqueID) else { return nil }
    return store.octets(of: uid, in: folder.id)
  }
  mutating func remove(_ uniqueIDs: [String], of user: String) {
    guard let folder = store.folder(named: FolderName.inbox, of: user) else { return }
    store.remove(uniqueIDs.compactMap(Self.uid), from: folder.id)
  }
  private static func uid(_ uniqueID: String) -> UInt32? { uniqueID.split(separator: ".").last.flatMap { UInt32($0) } }

  // MARK: What others want to know

  func messageCount(of user: String) -> Int {
    store.folder(named: FolderName.inbox, of: "\(user)@\(cast.domain)").map { store.messages(in: $0.id).count } ?? 0
  }
  var mailboxes: [MailboxSnapshot] {
    cast.users.map { .take("\($0)@\(cast.domain)", user: $0, machine: cast.name, of: store) }
  }
  var queue: QueueSnapshot { QueueSnapshot(machine: cast.name, host.queue) }
  /// How often what waits longest was tried.
  var attemptCount: Int { host.queue.entries.map(\.attemptCount).max() ?? 0 }
}
