import Bytes
import Packets
import TestSupport
import Testing

@testable import Capture

@Suite struct SynthesisedConnectionTests {
  private static let client = Host("192.0.2.2", 40_000)
  private static let server = Host("192.0.2.1", 25)

  /// What the decoder makes of the packets.
  private func segments(_ packets: [[UInt8]]) -> [TCPSegment] {
    var decoder = FrameDecoder(sink: Segments())
    for (index, packet) in packets.enumerated() {
      decoder.receive(
        packet.span,
        PacketHeader(
          frame: UInt32(index + 1), linkType: .raw, timestamp: Timestamp(nanoseconds: 0),
          originalByteCount: UInt32(packet.count)))
    }
    return decoder.sink.all
  }
  private struct Segments: SegmentSink {
    var all: [TCPSegment] = []
    mutating func receive(_ segment: borrowing TCPSegment, payload: Span<UInt8>) { all.append(copy segment) }
    mutating func note(_ irregularity: Irregularity, frame: UInt32, at timestamp: Timestamp) {}
    mutating func idle() {}
  }

  @Test(arguments: [0, UInt32.max - 2])
  func numbersFollowOneAnother(_ isn: UInt32) {
    var connection = SynthesisedConnection(client: Self.client, server: Self.server, clientISN: isn, serverISN: 9_000)
    var packets = [connection.synchronize(), connection.synchronizeAcknowledge(), connection.acknowledge(by: .client)]
    packets += connection.say(Array("220 hello\r\n".utf8), from: .server)
    packets.append(connection.acknowledge(by: .client))
    packets += connection.say(Array("QUIT\r\n".utf8), from: .client)
    packets.append(connection.acknowledge(by: .server))
    packets.append(connection.finish(from: .server))
    packets.append(connection.acknowledge(by: .client))
    packets.append(connection.finish(from: .client))
    packets.append(connection.acknowledge(by: .server))
    let segments = segments(packets)
    #expect(segments.count == packets.count)
    #expect(segments.map(\.flags) == [0x02, 0x12, 0x10, 0x18, 0x10, 0x18, 0x10, 0x11, 0x10, 0x11, 0x10])
    #expect(segments[3].sequenceNumber == 9_001 && segments[4].acknowledgementNumber == 9_012)
    #expect(segments[5].sequenceNumber == isn &+ 1 && segments[6].acknowledgementNumber == isn &+ 7)
    #expect(segments[8].acknowledgementNumber == 9_013 && segments[10].acknowledgementNumber == isn &+ 8)
  }
  @Test func longOctetsTakeSeveralSegments() {
    var connection = SynthesisedConnection(client: Self.client, server: Self.server, clientISN: 1, serverISN: 1)
    let packets = connection.say([UInt8](repeating: 65, count: 200_000), from: .client)
    #expect(packets.count == 4 && packets.allSatisfy { $0.count <= 65_535 })
    #expect(segments(packets).last?.sequenceNumber == UInt32(1 + 3 * 65_495))
  }
  @Test func twoFamiliesBecomeIPv6() {
    var connection = SynthesisedConnection(
      client: Self.client, server: Host("2001:db8::1", 25), clientISN: 1, serverISN: 1)
    let endpoints = segments([connection.synchronize()]).first.map { [$0.key.endpoint(0), $0.key.endpoint(1)] } ?? []
    #expect(Set(endpoints.map(\.addressText)) == ["2001:db8::1", "::ffff:192.0.2.2"])
  }
  @Test func aResetEndsIt() {
    var connection = SynthesisedConnection(client: Self.client, server: Self.server, clientISN: 7, serverISN: 9)
    let segments = segments([connection.synchronize(), connection.reset(from: .server)])
    #expect(segments[1].isReset && segments[1].acknowledgementNumber == 8)
  }
}

@Suite struct ProxyRuleTests {
  @Test(arguments: [
    ("127.0.0.1:2525=127.0.0.1:25", "127.0.0.1:2525", "127.0.0.1:25"),
    ("[::1]:2525=[2001:db8::1]:25", "[::1]:2525", "[2001:db8::1]:25"),
    ("2525=mail.example.org:25", "127.0.0.1:2525", "mail.example.org:25"),
    ("localhost:0=mail.example.org:143", "localhost:0", "mail.example.org:143"),
  ])
  func areRead(_ text: String, _ listen: String, _ target: String) throws {
    let rule = try #require(ProxyRule(text))
    #expect("\(rule.listen)" == listen && "\(rule.target)" == target)
  }
  @Test(arguments: [
    "", "=", "2525", "2525=", "2525=25", "=mail:25", "2525=mail:0", "2525=mail:99999", "::1:25=mail:25", "x:25=x:25",
    "2525=:25",
  ])
  func areRefused(_ text: String) { #expect(ProxyRule(text) == nil) }
}
