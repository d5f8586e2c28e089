internal import Bytes
internal import Capture
internal import Grading
internal import Packets

/// The packets of a case, as far as they fit, and the file that is made of them.
struct RecordedPackets {
  struct Packet {
    var octets: [UInt8]
    var timestamp: Timestamp
  }
  /// Small packets are kept for as long as the loop takes to end the program.
  private static let alwaysKeptByteCount = 128
  var linkType = LinkType.ethernet
  private(set) var packets: [Packet] = []
  private var byteCount = 0
  var isFull: Bool { byteCount > TrialLimits.trafficByteCount }

  /// Whether there is more than a dialogue needs.
  var isLarge: Bool { byteCount > TrialLimits.trafficByteCount / 8 }
  /// The packet that ends with these octets.
  func place(of octets: [UInt8]) -> Int? { packets.firstIndex { $0.octets.suffix(octets.count) == octets[...] } }
  /// How often somebody began to connect to a port (RFC 9293 §3.5): segments with SYN alone, of IPv4 on Ethernet.
  func attemptCount(to port: UInt16) -> Int {
    packets.count { packet in
      let octets = packet.octets
      guard octets.count >= 54, octets[12] == 8, octets[13] == 0, octets[23] == 6 else { return false }
      let tcp = 14 + Int(octets[14] & 15) * 4
      guard octets.count >= tcp + 20 else { return false }
      return UInt16(octets[tcp + 2]) << 8 | UInt16(octets[tcp + 3]) == port && octets[tcp + 13] & 0x12 == 0x02
    }
  }
  /// Leaves away a packet, and what came behind it.
  mutating func cut(at index: Int) { packets.removeSubrange(index...) }

  mutating func append(_ packet: Packet) {
    byteCount += packet.octets.count + 16
    if !isFull || packet.octets.count < Self.alwaysKeptByteCount { packets.append(packet) }
  }
  /// The packets that there would have been, from what our own sockets heard and said.
  mutating func take(_ log: [SocketLog.Event]) {
    for event in log.sorted(by: { $0.timestamp < $1.timestamp }) {
      for octets in event.packets { append(Packet(octets: octets, timestamp: event.timestamp)) }
    }
  }
  /// As a capture file.
  var file: [UInt8] {
    let writer = PCAPWriter(linkType: linkType, timeUnit: .nanoseconds)
    var output = ByteWriter()
    writer.appendHeader(to: &output)
    for packet in packets { writer.append(packet.octets.span, at: packet.timestamp, to: &output) }
    return output.withOctets { $0.copied() }
  }
}
