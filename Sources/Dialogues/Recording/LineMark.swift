package import Bytes
package import Streams

/// Where a line or another run of octets was found: from a place in one frame, maybe to another frame.
package struct LineMark: BitwiseCopyable, Sendable {
  package var frame: UInt32
  package var lastFrame: UInt32
  /// Where it begins in `frame`; −1 when that cannot be told.
  package var frameOffset: Int32
  /// How many of its octets `frame` holds.
  package var frameByteCount: UInt32
  package var timestamp: Timestamp

  package init(_ position: StreamPosition, offset: Int, byteCount: Int) {
    frame = position.frame
    lastFrame = position.frame
    frameOffset = position.frameOffset < 0 ? -1 : position.frameOffset &+ Int32(truncatingIfNeeded: offset)
    frameByteCount = UInt32(truncatingIfNeeded: byteCount)
    timestamp = position.timestamp
  }
  /// Nothing was found anywhere.
  package init() {
    frame = 0
    lastFrame = 0
    frameOffset = -1
    frameByteCount = 0
    timestamp = Timestamp(nanoseconds: 0)
  }
  /// The same run, longer by what another frame, or this one from `offset` on, brought. What does not follow at once, as
  /// the end of a line behind a message within it, is not among the octets that `frame` is said to hold.
  package mutating func extend(_ position: StreamPosition, offset: Int, byteCount more: Int) {
    if position.frame == frame, lastFrame == frame,
      Int(position.frameOffset) &+ offset == Int(frameOffset) &+ Int(frameByteCount)
    {
      frameByteCount &+= UInt32(truncatingIfNeeded: more)
    }
    lastFrame = position.frame
  }
}
