public import Bytes
public import Packets

/// What is unusual about a connection, at one place: an irregularity, whose it is, and where.
public struct StreamRemark: BitwiseCopyable, Sendable {
  public var irregularity: Irregularity
  /// The number of the connection in the capture; nil of what belongs to none.
  public var streamNumber: UInt32?
  /// 0 when the flow key's lower endpoint sends, else 1.
  public var direction: Int
  /// The frame that shows it.
  public var frame: UInt32
  /// The frame of what it is compared with; 0 when there is none.
  public var earlierFrame: UInt32 = 0
  public var timestamp: Timestamp
  /// The offset in the stream, and how many octets; 0 where neither applies.
  public var offset: UInt64 = 0
  public var byteCount: Int = 0

  public init(
    _ irregularity: Irregularity, streamNumber: UInt32?, direction: Int, frame: UInt32, earlierFrame: UInt32 = 0,
    at timestamp: Timestamp, offset: UInt64 = 0, byteCount: Int = 0
  ) {
    self.irregularity = irregularity
    self.streamNumber = streamNumber
    self.direction = direction
    self.frame = frame
    self.earlierFrame = earlierFrame
    self.timestamp = timestamp
    self.offset = offset
    self.byteCount = byteCount
  }
}
