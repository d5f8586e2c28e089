internal import Bytes
internal import Packets

/// Octets that acknowledge what was not captured yet. The queues of a network card, and taps that are merged, exchange
/// packets of the two directions in a capture: a command stands before the greeting that it acknowledges. It waits for a
/// few packets, until what it rests on has come, or turns out to be lost.
extension Reassembler where Sink: ~Copyable {
  /// Lets the next octets of one direction wait until the other has come `ahead` octets further; false where that makes no
  /// sense, since more is missing than packets that were exchanged.
  mutating func wait(for ahead: Int, _ segment: borrowing TCPSegment, payload: Span<UInt8>, flow: Int) -> Bool {
    let direction = Int(segment.direction)
    let half = table.flows[flow].halves[direction]
    guard payload.count > 0, ahead <= StreamLimits.exchangedByteCount, table.flows[flow].state == .open,
      table.flows[flow].waitingCount == 0, segment.uncapturedByteCount == 0, !segment.isFinish, half.isInOrder,
      half.next == segment.sequenceNumber, table.flows[flow].halves[direction ^ 1].isInOrder
    else { return false }
    hold(payload, sequenceNumber: segment.sequenceNumber, segment, flow: flow)
    guard table.flows[flow].halves[direction].firstHeld >= 0 else { return true }
    table.flows[flow].awaitedNumber = segment.acknowledgementNumber
    table.flows[flow].waitingDirection = segment.direction
    table.flows[flow].waitingCount = StreamLimits.exchangedPacketCount
    noteCare(flow)
    return true
  }
  /// Ends the waiting where `segment` is nothing that brings what is missing, or where the peer has what waits: it has
  /// gone on.
  mutating func beforeWaiting(_ segment: borrowing TCPSegment, payload: Span<UInt8>, flow: Int) {
    let peer = Int(table.flows[flow].waitingDirection) ^ 1
    let isFromPeer = Int(segment.direction) == peer
    let distance = SequenceNumber.distance(from: table.flows[flow].halves[peer].next, to: segment.sequenceNumber)
    let answered = SequenceNumber.distance(
      from: table.flows[flow].halves[peer ^ 1].next, to: segment.acknowledgementNumber)
    var mayGoOn = segment.flags & 0b111 == 0
    if isFromPeer {
      if segment.isAcknowledgement, answered > 0 { mayGoOn = false }
      if payload.count > 0, distance > 0 { mayGoOn = false }
    } else if payload.count > 0 {
      mayGoOn = false
    }
    if !mayGoOn { stopWaiting(flow) }
  }
  /// Ends the waiting when what was missing has come, or when it has lasted long enough.
  mutating func afterWaiting(_ flow: Int) {
    guard table.flows[flow].waitingCount > 0 else { return }
    table.flows[flow].waitingCount -= 1
    if table.flows[flow].waitingCount == 0 || awaitedByteCount(flow) <= 0 { stopWaiting(flow) }
  }
  /// What has not come is a gap, and what has waited is delivered.
  mutating func stopWaiting(_ flow: Int) {
    let direction = Int(table.flows[flow].waitingDirection)
    table.flows[flow].waitingCount = 0
    noteCare(flow)
    let first = table.flows[flow].halves[direction].firstHeld
    guard first >= 0 else { return }
    let piece = held.pieces[UInt32(first)]
    let missing = awaitedByteCount(flow)
    begin(flow)
    if missing > 0 {
      skip(missing, flow: flow, direction: direction ^ 1, frame: piece.frame, timestamp: piece.timestamp)
    } else {
      remark(.acknowledgedUnseen, flow: flow, direction: direction, frame: piece.frame, at: piece.timestamp)
    }
    drain(flow: flow, direction: direction)
  }
  private func awaitedByteCount(_ flow: Int) -> Int {
    SequenceNumber.distance(
      from: table.flows[flow].halves[Int(table.flows[flow].waitingDirection) ^ 1].next,
      to: table.flows[flow].awaitedNumber)
  }
  mutating func noteCare(_ flow: Int) {
    table.flows[flow].needsCare =
      table.flows[flow].halves[0].isWindowClosed || table.flows[flow].halves[1].isWindowClosed
      || table.flows[flow].waitingCount > 0 || table.flows[flow].isDoubted
  }
}
