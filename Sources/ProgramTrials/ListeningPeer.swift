internal import Bytes
internal import Glibc
internal import Grading
internal import MailProtocols
internal import MailSystem

/// Our server for a student's client: mailwire's own, on a port that is bound here, with the faults of the case.
struct ListeningPeer {
  private var listener: Int32
  let port: UInt16
  private var server: PracticeServer
  private var sockets: [PeerSocket] = []
  /// Pauses of the server's, by connection: when they are over.
  private var pauses: [Int: Int64] = [:]
  private var openedCount = 0
  private(set) var log: SocketLog
  /// Reads from one connection before the others have their turn, and the limits are looked at.
  private static let readCount = 8

  init(_ spoken: TrialProtocol, _ plan: PeerPlan, host: String) throws(TrialFault) {
    (listener, port) = try FreePort.listen(host)
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
    [(listener, Int16(POLLIN))]
      + sockets.filter { !$0.isOver && !$0.hasFinished }.map { ($0.file, Int16(POLLIN)) }
  }
  var nextDue: Int64? { (sockets.compactMap(\.nextDue) + pauses.values).min() }

  mutating func work(_ now: Int64) -> Bool {
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
        guard let octets = sockets[index].hear() else {
          if !sockets[index].isOver, !sockets[index].isClosing {
            // The client has closed: what was said to it goes out, and then we close, too.
            log.closed(sockets[index].number, byClient: true)
            sockets[index].closeBehind()
            happened = true
          }
          break
        }
        if octets.isEmpty { break }
        happened = true
        log.said(sockets[index].number, octets, byClient: true)
        server.receive(octets, on: sockets[index].number, at: Clock.timeOfDay)
        follow(index, now)
        if pauses[sockets[index].number] != nil { break }
      }
      for octets in sockets[index].flush(now) {
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
    while !isCrowded {
      let file = Glibc.accept(listener, nil, nil)
      guard file >= 0 else { break }
      happened = true
      openedCount += 1
      sockets.append(PeerSocket(number: openedCount, file: file))
      log.opened(openedCount)
      server.connect(openedCount, clientAddress: "127.0.0.1", at: Clock.timeOfDay)
      follow(sockets.count - 1, now)
    }
    return happened
  }
  private mutating func follow(_ index: Int, _ now: Int64) {
    for deed in server.take(sockets[index].number) {
      switch deed {
      case .send(let octets, let delay): sockets[index].say(octets, delay: delay, now: now)
      case .pause(let nanoseconds): pauses[sockets[index].number] = now + nanoseconds
      case .close: sockets[index].closeBehind()
      case .abort:
        log.broken(sockets[index].number)
        sockets[index].abort()
      }
    }
  }
  mutating func end() {
    for index in sockets.indices { sockets[index].end() }
    if listener >= 0 { close(listener) }
    listener = -1
  }
}
