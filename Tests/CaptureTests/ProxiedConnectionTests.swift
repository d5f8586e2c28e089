import Bytes
import Glibc
import Packets
import Testing

@testable import Capture

/// A connection through the proxy, on loopback's sockets, whose server does not read.
@Suite struct ProxiedConnectionTests {
  /// A listening socket and where it is; a client that has connected to it, and the end of that connection here.
  private struct Door {
    let listener: Int32
    let address: SocketAddress

    init() throws {
      let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      let place = try #require(SocketAddress.resolve("127.0.0.1", 0, isPassive: true).first)
      try #require(unsafe place.withPointer { unsafe bind(listener, $0, $1) } == 0 && listen(listener, 4) == 0)
      self.listener = listener
      address = SocketAddress.local(of: listener)
    }
    func call() throws -> (far: Int32, near: Int32) {
      let far = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      try #require(unsafe address.withPointer { unsafe connect(far, $0, $1) } == 0)
      let near = accept(listener, nil, nil)
      _ = fcntl(near, F_SETFL, O_NONBLOCK)
      return (far, near)
    }
  }
  private static let now = Timestamp(nanoseconds: 0)

  /// Lets the connection do what it can; false when it finds no rest.
  private func settle(_ connection: inout ProxiedConnection) -> Bool {
    for _ in 0..<2_000 {
      var watched = ProxiedConnection.Side.allCases.map { connection.watched($0) }
      guard !connection.isOver, unsafe poll(&watched, 2, 20) > 0 else { return true }
      for side in ProxiedConnection.Side.allCases where watched[side.rawValue].revents != 0 {
        connection.handle(side, watched[side.rawValue].revents, now: Self.now)
      }
    }
    return false
  }
  /// Sends until so much waits for the server that the client is not read any more; returns how much that was.
  private func fill(_ client: Int32, _ connection: inout ProxiedConnection) throws -> Int {
    let octets = [UInt8](repeating: 120, count: 50_000)
    var sent = 0
    while connection.watched(.client).events != 0 {
      let count = unsafe send(client, octets, octets.count, Int32(MSG_NOSIGNAL))
      try #require(count == octets.count && settle(&connection))
      sent += count
    }
    return sent
  }
  /// A connection on which the client waits for a server that does not read.
  private func stalled() throws -> (connection: ProxiedConnection, client: Int32, server: Int32, sent: Int) {
    let (front, back) = (try Door(), try Door())
    let (client, near) = try front.call()
    let host = try #require(SocketAddress.local(of: client).host)
    var connection = ProxiedConnection(client: near, host, servers: [back.address], now: Self.now)
    let server = accept(back.listener, nil, nil)
    try #require(settle(&connection))
    let sent = try fill(client, &connection)
    close(front.listener)
    close(back.listener)
    return (connection, client, server, sent)
  }

  /// What waits for a slow reader is no reason to look at the other side again and again.
  @Test func anEndBehindMuchIsWaitedFor() throws {
    var (connection, client, server, sent) = try stalled()
    // The server is done first, so that both directions of the client's connection are closed.
    shutdown(server, Int32(SHUT_WR))
    #expect(settle(&connection))
    shutdown(client, Int32(SHUT_WR))
    #expect(settle(&connection) && !connection.isOver)
    // Now it reads: all comes through, and the end.
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    var (received, isEnded) = (0, false)
    while !isEnded {
      let count = unsafe recv(server, &chunk, chunk.count, Int32(MSG_DONTWAIT))
      received += max(0, count)
      isEnded = count == 0
      if count < 0 { try #require(settle(&connection)) }
    }
    #expect(received == sent)
    #expect(connection.isOver)
    close(client)
    close(server)
  }
  @Test func aResetBehindMuchIsPassedOn() throws {
    var (connection, client, server, _) = try stalled()
    var option = linger(l_onoff: 1, l_linger: 0)
    _ = unsafe setsockopt(client, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    close(client)
    #expect(settle(&connection) && connection.isOver)
    close(server)
  }
  /// Of several addresses the first that answers is taken; each attempt is told.
  @Test func theNextAddressIsTried() throws {
    let (front, dead, back) = (try Door(), try Door(), try Door())
    close(dead.listener)
    let (client, near) = try front.call()
    let host = try #require(SocketAddress.local(of: client).host)
    var connection = ProxiedConnection(
      client: near, host, servers: [dead.address, back.address], now: Self.now)
    #expect(settle(&connection) && !connection.isOver && connection.failure == nil)
    let server = accept(back.listener, nil, nil)
    let flags = connection.takePackets().map { $0.packet[33] }
    #expect(flags == [0x02, 0x14, 0x02, 0x12, 0x10])
    for socket in [client, server, front.listener, back.listener] { close(socket) }
    connection.close()
  }
  @Test func whyNobodyIsReachedIsKnown() throws {
    let (front, dead) = (try Door(), try Door())
    close(dead.listener)
    let (client, near) = try front.call()
    let host = try #require(SocketAddress.local(of: client).host)
    var connection = ProxiedConnection(client: near, host, servers: [dead.address, dead.address], now: Self.now)
    #expect(settle(&connection) && connection.isOver && connection.failure == ECONNREFUSED)
    close(client)
    close(front.listener)
  }
}
