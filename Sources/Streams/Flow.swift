public import Bytes
public import Packets

/// What reassembly remembers of one direction.
@usableFromInline struct StreamHalf: BitwiseCopyable {
  /// The sequence number of the next octet in order.
  @usableFromInline var next: UInt32 = 0
  /// The sequence number of the SYN, when there was one.
  @usableFromInline var initial: UInt32 = 0
  /// The sequence number of the FIN, when there was one.
  @usableFromInline var finish: UInt32 = 0
  @usableFromInline var firstHeld: Int32 = -1
  /// How far the peer has acknowledged octets that were not captured, when it has.
  @usableFromInline var acknowledgedAhead: UInt32 = 0
  @usableFromInline var isAcknowledgedAhead = false
  /// The offset in the stream of the next octet.
  @usableFromInline var offset: UInt64 = 0
  @usableFromInline var heldCount: UInt16 = 0
  @usableFromInline var isSynchronized = false
  @usableFromInline var hasFinish = false
  /// Everything up to the FIN has been delivered.
  @usableFromInline var isFinished = false
  /// The timestamp that a segment must not be older than, once there was one (TS.Recent, RFC 7323 §4.3). That of a SYN
  /// is not taken: some systems take it from another clock.
  @usableFromInline var recentTimestamp: UInt32 = 0
  @usableFromInline var hasTimestamp = false
  /// The side's last word on its window was 0.
  @usableFromInline var isWindowClosed = false
  /// The latest of its runs in `RecentOctets`; 0 when there is none.
  @usableFromInline var latestRun: UInt32 = 0
  @usableFromInline var side = FlowSummary.Side()
  @inlinable init() {}

  /// Whether the next octets can simply be taken: the beginning is known, nothing is held, no FIN was seen.
  @inlinable @inline(__always) var isInOrder: Bool { isSynchronized && firstHeld < 0 && !hasFinish }

  /// Whether a segment's timestamp says that it is of the past (PAWS, RFC 7323 §5). A clock that leaps is no past.
  @inlinable @inline(__always) func isPast(_ segment: borrowing TCPSegment) -> Bool {
    guard segment.hasTimestampValue, hasTimestamp else { return false }
    let difference = Int32(bitPattern: segment.timestampValue &- recentTimestamp)
    return difference < 0 && difference > -StreamLimits.timestampDifference
  }
  /// Remembers the timestamp of a segment that is not of the past and begins no later than the next octet.
  @inlinable @inline(__always) mutating func takeTimestamp(_ segment: borrowing TCPSegment) {
    if segment.hasTimestampValue {
      recentTimestamp = segment.timestampValue
      hasTimestamp = true
    }
  }
}

/// One connection's record.
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
  @usableFromInline var hash: UInt32
  @usableFromInline var streamNumber: UInt32
  @usableFromInline var state = State.open
  @usableFromInline var hasBegun = false
  /// One of the sides has closed its window.
  @usableFromInline var hasClosedWindow = false
  /// Where its irregularities begin in the book of remarks; −1 when there are none.
  @usableFromInline var firstRemark: Int32 = -1
  @usableFromInline var clientDirection: UInt8
  @usableFromInline var roleEvidence = RoleEvidence.port
  @usableFromInline var ending = FlowEnding.captureEnded
  @usableFromInline var packetCount: UInt32 = 0
  @usableFromInline var firstFrame: UInt32
  @usableFromInline var lastFrame: UInt32
  @usableFromInline var firstTimestamp: Timestamp
  @usableFromInline var lastTimestamp: Timestamp
  @usableFromInline var halves = InlineArray<2, StreamHalf>(repeating: StreamHalf())

  @inlinable init(_ segment: borrowing TCPSegment, hash: UInt32, streamNumber: UInt32) {
    key = segment.key
    self.hash = hash
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
  mutating func acceptNext(_ segment: borrowing TCPSegment, payloadByteCount: Int) -> UInt64? {
    let direction = Int(segment.direction)
    // SYN, FIN, RST and URG are unusual, and so is a closed window.
    guard segment.flags & 0b100111 == 0, state == .open, segment.window != 0, !hasClosedWindow else { return nil }
    if segment.isAcknowledgement,
      Int32(bitPattern: segment.acknowledgementNumber &- halves[direction ^ 1].next) > 0
    {
      return nil
    }
    let offset = halves[direction].offset
    if payloadByteCount > 0 {
      guard segment.sequenceNumber == halves[direction].next, hasBegun, segment.uncapturedByteCount == 0,
        halves[direction].isInOrder, !halves[direction].isPast(segment)
      else { return nil }
      halves[direction].takeTimestamp(segment)
      halves[direction].next &+= UInt32(truncatingIfNeeded: payloadByteCount)
      halves[direction].offset = offset &+ UInt64(payloadByteCount)
      halves[direction].side.byteCount &+= UInt64(payloadByteCount)
    } else if segment.sequenceNumber &+ 1 == halves[direction].next {
      // Maybe a keep-alive.
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
      lastTimestamp: lastTimestamp, packetCount: packetCount, sides: [halves[0].side, halves[1].side],
      firstRemark: firstRemark)
  }
}
