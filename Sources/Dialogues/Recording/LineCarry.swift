internal import Bytes
internal import Streams

/// One direction's unfinished line, and where it began.
struct LineCarry: BitwiseCopyable {
  private(set) var buffer: Int32 = -1
  private(set) var mark = LineMark()
  /// The line grew beyond its limit; what follows until its end is left out.
  private(set) var isCut = false

  var isEmpty: Bool { buffer < 0 }

  /// Whether `byteCount` more octets of a message's line may be kept.
  func hasRoom(for byteCount: Int, in lines: borrowing BufferPool) -> Bool {
    if buffer < 0 { return byteCount <= min(DialogueLimits.messageLineByteCount, lines.initialRoom) }
    let room = min(DialogueLimits.messageLineByteCount - lines.count(buffer), lines.room(buffer))
    return byteCount <= room
  }

  @inline(never) mutating func append(
    _ bytes: Span<UInt8>, at position: StreamPosition, offset: Int, limit: Int, in lines: inout BufferPool
  ) {
    if buffer < 0 {
      buffer = lines.allocate()
      mark = LineMark(position, offset: offset, byteCount: bytes.count)
      isCut = false
    } else {
      mark.extend(position, offset: offset, byteCount: bytes.count)
    }
    let room = min(limit - lines.count(buffer), lines.room(buffer))
    if bytes.count > room { isCut = true }
    lines.append(bytes.extracting(0..<min(bytes.count, max(0, room))), to: buffer)
  }
  /// Takes the next line of `bytes`, from `start` on, together with what was kept of it, and lends it to `body` with
  /// its end of line; keeps what is no whole line yet. Returns how many octets were taken.
  @inline(__always) mutating func takeLine(
    _ bytes: Span<UInt8>, from start: Int, at position: StreamPosition, in lines: inout BufferPool,
    _ body: (Span<UInt8>, LineMark) -> Void
  ) -> Int {
    guard let lineFeed = bytes.firstOffset(of: ASCII.lineFeed, from: start) else {
      append(
        bytes.extracting(start...), at: position, offset: start, limit: DialogueLimits.lineByteCount, in: &lines)
      return bytes.count &- start
    }
    let end = lineFeed &+ 1
    let line = bytes.extracting(start..<end)
    if isEmpty {
      body(line, LineMark(position, offset: start, byteCount: end &- start))
    } else {
      append(line, at: position, offset: start, limit: DialogueLimits.lineByteCount, in: &lines)
      lines.withOctets(of: buffer) { body($0, mark) }
      release(in: &lines)
    }
    return end &- start
  }
  mutating func release(in lines: inout BufferPool) {
    if buffer >= 0 { lines.release(buffer) }
    buffer = -1
  }
}

extension Span where Element == UInt8 {
  /// Where the first line is, or what there is of it, without its end.
  var firstLine: Range<Int> {
    0..<extracting(0..<(firstOffset(of: ASCII.lineFeed).map { $0 &+ 1 } ?? count)).contentCount
  }
  /// How many octets the line has without its CRLF or bare LF.
  var contentCount: Int {
    guard count > 0, self[count &- 1] == ASCII.lineFeed else { return count }
    return count > 1 && self[count &- 2] == ASCII.carriageReturn ? count &- 2 : count &- 1
  }
}
