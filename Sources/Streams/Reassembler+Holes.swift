internal import Bytes
internal import Packets

/// Octets that are missing: holes that become gaps, and what was held behind them.
extension Reassembler where Sink: ~Copyable {
  /// The peer has acknowledged octets that were not captured, or not yet: a bare acknowledgement may overtake in the
  /// capture what it acknowledges, so the hole is a gap once the peer *says* something that rests on it.
  mutating func acknowledge(
    _ ahead: Int, flow: Int, direction: Int, _ segment: borrowing TCPSegment, hasPayload: Bool
  ) {
    guard table.flows[flow].state == .open, table.flows[flow].halves[direction].isSynchronized,
      ahead <= StreamLimits.holeByteCount
    else { return }
    let acknowledged = segment.acknowledgementNumber
    while true {
      drain(flow: flow, direction: direction)
      let half = table.flows[flow].halves[direction]
      let record = table.flows[flow].records[direction]
      let missing = SequenceNumber.distance(from: half.next, to: acknowledged)
      if missing <= 0 || half.isFinished { return }
      if !hasPayload {
        if record.acknowledgedAhead != acknowledged || !half.isAcknowledgedAhead {
          remark(.acknowledgedUnseen, flow: flow, segment)
        }
        table.flows[flow].records[direction].acknowledgedAhead = acknowledged
        table.flows[flow].halves[direction].isAcknowledgedAhead = true
        return
      }
      var hole = missing
      if half.firstHeld >= 0 {
        hole = min(
          hole, SequenceNumber.distance(from: half.next, to: held.pieces[UInt32(half.firstHeld)].sequenceNumber))
      }
      if half.hasFinish { hole = min(hole, SequenceNumber.distance(from: half.next, to: record.finish)) }
      if hole <= 0 { return }
      begin(flow)
      skip(hole, flow: flow, direction: direction, segment)
    }
  }
  /// Reports `byteCount` octets as a gap and goes on behind them.
  mutating func skip(_ byteCount: Int, flow: Int, direction: Int, _ segment: borrowing TCPSegment) {
    skip(byteCount, flow: flow, direction: direction, frame: segment.frame, timestamp: segment.timestamp)
  }
  mutating func skip(_ byteCount: Int, flow: Int, direction: Int, frame: UInt32, timestamp: Timestamp) {
    let offset = table.flows[flow].halves[direction].offset
    table.flows[flow].halves[direction].next = SequenceNumber.advanced(
      table.flows[flow].halves[direction].next, by: byteCount)
    table.flows[flow].halves[direction].offset = offset &+ UInt64(byteCount)
    table.flows[flow].records[direction].gapByteCount &+= UInt64(byteCount)
    remark(
      .segmentLost, flow: flow, direction: direction, frame: frame, at: timestamp, offset: offset,
      byteCount: byteCount)
    sink.gap(
      byteCount: byteCount,
      at: StreamPosition(
        flow: flow, direction: direction, offset: offset, frame: frame, frameOffset: -1, timestamp: timestamp))
  }
  /// Reports the first hole of a direction as a gap, and delivers what is held behind it.
  mutating func giveUpHole(flow: Int, direction: Int, _ segment: borrowing TCPSegment) {
    giveUpHole(flow: flow, direction: direction, frame: segment.frame, timestamp: segment.timestamp)
  }
  private mutating func giveUpHole(flow: Int, direction: Int, frame: UInt32, timestamp: Timestamp) {
    let half = table.flows[flow].halves[direction]
    guard half.firstHeld >= 0 else { return }
    let hole = SequenceNumber.distance(from: half.next, to: held.pieces[UInt32(half.firstHeld)].sequenceNumber)
    begin(flow)
    if hole > 0 { skip(hole, flow: flow, direction: direction, frame: frame, timestamp: timestamp) }
    drain(flow: flow, direction: direction)
  }
  /// Reports every hole that is left, also one before a FIN, and delivers what is held behind it.
  mutating func flushHoles(_ flow: Int) {
    if table.flows[flow].waitingCount > 0 { stopWaiting(flow) }
    for direction in 0..<2 {
      while table.flows[flow].halves[direction].firstHeld >= 0 {
        giveUpHole(
          flow: flow, direction: direction, frame: table.flows[flow].lastFrame,
          timestamp: table.flows[flow].lastTimestamp)
      }
    }
    for direction in 0..<2 where table.flows[flow].hasBegun {
      let half = table.flows[flow].halves[direction]
      let record = table.flows[flow].records[direction]
      if half.isFinished { continue }
      var missing = 0
      if half.hasFinish {
        missing = SequenceNumber.distance(from: half.next, to: record.finish)
      } else if half.isAcknowledgedAhead {
        // One number more may be a FIN that was not captured.
        missing = SequenceNumber.distance(from: half.next, to: record.acknowledgedAhead)
        if missing == 1 { missing = 0 }
      }
      guard missing > 0, missing <= StreamLimits.holeByteCount else { continue }
      skip(
        missing, flow: flow, direction: direction,
        frame: half.hasFinish ? record.finishFrame : table.flows[flow].lastFrame,
        timestamp: table.flows[flow].lastTimestamp)
    }
  }
  /// Delivers held pieces that are in order now, and notices a FIN that has been reached.
  mutating func drain(flow: Int, direction: Int) {
    while table.flows[flow].halves[direction].firstHeld >= 0 {
      let first = table.flows[flow].halves[direction].firstHeld
      let piece = held.pieces[UInt32(first)]
      let distance = SequenceNumber.distance(
        from: table.flows[flow].halves[direction].next, to: piece.sequenceNumber)
      if distance > 0 { break }
      let offset = table.flows[flow].halves[direction].offset
      if -distance < Int(piece.byteCount) {
        begin(flow)
        let fresh = Int(piece.byteCount) + distance
        table.flows[flow].halves[direction].next = SequenceNumber.advanced(
          table.flows[flow].halves[direction].next, by: fresh)
        table.flows[flow].halves[direction].offset = offset &+ UInt64(fresh)
        let position = StreamPosition(
          flow: flow, direction: direction, offset: offset, frame: piece.frame,
          frameOffset: piece.frameOffset < 0 ? -1 : piece.frameOffset - Int32(distance), timestamp: piece.timestamp)
        let previous = table.flows[flow].halves[direction].latestRun
        let run = held.pool.withOctets(of: piece.cell, length: Int(piece.byteCount)) { octets in
          sink.receive(octets.extracting((-distance)...), at: position)
          return recent.append(
            octets, sequenceNumber: piece.sequenceNumber, frame: piece.frame, previous: previous)
        }
        table.flows[flow].halves[direction].latestRun = run
      }
      table.flows[flow].halves[direction].firstHeld = held.release(first)
      table.flows[flow].records[direction].heldCount &-= 1
    }
    let half = table.flows[flow].halves[direction]
    let record = table.flows[flow].records[direction]
    guard half.hasFinish, !half.isFinished, SequenceNumber.distance(from: record.finish, to: half.next) >= 0 else {
      return
    }
    table.flows[flow].halves[direction].isFinished = true
    table.flows[flow].halves[direction].next = record.finish &+ 1
    if table.flows[flow].halves[direction ^ 1].isFinished, table.flows[flow].state == .open { close(flow, .finished) }
  }
}
