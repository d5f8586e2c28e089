package import Bytes
package import Packets

/// Hosts and the TCP connections between them, in simulated time; every packet is written down as a tap in the middle
/// of the wire sees it. The same seed plays the same.
///
///     var wire = VirtualWire(seed: 1, beginning: time, conditions: WireConditions())
///     let server = wire.addHost("192.0.2.1")
///     wire.listen(server, port: 25)
///     let socket = wire.connect(from: client, to: "192.0.2.1", port: 25)
///     while let event = wire.next() { … wire.send(octets, on: socket) … }
package struct VirtualWire: Sendable {
  /// One end of a connection: 0 is who began it.
  package struct Socket: Hashable, Sendable {
    package let connection: Int
    package let end: Int
    package var peer: Socket { Socket(connection: connection, end: 1 - end) }
  }
  /// What happens to whoever uses the wire.
  package enum Event: Equatable, Sendable {
    /// Somebody connected to a port that is listened on.
    case accepted(Socket, host: Int, port: UInt16)
    case connected(Socket)
    case received(Socket, [UInt8])
    /// The peer will send no more.
    case finished(Socket)
    /// The connection was refused, broken off or lost.
    case reset(Socket)
    /// What was asked for with `wake`.
    case woke(Int)
  }
  /// A packet that passed the tap.
  package struct Packet: Equatable, Sendable {
    package var timestamp: Timestamp
    package var frame: [UInt8]
  }
  private struct Machine: Sendable {
    var address: IPAddress
    var ports: Set<UInt16> = []
    var nextPort: UInt16
    var isGone = false
  }
  private struct Connection: Sendable {
    var hosts: [Int]
    var endpoints: [Host]
    var ends: [VirtualTCP]
  }
  private enum Occurrence: Sendable {
    case arrival(Socket, VirtualSegment)
    case tap([UInt8])
    case timer(Socket)
    case wake(Int)
  }

  package private(set) var packets: [Packet] = []
  package let link: Link
  private var conditions: WireConditions
  private var random: OctetSource
  private var queue = TimeQueue<Occurrence>()
  private var events: [Event] = []
  private var firstEvent = 0
  private var machines: [Machine] = []
  private var connections: [Connection] = []
  /// Ends that were switched off with their hosts.
  private var forgotten: Set<Socket> = []
  private var now: Int64
  private var packetCount: UInt16 = 0

  package init(
    seed: UInt64, beginning: Timestamp, conditions: WireConditions = WireConditions(), link: Link = .ethernet()
  ) {
    random = .seeded(seed)
    now = beginning.nanoseconds
    self.conditions = conditions
    self.link = link
  }
  /// The simulated time.
  package var time: Timestamp { Timestamp(nanoseconds: now) }

  // MARK: Hosts

  /// Adds a host; the number names it.
  package mutating func addHost(_ address: IPAddress) -> Int {
    machines.append(Machine(address: address, nextPort: 49_152 + UInt16(draw(8_000))))
    return machines.count - 1
  }
  package func address(of host: Int) -> IPAddress { machines[host].address }
  package mutating func listen(_ host: Int, port: UInt16) { machines[host].ports.insert(port) }
  package mutating func stopListening(_ host: Int, port: UInt16) { machines[host].ports.remove(port) }
  /// The host is switched off, or on again: what was sent to it or by it is lost, and its connections are forgotten; who
  /// goes on with one hears RST when it is on again (RFC 9293 §3.5.1).
  package mutating func setGone(_ host: Int, _ isGone: Bool) {
    machines[host].isGone = isGone
    guard isGone else { return }
    for (index, connection) in connections.enumerated() {
      for end in 0..<2 where connection.hosts[end] == host { forgotten.insert(Socket(connection: index, end: end)) }
    }
  }
  package mutating func setConditions(_ conditions: WireConditions) { self.conditions = conditions }

  // MARK: Connections

  package mutating func connect(from host: Int, to address: IPAddress, port: UInt16) -> Socket {
    let own = machines[host].nextPort
    machines[host].nextPort = own == UInt16.max ? 49_152 : own + 1
    let peer = machines.firstIndex { $0.address == address } ?? -1
    connections.append(
      Connection(
        hosts: [host, peer], endpoints: [Host(machines[host].address, own), Host(address, port)],
        ends: (0..<2).map { _ in
          VirtualTCP(initialSequenceNumber: UInt32(draw(1 << 32)), segmentSize: conditions.maximumSegmentSize)
        }))
    let socket = Socket(connection: connections.count - 1, end: 0)
    update(socket) { $0.open(at: $1) }
    return socket
  }
  package func endpoint(of socket: Socket) -> Host { connections[socket.connection].endpoints[socket.end] }
  package mutating func send(_ octets: [UInt8], on socket: Socket) { update(socket) { $0.send(octets, at: $1) } }
  package mutating func close(_ socket: Socket) { update(socket) { $0.close(at: $1) } }
  package mutating func abort(_ socket: Socket) { update(socket) { tcp, _ in tcp.abort() } }
  /// Asks for the event `woke` after so many nanoseconds.
  package mutating func wake(_ token: Int, after nanoseconds: Int64) {
    queue.insert(.wake(token), at: now + max(0, nanoseconds))
  }

  // MARK: Time

  /// Lets time pass until something happens; nil when nothing will.
  package mutating func next() -> Event? {
    while true {
      if firstEvent < events.count {
        defer { firstEvent += 1 }
        return events[firstEvent]
      }
      events.removeAll(keepingCapacity: true)
      firstEvent = 0
      guard let (time, occurrence) = queue.removeFirst() else { return nil }
      now = max(now, time)
      switch occurrence {
      case .tap(let frame): packets.append(Packet(timestamp: Timestamp(nanoseconds: now), frame: frame))
      case .wake(let token): events.append(.woke(token))
      case .timer(let socket):
        if let deadline = connections[socket.connection].ends[socket.end].deadline, deadline <= now {
          update(socket) { $0.tick(at: $1) }
        }
      case .arrival(let socket, let segment): arrive(segment, at: socket)
      }
    }
  }
  private mutating func arrive(_ segment: VirtualSegment, at socket: Socket) {
    let host = connections[socket.connection].hosts[socket.end]
    guard host >= 0, !machines[host].isGone else { return }
    if forgotten.contains(socket) {
      guard !segment.flags.contains(.rst) else { return }
      return transmit(
        VirtualSegment(flags: .rst, sequenceNumber: segment.acknowledgementNumber, window: 0), from: socket)
    }
    let port = connections[socket.connection].endpoints[socket.end].port
    let isNew = segment.flags.contains(.syn) && !segment.flags.contains(.ack)
    if socket.end == 1, isNew, !machines[host].ports.contains(port) {
      // Nobody listens (RFC 9293 §3.5.2).
      return transmit(
        VirtualSegment(
          flags: [.rst, .ack], sequenceNumber: 0,
          acknowledgementNumber: segment.sequenceNumber &+ segment.sequenceLength, window: 0), from: socket)
    }
    update(socket) { $0.receive(segment, at: $1) }
  }
  /// Lets one end act, sends what it sends, and tells its news.
  private mutating func update(_ socket: Socket, _ body: (inout VirtualTCP, Int64) -> Void) {
    if forgotten.contains(socket) { return }
    body(&connections[socket.connection].ends[socket.end], now)
    for segment in connections[socket.connection].ends[socket.end].takeOutgoing() { transmit(segment, from: socket) }
    for news in connections[socket.connection].ends[socket.end].takeNews() {
      switch news {
      case .established:
        events.append(
          socket.end == 0
            ? .connected(socket)
            : .accepted(
              socket, host: connections[socket.connection].hosts[1],
              port: connections[socket.connection].endpoints[1].port))
      case .received(let octets): events.append(.received(socket, octets))
      case .finished: events.append(.finished(socket))
      case .reset: events.append(.reset(socket))
      }
    }
    if let deadline = connections[socket.connection].ends[socket.end].deadline {
      queue.insert(.timer(socket), at: deadline)
    }
  }
  private mutating func transmit(_ segment: VirtualSegment, from socket: Socket) {
    let host = connections[socket.connection].hosts[socket.end]
    if host >= 0, machines[host].isGone { return }
    let frame = frame(of: segment, from: socket)
    let isLost = draw(1000) < conditions.lostPerMille
    let isSeen = !isLost || draw(2) == 0
    let isLate = draw(1000) < conditions.reorderedPerMille
    let copies = draw(1000) < conditions.duplicatedPerMille ? 2 : 1
    for _ in 0..<copies {
      // Packets of one direction keep their order unless one is to be overtaken.
      let travel = conditions.delay + (isLate ? 2 * conditions.delay + Int64(draw(Int(max(1, conditions.jitter)))) : 0)
      let start = isLate ? now : max(now, lastDeparture[socket] ?? now) + Int64(draw(Int(max(1, conditions.jitter))))
      if !isLate { lastDeparture[socket] = start }
      if isSeen { queue.insert(.tap(frame), at: start + travel / 2) }
      if !isLost { queue.insert(.arrival(socket.peer, segment), at: start + travel) }
    }
  }
  /// When the last packet of a direction set off.
  private var lastDeparture: [Socket: Int64] = [:]

  private mutating func frame(of segment: VirtualSegment, from socket: Socket) -> [UInt8] {
    let connection = connections[socket.connection]
    let (source, destination) = (connection.endpoints[socket.end], connection.endpoints[1 - socket.end])
    let octets = PacketBuilder.tcp(
      from: source, to: destination, sequenceNumber: segment.sequenceNumber,
      acknowledgementNumber: segment.acknowledgementNumber, flags: segment.flags, window: segment.window,
      options: segment.maximumSegmentSize.map { [.maximumSegmentSize($0)] } ?? [], payload: segment.payload)
    return link.frame(PacketBuilder.ip(from: source, to: destination, octets))
  }
  /// A number below `bound`.
  private mutating func draw(_ bound: Int) -> Int {
    let word = random.take(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Int(word % UInt64(max(1, bound)))
  }
}
