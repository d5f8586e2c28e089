internal import Bytes
internal import Glibc
public import Packets

/// Stands between clients and servers, passes on what they say, and tells it as packets: a capture without permission.
///
///     let proxy = try CaptureProxy([rule])
///     try proxy.run(into: sink) { stopWasAskedFor }
///
/// The packets are made here: addresses, octets, times and the way a connection ends are real; sequence numbers, the
/// handshake's packets and acknowledgements are not.
public final class CaptureProxy {
  /// Connections at a time; further ones wait in the system's queue.
  public static let connectionCount = 256
  private static let waitMilliseconds: Int32 = 100
  /// This many empty waits in a row are silence.
  private static let silentWaitCount = 2
  private static let backlog: Int32 = 64
  /// How long no connection is taken after the system had none to give.
  private static let restNanoseconds: Int64 = 100_000_000

  /// One of the addresses at which a rule's connections are taken.
  private struct Listener {
    var socket: Int32
    var rule: Int
  }
  private let rules: [ProxyRule]
  private var listeners: [Listener] = []
  /// Each rule's server: its addresses, in the order in which they are tried.
  private var targets: [[SocketAddress]] = []
  private var connections: [(passing: ProxiedConnection, rule: Int)] = []
  private var count: UInt64 = 0
  /// No connection is taken before this moment.
  private var restsUntil: Int64 = 0
  /// Packets are IP packets without a link header.
  public var linkType: LinkType { .raw }
  /// Octets told of each packet.
  public var snapLength = PacketLimits.capturedByteCount
  /// Stop after this many packets.
  public var packetLimit = UInt64.max
  /// Stop after this many seconds.
  public var seconds: Double?
  /// Hears why a connection did not come about, in a line for a person.
  public var remark: (String) -> Void = { _ in }

  /// Listens at every rule's place, at all addresses of a name; the port 0 becomes one that the system chooses.
  public init(_ rules: [ProxyRule]) throws(LiveCaptureError) {
    self.rules = rules
    for (index, rule) in rules.enumerated() {
      let addresses = SocketAddress.resolve(rule.target.name, rule.target.port, isPassive: false)
      if addresses.isEmpty { throw .failed(reason: "\(rule.target): no such host") }
      targets.append(addresses)
      try listen(rule.listen, rule: index)
    }
  }
  deinit {
    for listener in listeners { close(listener.socket) }
    // Nobody has ended these: a FIN would make a message that was cut look whole.
    for index in connections.indices { connections[index].passing.close(isAbrupt: true) }
  }
  /// Where it listens, rule by rule.
  public var ports: [UInt16] {
    rules.indices.map { rule in
      listeners.first { $0.rule == rule }.flatMap { SocketAddress.local(of: $0.socket).host?.port } ?? 0
    }
  }
  private func listen(_ place: ProxyRule.Place, rule: Int) throws(LiveCaptureError) {
    var port = place.port
    var failure: Int32?
    let addresses = SocketAddress.resolve(place.name, place.port, isPassive: true)
    for address in addresses {
      let (socket, error) = Self.listen(at: address.with(port: port), isOneOfSeveral: addresses.count > 1)
      if error == 0 {
        listeners.append(Listener(socket: socket, rule: rule))
        port = SocketAddress.local(of: socket).host?.port ?? port
      } else if failure == nil || error != EADDRNOTAVAIL && error != EAFNOSUPPORT {
        failure = error
      }
    }
    // A name may have addresses of a family that this machine does not have.
    let isHeard = listeners.last?.rule == rule
    if let failure, !isHeard || failure != EADDRNOTAVAIL && failure != EAFNOSUPPORT {
      throw .failed(reason: "\(place): \(unsafe String(cString: strerror(failure)))")
    }
    if !isHeard { throw .failed(reason: "\(place): no such address") }
  }
  /// A socket that listens, or why there is none (errno).
  private static func listen(at address: SocketAddress, isOneOfSeveral: Bool) -> (socket: Int32, error: Int32) {
    let listener = socket(address.family, SocketAddress.streamType, 0)
    if listener < 0 { return (-1, errno) }
    var on: Int32 = 1
    _ = unsafe setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    if address.family == AF_INET6, isOneOfSeveral {
      // Where IPv4 has a socket of its own, that of IPv6 is not to take its place, too.
      _ = unsafe setsockopt(listener, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &on, socklen_t(MemoryLayout<Int32>.size))
    }
    if unsafe address.withPointer({ unsafe bind(listener, $0, $1) }) == 0, Glibc.listen(listener, backlog) == 0 {
      return (listener, 0)
    }
    let error = errno
    close(listener)
    return (-1, error)
  }

