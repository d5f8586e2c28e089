internal import Bytes
public import Packets

/// What is not the next octets of an open connection: beginnings, holes, repetitions, ends.
extension Reassembler where Sink: ~Copyable {
  /// A segment that is not simply the next of an open connection.
  @usableFromInline @inline(never) mutating func receiveUnusual(
    _ segment: borrowing TCPSegment, payload: Span<UInt8>, flow: Int
  ) {
    var flow = flow
    if segment.flags & 0b111 != 0 {
      flow = receiveControl(segment, payload: payload, flow: flow)
      if flow < 0 { return }
    }
    table.flows[flow].note(segment)
    if segment.isAcknowledgement {
      let peer = Int(segment.direction) ^ 1
      let ahead = SequenceNumber.distance(
        from: table.flows[flow].halves[peer].next, to: segment.acknowledgementNumber)
      if ahead > 0 { acknowledge(ahead, flow: flow, direction: peer, segment, hasPayload: payload.count > 0) }
    }
    if payload.count > 0 { receiveUnusualPayload(segment, payload: payload, flow: flow) }
    if segment.isFinish { receiveFinish(segment, payloadByteCount: payload.count, flow: flow) }
  }
  /// SYN, FIN or RST. Returns the flow that the segment belongs to, or −1 when it is done with.
  @usableFromInline @inline(never) mutating func receiveControl(
    _ segment: borrowing TCPSegment, payload: Span<UInt8>, flow: Int
  ) -> Int {
    if segment.isReset {
      receiveReset(segment, flow: flow)
      return -1
    }
    guard segment.isSynchronize else { return flow }
    var flow = flow
    let direction = Int(segment.direction)
    let half = table.flows[flow].halves[direction]
    let hasEnded = table.flows[flow].state != .open
    let number = segment.sequenceNumber
    let isRepeated = half.side.synchronizeFrame != 0 && half.initial == number
    let opens = !segment.isAcknowledgement
    if half.isSynchronized, !isRepeated, opens || hasEnded {
      flow = reopen(segment, flow: flow)
    } else if half.isSynchronized {
      table.flows[flow].note(segment)
      return -1
    } else if hasEnded, !segment.isAcknowledgement {
      flow = reopen(segment, flow: flow)
    }
    synchronize(segment, flow: flow)
    judgeSynchronizeData(segment, flow: flow)
    if payload.count > 0 { holdSynchronizeData(segment, payload: payload, flow: flow) }
    table.flows[flow].note(segment)
    return -1
  }
  private mutating func synchronize(_ segment: borrowing TCPSegment, flow: Int) {
    let direction = Int(segment.direction)
    table.flows[flow].halves[direction].initial = segment.sequenceNumber
    table.flows[flow].halves[direction].next = segment.sequenceNumber &+ 1
    table.flows[flow].halves[direction].isSynchronized = true
    table.flows[flow].halves[direction].side.synchronizeFrame = segment.frame
    if !segment.isAcknowledgement {
      if table.flows[flow].roleEvidence != .synchronize {
        table.flows[flow].clientDirection = segment.direction
        table.flows[flow].roleEvidence = .synchronize
      }
    } else if table.flows[flow].roleEvidence == .port {
      table.flows[flow].clientDirection = segment.direction ^ 1
      table.flows[flow].roleEvidence = .synchronizeAcknowledge
    }
  }
  /// The same addresses and ports begin a new connection.
  private mutating func reopen(_ segment: borrowing TCPSegment, flow: Int) -> Int {
    let hash = table.flows[flow].hash
    if table.flows[flow].state == .open { table.flows[flow].ending = .reused }
    report(flow)
    table.remove(flow)
    return open(segment, hash: hash)
  }
  /// The SYN's answer acknowledges the SYN alone: what octets it carried were refused, and will be sent again.
  private mutating func judgeSynchronizeData(_ segment: borrowing TCPSegment, flow: Int) {
    let direction = Int(segment.direction) ^ 1
    let half = table.flows[flow].halves[direction]
    guard segment.isAcknowledgement, half.firstHeld >= 0, half.offset == 0, half.side.synchronizeFrame != 0 else {
      return
    }
    let first = half.initial &+ 1
    guard segment.acknowledgementNumber == first, held.pieces[UInt32(half.firstHeld)].sequenceNumber == first else {
      return
    }
    dropHeld(flow, direction)
  }
  /// Octets in a SYN (RFC 7413) count once they are acknowledged.
  private mutating func holdSynchronizeData(_ segment: borrowing TCPSegment, payload: Span<UInt8>, flow: Int) {
    hold(payload, sequenceNumber: segment.sequenceNumber &+ 1, segment, flow: flow)
  }

