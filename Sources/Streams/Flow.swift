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
  /// The offset in the stream of the next octet.
  @usableFromInline var offset: UInt64 = 0
  @usableFromInline var heldCount: UInt16 = 0
  @usableFromInline var isSynchronized = false
  @usableFromInline var hasFinish = false
  /// Everything up to the FIN has been delivered.
  @usableFromInline var isFinished = false
  @usableFromInline var side = FlowSummary.Side()
  @inlinable init() {}
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
  var summary: FlowSummary {
    FlowSummary(
      key: key, streamNumber: streamNumber, clientDirection: clientDirection, roleEvidence: roleEvidence,
      ending: ending, firstFrame: firstFrame, lastFrame: lastFrame, firstTimestamp: firstTimestamp,
      lastTimestamp: lastTimestamp, packetCount: packetCount, sides: [halves[0].side, halves[1].side])
  }
}
