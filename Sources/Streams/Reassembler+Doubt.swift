internal import Bytes
internal import Packets

/// A RST and a SYN in the midst of a connection, which whoever guesses its addresses and ports can send. A receiver takes
/// a RST at the very next number alone, and answers any other, and every SYN, with a challenge (RFC 9293 §3.10.7.4,
/// RFC 5961 §3.2, §4.2). A listener may lack octets that the receiver has, so what is said next tells whether they count.
extension Reassembler where Sink: ~Copyable {
  /// Whether a RST stands where its receiver may await the next octet: behind all that came in order, or was
  /// acknowledged, or a run that came ahead of its turn; at a FIN, or behind it.
  func isAwaited(_ number: UInt32, flow: Int, direction: Int) -> Bool {
    let half = table.flows[flow].halves[direction]
    let record = table.flows[flow].records[direction]
    let isAtFinish = number == record.finish || number == record.finish &+ 1
    if number == half.next || half.hasFinish && isAtFinish { return true }
    if SequenceNumber.distance(from: half.next, to: number) < 0 { return false }
    if half.isAcknowledgedAhead, number == record.acknowledgedAhead { return true }
    var place = half.firstHeld
    while place >= 0 {
      let piece = held.pieces[UInt32(place)]
      let end = SequenceNumber.advanced(piece.sequenceNumber, by: Int(piece.byteCount))
      let isEndOfRun = piece.next < 0 || held.pieces[UInt32(piece.next)].sequenceNumber != end
      if isEndOfRun, number == end { return true }
      place = piece.next
    }
    return false
  }
  /// The RST counts if its host says nothing more.
  mutating func doubtReset(_ segment: borrowing TCPSegment, flow: Int) {
    let direction = Int(segment.direction)
    if table.flows[flow].records[direction].resetFrame == 0 {
      table.flows[flow].records[direction].resetFrame = segment.frame
    }
    table.flows[flow].doubtedResetDirection = Int8(truncatingIfNeeded: direction)
    table.flows[flow].doubtedResetNumber = segment.sequenceNumber
    noteCare(flow)
  }
  /// Looks at what follows.
  mutating func settle(_ segment: borrowing TCPSegment, payload: Span<UInt8>, flow: Int) {
    if table.flows[flow].isSynchronizeDoubted { settleSynchronize(segment, payload: payload, flow: flow) }
    let isFinish = segment.isFinish
    if payload.count > 0 || isFinish { settleReset(segment, flow: flow) }
  }
  /// A host that goes on, at the RST's number or behind it, has not sent it, or its peer has not heeded it.
  private mutating func settleReset(_ segment: borrowing TCPSegment, flow: Int) {
    let direction = Int(segment.direction)
    guard table.flows[flow].state == .open, Int(table.flows[flow].doubtedResetDirection) == direction,
      SequenceNumber.distance(from: table.flows[flow].doubtedResetNumber, to: segment.sequenceNumber) >= 0
    else { return }
    remark(
      .resetOutOfWindow, flow: flow, direction: direction, frame: table.flows[flow].records[direction].resetFrame,
      at: segment.timestamp)
    table.flows[flow].records[direction].resetFrame = 0
    table.flows[flow].doubtedResetDirection = -1
    noteCare(flow)
  }
  /// The SYN counts if the peer acknowledges it, or its host goes on behind it. If both go on elsewhere, this is what is
  /// left of the connection before, which goes on in the midst.
  mutating func settleSynchronize(_ segment: borrowing TCPSegment, payload: Span<UInt8>, flow: Int) {
    let direction = Int(table.flows[flow].clientDirection)
    let next = table.flows[flow].halves[direction].next
    let isFromPeer = Int(segment.direction) != direction
    if isFromPeer, !segment.isAcknowledgement { return }
    let number = isFromPeer ? segment.acknowledgementNumber : segment.sequenceNumber
    let isFinish = segment.isFinish
    guard number == next || payload.count > 0 || isFinish else { return }
    table.flows[flow].isSynchronizeDoubted = false
    noteCare(flow)
    // What was handed on stands behind the SYN, and stays there.
    if number == next || table.flows[flow].halves[direction].offset > 0 { return }
    remark(
      .outOfWindow, flow: flow, direction: direction, frame: table.flows[flow].records[direction].synchronizeFrame,
      at: segment.timestamp)
    dropHeld(flow, direction)
    table.flows[flow].records[direction].synchronizeFrame = 0
    table.flows[flow].halves[direction].next = number
    table.flows[flow].roleEvidence = .port
    table.flows[flow].clientDirection = segment.direction
    if segment.sourcePort < segment.destinationPort { table.flows[flow].clientDirection ^= 1 }
  }
}

extension Flow {
  /// Whether it is not known yet if a SYN or RST counts.
  var isDoubted: Bool { isSynchronizeDoubted || doubtedResetDirection >= 0 }
}
