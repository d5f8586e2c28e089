import TestSupport
import Testing

@testable import Dialogues

/// Where HTTP ends before the connection does (RFC 9110 §7.8, §9.3.6), and bodies that are not brought out whole.
@Suite struct HTTPTunnelTests {
  private static let webSocket = Script(
    "101", port: 80,
    [
      client("GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"),
      server("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"),
      client("\u{1}\u{5}hello\r\nhello\r\n"), server("\u{1}\u{5}hello\r\n"),
    ])
  private static let connect = Script(
    "CONNECT", port: 3128,
    [
      client("CONNECT mx.example:25 HTTP/1.1\r\nHost: mx.example:25\r\n\r\n"),
      server("HTTP/1.1 200 Connection established\r\n\r\n"), server("220 mx.example ESMTP\r\n"),
      client("AUTH PLAIN AGJvYgBnZWhlaW0=\r\n"), server("235 ok\r\n"),
    ])

  @Test(arguments: [webSocket, connect]) func whatFollowsIsNoHTTP(_ script: Script) throws {
    for cut in [lines, { $0.map { [$0] } }] {
      let conversation = try #require(try conversations(script.dialogue(cut)).first)
      #expect(conversation.anomalies.map(\.name) == ["tunnel"])
      #expect(conversation.messages.count == 2)
      #expect(conversation.exchanges?.count == 1)
      #expect(try !masked(script.dialogue(cut)).contains("AGJvYgBnZWhlaW0="))
    }
  }
  @Test func aRefusedTunnelIsNone() throws {
    let script = Script(
      "refused", port: 3128,
      [
        client("CONNECT mx.example:25 HTTP/1.1\r\n\r\n"), server("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"),
        client("GET http://x/ HTTP/1.1\r\n\r\n"), server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
      ])
    let conversation = try #require(try conversations(script.dialogue(lines)).first)
    #expect(conversation.anomalies.isEmpty && conversation.messages.count == 4)
  }

  private func answer(_ body: [UInt8]) throws -> Conversation {
    let head =
      "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: text/html\r\nContent-Length: \(body.count)\r\n\r\n"
    let script = Script(
      "gzip", port: 80,
      turns: [
        Script.Turn(isFromClient: true, octets: Array("GET / HTTP/1.1\r\n\r\n".utf8)),
        Script.Turn(isFromClient: false, octets: Array(head.utf8) + body),
      ])
    let pieces: ([UInt8]) -> [[UInt8]] = { octets in
      stride(from: 0, to: octets.count, by: 1_400).map { Array(octets[$0..<min($0 + 1_400, octets.count)]) }
    }
    return try #require(try conversations(script.dialogue(pieces)).first)
  }
  @Test func anEndlessExpansionIsCutAndSaid() throws {
    let conversation = try answer(Self.zeros(more: DialogueLimits.inflatedByteCount))
    let response = try #require(conversation.messages.last)
    #expect(response.byteCount >= DialogueLimits.inflatedByteCount)
    #expect(!response.isComplete && response.gapByteCount == 0)
    #expect(conversation.anomalies.map(\.name) == ["too-large-expansion"])
  }
  @Test func aBrokenCompressionIsSaid() throws {
    var body = Wrapping.gzip.stored(Array("what is it?".utf8))
    body[15] ^= 0xFF
    let conversation = try answer(body)
    #expect(conversation.messages.last?.isComplete == false && conversation.messages.last?.gapByteCount == 0)
    #expect(conversation.anomalies.map(\.name) == ["malformed-body"])
  }
  /// A gzip stream of NULs, more than `count`, without an end: a literal and then nothing but "258 octets from 1 octet
  /// before", thirteen bits each (RFC 1951 §3.2.6).
  private static func zeros(more count: Int) -> [UInt8] {
    var bits: [UInt8] = [0, 1, 0] + [0, 0, 1, 1, 0, 0, 0, 0]
    for _ in 0..<16 { bits += [1, 1, 0, 0, 0, 1, 0, 1] + [0, 0, 0, 0, 0] }
    let octets = stride(from: 0, to: bits.count - 7, by: 8).map { start in
      (0..<8).reduce(UInt8(0)) { $0 | bits[start + $1] << UInt8($1) }
    }
    var stream: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255] + octets[..<2]
    // Eight of them fill thirteen octets.
    for _ in 0...(count / (8 * 258) + 1) { stream += octets[2..<15] }
    return stream
  }
}
