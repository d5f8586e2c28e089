internal import Bytes
internal import Glibc
internal import Grading
internal import MailProtocols
internal import MailSystem
internal import TransportSecurity

/// Our server for a student's client: mailwire's own, on a port that is bound here, with the faults of the case.
struct ListeningPeer {
  private var listener: Int32
  let port: UInt16
  private var server: PracticeServer
  private var sockets: [PeerSocket] = []
  /// Pauses of the server's, by connection: when they are over.
  private var pauses: [Int: Int64] = [:]
  /// What the server shows behind STARTTLS; nil: it offers no TLS.
  private let security: PeerSecurity?
  private var protections: [Int: PeerProtection] = [:]
  private var openedCount = 0
  /// Nobody listens yet: who connects is refused.
  private(set) var isDown: Bool
  private(set) var log: SocketLog
  /// Reads from one connection before the others have their turn, and the limits are looked at.
  private static let readCount = 8

  init(
    _ spoken: TrialProtocol, _ plan: PeerPlan, host: String, security: PeerSecurity? = nil, isDown: Bool = false
  ) throws(TrialFault) {
    self.isDown = isDown
    self.security = security
    (listener, port) = isDown ? try FreePort.reserve(host) : try FreePort.listen(host)
    let service: MailService =
      switch spoken {
      case .smtp: plan.wantsLogin ? .submission : .relay
      case .pop3: .pop3
      case .imap: .imap
      }
    var configuration = PracticeServer.Configuration(service, hostName: plan.name, domain: plan.domain)
    configuration.accounts = plan.users.map {
      MailAccount(name: $0.name.contains("@") ? $0.name : "\($0.name)@\(plan.domain)", password: $0.password)
    }
    configuration.greeting = plan.greeting
    configuration.offersPipelining = plan.offersPipelining
    configuration.offersTLS = plan.tls.map { $0 != .missing } ?? false
    let mechanisms = plan.mechanisms.compactMap { SASLMechanism(rawValue: $0) }
    if !mechanisms.isEmpty { configuration.mechanisms = mechanisms }
    configuration.faults = plan.faults
    configuration.messages = plan.messages.map { Array($0.replacing("\n", with: "\r\n").utf8) }
    server = PracticeServer(configuration, octetSource: .seeded(1), at: Clock.timeOfDay)
    log = SocketLog(serverPort: port)
  }
  var isAtRest: Bool { sockets.allSatisfy(\.isOver) }
  var isFlooded: Bool { sockets.reduce(0) { $0 + $1.heardByteCount } > TrialLimits.trafficByteCount }
  var isCrowded: Bool { openedCount > TrialLimits.openedConnectionCount }
  var watched: [(file: Int32, events: Int16)] {
    (isDown ? [] : [(listener, Int16(POLLIN))])
      + sockets.filter { !$0.isOver && !$0.hasFinished }.map { ($0.file, Int16(POLLIN)) }
  }
  var isOurTurn: Bool { sockets.contains(where: \.isOurTurn) || !pauses.isEmpty }
  var nextDue: Int64? { (sockets.compactMap(\.nextDue) + pauses.values).min() }

