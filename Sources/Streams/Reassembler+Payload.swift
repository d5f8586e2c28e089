internal import Bytes
internal import Packets

/// Octets that begin a stream, leave a hole, repeat, or come late.
extension Reassembler where Sink: ~Copyable {
  /// A payload that begins a stream, leaves a hole, repeats, or comes late.
  mutating func receiveUnusualPayload(
    _ segment: borrowing TCPSegment, payload: Span<UInt8>, flow: Int
  ) {
    let direction = Int(segment.direction)
    guard table.flows[flow].state == .open else { return receiveLate(segment, payload: payload, flow: flow) }
    if !table.flows[flow].halves[direction].isSynchronized {
      table.flows[flow].halves[direction].isSynchronized = true
      table.flows[flow].halves[direction].next = segment.sequenceNumber
    }
    begin(flow)
    var end = payload.count
    var uncapturedByteCount = Int(segment.uncapturedByteCount)
    if table.flows[flow].halves[direction].hasFinish {
      let room = SequenceNumber.distance(
        from: segment.sequenceNumber, to: table.flows[flow].records[direction].finish)
      uncapturedByteCount = min(uncapturedByteCount, max(0, room - end))
      if room < end {
        table.flows[flow].records[direction].lateByteCount &+= UInt32(
          truncatingIfNeeded: end - max(0, room))
        remark(.payloadAfterFinish, flow: flow, segment, byteCount: end - max(0, room))
        end = max(0, room)
      }
    }
    let distance = SequenceNumber.distance(
      from: table.flows[flow].halves[direction].next, to: segment.sequenceNumber)
    // Of what lies before the next octet nothing counts, whoever sends it (RFC 7323 §5.3, R2 before R3).
    if distance <= 0, -distance < payload.count { table.flows[flow].halves[direction].takeTimestamp(segment) }
    if distance > 0 {
      table.flows[flow].records[direction].outOfOrderCount &+= 1
      remark(.outOfOrder, flow: flow, segment, byteCount: end)
      hold(payload.extracting(0..<end), sequenceNumber: segment.sequenceNumber, segment, flow: flow)
      return
    }
    if distance < 0 {
      noteRepetition(segment, payload: payload.extracting(0..<end), distance: distance, flow: flow)
    } else if table.flows[flow].halves[direction ^ 1].isWindowClosed, end == 1 {
      remark(.zeroWindowProbe, flow: flow, segment, byteCount: 1)
    }
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
    if uncapturedByteCount > 0 {
      let known = SequenceNumber.distance(
        from: SequenceNumber.advanced(segment.sequenceNumber, by: end), to: table.flows[flow].halves[direction].next)
      let missing = uncapturedByteCount - known
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
    table.flows[flow].halves[direction].latestRun = recent.append(
      bytes, sequenceNumber: SequenceNumber.advanced(segment.sequenceNumber, by: skipping), frame: segment.frame,
      previous: table.flows[flow].halves[direction].latestRun)
    sink.receive(
      bytes,
      at: StreamPosition(
        flow: flow, direction: direction, offset: offset, frame: segment.frame,
        frameOffset: segment.frameOffset < 0 ? -1 : segment.frameOffset &+ Int32(truncatingIfNeeded: skipping),
        timestamp: segment.timestamp))
    drain(flow: flow, direction: direction)
  }
  mutating func hold(
    _ bytes: Span<UInt8>, sequenceNumber: UInt32, _ segment: borrowing TCPSegment, flow: Int
  ) {
    let direction = Int(segment.direction)
    let list = table.flows[flow].halves[direction].firstHeld
    if list >= 0 { compare(bytes, sequenceNumber: sequenceNumber, segment, flow: flow) }
    let (first, added) = held.insert(
      bytes, sequenceNumber: sequenceNumber, segment, policy: overlapPolicy, into: list)
    table.flows[flow].halves[direction].firstHeld = first
    table.flows[flow].records[direction].heldCount &+= UInt16(truncatingIfNeeded: added)
    while Int(table.flows[flow].records[direction].heldCount) > StreamLimits.heldPieceCount || held.isFull,
      table.flows[flow].halves[direction].firstHeld >= 0
    {
      remark(.holdLimit, flow: flow, segment)
      giveUpHole(flow: flow, direction: direction, segment)
    }
  }
  /// Octets of an ended connection: sent again, or late.
  private mutating func receiveLate(_ segment: borrowing TCPSegment, payload: Span<UInt8>, flow: Int) {
    let direction = Int(segment.direction)
    let half = table.flows[flow].halves[direction]
    let known = SequenceNumber.distance(from: segment.sequenceNumber, to: half.next) - (half.isFinished ? 1 : 0)
    if half.isSynchronized, known >= payload.count {
      return noteRepetition(segment, payload: payload, distance: -known, flow: flow)
    }
    let lateByteCount = half.isSynchronized && known > 0 ? payload.count - known : payload.count
    table.flows[flow].records[direction].lateByteCount &+= UInt32(truncatingIfNeeded: lateByteCount)
    remark(.payloadAfterEnd, flow: flow, segment, byteCount: lateByteCount)
  }
  /// A segment that begins before the next octet: a keep-alive, or octets sent again, maybe others than before.
  private mutating func noteRepetition(
    _ segment: borrowing TCPSegment, payload: Span<UInt8>, distance: Int, flow: Int
  ) {
    let direction = Int(segment.direction)
    if payload.count == 1, distance == -1 {
      return remark(
        table.flows[flow].halves[direction ^ 1].isWindowClosed ? .zeroWindowProbe : .keepAlive, flow: flow, segment,
        byteCount: 1)
    }
    table.flows[flow].records[direction].retransmissionCount &+= 1
    if !compare(payload, sequenceNumber: segment.sequenceNumber, segment, flow: flow) {
      remark(.retransmission, flow: flow, segment, byteCount: payload.count)
    }
  }
}
