public import Bytes
public import Packets

/// Where octets of a stream were found.
public struct StreamPosition: BitwiseCopyable, Sendable {
  /// The number of the flow, as given by `begin`.
  public var flow: Int
  /// 0 when the flow key's lower endpoint sends, else 1.
  public var direction: Int
  /// The offset in the stream of the first octet.
  public var offset: UInt64
  /// The frame that brought the octets.
  public var frame: UInt32
  /// Where the octets begin in that frame; −1 when they came in fragments.
  public var frameOffset: Int32
  public var timestamp: Timestamp

  @inlinable @inline(__always)
  public init(
    flow: Int, direction: Int, offset: UInt64, frame: UInt32, frameOffset: Int32, timestamp: Timestamp
  ) {
    self.flow = flow
    self.direction = direction
    self.offset = offset
    self.frame = frame
    self.frameOffset = frameOffset
    self.timestamp = timestamp
  }
}

/// How it is known which side is the client.
public enum RoleEvidence: UInt8, BitwiseCopyable, Sendable { case synchronize, synchronizeAcknowledge, port, content }

/// How a connection's record ends.
public enum FlowEnding: UInt8, BitwiseCopyable, Sendable {
  /// Both sides sent FIN.
  case finished
  /// A side sent RST.
  case reset
  /// The capture ended first.
  case captureEnded
  /// A new connection took the same addresses and ports.
  case reused
  /// Given up to keep memory bounded.
  case evicted
}

/// What is known of a connection as a whole. Frames are 0 where there was none.
public struct FlowSummary: BitwiseCopyable, Sendable {
  /// One direction's part.
  public struct Side: BitwiseCopyable, Sendable {
    public var synchronizeFrame: UInt32 = 0
    public var finishFrame: UInt32 = 0
    public var resetFrame: UInt32 = 0
    /// Octets delivered, holes not counted.
    public var byteCount: UInt64 = 0
    public var gapByteCount: UInt64 = 0
    public var retransmissionCount: UInt32 = 0
    public var outOfOrderCount: UInt32 = 0
    /// Octets that came after the end and were left out.
    public var lateByteCount: UInt32 = 0
    @inlinable public init() {}
  }
  public var key: FlowKey
  /// The connection's number in the capture, from 0, as Wireshark numbers TCP streams.
  public var streamNumber: UInt32
  public var clientDirection: UInt8
  public var roleEvidence: RoleEvidence
  public var ending: FlowEnding
  public var firstFrame: UInt32
  public var lastFrame: UInt32
  public var firstTimestamp: Timestamp
  public var lastTimestamp: Timestamp
  public var packetCount: UInt32
  public var sides: InlineArray<2, Side>
  /// Where the connection's irregularities begin in the book of remarks; −1 when there are none.
  var firstRemark: Int32
}

/// Receives reassembled bytes. Order of calls for a flow: `begin`, then `receive` and `gap` in stream order for each
/// direction, then `finish` once. `note` may come at any time.
public protocol StreamSink: ~Copyable {
  /// A connection carries its first octet. The same number comes again after `finish`.
  mutating func begin(flow: Int, _ summary: FlowSummary)
  /// The next octets of one direction; `bytes` are lent for the call.
  mutating func receive(_ bytes: Span<UInt8>, at position: StreamPosition)
  /// Octets that were never captured.
  mutating func gap(byteCount: Int, at position: StreamPosition)
  /// Nothing more will come of this flow; `remarks` lends what was unusual about it.
  mutating func finish(flow: Int, _ summary: FlowSummary, remarks: borrowing RemarkBook)
  /// What the capture says besides its packets, in the order of the file; `octets` are lent for the call.
  mutating func receive(_ note: CaptureNote, _ octets: Span<UInt8>)
  /// The path that connections of keys with this `pathNumber` travel.
  mutating func receive(_ path: TunnelPath, number: UInt32)
  /// Something unusual, of a connection that may not have begun to speak, or of none.
  mutating func note(_ remark: StreamRemark)
  /// No packet has come for a while, and the capture is still being written.
  mutating func idle()
}

extension StreamSink where Self: ~Copyable {
  /// A sink that does not care for what the capture says besides its packets.
  public mutating func receive(_ note: CaptureNote, _ octets: Span<UInt8>) {}
  /// A sink that does not care for the names of tunnels.
  public mutating func receive(_ path: TunnelPath, number: UInt32) {}
}
