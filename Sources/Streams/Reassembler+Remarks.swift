public import Bytes
public import Packets

/// What is unusual is counted, kept with its connection until that is reported, and told to the sink.
extension Reassembler where Sink: ~Copyable {
  public mutating func note(_ irregularity: Irregularity, frame: UInt32, at timestamp: Timestamp) {
    irregularities.count(irregularity)
    sink.note(StreamRemark(irregularity, streamNumber: nil, direction: 0, frame: frame, at: timestamp))
  }

  public mutating func receive(_ note: CaptureNote, _ octets: Span<UInt8>) { sink.receive(note, octets) }
  public mutating func receive(_ path: TunnelPath, number: UInt32) { sink.receive(path, number: number) }

  mutating func remark(
    _ irregularity: Irregularity, flow: Int, _ segment: borrowing TCPSegment, byteCount: Int = 0
  ) {
    remark(
      irregularity, flow: flow, direction: Int(segment.direction), frame: segment.frame, at: segment.timestamp,
      byteCount: byteCount)
  }
  @inline(never) mutating func remark(
    _ irregularity: Irregularity, flow: Int, direction: Int, frame: UInt32, earlierFrame: UInt32 = 0,
    at timestamp: Timestamp, offset: UInt64 = 0, byteCount: Int = 0
  ) {
    irregularities.count(irregularity)
    let remark = StreamRemark(
      irregularity, streamNumber: table.flows[flow].streamNumber, direction: direction, frame: frame,
      earlierFrame: earlierFrame, at: timestamp, offset: offset, byteCount: byteCount)
    if table.flows[flow].state == .open || table.flows[flow].state == .lingering {
      table.flows[flow].firstRemark = book.add(remark, to: table.flows[flow].firstRemark)
    }
    sink.note(remark)
  }
  mutating func releaseRemarks(_ flow: Int) {
    if table.flows[flow].firstRemark < 0 { return }
    book.release(table.flows[flow].firstRemark)
    table.flows[flow].firstRemark = -1
  }

  /// Compares octets that came again with those that came first, as far as they are still known; remarks on the first
  /// difference, with both versions. Returns whether there is one.
  @discardableResult mutating func compare(
    _ bytes: Span<UInt8>, sequenceNumber: UInt32, _ segment: borrowing TCPSegment, flow: Int
  ) -> Bool {
    let direction = Int(segment.direction)
    let half = table.flows[flow].halves[direction]
    if let conflict = recent.conflict(with: bytes, sequenceNumber: sequenceNumber, latest: half.latestRun) {
      remarkConflict(
        at: conflict.offset, earlierFrame: conflict.earlierFrame, sequenceNumber: sequenceNumber, segment, flow: flow)
      let shown = min(conflict.runOffset, conflict.offset, StreamLimits.versionByteCount / 3)
      let later = bytes.extracting((conflict.offset - shown)...)
      _ = recent.ring.withOctets(at: conflict.run.place, count: Int(conflict.run.byteCount)) { kept in
        book.keep(
          kept.extracting((conflict.runOffset - shown)...), later, direction: direction,
          in: table.flows[flow].firstRemark)
      }
      return true
    }
    if let conflict = held.conflict(with: bytes, sequenceNumber: sequenceNumber, in: half.firstHeld) {
      remarkConflict(
        at: conflict.offset, earlierFrame: conflict.piece.frame, sequenceNumber: sequenceNumber, segment, flow: flow)
      let shown = min(conflict.pieceOffset, conflict.offset, StreamLimits.versionByteCount / 3)
      let later = bytes.extracting((conflict.offset - shown)...)
      held.pool.withOctets(of: conflict.piece.cell, length: Int(conflict.piece.byteCount)) { kept in
        book.keep(
          kept.extracting((conflict.pieceOffset - shown)...), later, direction: direction,
          in: table.flows[flow].firstRemark)
      }
      return true
    }
    return false
  }
  private mutating func remarkConflict(
    at difference: Int, earlierFrame: UInt32, sequenceNumber: UInt32, _ segment: borrowing TCPSegment, flow: Int
  ) {
    let half = table.flows[flow].halves[Int(segment.direction)]
    let distance = SequenceNumber.distance(
      from: half.next, to: SequenceNumber.advanced(sequenceNumber, by: difference))
    remark(
      .overlapConflict, flow: flow, direction: Int(segment.direction), frame: segment.frame, earlierFrame: earlierFrame,
      at: segment.timestamp, offset: half.offset &+ UInt64(bitPattern: Int64(distance)))
  }
}