  private mutating func receiveReset(_ segment: borrowing TCPSegment, flow: Int) {
    table.flows[flow].note(segment)
    let direction = Int(segment.direction)
    let half = table.flows[flow].halves[direction]
    if half.isSynchronized {
      let distance = SequenceNumber.distance(from: half.next, to: segment.sequenceNumber)
      if abs(distance) > StreamLimits.holeByteCount { return }
    }
    if half.side.resetFrame == 0 { table.flows[flow].halves[direction].side.resetFrame = segment.frame }
    if table.flows[flow].state == .open {
      flushHoles(flow)
      close(flow, .reset)
    }
  }
  @usableFromInline @inline(never) mutating func receiveFinish(
    _ segment: borrowing TCPSegment, payloadByteCount: Int, flow: Int
  ) {
    let direction = Int(segment.direction)
    guard table.flows[flow].state == .open || table.flows[flow].state == .lingering else { return }
    if !table.flows[flow].halves[direction].isSynchronized {
      table.flows[flow].halves[direction].isSynchronized = true
      table.flows[flow].halves[direction].next = segment.sequenceNumber
    }
    if !table.flows[flow].halves[direction].hasFinish {
      table.flows[flow].halves[direction].hasFinish = true
      table.flows[flow].halves[direction].finish = SequenceNumber.advanced(
        segment.sequenceNumber, by: payloadByteCount + Int(segment.uncapturedByteCount))
      table.flows[flow].halves[direction].side.finishFrame = segment.frame
    }
    drain(flow: flow, direction: direction)
  }

