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
  var linkType = LinkType.ethernet
  private(set) var packets: [Packet] = []
  private var byteCount = 0
  var isFull: Bool { byteCount > TrialLimits.trafficByteCount }

  mutating func append(_ packet: Packet) {
    byteCount += packet.octets.count + 16
    if !isFull { packets.append(packet) }
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
