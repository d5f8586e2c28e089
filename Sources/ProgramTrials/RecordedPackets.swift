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
  /// Leaves away a packet, and what came behind it.
  mutating func cut(at index: Int) { packets.removeSubrange(index...) }

  mutating func append(_ packet: Packet) {
    byteCount += packet.octets.count + 16
    if !isFull || packet.octets.count < Self.alwaysKeptByteCount { packets.append(packet) }
  }
  /// The packets that there would have been, from what our own sockets heard and said.
  mutating func take(_ peer: TrialPeer) {
    for event in peer.log {
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
