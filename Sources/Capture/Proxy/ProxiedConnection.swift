internal import Bytes
internal import Glibc
internal import Packets

/// One connection through the proxy: two sockets, what waits to be passed on, and the packets that it is told in.
///
///                 accepted                  connected
///     connecting ─────────▶ (SYN)  ─────────────────────▶ open (SYN-ACK, ACK)
///      ▲  │ refused (RST)                                    │ a side ends: FIN, passed on when all before it is
///      │  ▼                                                  ▼ a side breaks off: RST, passed on at once
///   the server's next address; without one: over            over
struct ProxiedConnection {
  typealias Side = SynthesisedConnection.Side

  /// One side's socket, and what is to be written to it.
  private struct End {
    let socket: Int32
    var pending: [UInt8] = []
    /// Both its directions are closed, of which the system reminds without end; what is left of it is still read.
    var hasHungUp = false
    /// It has sent FIN.
    var hasFinished = false
    /// The other's FIN was passed on to it.
    var wasToldTheEnd = false
  }
  /// Octets that may wait for a slow reader before the other side is no longer read.
  private static let pendingByteCount = 1 << 18
  private static let readByteCount = 1 << 15
  /// Reads in a row before the other connections have their turn.
  private static let readCount = 16

  private let clientHost: Host
  /// Where the server may be, too, when the address that is tried now is the wrong one.
  private var servers: ArraySlice<SocketAddress>
  private var ends: [End]
  private var wire: SynthesisedConnection
  private var isConnected = false
  private(set) var isOver = false
  /// Why no server was reached (errno), if that is so.
  private(set) var failure: Int32?
  /// Packets made since they were taken last, each with its moment.
  private(set) var packets: [(packet: [UInt8], timestamp: Timestamp)] = []

  /// Connects to the first of `servers` that can be reached, without waiting.
  init(client: Int32, _ clientHost: Host, servers: [SocketAddress], now: Timestamp) {
    self.clientHost = clientHost
    self.servers = servers[...]
    ends = [End(socket: client), End(socket: -1)]
    wire = SynthesisedConnection(client: clientHost, server: clientHost, clientISN: 0, serverISN: 0)
    Self.sendAtOnce(client)
    connectToNext(now: now)
  }
  private mutating func connectToNext(now: Timestamp) {
    while let address = servers.popFirst() {
      let server = Glibc.socket(address.family, SocketAddress.streamType, 0)
      guard server >= 0, let serverHost = address.host else {
        failure = errno
        continue
      }
      Self.sendAtOnce(server)
      ends[1] = End(socket: server)
      wire = SynthesisedConnection(
        client: clientHost, server: serverHost, clientISN: UInt32.random(in: 0...UInt32.max),
        serverISN: UInt32.random(in: 0...UInt32.max))
      packets.append((wire.synchronize(), now))
      if unsafe address.withPointer({ unsafe connect(server, $0, $1) }) == 0 || errno == EINPROGRESS { return }
      miss(errno, now: now)
    }
    close(isAbrupt: true)
  }
  /// What one side sends at once is passed on at once.
  private static func sendAtOnce(_ socket: Int32) {
    var on: Int32 = 1
    _ = unsafe setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
  }
  mutating func takePackets() -> [(packet: [UInt8], timestamp: Timestamp)] {
    defer { packets.removeAll(keepingCapacity: true) }
    return packets
  }
  func socket(_ side: Side) -> Int32 { ends[side.rawValue].socket }

  /// Whether `host` is where the proxy itself has connected from.
  func isServerSocket(at host: Host) -> Bool {
    ends[1].socket >= 0 && SocketAddress.local(of: ends[1].socket).host == host
  }
  /// What poll is to watch of a side.
  func watched(_ side: Side) -> pollfd {
    let events = events(side)
    let end = ends[side.rawValue]
    return pollfd(fd: events == 0 && end.hasHungUp ? -1 : end.socket, events: events, revents: 0)
  }
  /// What is awaited of a side: poll's events.
  private func events(_ side: Side) -> Int16 {
    if !isConnected { return side == .server ? Int16(POLLOUT) : 0 }
    let end = ends[side.rawValue]
    var events: Int32 = 0
    if !end.hasFinished, !isFull(side.other) { events |= POLLIN }
    if !end.pending.isEmpty { events |= POLLOUT }
    return Int16(events)
  }
  /// Whether so much waits for `side` that the other is not read.
  private func isFull(_ side: Side) -> Bool { ends[side.rawValue].pending.count >= Self.pendingByteCount }

