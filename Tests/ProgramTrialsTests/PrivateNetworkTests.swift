import Glibc
import Testing

@testable import ProgramTrials

/// Who listens, as the kernel tells it and as /proc lists it.
@Suite struct PrivateNetworkTests {
  @Test func theKernelAndProcTellTheSameListeners() throws {
    let (file, port) = try FreePort.listen("127.0.0.1")
    defer { close(file) }
    let other = socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
    try #require(other >= 0 && listen(other, 1) == 0)
    defer { close(other) }
    for listeners in [PrivateNetwork.listeners(), PrivateNetwork.listed()] {
      #expect(listeners.contains { $0.address == "127.0.0.1" && $0.port == port })
      #expect(listeners.contains { $0.address == "[::]" && $0.port != port })
    }
  }
  /// Whoever closes first keeps the connection (RFC 9293 §3.6.1).
  @Test func aConnectionIsKeptOnTheSideThatHasClosedFirst() throws {
    let (listener, port) = try FreePort.listen("127.0.0.1")
    defer { close(listener) }
    let client = FreePort.connect("127.0.0.1", port)
    #expect(isReadable(listener))
    let server = accept(listener, nil, nil)
    try #require(client >= 0 && server >= 0)
    // The one that listens, and the one that was accepted.
    #expect(becomes(port, (kept: 0, others: 2)))
    close(server)
    #expect(isReadable(client))
    close(client)
    #expect(becomes(port, (kept: 1, others: 1)))
  }
  /// The list of a whole machine may miss a line while others open and close; a private network has few.
  private func becomes(_ port: UInt16, _ count: (kept: Int, others: Int)) -> Bool {
    (0..<5_000).lazy.contains { _ in
      if PrivateNetwork.closingCount(port) == count { return true }
      usleep(1_000)
      return false
    }
  }
  @Test func theKernelAndProcTellHowMuchIsUnread() throws {
    let (listener, port) = try FreePort.listen("127.0.0.1")
    defer { close(listener) }
    let client = FreePort.connect("127.0.0.1", port)
    #expect(isReadable(listener))
    func unread() -> [Int] {
      let near = FreePort.near(client)
      return [
        PrivateNetwork.unreadByteCount(beyond: client, near: near, far: port),
        PrivateNetwork.listedUnreadByteCount(from: near, to: port),
      ]
    }
    // What nobody has accepted has come all the same.
    let words = Array("HELO".utf8)
    #expect(unsafe send(client, words, words.count, 0) == words.count)
    #expect(unread() == [4, 4])
    let server = accept(listener, nil, nil)
    try #require(client >= 0 && server >= 0)
    var taken = [UInt8](repeating: 0, count: 3)
    #expect(unsafe recv(server, &taken, taken.count, 0) == taken.count)
    #expect(unread() == [1, 1])
    _ = unsafe recv(server, &taken, taken.count, 0)
    #expect(unread() == [0, 0])
    // Of what is not there any more nothing is unread.
    close(server)
    close(client)
    #expect(PrivateNetwork.unreadByteCount(beyond: client, near: 1, far: port) == 0)
  }
  private func isReadable(_ file: Int32) -> Bool {
    var watched = [pollfd(fd: file, events: Int16(POLLIN), revents: 0)]
    return unsafe poll(&watched, 1, 5_000) == 1
  }
  @Test func whoListensNoMoreIsNotTold() throws {
    let (file, port) = try FreePort.listen("127.0.0.1")
    close(file)
    #expect(!PrivateNetwork.listeners().contains { $0.address == "127.0.0.1" && $0.port == port })
  }
}
