internal import Bytes
package import Packets

/// The TCP connections of a capture with every packet, also of those on which nobody speaks: what shows which frames
/// belong to which step. Connections are numbered as Wireshark numbers them (`tcp.stream`).
package struct PacketLog: Sendable {
  package struct Packet: Equatable, Sendable {
    package var frame: Int
    /// Nanoseconds since 1970.
    package var time: Int64
    package var isFromClient: Bool
    package var isSynchronize: Bool
    package var isReset: Bool
    package var payloadByteCount: Int
  }
  package struct Stream: Equatable, Sendable {
    package var number: Int
    package var client: Endpoint
    package var server: Endpoint
    package var packets: [Packet] = []
    /// Nobody answered the client with anything but RST.
    package var isRefused: Bool { packets.contains { !$0.isFromClient && $0.isReset } && !hasSpeech }
    /// Whether anything was said.
    package var hasSpeech: Bool { packets.contains { $0.payloadByteCount > 0 } }
  }
  package private(set) var streams: [Stream] = []
  package private(set) var packetCount = 0

  /// Reads packets, numbered from 1 as they come.
  package init(_ packets: [PlayedPacket], _ linkType: LinkType) {
    var decoder = FrameDecoder(sink: Collector())
    for (index, packet) in packets.enumerated() {
      decoder.receive(
        packet.frame.span,
        PacketHeader(
          frame: UInt32(index + 1), linkType: linkType, timestamp: packet.timestamp,
          originalByteCount: UInt32(packet.frame.count)))
    }
    streams = decoder.sink.streams
    packetCount = packets.count
  }

  private struct Collector: SegmentSink {
    var streams: [Stream] = []

    mutating func receive(_ segment: borrowing TCPSegment, payload: Span<UInt8>) {
      let source = segment.key.endpoint(Int(segment.direction))
      let destination = segment.key.endpoint(Int(segment.direction) ^ 1)
      let (isSynchronize, isAnswer) = (segment.isSynchronize, segment.isAcknowledgement)
      let isOpening = isSynchronize && !isAnswer
      var place = streams.lastIndex {
        $0.client == source && $0.server == destination || $0.client == destination && $0.server == source
      }
      if let found = place, isOpening, streams[found].packets.contains(where: { !$0.isSynchronize }) { place = nil }
      let index = place ?? streams.count
      if place == nil {
        let isClient = isOpening || !isSynchronize
        streams.append(
          Stream(
            number: index, client: isClient ? source : destination, server: isClient ? destination : source))
      }
      let (frame, time) = (Int(segment.frame), segment.timestamp.nanoseconds)
      streams[index].packets.append(
        Packet(
          frame: frame, time: time, isFromClient: streams[index].client == source,
          isSynchronize: isSynchronize, isReset: segment.isReset, payloadByteCount: payload.count))
    }
    mutating func receive(_ note: CaptureNote, _ octets: Span<UInt8>) {}
    mutating func receive(_ path: TunnelPath, number: UInt32) {}
    mutating func note(_ irregularity: Irregularity, frame: UInt32, at timestamp: Timestamp) {}
    mutating func idle() {}
  }
}