  /// A payload that begins a stream, leaves a hole, repeats, or comes late.
  private mutating func receiveUnusualPayload(
    _ segment: borrowing TCPSegment, payload: Span<UInt8>, flow: Int
  ) {
    let direction = Int(segment.direction)
    guard table.flows[flow].state == .open else {
      table.flows[flow].halves[direction].side.lateByteCount &+= UInt32(truncatingIfNeeded: payload.count)
      return
    }
    if !table.flows[flow].halves[direction].isSynchronized {
      table.flows[flow].halves[direction].isSynchronized = true
      table.flows[flow].halves[direction].next = segment.sequenceNumber
    }
    begin(flow)
    var end = payload.count
    if table.flows[flow].halves[direction].hasFinish {
      let room = SequenceNumber.distance(
        from: segment.sequenceNumber, to: table.flows[flow].halves[direction].finish)
      if room < end {
        table.flows[flow].halves[direction].side.lateByteCount &+= UInt32(
          truncatingIfNeeded: end - max(0, room))
        end = max(0, room)
      }
    }
    let distance = SequenceNumber.distance(
      from: table.flows[flow].halves[direction].next, to: segment.sequenceNumber)
    if distance > StreamLimits.holeByteCount || distance < -StreamLimits.holeByteCount * 8 { return }
    if distance > 0 {
      table.flows[flow].halves[direction].side.outOfOrderCount &+= 1
      hold(payload.extracting(0..<end), sequenceNumber: segment.sequenceNumber, segment, flow: flow)
      return
    }
    if distance < 0 { table.flows[flow].halves[direction].side.retransmissionCount &+= 1 }
    let firstHeld = table.flows[flow].halves[direction].firstHeld
    if firstHeld >= 0, -distance < end,
      SequenceNumber.distance(from: segment.sequenceNumber, to: held.pieces[UInt32(firstHeld)].sequenceNumber) < end
    {
      // What is held came first, and counts where both cover a place.
      hold(payload.extracting(0..<end), sequenceNumber: segment.sequenceNumber, segment, flow: flow)
      drain(flow: flow, direction: direction)
    } else if -distance < end {
      deliver(payload.extracting(-distance..<end), flow: flow, direction: direction, segment, skipping: -distance)
    }
    if segment.uncapturedByteCount > 0 {
      let known = SequenceNumber.distance(
        from: SequenceNumber.advanced(segment.sequenceNumber, by: end), to: table.flows[flow].halves[direction].next)
      let missing = Int(segment.uncapturedByteCount) - known
      if missing > 0 { skip(missing, flow: flow, direction: direction, segment) }
      drain(flow: flow, direction: direction)
    }
  }
  /// Delivers octets that are next in order, and then what was held behind them.
  private mutating func deliver(
    _ bytes: Span<UInt8>, flow: Int, direction: Int, _ segment: borrowing TCPSegment, skipping: Int
  ) {
    let offset = table.flows[flow].halves[direction].offset
    table.flows[flow].halves[direction].next &+= UInt32(truncatingIfNeeded: bytes.count)
    table.flows[flow].halves[direction].offset = offset &+ UInt64(bytes.count)
    table.flows[flow].halves[direction].side.byteCount &+= UInt64(bytes.count)
    sink.receive(
      bytes,
      at: StreamPosition(
        flow: flow, direction: direction, offset: offset, frame: segment.frame,
        frameOffset: segment.frameOffset < 0 ? -1 : segment.frameOffset &+ Int32(truncatingIfNeeded: skipping),
        timestamp: segment.timestamp))
    drain(flow: flow, direction: direction)
  }
  private mutating func hold(
    _ bytes: Span<UInt8>, sequenceNumber: UInt32, _ segment: borrowing TCPSegment, flow: Int
  ) {
    let direction = Int(segment.direction)
    let (first, added) = held.insert(
      bytes, sequenceNumber: sequenceNumber, segment, into: table.flows[flow].halves[direction].firstHeld)
    table.flows[flow].halves[direction].firstHeld = first
    table.flows[flow].halves[direction].heldCount &+= UInt16(truncatingIfNeeded: added)
    while Int(table.flows[flow].halves[direction].heldCount) > StreamLimits.heldPieceCount || held.isFull,
      table.flows[flow].halves[direction].firstHeld >= 0
    {
      giveUpHole(flow: flow, direction: direction, segment)
    }
  }

