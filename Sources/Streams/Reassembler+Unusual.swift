internal import Bytes
public import Packets

/// What is not the next octets of an open connection: beginnings, holes, repetitions, ends.
extension Reassembler where Sink: ~Copyable {
  /// A segment that is not simply the next of an open connection.
  @usableFromInline @inline(never) mutating func receiveUnusual(
    _ segment: borrowing TCPSegment, payload: Span<UInt8>, flow: Int
  ) {
    let waits = table.flows[flow].waitingCount > 0
    if waits { beforeWaiting(segment, payload: payload, flow: flow) }
    receiveWithCare(segment, payload: payload, flow: flow)
    if waits { afterWaiting(flow) }
  }
  @inline(__always) private mutating func receiveWithCare(
    _ segment: borrowing TCPSegment, payload: Span<UInt8>, flow: Int
  ) {
    var flow = flow
    if segment.flags & 0b111 != 0 {
      flow = receiveControl(segment, payload: payload, flow: flow)
      if flow < 0 { return }
    }
    let isPast = self.isPast(segment, payload: payload, flow: flow)
    table.flows[flow].note(segment)
    if isPast { return remark(.oldTimestamp, flow: flow, segment, byteCount: payload.count) }
    if segment.isUrgent { remark(.urgent, flow: flow, segment) }
    noteWindow(segment, payload: payload, flow: flow)
    if table.flows[flow].isDoubted { settle(segment, payload: payload, flow: flow) }
    if isOutOfWindow(segment, flow: flow) {
      let isFinish = segment.isFinish
      if payload.count > 0 || isFinish { remark(.outOfWindow, flow: flow, segment, byteCount: payload.count) }
      return
    }
    if segment.isAcknowledgement {
      let peer = Int(segment.direction) ^ 1
      let ahead = SequenceNumber.distance(
        from: table.flows[flow].halves[peer].next, to: segment.acknowledgementNumber)
      if ahead > 0, wait(for: ahead, segment, payload: payload, flow: flow) { return }
      if ahead > 0 { acknowledge(ahead, flow: flow, direction: peer, segment, hasPayload: payload.count > 0) }
    }
    if payload.count > 0 {
      receiveUnusualPayload(segment, payload: payload, flow: flow)
    } else if segment.uncapturedByteCount > 0 {
      receiveUncaptured(segment, payload: payload, flow: flow)
    }
    if segment.isFinish { receiveFinish(segment, payloadByteCount: payload.count, flow: flow) }
  }
  /// The next octets of a side, of which the capture has none.
  private mutating func receiveUncaptured(_ segment: borrowing TCPSegment, payload: Span<UInt8>, flow: Int) {
    let half = table.flows[flow].halves[Int(segment.direction)]
    if half.isSynchronized, half.next != segment.sequenceNumber { return }
    receiveUnusualPayload(segment, payload: payload, flow: flow)
  }
  /// Whether the segment belongs to no open window: then nothing of it counts, also not what it acknowledges (RFC 9293
  /// §3.10.7.4).
  private func isOutOfWindow(_ segment: borrowing TCPSegment, flow: Int) -> Bool {
    let half = table.flows[flow].halves[Int(segment.direction)]
    guard table.flows[flow].state == .open, half.isSynchronized else { return false }
    let distance = SequenceNumber.distance(from: half.next, to: segment.sequenceNumber)
    return distance > StreamLimits.holeByteCount || distance < -StreamLimits.holeByteCount * 8
  }
  /// Whether the segment is of the past by its timestamp (PAWS, RFC 7323 §5.3). One without octets changes nothing, and
  /// after 24 days without a word a timestamp means nothing.
  private func isPast(_ segment: borrowing TCPSegment, payload: Span<UInt8>, flow: Int) -> Bool {
    let half = table.flows[flow].halves[Int(segment.direction)]
    if payload.count == 0, !segment.isFinish { return false }
    guard half.isPast(segment) else { return false }
    let silence = segment.timestamp.nanoseconds &- table.flows[flow].lastTimestamp.nanoseconds
    return silence < StreamLimits.timestampNanoseconds
  }
  /// A window that closes or opens, and a keep-alive without octets.
  private mutating func noteWindow(_ segment: borrowing TCPSegment, payload: Span<UInt8>, flow: Int) {
    let direction = Int(segment.direction)
    let half = table.flows[flow].halves[direction]
    if payload.count == 0, !segment.isFinish, half.isSynchronized, !half.isFinished,
      segment.sequenceNumber &+ 1 == half.next, half.offset > 0
    {
      remark(.keepAlive, flow: flow, segment)
    }
    let isClosed = segment.window == 0
    if isClosed, !half.isWindowClosed { remark(.zeroWindow, flow: flow, segment) }
    table.flows[flow].halves[direction].isWindowClosed = isClosed
    noteCare(flow)
  }

  /// Tells the sink of the connection, at its first octet.
  mutating func begin(_ flow: Int) {
    if table.flows[flow].hasBegun { return }
    if table.speakingCount >= StreamLimits.speakingFlowCount { evictSpeaker(besides: flow) }
    table.flows[flow].hasBegun = true
    table.speakingCount += 1
    let records = table.flows[flow].records
    if records[0].synchronizeFrame == 0, records[1].synchronizeFrame == 0 {
      remark(
        .midstream, flow: flow, direction: Int(table.flows[flow].clientDirection),
        frame: table.flows[flow].firstFrame, at: table.flows[flow].firstTimestamp)
    }
    sink.begin(flow: flow, table.flows[flow].summary)
  }
}
