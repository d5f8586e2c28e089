public import Bytes

/// The TCP header of one packet (RFC 9293 §3.1), and where its payload lies in the frame.
public struct TCPSegment: BitwiseCopyable, Sendable {
  public var key: FlowKey
  public var sequenceNumber: UInt32
  public var acknowledgementNumber: UInt32
  public var frame: UInt32
  /// Where the payload begins in the frame; −1 when the datagram was put together from fragments.
  public var frameOffset: Int32
  /// Payload octets that were on the wire and not captured.
  public var uncapturedByteCount: UInt32
  /// 0 when the lower endpoint of the key sends, else 1.
  public var direction: UInt8
  public var flags: UInt8
  /// The room that the sender says it has, in its own unit (RFC 7323 §2).
  public var window: UInt16
  /// Whether the header carries a timestamp option, and its value (RFC 7323 §3.2).
  public var hasTimestampValue: Bool
  public var timestampValue: UInt32
  public var timestamp: Timestamp

  @inlinable @inline(__always) init(
    key: FlowKey, sequenceNumber: UInt32, acknowledgementNumber: UInt32, frame: UInt32, frameOffset: Int32,
    uncapturedByteCount: UInt32, direction: UInt8, flags: UInt8, window: UInt16 = UInt16.max,
    hasTimestampValue: Bool = false, timestampValue: UInt32 = 0, timestamp: Timestamp
  ) {
    self.key = key
    self.sequenceNumber = sequenceNumber
    self.acknowledgementNumber = acknowledgementNumber
    self.frame = frame
    self.frameOffset = frameOffset
    self.uncapturedByteCount = uncapturedByteCount
    self.direction = direction
    self.flags = flags
    self.window = window
    self.hasTimestampValue = hasTimestampValue
    self.timestampValue = timestampValue
    self.timestamp = timestamp
  }
  /// The sender's port.
  public var sourcePort: UInt16 { key.port(Int(direction)) }
  /// The receiver's port.
  public var destinationPort: UInt16 { key.port(Int(direction) ^ 1) }
  @inlinable @inline(__always) public var isFinish: Bool { flags & 1 != 0 }
  @inlinable @inline(__always) public var isSynchronize: Bool { flags & 2 != 0 }
  @inlinable @inline(__always) public var isReset: Bool { flags & 4 != 0 }
  @inlinable @inline(__always) public var isAcknowledgement: Bool { flags & 16 != 0 }
  @inlinable @inline(__always) public var isUrgent: Bool { flags & 32 != 0 }
}

/// Receives TCP segments in capture order; `payload` is lent for the call.
public protocol SegmentSink: ~Copyable {
  mutating func receive(_ segment: borrowing TCPSegment, payload: Span<UInt8>)
  /// What the capture says besides its packets, in the order of the file; `octets` are lent for the call.
  mutating func receive(_ note: CaptureNote, _ octets: Span<UInt8>)
  /// A path that segments of keys with this `pathNumber` travel; told before the first of them.
  mutating func receive(_ path: TunnelPath, number: UInt32)
  /// Something unusual about a packet that gives no segment, or of a segment that gives none any more.
  mutating func note(_ irregularity: Irregularity, frame: UInt32, at timestamp: Timestamp)
  /// A packet came at `now` that may give no segment: time goes on all the same.
  mutating func advance(to now: Timestamp)
  /// No packet has come for a while, and the capture is still being written.
  mutating func idle()
}
