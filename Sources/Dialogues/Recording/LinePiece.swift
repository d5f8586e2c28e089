internal import Streams

/// Some octets of a line that stand together in one frame, which is not the frame where the line begins, or behind one
/// that is not.
struct LinePiece: BitwiseCopyable {
  var frame: UInt32
  /// Where it begins in the frame; −1 when that cannot be told.
  var frameOffset: Int32
  var byteCount: UInt32

  init(_ position: StreamPosition, offset: Int, byteCount: Int) {
    let mark = LineMark(position, offset: offset, byteCount: byteCount)
    frame = mark.frame
    frameOffset = mark.frameOffset
    self.byteCount = mark.frameByteCount
  }
  /// Takes in the `next` piece where that follows at once in the same frame; false where it does not.
  mutating func extend(by next: LinePiece) -> Bool {
    guard next.frame == frame, frameOffset >= 0, Int(next.frameOffset) == Int(frameOffset) + Int(byteCount) else {
      return false
    }
    byteCount &+= next.byteCount
    return true
  }
}
