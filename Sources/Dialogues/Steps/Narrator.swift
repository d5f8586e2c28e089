internal import Bytes
internal import Packets
internal import Streams

/// Stands before the reassembler and, after every segment, has told what is new in that segment's conversation.
struct Narrator: SegmentSink, ~Copyable {
  var reassembler: Reassembler<Dissection>

  mutating func receive(_ segment: borrowing TCPSegment, payload: Span<UInt8>) {
    reassembler.receive(segment, payload: payload)
    guard let flow = reassembler.flow(of: segment.key) else { return }
    let summary = reassembler.summary(of: flow)
    reassembler.sink.tellSteps(of: flow, summary, segment, payloadByteCount: payload.count)
  }
  mutating func note(_ irregularity: Irregularity, frame: UInt32, at timestamp: Timestamp) {
    reassembler.note(irregularity, frame: frame, at: timestamp)
  }
  mutating func receive(_ note: CaptureNote, _ octets: Span<UInt8>) { reassembler.receive(note, octets) }
  mutating func receive(_ path: TunnelPath, number: UInt32) { reassembler.receive(path, number: number) }
  mutating func advance(to now: Timestamp) { reassembler.advance(to: now) }
  mutating func idle() { reassembler.idle() }
}