  /// Something of what was awaited has happened to `side`.
  mutating func handle(_ side: Side, _ happened: Int16, now: Timestamp) {
    if isOver { return }
    if !isConnected { return handleConnecting(side, now: now) }
    if happened & Int16(POLLHUP) != 0 { ends[side.rawValue].hasHungUp = true }
    if ends[side.rawValue].hasFinished || isFull(side.other) {
      if happened & Int16(POLLERR) != 0 { return breakOff(by: side, now: now) }
    } else if happened & Int16(POLLIN | POLLHUP | POLLERR) != 0 {
      receive(from: side, now: now)
    }
    if !isOver, !ends[side.rawValue].pending.isEmpty { pass(to: side, now: now) }
  }
  /// Ends both sides; nothing of it is told.
  mutating func close(isAbrupt: Bool = false) {
    for end in ends where end.socket >= 0 {
      if isAbrupt {
        // Without lingering the system sends RST.
        var option = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(end.socket, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
      }
      Glibc.close(end.socket)
    }
    isOver = true
  }

  /// The server cannot be reached at this address.
  private mutating func miss(_ error: Int32, now: Timestamp) {
    if error == ECONNREFUSED || error == ECONNRESET { packets.append((wire.reset(from: .server), now)) }
    failure = error
    Glibc.close(ends[1].socket)
    ends[1] = End(socket: -1)
  }
  private mutating func handleConnecting(_ side: Side, now: Timestamp) {
    // The client has gone before the server answered.
    if side == .client {
      failure = nil
      return breakOff(by: .client, now: now)
    }
    var error: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    _ = unsafe getsockopt(ends[1].socket, SOL_SOCKET, SO_ERROR, &error, &length)
    if error != 0 {
      miss(error, now: now)
      return connectToNext(now: now)
    }
    isConnected = true
    failure = nil
    packets.append((wire.synchronizeAcknowledge(), now))
    packets.append((wire.acknowledge(by: .client), now))
  }
  /// Reads what is there, to the end if that is there, too: who ends first is told by that.
  private mutating func receive(from side: Side, now: Timestamp) {
    var octets = [UInt8](repeating: 0, count: Self.readByteCount)
    for _ in 0..<Self.readCount {
      if isOver || ends[side.rawValue].hasFinished { return }
      if isFull(side.other) { return }
      let count = unsafe octets.withUnsafeMutableBytes {
        unsafe recv(ends[side.rawValue].socket, $0.baseAddress, $0.count, 0)
      }
      if count > 0 {
        let said = Array(octets[..<count])
        for packet in wire.say(said, from: side) { packets.append((packet, now)) }
        ends[side.other.rawValue].pending += said
        pass(to: side.other, now: now)
      } else if count == 0 {
        ends[side.rawValue].hasFinished = true
        packets.append((wire.finish(from: side), now))
        pass(to: side.other, now: now)
      } else if errno == EAGAIN {
        return
      } else if errno != EINTR {
        breakOff(by: side, now: now)
      }
    }
  }
  /// Writes what waits for `side`; what it has taken it is told to have acknowledged.
  private mutating func pass(to side: Side, now: Timestamp) {
    let count = ends[side.rawValue].pending.count
    while !ends[side.rawValue].pending.isEmpty {
      let written = unsafe ends[side.rawValue].pending.withUnsafeBytes {
        unsafe send(ends[side.rawValue].socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if written < 0 {
        if errno == EINTR { continue }
        if errno == EAGAIN { return }
        return breakOff(by: side, now: now)
      }
      ends[side.rawValue].pending.removeFirst(written)
    }
    let other = ends[side.other.rawValue]
    let passesEnd = other.hasFinished && !ends[side.rawValue].wasToldTheEnd
    if count > 0 || passesEnd { packets.append((wire.acknowledge(by: side), now)) }
    guard passesEnd else { return }
    ends[side.rawValue].wasToldTheEnd = true
    shutdown(ends[side.rawValue].socket, Int32(SHUT_WR))
    if ends[side.rawValue].hasFinished, other.pending.isEmpty { close() }
  }
  /// `side` has sent RST: the other is told so at once.
  private mutating func breakOff(by side: Side, now: Timestamp) {
    packets.append((wire.reset(from: side), now))
    close(isAbrupt: true)
  }
}
