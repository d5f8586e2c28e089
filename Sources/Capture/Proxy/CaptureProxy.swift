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

  private struct Listener {
    var socket: Int32
    var target: SocketAddress
    var targetHost: Host
  }
  private var listeners: [Listener] = []
  private var connections: [ProxiedConnection] = []
  private var count: UInt64 = 0
  /// Packets are IP packets without a link header.
  public var linkType: LinkType { .raw }
  /// Stop after this many packets.
  public var packetLimit = UInt64.max
  /// Stop after this many seconds.
  public var seconds: Double?

  /// Listens at every rule's place; the port 0 becomes one that the system chooses.
  public init(_ rules: [ProxyRule]) throws(LiveCaptureError) {
    for rule in rules {
      guard let target = SocketAddress.resolve(rule.target.name, rule.target.port, isPassive: false),
        let targetHost = target.host
      else { throw .failed(reason: "\(rule.target): no such host") }
      listeners.append(
        Listener(socket: try Self.listen(rule.listen), target: target, targetHost: targetHost))
    }
  }
  deinit {
    for listener in listeners { close(listener.socket) }
    for index in connections.indices { connections[index].close() }
  }
  /// Where it listens, port by port.
  public var ports: [UInt16] {
    listeners.map { listener in
      var address = SocketAddress()
      _ = unsafe address.withMutablePointer { unsafe getsockname(listener.socket, $0, $1) }
      return address.host?.port ?? 0
    }
  }
  private static func listen(_ place: ProxyRule.Place) throws(LiveCaptureError) -> Int32 {
    guard let address = SocketAddress.resolve(place.name, place.port, isPassive: true) else {
      throw .failed(reason: "\(place): no such address")
    }
    let listener = socket(address.family, Int32(SOCK_STREAM.rawValue) | flags, 0)
    var on: Int32 = 1
    _ = unsafe setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    let isBound = unsafe address.withPointer { unsafe bind(listener, $0, $1) } == 0
    guard listener >= 0, isBound, Glibc.listen(listener, backlog) == 0 else {
      let reason = unsafe String(cString: strerror(errno))
      if listener >= 0 { close(listener) }
      throw .failed(reason: "\(place): \(reason)")
    }
    return listener
  }
  private static var flags: Int32 { Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue) }

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
    var watched: [pollfd] = []
    let isFull = connections.count >= Self.connectionCount
    for listener in listeners {
      watched.append(pollfd(fd: isFull ? -1 : listener.socket, events: Int16(POLLIN), revents: 0))
    }
    for connection in connections {
      for side in ProxiedConnection.Side.allCases {
        watched.append(pollfd(fd: connection.socket(side), events: connection.events(side), revents: 0))
      }
    }
    guard unsafe poll(&watched, nfds_t(watched.count), milliseconds) > 0 else { return }
    for index in connections.indices {
      for side in ProxiedConnection.Side.allCases {
        let happened = watched[listeners.count + index * 2 + side.rawValue].revents
        if happened != 0 { connections[index].handle(side, happened, now: WallClock.now) }
      }
      deliver(&connections[index], sink)
    }
    for (index, listener) in listeners.enumerated() where watched[index].revents != 0 { accept(listener, sink) }
    connections.removeAll { $0.isOver }
  }
  private func accept(_ listener: Listener, _ sink: any LiveSink) {
    var address = SocketAddress()
    let client = unsafe address.withMutablePointer { unsafe Glibc.accept(listener.socket, $0, $1) }
    guard client >= 0 else { return }
    _ = fcntl(client, F_SETFL, O_NONBLOCK)
    _ = fcntl(client, F_SETFD, FD_CLOEXEC)
    let server = socket(listener.target.family, Int32(SOCK_STREAM.rawValue) | Self.flags, 0)
    guard server >= 0, let host = address.host else {
      close(client)
      return
    }
    for socket in [client, server] {
      // What one side sends at once is passed on at once.
      var on: Int32 = 1
      _ = unsafe setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }
    var connection = ProxiedConnection(
      client: client, host, server: server, listener.targetHost, now: WallClock.now)
    let isUnderWay = unsafe listener.target.withPointer { unsafe connect(server, $0, $1) } == 0 || errno == EINPROGRESS
    if !isUnderWay { connection.fail(errno, now: WallClock.now) }
    deliver(&connection, sink)
    if !connection.isOver { connections.append(connection) }
  }
  private func deliver(_ connection: inout ProxiedConnection, _ sink: any LiveSink) {
    for (packet, timestamp) in connection.takePackets() where count < packetLimit {
      count += 1
      sink.receive(
        packet.span,
        PacketHeader(
          frame: UInt32(truncatingIfNeeded: count), linkType: linkType, timestamp: timestamp,
          originalByteCount: UInt32(packet.count)))
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
