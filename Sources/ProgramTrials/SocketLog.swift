internal import Bytes
internal import Capture
internal import Glibc
internal import Packets

/// What our own sockets heard and said, as packets: the capture where libpcap is not permitted. It shows no connection that
/// went elsewhere.
struct SocketLog {
  struct Event {
    /// Of the connection.
    var number: Int
    var timestamp: Timestamp
    var packets: [[UInt8]]
  }
  private(set) var events: [Event] = []
  private var connections: [Int: SynthesisedConnection] = [:]
  private let serverPort: UInt16
  private var finished: [Int: Set<Bool>] = [:]

  init(serverPort: UInt16) { self.serverPort = serverPort }

  private mutating func note(_ number: Int, _ packets: [[UInt8]]) {
    events.append(Event(number: number, timestamp: Clock.timeOfDay, packets: packets))
  }

  /// A connection was opened; `clientPort` where it is known.
  mutating func opened(_ number: Int, clientPort: UInt16? = nil) {
    guard let address = IPAddress(octets: [127, 0, 0, 1]) else { return }
    var connection = SynthesisedConnection(
      client: Host(address, clientPort ?? UInt16(truncatingIfNeeded: 40_000 + number)),
      server: Host(address, serverPort),
      clientISN: 1_000,
      serverISN: 9_000)
    note(number, [connection.synchronize(), connection.synchronizeAcknowledge(), connection.acknowledge(by: .client)])
    connections[number] = connection
  }
  /// A connection that was taken for open was refused: nobody listens there (RFC 9293 §3.5.2).
  private mutating func refused(_ number: Int) {
    connections[number] = nil
    events.removeAll { $0.number == number }
    guard let address = IPAddress(octets: [127, 0, 0, 1]) else { return }
    var connection = SynthesisedConnection(
      client: Host(address, UInt16(truncatingIfNeeded: 40_000 + number)), server: Host(address, serverPort),
      clientISN: 1_000, serverISN: 0)
    note(number, [connection.synchronize(), connection.reset(from: .server)])
  }
  mutating func said(_ number: Int, _ octets: [UInt8], byClient: Bool) {
    guard var connection = connections[number] else { return }
    let side: SynthesisedConnection.Side = byClient ? .client : .server
    note(number, connection.say(octets, from: side) + [connection.acknowledge(by: side.other)])
    connections[number] = connection
  }
  mutating func closed(_ number: Int, byClient: Bool) {
    guard var connection = connections[number], finished[number, default: []].insert(byClient).inserted else { return }
    let side: SynthesisedConnection.Side = byClient ? .client : .server
    note(number, [connection.finish(from: side), connection.acknowledge(by: side.other)])
    connections[number] = connection
  }
  mutating func broken(_ number: Int, byClient: Bool) {
    guard var connection = connections[number] else { return }
    note(number, [connection.reset(from: byClient ? .client : .server)])
    connections[number] = nil
  }
  /// The other side will say nothing more; `failure` is the system's number of the error, where there was one.
  mutating func ended(_ number: Int, byClient: Bool, failure: Int32?) {
    switch failure {
    case ECONNREFUSED: refused(number)
    case nil: closed(number, byClient: byClient)
    default: broken(number, byClient: byClient)
    }
  }
}
