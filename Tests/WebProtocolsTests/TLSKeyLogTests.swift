import Bytes
import Testing

@testable import WebProtocols

/// The lines of a key log (RFC 9850 §2).
@Suite struct TLSKeyLogTests {
  private static let random = String(repeating: "0a", count: 32)
  private func log(_ text: String) -> TLSKeyLog {
    var log = TLSKeyLog()
    log.add(Array(text.utf8).span)
    log.finishLine()
    return log
  }
  private func secrets(_ text: String) -> TLSKeyLog.Secrets? {
    log(text).secrets(of: Array(repeating: 10, count: 32))
  }

  @Test func everyLabelIsKept() throws {
    let found = try #require(
      secrets(
        """
        # made by nobody
        CLIENT_RANDOM \(Self.random) 01

        CLIENT_HANDSHAKE_TRAFFIC_SECRET \(Self.random) 02\r
        SERVER_HANDSHAKE_TRAFFIC_SECRET \(Self.random.uppercased()) 03
        CLIENT_TRAFFIC_SECRET_0 \(Self.random) aBcD
        SERVER_TRAFFIC_SECRET_0 \(Self.random) 05
        """))
    #expect(found.master == [1])
    #expect(found.handshake.client == [2] && found.handshake.server == [3])
    #expect(found.traffic.client == [0xab, 0xcd] && found.traffic.server == [5])
  }
  @Test(arguments: [
    "", "CLIENT_RANDOM", "CLIENT_RANDOM 0a 01", "CLIENT_RANDOM \(random) ", "CLIENT_RANDOM \(random) 0",
    "CLIENT_RANDOM \(random) 0g", "CLIENT_RANDOM \(random)0a 01", "CLIENT_RANDOM \(random) 01 02",
    "EXPORTER_SECRET \(random) 01", "#CLIENT_RANDOM \(random) 01", "client_random \(random) 01",
    "CLIENT_RANDOM \(random) " + String(repeating: "01", count: 400),
  ])
  func whatIsNoSecretIsPassedOver(_ line: String) {
    #expect(log(line + "\n").count == 0)
    // And takes nothing else with it.
    #expect(log(line + "\nCLIENT_RANDOM \(Self.random) 01\n").count == 1)
  }
  /// The latest connections are those that somebody looks at.
  @Test func theOldestAreForgottenFirst() {
    var log = TLSKeyLog(connectionCount: 4)
    for number in 10..<30 {
      log.add(Array("CLIENT_RANDOM \(String(repeating: "\(number)", count: 32)) 01\n".utf8).span)
    }
    func isKnown(_ number: Int) -> Bool {
      log.secrets(of: Array(repeating: UInt8("\(number)", radix: 16) ?? 0, count: 32)) != nil
    }
    #expect((26..<30).allSatisfy(isKnown) && !isKnown(10) && log.count <= 8)
  }
  @Test func aMarkBeforeTheTextIsNone() {
    #expect(log("\u{FEFF}CLIENT_RANDOM \(Self.random) 01\n").count == 1)
  }
  /// A log that is being written may end anywhere; a line counts when it is whole.
  @Test func linesMayComeInPieces() {
    let text = Array("CLIENT_RANDOM \(Self.random) 0102\nCLIENT_TRAFFIC_SECRET_0 \(Self.random) 0304\n".utf8)
    for cut in 0...text.count {
      var log = TLSKeyLog()
      log.add(text.span.extracting(0..<cut))
      #expect(log.count == (cut > text.firstIndex(of: 10) ?? 0 ? 1 : 0))
      log.add(text.span.extracting(cut...))
      let found = log.secrets(of: Array(repeating: 10, count: 32))
      #expect(found?.master == [1, 2] && found?.traffic.client == [3, 4])
    }
  }
}