  /// The peer has acknowledged octets that were not captured, or not yet: a bare acknowledgement may overtake in the
  /// capture what it acknowledges, so the hole is a gap once the peer *says* something that rests on it.
  @usableFromInline @inline(never) mutating func acknowledge(
    _ ahead: Int, flow: Int, direction: Int, _ segment: borrowing TCPSegment, hasPayload: Bool
  ) {
    guard table.flows[flow].state == .open, table.flows[flow].halves[direction].isSynchronized,
      ahead <= StreamLimits.holeByteCount
    else { return }
    let acknowledged = segment.acknowledgementNumber
    while true {
      drain(flow: flow, direction: direction)
      let half = table.flows[flow].halves[direction]
      let missing = SequenceNumber.distance(from: half.next, to: acknowledged)
      if missing <= 0 || half.isFinished { return }
      if !hasPayload {
        table.flows[flow].halves[direction].acknowledgedAhead = acknowledged
        table.flows[flow].halves[direction].isAcknowledgedAhead = true
        return
      }
      var hole = missing
      if half.firstHeld >= 0 {
        hole = min(
          hole, SequenceNumber.distance(from: half.next, to: held.pieces[UInt32(half.firstHeld)].sequenceNumber))
      }
      if half.hasFinish { hole = min(hole, SequenceNumber.distance(from: half.next, to: half.finish)) }
      if hole <= 0 { return }
      begin(flow)
      skip(hole, flow: flow, direction: direction, segment)
    }
  }
  /// Reports `byteCount` octets as a gap and goes on behind them.
  private mutating func skip(_ byteCount: Int, flow: Int, direction: Int, _ segment: borrowing TCPSegment) {
    skip(byteCount, flow: flow, direction: direction, frame: segment.frame, timestamp: segment.timestamp)
  }
  private mutating func skip(_ byteCount: Int, flow: Int, direction: Int, frame: UInt32, timestamp: Timestamp) {
    let offset = table.flows[flow].halves[direction].offset
    table.flows[flow].halves[direction].next = SequenceNumber.advanced(
      table.flows[flow].halves[direction].next, by: byteCount)
    table.flows[flow].halves[direction].offset = offset &+ UInt64(byteCount)
    table.flows[flow].halves[direction].side.gapByteCount &+= UInt64(byteCount)
    sink.gap(
      byteCount: byteCount,
      at: StreamPosition(
        flow: flow, direction: direction, offset: offset, frame: frame, frameOffset: -1, timestamp: timestamp))
  }
  /// Reports the first hole of a direction as a gap, and delivers what is held behind it.
  private mutating func giveUpHole(flow: Int, direction: Int, _ segment: borrowing TCPSegment) {
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
    for direction in 0..<2 {
      while table.flows[flow].halves[direction].firstHeld >= 0 {
        giveUpHole(
          flow: flow, direction: direction, frame: table.flows[flow].lastFrame,
          timestamp: table.flows[flow].lastTimestamp)
      }
    }
    for direction in 0..<2 where table.flows[flow].hasBegun {
      let half = table.flows[flow].halves[direction]
      if half.isFinished { continue }
      var missing = 0
      if half.hasFinish {
        missing = SequenceNumber.distance(from: half.next, to: half.finish)
      } else if half.isAcknowledgedAhead {
        // One number more may be a FIN that was not captured.
        missing = SequenceNumber.distance(from: half.next, to: half.acknowledgedAhead)
        if missing == 1 { missing = 0 }
      }
      guard missing > 0, missing <= StreamLimits.holeByteCount else { continue }
      skip(
        missing, flow: flow, direction: direction,
        frame: half.hasFinish ? half.side.finishFrame : table.flows[flow].lastFrame,
        timestamp: table.flows[flow].lastTimestamp)
    }
  }
  /// Delivers held pieces that are in order now, and notices a FIN that has been reached.
  @usableFromInline @inline(never) mutating func drain(flow: Int, direction: Int) {
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
        table.flows[flow].halves[direction].side.byteCount &+= UInt64(fresh)
        let position = StreamPosition(
          flow: flow, direction: direction, offset: offset, frame: piece.frame,
          frameOffset: piece.frameOffset < 0 ? -1 : piece.frameOffset - Int32(distance), timestamp: piece.timestamp)
        held.pool.withOctets(of: piece.cell, length: Int(piece.byteCount)) { octets in
          sink.receive(octets.extracting((-distance)...), at: position)
        }
      }
      table.flows[flow].halves[direction].firstHeld = held.release(first)
      table.flows[flow].halves[direction].heldCount &-= 1
    }
    let half = table.flows[flow].halves[direction]
    guard half.hasFinish, !half.isFinished, SequenceNumber.distance(from: half.finish, to: half.next) >= 0 else {
      return
    }
    table.flows[flow].halves[direction].isFinished = true
    table.flows[flow].halves[direction].next = half.finish &+ 1
    if table.flows[flow].halves[direction ^ 1].isFinished, table.flows[flow].state == .open { close(flow, .finished) }
  }

  /// Tells the sink of the connection, at its first octet.
  private mutating func begin(_ flow: Int) {
    if table.flows[flow].hasBegun { return }
    if table.speakingCount >= StreamLimits.speakingFlowCount { evictSpeaker(besides: flow) }
    table.flows[flow].hasBegun = true
    table.speakingCount += 1
    sink.begin(flow: flow, table.flows[flow].summary)
  }
}