  /// Passes on and tells until `isStopped` says so, or the packets or the time are up.
  public func run(into sink: any LiveSink, isStopped: () -> Bool) throws(LiveCaptureError) {
    let end = seconds.map { WallClock.now.nanoseconds + Int64($0 * 1e9) } ?? Int64.max
    var silentWaits = 0
    var isBusy = false
    while !isStopped(), count < packetLimit, WallClock.now.nanoseconds < end {
      let before = count
      let wait = min(Int64(Self.waitMilliseconds), max(1, (end - WallClock.now.nanoseconds) / 1_000_000))
      step(isBusy ? 0 : Int32(wait), sink)
      isBusy = sink.work()
      silentWaits = count > before || isBusy ? 0 : silentWaits + 1
      if silentWaits >= Self.silentWaitCount { sink.idle() }
    }
  }
  /// Waits for something to happen, and does what follows from it.
  private func step(_ milliseconds: Int32, _ sink: any LiveSink) {
    let takesMore = connections.count < Self.connectionCount && WallClock.now.nanoseconds >= restsUntil
    var watched = listeners.map { pollfd(fd: takesMore ? $0.socket : -1, events: Int16(POLLIN), revents: 0) }
    for (connection, _) in connections {
      for side in ProxiedConnection.Side.allCases { watched.append(connection.watched(side)) }
    }
    guard unsafe poll(&watched, nfds_t(watched.count), milliseconds) > 0 else { return }
    for index in connections.indices {
      for side in ProxiedConnection.Side.allCases {
        let happened = watched[listeners.count + index * 2 + side.rawValue].revents
        if happened != 0 { connections[index].passing.handle(side, happened, now: WallClock.now) }
      }
      deliver(&connections[index].passing, rule: connections[index].rule, sink)
    }
    for (index, listener) in listeners.enumerated() where watched[index].revents != 0 { accept(listener, sink) }
    connections.removeAll { $0.passing.isOver }
  }
  private func accept(_ listener: Listener, _ sink: any LiveSink) {
    var address = SocketAddress()
    let client = unsafe address.withMutablePointer { unsafe Glibc.accept(listener.socket, $0, $1) }
    guard client >= 0 else {
      // Out of sockets: who waits is not looked at again at once.
      if errno != EAGAIN, errno != ECONNABORTED, errno != EINTR {
        restsUntil = WallClock.now.nanoseconds + Self.restNanoseconds
      }
      return
    }
    _ = fcntl(client, F_SETFL, O_NONBLOCK)
    _ = fcntl(client, F_SETFD, FD_CLOEXEC)
    guard let host = address.host else {
      close(client)
      return
    }
    var servers = targets[listener.rule]
    if connections.contains(where: { $0.passing.isServerSocket(at: host) }) {
      // It was the proxy that has connected; nobody is at the end of that.
      remark("\(rules[listener.rule].target) leads back to where the proxy listens")
      servers = []
    }
    var connection = ProxiedConnection(client: client, host, servers: servers, now: WallClock.now)
    deliver(&connection, rule: listener.rule, sink)
    if !connection.isOver { connections.append((connection, listener.rule)) }
  }
  private func deliver(_ connection: inout ProxiedConnection, rule: Int, _ sink: any LiveSink) {
    for (packet, timestamp) in connection.takePackets() where count < packetLimit {
      count += 1
      sink.receive(
        packet.span.extracting(0..<min(packet.count, snapLength)),
        PacketHeader(
          frame: UInt32(truncatingIfNeeded: count), linkType: linkType, timestamp: timestamp,
          originalByteCount: UInt32(packet.count)))
    }
    if connection.isOver, let failure = connection.failure {
      remark("cannot reach \(rules[rule].target): \(unsafe String(cString: strerror(failure)))")
    }
  }
  /// What was told until now; nothing is ever lost.
  public func statistics() -> LiveStatistics {
    var statistics = LiveStatistics()
    statistics.deliveredCount = count
    statistics.receivedCount = count
    return statistics
  }
}
