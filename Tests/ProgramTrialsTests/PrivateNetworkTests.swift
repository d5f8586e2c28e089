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
  @Test func whoListensNoMoreIsNotTold() throws {
    let (file, port) = try FreePort.listen("127.0.0.1")
    close(file)
    #expect(!PrivateNetwork.listeners().contains { $0.address == "127.0.0.1" && $0.port == port })
  }
}
