internal import Bytes
internal import Packets
internal import Streams

/// What TCP does under a conversation, segment by segment: the handshake, repetitions, the end (RFC 9293 §3.5, §3.6).
struct Transport {
  struct Event {
    var kind: Step.Kind
    var direction: UInt8
    var frame: UInt32
    var nanoseconds: Int64
  }
  /// Events that wait until the protocol is recognised; more is a connection that says nothing.
  private static let pendingCount = 16
  private var pending: [Event] = []
  private enum Handshake { case none, asked, answered, done }
  private var handshake = Handshake.none
  private var retransmissions: [UInt32] = [0, 0]
  var clientDirection: UInt8 = 0

  /// Takes what has happened since it was asked last.
  mutating func takePending() -> [Event] {
    if pending.isEmpty { return [] }
    defer { pending.removeAll(keepingCapacity: true) }
    return pending
  }
  /// Notes a segment that the reassembler has taken; `summary` is the connection's as it is then.
  mutating func note(_ segment: borrowing TCPSegment, _ summary: FlowSummary, payloadByteCount: Int) {
    let side = summary.sides[Int(segment.direction)]
    if segment.isSynchronize {
      let isFirst = side.synchronizeFrame == segment.frame
      handshake = segment.isAcknowledgement ? .answered : .asked
      let kind: Step.Kind = segment.isAcknowledgement ? .synchronizeAcknowledge : .synchronize
      add(isFirst ? kind : .retransmission, segment)
    } else if handshake == .answered, segment.isAcknowledgement, !segment.isReset,
      segment.direction == summary.clientDirection
    {
      handshake = .done
      if payloadByteCount == 0, !segment.isFinish { add(.acknowledge, segment) }
    }
    if side.retransmissionCount > retransmissions[Int(segment.direction)] {
      retransmissions[Int(segment.direction)] = side.retransmissionCount
      add(.retransmission, segment)
    }
    if segment.isFinish, side.finishFrame == segment.frame { add(.finish, segment) }
    if segment.isReset, side.resetFrame == segment.frame { add(.reset, segment) }
  }
  private mutating func add(_ kind: Step.Kind, _ segment: borrowing TCPSegment) {
    if pending.count == Self.pendingCount { return }
    pending.append(
      Event(
        kind: kind, direction: segment.direction, frame: segment.frame, nanoseconds: segment.timestamp.nanoseconds))
  }
}
