public import Bytes
public import Packets

/// What reassembly looks at in every packet of one direction: half of a line of the processor's cache.
@usableFromInline struct StreamHalf: BitwiseCopyable {
  /// The offset in the stream of the next octet.
  @usableFromInline var offset: UInt64 = 0
  /// The sequence number of the next octet in order.
  @usableFromInline var next: UInt32 = 0
  @usableFromInline var firstHeld: Int32 = -1
  /// The latest of its runs in `RecentOctets`; 0 when there is none.
  @usableFromInline var latestRun: UInt32 = 0
  /// The timestamp that a segment must not be older than, once there was one (TS.Recent, RFC 7323 §4.3). That of a SYN
  /// is not taken: some systems take it from another clock.
  @usableFromInline var recentTimestamp: UInt32 = 0
  @usableFromInline var hasTimestamp = false
  @usableFromInline var isSynchronized = false
  @usableFromInline var hasFinish = false
  /// Everything up to the FIN has been delivered.
  @usableFromInline var isFinished = false
  @usableFromInline var isAcknowledgedAhead = false
  /// The side's last word on its window was 0.
  @usableFromInline var isWindowClosed = false
  @inlinable init() {}

  /// Whether the next octets can simply be taken: the beginning is known, nothing is held, no FIN was seen.
  @inlinable @inline(__always) var isInOrder: Bool { isSynchronized && firstHeld < 0 && !hasFinish }

  /// Whether a segment's timestamp says that it is of the past (PAWS, RFC 7323 §5). A clock that leaps is no past.
  @inlinable @inline(__always) func isPast(_ segment: borrowing TCPSegment) -> Bool {
    guard segment.hasTimestampValue, hasTimestamp else { return false }
    let difference = Int32(bitPattern: segment.timestampValue &- recentTimestamp)
    return difference < 0 && difference > -StreamLimits.timestampDifference
  }
  /// Takes the next octets, and returns their offset in the stream; nil, and nothing is changed, when they are others.
  @inlinable @inline(__always)
  mutating func takeNext(
    _ segment: borrowing TCPSegment, payload: Span<UInt8>, keepingIn recent: inout RecentOctets
  ) -> UInt64? {
    guard segment.sequenceNumber == next, isInOrder, !isPast(segment) else { return nil }
    takeTimestamp(segment)
    next &+= UInt32(truncatingIfNeeded: payload.count)
    latestRun = recent.append(
      payload, sequenceNumber: segment.sequenceNumber, frame: segment.frame, previous: latestRun)
    let place = offset
    offset &+= UInt64(payload.count)
    return place
  }
  /// Remembers the timestamp of a segment that is not of the past and begins no later than the next octet.
  @inlinable @inline(__always) mutating func takeTimestamp(_ segment: borrowing TCPSegment) {
    if segment.hasTimestampValue {
      recentTimestamp = segment.timestampValue
      hasTimestamp = true
    }
  }
}

/// What is remembered of one direction for when it begins, ends, or is out of order.
@usableFromInline struct StreamRecord: BitwiseCopyable {
  var gapByteCount: UInt64 = 0
  /// The sequence number of the SYN, when there was one.
  var initial: UInt32 = 0
  /// The sequence number of the FIN, when there was one.
  var finish: UInt32 = 0
  /// How far the peer has acknowledged octets that were not captured, when it has.
  var acknowledgedAhead: UInt32 = 0
  var synchronizeFrame: UInt32 = 0
  var finishFrame: UInt32 = 0
  var resetFrame: UInt32 = 0
  var retransmissionCount: UInt32 = 0
  var outOfOrderCount: UInt32 = 0
  /// Octets that came after the end and were left out.
  var lateByteCount: UInt32 = 0
  var heldCount: UInt16 = 0
  @usableFromInline init() {}
}