  mutating func work(_ moment: TrialMoment) -> Bool {
    let now = moment.now
    var happened = accept(now)
    for index in sockets.indices where !sockets[index].isOver {
      if let end = pauses[sockets[index].number] {
        if end > now { continue }
        pauses[sockets[index].number] = nil
        server.resume(sockets[index].number, at: Clock.timeOfDay)
        follow(index, now)
        happened = true
      }
      for _ in 0..<Self.readCount where !sockets[index].isOver {
        let isNew = !sockets[index].hasFinished
        guard let octets = sockets[index].hear() else {
          guard isNew else { break }
          happened = true
          log.ended(sockets[index].number, byClient: true, failure: sockets[index].failure)
          // The client has closed: what was said to it goes out, and then we close, too.
          if !sockets[index].isOver, !sockets[index].isClosing { sockets[index].closeBehind() }
          break
        }
        if octets.isEmpty { break }
        happened = true
        log.said(sockets[index].number, octets, byClient: true)
        hear(index, octets, now)
        if pauses[sockets[index].number] != nil { break }
      }
      for octets in sockets[index].flush(moment) {
        happened = true
        log.said(sockets[index].number, octets, byClient: false)
      }
      if sockets[index].isOver {
        server.disconnect(sockets[index].number)
        log.closed(sockets[index].number, byClient: false)
      }
    }
    return happened
  }
  private mutating func accept(_ now: Int64) -> Bool {
    var happened = false
    while !isCrowded, !isDown {
      let file = Glibc.accept(listener, nil, nil)
      guard file >= 0 else { break }
      happened = true
      openedCount += 1
      sockets.append(PeerSocket(number: openedCount, file: file))
      log.opened(openedCount, clientPort: sockets[sockets.count - 1].farPort)
      server.connect(openedCount, clientAddress: "127.0.0.1", at: Clock.timeOfDay)
      follow(sockets.count - 1, now)
    }
    return happened
  }
  private mutating func follow(_ index: Int, _ now: Int64) {
    for deed in server.take(sockets[index].number) {
      switch deed {
      case .send(let octets, let delay): say(index, octets, delay, now)
      case .startTLS: beginTLS(index)
      case .pause(let nanoseconds): pauses[sockets[index].number] = now + nanoseconds
      case .close:
        if let records = protections[sockets[index].number]?.close() { sockets[index].say(records, delay: 0, now: now) }
        sockets[index].closeBehind()
      case .abort:
        log.broken(sockets[index].number, byClient: false)
        sockets[index].abort()
      }
    }
  }
  /// What was said inside TLS; nil where TLS was not begun.
  var protectedSpeeches: [ProtectedSpeech]? {
    protections.isEmpty ? nil : protections.sorted { $0.key < $1.key }.map(\.value.speech)
  }
  private mutating func beginTLS(_ index: Int) {
    let socket = sockets[index]
    do throws(TLSError) {
      guard let connection = try security?.connection() else { return sockets[index].closeBehind() }
      protections[socket.number] = PeerProtection(
        connection,
        ProtectedSpeech(
          clientPort: socket.farPort, clearClientByteCount: socket.heardByteCount,
          clearServerByteCount: socket.queuedByteCount))
    } catch {
      sockets[index].closeBehind()
    }
  }
  private mutating func say(_ index: Int, _ octets: [UInt8], _ delay: Int64, _ now: Int64) {
    let socket = sockets[index]
    let records = protections[socket.number]?.send(octets, wireByteCount: socket.queuedByteCount)
    sockets[index].say(records ?? octets, delay: delay, now: now)
  }
  /// Hears what the client says, in clear or inside TLS.
  private mutating func hear(_ index: Int, _ octets: [UInt8], _ now: Int64) {
    let socket = sockets[index]
    guard let heard = protections[socket.number]?.receive(octets, wireByteCount: socket.heardByteCount) else {
      server.receive(octets, on: socket.number, at: Clock.timeOfDay)
      return follow(index, now)
    }
    if !heard.records.isEmpty { sockets[index].say(heard.records, delay: 0, now: now) }
    if heard.hasJustBegun {
      server.beginProtected(socket.number, at: Clock.timeOfDay)
      follow(index, now)
    }
    if !heard.plaintext.isEmpty {
      server.receive(heard.plaintext, on: socket.number, at: Clock.timeOfDay)
      follow(index, now)
    }
    if heard.hasFailed {
      server.disconnect(socket.number)
      sockets[index].closeBehind()
    }
  }
  /// Messages that it has taken by SMTP.
  var takenCount: Int { server.takenCount }
  /// Begins to listen.
  mutating func goUp() throws(TrialFault) {
    guard Glibc.listen(listener, 32) == 0 else { throw TrialFault.system("listen") }
    isDown = false
  }
  mutating func end() {
    for index in sockets.indices { sockets[index].end() }
    if listener >= 0 { close(listener) }
    listener = -1
  }
}
