import TestSupport
import Testing

@testable import Packets

/// Packets as filters log them, and as macOS captures them on all interfaces at once. `PacketBuilderTests` has another's
/// decoder read them, too.
@Suite struct FilterLinkTests {
  private static let links: [Link] = [.packetFilterLog, .encapsulated, .netfilterLog, .packetTap]
  private static let greeting = Array("220 mail.example.org\r\n".utf8)
  private static let packet = PacketBuilder.ip(
    from: Host("192.0.2.1", 25), to: Host("192.0.2.2", 40_000),
    PacketBuilder.tcp(
      from: Host("192.0.2.1", 25), to: Host("192.0.2.2", 40_000), sequenceNumber: 7, payload: greeting))

  private func payloads(_ frame: [UInt8], _ link: Link) -> [[UInt8]] {
    decode([frame], linkType: link.linkType).segments.map(\.payload)
  }
  @Test(arguments: links) func theFrameSaysWhereThePayloadStands(_ link: Link) {
    let frame = link.frame(Self.packet)
    let segment = decode([frame], linkType: link.linkType).segments.first
    #expect(segment?.payload == Self.greeting)
    #expect(segment?.frameOffset == Int32(frame.count - Self.greeting.count) || link == .netfilterLog)
    let place = Int(segment?.frameOffset ?? 0)
    #expect(Array(frame[place...]).starts(with: Self.greeting))
  }
  /// Cut anywhere, it is a packet that was cut, or one with less of a payload; nothing is made up.
  @Test(arguments: links) func cutAnywhereNothingIsMadeUp(_ link: Link) {
    let frame = link.frame(Self.packet)
    let headers = frame.count - Self.packet.count
    for end in 0..<frame.count {
      let (segments, tally) = decode(
        [Array(frame[..<end])], linkType: link.linkType, original: UInt32(frame.count))
      #expect(segments.count + tally.truncated + tally.malformed == 1, "cut at \(end)")
      if let payload = segments.first?.payload { #expect(Self.greeting.starts(with: payload) && end > headers) }
    }
  }
  /// Wrong lengths, families, orders.
  @Test func headersThatContradictThemselvesAreRefused() {
    func damaged(_ link: Link, at offset: Int, _ octet: UInt8) -> (segments: Int, malformed: Int) {
      var frame = link.frame(Self.packet)
      frame[offset] = octet
      let (segments, tally) = decode([frame], linkType: link.linkType)
      return (segments.count, tally.malformed)
    }
    #expect(damaged(.packetFilterLog, at: 0, 3) == (0, 1))
    #expect(damaged(.packetFilterLog, at: 1, 99) == (0, 0))
    #expect(damaged(.encapsulated, at: 3, 99) == (0, 0))
    #expect(damaged(.netfilterLog, at: 1, 7) == (0, 1))
    #expect(damaged(.netfilterLog, at: 4, 3) == (0, 1))
    #expect(damaged(.packetTap, at: 0, 4) == (0, 1))
    #expect(damaged(.packetTap, at: 3, 4) == (0, 1))
    // No packet follows; and one of a link type that is not read.
    #expect(damaged(.packetTap, at: 4, 0) == (0, 0))
    #expect(damaged(.packetTap, at: 8, 147) == (0, 0))
  }
  /// Captured on a big-endian machine, also with a packet whose length takes both octets.
  @Test(arguments: [greeting, [UInt8](repeating: 65, count: 900)])
  func fieldsOfNetfilterComeInEitherOrder(_ payload: [UInt8]) {
    let segment = PacketBuilder.tcp(
      from: Host("192.0.2.1", 25), to: Host("192.0.2.2", 40_000), sequenceNumber: 7, payload: payload)
    var frame = PacketBuilder.netfilterLog(
      PacketBuilder.ip(from: Host("192.0.2.1", 25), to: Host("192.0.2.2", 40_000), segment))
    var offset = 4
    while offset < frame.count {
      let length = Int(frame[offset]) + Int(frame[offset + 1]) << 8
      frame.swapAt(offset, offset + 1)
      frame.swapAt(offset + 2, offset + 3)
      offset += (length + 3) & ~3
    }
    #expect(payloads(frame, .netfilterLog) == [payload])
  }
  /// The field's padding is no part of the packet.
  @Test func netfiltersPaddingIsNoPayload() {
    for length in 1...8 {
      let payload = Array(Self.greeting.prefix(length))
      let segment = PacketBuilder.tcp(
        from: Host("192.0.2.1", 25), to: Host("192.0.2.2", 40_000), sequenceNumber: 7, payload: payload)
      let packet = PacketBuilder.ip(from: Host("192.0.2.1", 25), to: Host("192.0.2.2", 40_000), segment)
      #expect(payloads(PacketBuilder.netfilterLog(packet) + [1, 2, 3, 4], .netfilterLog) == [payload])
    }
  }
}
