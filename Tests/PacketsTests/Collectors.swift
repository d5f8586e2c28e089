import Bytes
import TestSupport

@testable import Packets

/// A packet as it was delivered.
struct Delivered: Equatable {
  var octets: [UInt8]
  var frame: UInt32
  var linkType: UInt32
  var nanoseconds: Int64
  var original: UInt32
}
struct PacketCollector: PacketSink {
  var packets: [Delivered] = []
  var idleCount = 0
  mutating func receive(_ packet: Span<UInt8>, _ header: PacketHeader) {
    packets.append(
      Delivered(
        octets: packet.copied(), frame: header.frame, linkType: header.linkType.rawValue,
        nanoseconds: header.timestamp.nanoseconds, original: header.originalByteCount))
  }
  mutating func idle() { idleCount += 1 }
}

/// Everything that a capture says, in its order.
struct NoteCollector: PacketSink {
  enum Event: Equatable {
    case note(CaptureNote, [UInt8])
    case packet(Delivered)
    /// A note with a text.
    static func text(_ text: CaptureNote.Text, _ subject: CaptureNote.Subject, _ content: String) -> Event {
      .note(.text(text, of: subject), Array(content.utf8))
    }
  }
  var events: [Event] = []
  mutating func receive(_ note: CaptureNote, _ octets: Span<UInt8>) { events.append(.note(note, octets.copied())) }
  mutating func receive(_ packet: Span<UInt8>, _ header: PacketHeader) {
    var packets = PacketCollector()
    packets.receive(packet, header)
    events += packets.packets.map { .packet($0) }
  }
  mutating func idle() {}

  /// What a capture says, and where that ends before its end.
  static func read(_ capture: [UInt8]) -> (events: [Event], error: CaptureError?) {
    withFile(capture) { file in
      var reader = CaptureReader(fileDescriptor: file)
      var sink = NoteCollector()
      do throws(CaptureError) { try reader.read(into: &sink) } catch { return (sink.events, error) }
      return (sink.events, nil)
    }
  }
}

/// What reading a capture gave.
struct Reading {
  var packets: [Delivered] = []
  var error: CaptureError?
  /// What the reader says it delivered.
  var frame: UInt32 = 0
}
func read(_ file: Int32, limit: UInt32 = .max) -> Reading {
  var reader = CaptureReader(fileDescriptor: file)
  reader.packetLimit = limit
  var sink = PacketCollector()
  var reading = Reading()
  do throws(CaptureError) { try reader.read(into: &sink) } catch { reading.error = error }
  reading.packets = sink.packets
  reading.frame = reader.frame
  return reading
}
func readFile(_ capture: [UInt8], limit: UInt32 = .max) -> Reading { withFile(capture) { read($0, limit: limit) } }
func readPipe(_ capture: [UInt8]) -> Reading { withPipe(capture) { read($0) } }

/// A segment as it was delivered.
struct Segment: Equatable {
  var key: FlowKey
  var source: UInt16
  var direction: UInt8
  var sequenceNumber: UInt32
  var payload: [UInt8]
  var uncaptured: UInt32
  var frameOffset: Int32
}
struct SegmentCollector: SegmentSink {
  var segments: [Segment] = []
  var irregularities: [(Irregularity, frame: UInt32)] = []
  /// The names of paths, by their numbers.
  var paths: [UInt32: [String]] = [:]
  mutating func receive(_ path: TunnelPath, number: UInt32) {
    paths[number] = (0..<path.count).map { index in
      var writer = ByteWriter()
      path.append(index, to: &writer)
      return writer.withOctets { $0.text() }
    }
  }
  mutating func note(_ irregularity: Irregularity, frame: UInt32, at timestamp: Timestamp) {
    irregularities.append((irregularity, frame))
  }
  mutating func receive(_ segment: borrowing TCPSegment, payload: Span<UInt8>) {
    segments.append(
      Segment(
        key: segment.key, source: segment.sourcePort, direction: segment.direction,
        sequenceNumber: segment.sequenceNumber, payload: payload.copied(), uncaptured: segment.uncapturedByteCount,
        frameOffset: segment.frameOffset))
  }
  mutating func idle() {}
}
/// What the decoder makes of some packets of one link type.
func decode(
  _ packets: [[UInt8]], linkType: LinkType = .ethernet, original: UInt32? = nil
) -> (segments: [Segment], tally: PacketTally) {
  var decoder = FrameDecoder(sink: SegmentCollector())
  for (index, packet) in packets.enumerated() {
    decoder.receive(
      packet.span,
      PacketHeader(
        frame: UInt32(index + 1), linkType: linkType, timestamp: Timestamp(nanoseconds: 0),
        originalByteCount: original ?? UInt32(packet.count)))
  }
  return (decoder.sink.segments, decoder.tally)
}

extension Endpoint {
  var text: String {
    var writer = ByteWriter()
    appendAddress(to: &writer)
    return writer.withOctets { $0.text() }
  }
}
