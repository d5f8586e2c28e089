internal import Bytes
internal import Streams

/// What a connection has said before its protocol is recognised: pieces in the order of capture, to be played again.
struct Undecided: BitwiseCopyable {
  struct Piece: BitwiseCopyable {
    var range = OctetRange(0, 0)
    /// Octets missing before the piece.
    var gapByteCount: UInt32 = 0
    var position: StreamPosition
  }
  private(set) var buffers: InlineArray<2, Int32>
  private(set) var pieces: InlineArray<16, Piece>
  private(set) var pieceCount = 0

  init(lines: inout BufferPool, at position: StreamPosition) {
    buffers = [lines.allocate(), lines.allocate()]
    pieces = InlineArray(repeating: Piece(position: position))
  }
  /// Keeps a piece; false when there is no room, and the connection is none of ours.
  mutating func append(
    _ bytes: Span<UInt8>, gapByteCount: Int = 0, at position: StreamPosition, lines: inout BufferPool
  ) -> Bool {
    let buffer = buffers[position.direction]
    let start = lines.count(buffer)
    guard start + bytes.count <= DialogueLimits.undecidedByteCount || start == 0, bytes.count <= lines.room(buffer)
    else { return false }
    if pieceCount == DialogueLimits.undecidedPieceCount {
      // A side that speaks octet by octet: its last piece grows, and where that lies in a frame is given up.
      let last = pieceCount - 1
      guard gapByteCount == 0, pieces[last].position.direction == position.direction else { return false }
      lines.append(bytes, to: buffer)
      pieces[last].range = OctetRange(pieces[last].range.lower, start + bytes.count)
      pieces[last].position.frameOffset = -1
      return true
    }
    lines.append(bytes, to: buffer)
    pieces[pieceCount] = Piece(
      range: OctetRange(start, start + bytes.count), gapByteCount: UInt32(truncatingIfNeeded: gapByteCount),
      position: position)
    pieceCount += 1
    return true
  }
  /// The direction that spoke first.
  var firstDirection: Int { pieceCount > 0 ? pieces[0].position.direction : 0 }

  /// Where the first line begins of which the beginning was captured: `octets` are what `direction` has said.
  func firstLine(_ octets: Span<UInt8>, _ direction: Int) -> Int {
    for index in 0..<pieceCount where pieces[index].position.direction == direction {
      if pieces[index].gapByteCount == 0 { return 0 }
      return octets.firstOffset(of: ASCII.lineFeed).map { $0 + 1 } ?? octets.count
    }
    return 0
  }

  func release(lines: inout BufferPool) {
    lines.release(buffers[0])
    lines.release(buffers[1])
  }
}
