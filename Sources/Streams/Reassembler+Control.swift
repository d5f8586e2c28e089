internal import Bytes
internal import Packets

/// SYN, FIN and RST: how connections begin and end (RFC 9293 §3.5, §3.6, §3.10.7).
extension Reassembler where Sink: ~Copyable {
  /// SYN, FIN or RST. Returns the flow that the segment belongs to, or −1 when it is done with.
  mutating func receiveControl(
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
    let record = table.flows[flow].records[direction]
    let hasEnded = table.flows[flow].state != .open
    let number = segment.sequenceNumber
    let isRepeated = record.synchronizeFrame != 0 && record.initial == number
    let opens = !segment.isAcknowledgement
    if half.isSynchronized, !isRepeated, opens || hasEnded {
      flow = reopen(segment, flow: flow)
    } else if half.isSynchronized {
      if isRepeated { remark(.synRepeated, flow: flow, segment) }
      table.flows[flow].note(segment)
      return -1
    } else if hasEnded, !segment.isAcknowledgement {
      flow = reopen(segment, flow: flow)
    }
    synchronize(segment, flow: flow)
    if segment.isAcknowledgement, table.flows[flow].isSynchronizeDoubted {
      settleSynchronize(segment, payload: Span(), flow: flow)
    }
    if payload.count > 0 { remark(.synPayload, flow: flow, segment, byteCount: payload.count) }
    judgeSynchronizeData(segment, flow: flow)
    if payload.count > 0 { holdSynchronizeData(segment, payload: payload, flow: flow) }
    table.flows[flow].note(segment)
    return -1
  }
  private mutating func synchronize(_ segment: borrowing TCPSegment, flow: Int) {
    let direction = Int(segment.direction)
    table.flows[flow].records[direction].initial = segment.sequenceNumber
    table.flows[flow].halves[direction].next = segment.sequenceNumber &+ 1
    table.flows[flow].halves[direction].isSynchronized = true
    table.flows[flow].records[direction].synchronizeFrame = segment.frame
    if !segment.isAcknowledgement {
      if table.flows[flow].roleEvidence != .synchronize {
        table.flows[flow].clientDirection = segment.direction
        table.flows[flow].roleEvidence = .synchronize
      } else if table.flows[flow].clientDirection != segment.direction {
        remark(.simultaneousOpen, flow: flow, segment)
      }
    } else if table.flows[flow].roleEvidence == .port {
      table.flows[flow].clientDirection = segment.direction ^ 1
      table.flows[flow].roleEvidence = .synchronizeAcknowledge
    }
  }
  /// The same addresses and ports begin a new connection.
  private mutating func reopen(_ segment: borrowing TCPSegment, flow: Int) -> Int {
    let hash = segment.key.hash(seed: table.seed)
    // A SYN that was not answered yet is replaced, an established connection is followed by another.
    let wasAnswered = table.flows[flow].halves[Int(segment.direction) ^ 1].isSynchronized
    let isOpen = table.flows[flow].state == .open
    let isDoubted = isOpen && (wasAnswered || table.flows[flow].isSynchronizeDoubted)
    if isOpen { table.flows[flow].ending = .reused }
    report(flow)
    table.remove(flow)
    let next = open(segment, hash: hash)
    table.flows[next].isSynchronizeDoubted = isDoubted
    noteCare(next)
    remark(wasAnswered ? .portReused : .synDifferent, flow: next, segment)
    return next
  }
  /// The SYN's answer acknowledges the SYN alone: what octets it carried were refused, and will be sent again.
  private mutating func judgeSynchronizeData(_ segment: borrowing TCPSegment, flow: Int) {
    let direction = Int(segment.direction) ^ 1
    let half = table.flows[flow].halves[direction]
    let record = table.flows[flow].records[direction]
    guard segment.isAcknowledgement, half.firstHeld >= 0, half.offset == 0, record.synchronizeFrame != 0 else {
      return
    }
    let first = record.initial &+ 1
    guard segment.acknowledgementNumber == first, held.pieces[UInt32(half.firstHeld)].sequenceNumber == first else {
      return
    }
    dropHeld(flow, direction)
    remark(
      .synPayloadRefused, flow: flow, direction: direction, frame: record.synchronizeFrame, at: segment.timestamp)
  }
  /// Octets in a SYN (RFC 7413) count once they are acknowledged.
  private mutating func holdSynchronizeData(_ segment: borrowing TCPSegment, payload: Span<UInt8>, flow: Int) {
    hold(payload, sequenceNumber: segment.sequenceNumber &+ 1, segment, flow: flow)
  }

  private mutating func receiveReset(_ segment: borrowing TCPSegment, flow: Int) {
    table.flows[flow].note(segment)
    let direction = Int(segment.direction)
    let half = table.flows[flow].halves[direction]
    let record = table.flows[flow].records[direction]
    if half.isSynchronized {
      let distance = SequenceNumber.distance(from: half.next, to: segment.sequenceNumber)
      if abs(distance) > StreamLimits.holeByteCount { return remark(.resetOutOfWindow, flow: flow, segment) }
      if table.flows[flow].state == .open, !isAwaited(segment.sequenceNumber, flow: flow, direction: direction) {
        return doubtReset(segment, flow: flow)
      }
    }
    if record.resetFrame == 0 { table.flows[flow].records[direction].resetFrame = segment.frame }
    if table.flows[flow].state == .open {
      flushHoles(flow)
      close(flow, .reset)
    }
  }
  mutating func receiveFinish(
    _ segment: borrowing TCPSegment, payloadByteCount: Int, flow: Int
  ) {
    let direction = Int(segment.direction)
    if table.flows[flow].state == .lingering, table.flows[flow].records[direction].finishFrame == 0 {
      table.flows[flow].records[direction].finishFrame = segment.frame
    }
    guard table.flows[flow].state == .open else { return }
    if !table.flows[flow].halves[direction].isSynchronized {
      table.flows[flow].halves[direction].isSynchronized = true
      table.flows[flow].halves[direction].next = segment.sequenceNumber
    }
    if !table.flows[flow].halves[direction].hasFinish {
      let finish = SequenceNumber.advanced(
        segment.sequenceNumber, by: payloadByteCount + Int(segment.uncapturedByteCount))
      // One behind the next octet is a FIN that was acknowledged before it was captured, and counted as an octet. Others
      // are outside of the window: a receiver goes on (RFC 9293 §3.10.7.4), and so must a listener.
      let distance = SequenceNumber.distance(from: table.flows[flow].halves[direction].next, to: finish)
      if distance < -1 || distance > StreamLimits.holeByteCount { return remark(.outOfWindow, flow: flow, segment) }
      table.flows[flow].halves[direction].hasFinish = true
      table.flows[flow].records[direction].finish = finish
      table.flows[flow].records[direction].finishFrame = segment.frame
      dropHeld(behind: finish, segment, flow: flow)
    }
    drain(flow: flow, direction: direction)
  }
}
