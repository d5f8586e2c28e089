internal import Glibc
internal import Grading

/// Stands between the student's client and the student's server where libpcap is not permitted: it brings over what each says,
/// octet for octet, and logs it as if they were connected.
///
///     client ─ port ─ ForwardingPeer ─ serverPort ─ server
struct ForwardingPeer {
  private struct Pair {
    let number: Int
    var client: PeerSocket
    var server: PeerSocket
  }
  private var listener: Int32
  /// Where the client is to connect.
  let port: UInt16
  private let host: String
  private let serverPort: UInt16
  private var pairs: [Pair] = []
  private(set) var log: SocketLog
  /// Reads from one side before the others have their turn.
  private static let readCount = 8

  init(host: String, serverPort: UInt16) throws(TrialFault) {
    (listener, port) = try FreePort.listen(host)
    self.host = host
    self.serverPort = serverPort
    log = SocketLog(serverPort: serverPort)
  }
  var isFlooded: Bool {
    pairs.reduce(0) { $0 + $1.client.heardByteCount + $1.server.heardByteCount } > TrialLimits.trafficByteCount
  }
  var isCrowded: Bool { pairs.count > TrialLimits.openedConnectionCount }
  var watched: [(file: Int32, events: Int16)] {
    [(listener, Int16(POLLIN))]
      + pairs.flatMap { [$0.client, $0.server] }.filter { !$0.isOver && !$0.hasFinished }
      .map { ($0.file, Int16(POLLIN)) }
  }

  /// Brings over what has come; returns whether that was anything.
  mutating func work() -> Bool {
    var happened = accept()
    for index in pairs.indices {
      var pair = pairs[index]
      let wasClients = forward(pair.number, from: &pair.client, to: &pair.server, isClients: true)
      let wasServers = forward(pair.number, from: &pair.server, to: &pair.client, isClients: false)
      pairs[index] = pair
      if wasClients || wasServers { happened = true }
    }
    return happened
  }
  private mutating func accept() -> Bool {
    var happened = false
    while !isCrowded {
      let file = Glibc.accept(listener, nil, nil)
      guard file >= 0 else { break }
      happened = true
      let number = pairs.count + 1
      let far = FreePort.connect(host, serverPort)
      guard far >= 0 else {
        close(file)
        continue
      }
      let client = PeerSocket(number: number, file: file)
      log.opened(number, clientPort: client.farPort)
      pairs.append(
        Pair(
          number: number, client: client, server: PeerSocket(number: number, file: far, farPort: serverPort)))
    }
    return happened
  }
  private mutating func forward(
    _ number: Int, from: inout PeerSocket, to: inout PeerSocket, isClients: Bool
  ) -> Bool {
    var happened = false
    for _ in 0..<Self.readCount where !from.isOver && !from.hasFinished {
      guard let octets = from.hear() else {
        happened = true
        log.ended(number, byClient: isClients, failure: from.failure)
        if from.failure == nil { to.closeBehind() } else { to.abort() }
        break
      }
      if octets.isEmpty { break }
      happened = true
      log.said(number, octets, byClient: isClients)
      to.say(octets, delay: 0, now: 0)
    }
    _ = to.flush(nil)
    return happened
  }
  mutating func end() {
    for index in pairs.indices {
      pairs[index].client.end()
      pairs[index].server.end()
    }
    if listener >= 0 { close(listener) }
    listener = -1
  }
}