/// One connection's record: four lines of the processor's cache, of which a usual packet touches the first two.
@usableFromInline struct Flow: BitwiseCopyable {
  @usableFromInline enum State: UInt8, BitwiseCopyable {
    case open
    /// Ended, and waiting for late packets.
    case lingering
    /// Reported, and remembered for stray packets.
    case remembered
    /// The place is free.
    case vacant
  }
  @usableFromInline var key: FlowKey
  @usableFromInline var streamNumber: UInt32
  @usableFromInline var packetCount: UInt32 = 0
  @usableFromInline var lastFrame: UInt32
  @usableFromInline var state = State.open
  @usableFromInline var hasBegun = false
  /// One of the sides has closed its window, or octets wait for what they rest on: nothing is usual.
  @usableFromInline var needsCare = false
  @usableFromInline var clientDirection: UInt8
  @usableFromInline var lastTimestamp: Timestamp
  @usableFromInline var halves = InlineArray<2, StreamHalf>(repeating: StreamHalf())
  @usableFromInline var records = InlineArray<2, StreamRecord>(repeating: StreamRecord())
  @usableFromInline var firstTimestamp: Timestamp
  @usableFromInline var firstFrame: UInt32
  /// Where its irregularities begin in the book of remarks; −1 when there are none.
  @usableFromInline var firstRemark: Int32 = -1
  @usableFromInline var roleEvidence = RoleEvidence.port
  @usableFromInline var ending = FlowEnding.captureEnded
  /// How far the peer has to come before what is held of `waitingDirection` is delivered.
  var awaitedNumber: UInt32 = 0
  var waitingDirection: UInt8 = 0
  /// For how many packets it waits; 0 when it does not.
  var waitingCount: UInt8 = 0
  /// It began with a SYN in the midst of another connection, and whether the SYN counts is not known yet.
  var isSynchronizeDoubted = false
  /// Whose the RST is of which it is not known yet whether it counts, and its number; −1 when there is none.
  var doubtedResetDirection: Int8 = -1
  var doubtedResetNumber: UInt32 = 0

  @usableFromInline init(_ segment: borrowing TCPSegment, streamNumber: UInt32) {
    key = segment.key
    self.streamNumber = streamNumber
    firstFrame = segment.frame
    lastFrame = segment.frame
    firstTimestamp = segment.timestamp
    lastTimestamp = segment.timestamp
    clientDirection = segment.direction
    if segment.isSynchronize {
      roleEvidence = segment.isAcknowledgement ? .synchronizeAcknowledge : .synchronize
      if segment.isAcknowledgement { clientDirection ^= 1 }
    } else if segment.sourcePort < segment.destinationPort {
      clientDirection ^= 1
    }
  }
  /// Takes what is usual: a bare acknowledgement of what was seen, or the next octets of an open connection with
  /// nothing held. Returns the octets' offset in the stream; nil, and nothing is changed, when the segment is unusual.
  @inlinable @inline(__always)
  mutating func acceptNext(
    _ segment: borrowing TCPSegment, payload: Span<UInt8>, keepingIn recent: inout RecentOctets
  ) -> UInt64? {
    let direction = Int(segment.direction)
    // SYN, FIN, RST and URG are unusual, and so is a closed window.
    guard segment.flags & 0b100111 == 0, state == .open, segment.window != 0, !needsCare else { return nil }
    if segment.isAcknowledgement,
      Int32(bitPattern: segment.acknowledgementNumber &- halves[direction ^ 1].next) > 0
    {
      return nil
    }
    var offset: UInt64 = 0
    if payload.count > 0 {
      guard hasBegun, segment.uncapturedByteCount == 0,
        let place = halves[direction].takeNext(segment, payload: payload, keepingIn: &recent)
      else { return nil }
      offset = place
    } else if segment.sequenceNumber &+ 1 == halves[direction].next {
      // Maybe a keep-alive.
      return nil
    } else if segment.uncapturedByteCount > 0 {
      // Octets of which none was captured.
      return nil
    }
    note(segment)
    return offset
  }
  /// Counts a packet of the connection.
  @inlinable @inline(__always) mutating func note(_ segment: borrowing TCPSegment) {
    packetCount &+= 1
    lastFrame = segment.frame
    lastTimestamp = segment.timestamp
  }
  var summary: FlowSummary {
    FlowSummary(
      key: key, streamNumber: streamNumber, clientDirection: clientDirection, roleEvidence: roleEvidence,
      ending: ending, firstFrame: firstFrame, lastFrame: lastFrame, firstTimestamp: firstTimestamp,
      lastTimestamp: lastTimestamp, packetCount: packetCount, sides: [side(0), side(1)],
      firstRemark: firstRemark)
  }
  private func side(_ direction: Int) -> FlowSummary.Side {
    FlowSummary.Side(halves[direction], records[direction])
  }
}

extension FlowSummary.Side {
  init(_ half: StreamHalf, _ record: StreamRecord) {
    synchronizeFrame = record.synchronizeFrame
    finishFrame = record.finishFrame
    resetFrame = record.resetFrame
    byteCount = half.offset &- record.gapByteCount
    gapByteCount = record.gapByteCount
    retransmissionCount = record.retransmissionCount
    outOfOrderCount = record.outOfOrderCount
    lateByteCount = record.lateByteCount
  }
}
