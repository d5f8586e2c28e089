internal import Bytes
internal import Glibc
internal import Packets

/// One connection through the proxy: two sockets, what waits to be passed on, and the packets that it is told in.
///
///                 accepted                  connected
///     connecting ─────────▶ (SYN)  ─────────────────────▶ open (SYN-ACK, ACK)
///         │ refused                                          │ a side ends: FIN, passed on when all before it is
///         ▼                                                  ▼ a side breaks off: RST, passed on at once
///       over (RST)                                          over
struct ProxiedConnection {
  typealias Side = SynthesisedConnection.Side

  /// One side's socket, and what is to be written to it.
  private struct End {
    let socket: Int32
    var pending: [UInt8] = []
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

  private var ends: [End]
  private var wire: SynthesisedConnection
  private var isConnected = false
  private(set) var isOver = false
  /// Packets made since they were taken last, each with its moment.
  private(set) var packets: [(packet: [UInt8], timestamp: Timestamp)] = []

  /// `server` is connecting, without waiting.
  init(client: Int32, _ clientHost: Host, server: Int32, _ serverHost: Host, now: Timestamp) {
    ends = [End(socket: client), End(socket: server)]
    wire = SynthesisedConnection(
      client: clientHost, server: serverHost, clientISN: UInt32.random(in: 0...UInt32.max),
      serverISN: UInt32.random(in: 0...UInt32.max))
    packets.append((wire.synchronize(), now))
  }
  mutating func takePackets() -> [(packet: [UInt8], timestamp: Timestamp)] {
    defer { packets.removeAll(keepingCapacity: true) }
    return packets
  }
  func socket(_ side: Side) -> Int32 { ends[side.rawValue].socket }

  /// What is awaited of a side: poll's events.
  func events(_ side: Side) -> Int16 {
    if !isConnected { return side == .server ? Int16(POLLOUT) : 0 }
    let end = ends[side.rawValue]
    var events: Int32 = 0
    if !end.hasFinished, ends[side.other.rawValue].pending.count < Self.pendingByteCount { events |= POLLIN }
    if !end.pending.isEmpty { events |= POLLOUT }
    return Int16(events)
  }
  /// Something of what was awaited has happened to `side`.
  mutating func handle(_ side: Side, _ happened: Int16, now: Timestamp) {
    if isOver { return }
    if !isConnected { return handleConnecting(side, now: now) }
    if ends[side.rawValue].hasFinished {
      if happened & Int16(POLLERR) != 0 { return breakOff(by: side, now: now) }
    } else if happened & Int16(POLLIN | POLLHUP | POLLERR) != 0 {
      receive(from: side, now: now)
    }
    if !isOver, !ends[side.rawValue].pending.isEmpty { pass(to: side, now: now) }
  }
  /// Ends both sides; nothing of it is told.
  mutating func close(isAbrupt: Bool = false) {
    for end in ends {
      if isAbrupt {
        // Without lingering the system sends RST.
        var option = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(end.socket, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
      }
      Glibc.close(end.socket)
    }
    isOver = true
  }

  /// The server cannot be reached: the client is told so, as the system would.
  mutating func fail(_ error: Int32, now: Timestamp) {
    if error == ECONNREFUSED || error == ECONNRESET { packets.append((wire.reset(from: .server), now)) }
    close(isAbrupt: true)
  }
  private mutating func handleConnecting(_ side: Side, now: Timestamp) {
    var error: Int32 = 0
    if side == .server {
      var length = socklen_t(MemoryLayout<Int32>.size)
      _ = unsafe getsockopt(ends[1].socket, SOL_SOCKET, SO_ERROR, &error, &length)
    } else {
      // The client has gone before the server answered.
      error = ECANCELED
      packets.append((wire.reset(from: .client), now))
    }
    if error != 0 { return fail(error, now: now) }
    isConnected = true
    packets.append((wire.synchronizeAcknowledge(), now))
    packets.append((wire.acknowledge(by: .client), now))
  }
  /// Reads what is there, to the end if that is there, too: who ends first is told by that.
  private mutating func receive(from side: Side, now: Timestamp) {
    var octets = [UInt8](repeating: 0, count: Self.readByteCount)
    for _ in 0..<Self.readCount {
      if isOver || ends[side.rawValue].hasFinished { return }
      if ends[side.other.rawValue].pending.count >= Self.pendingByteCount { return }
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
