internal import Bytes
internal import Streams

/// One direction's unfinished line, and where it stands.
struct LineCarry: BitwiseCopyable {
  private(set) var buffer: Int32 = -1
  /// Where the line goes on in other frames, as `LinePiece`s; −1 where all of it is in one.
  private var pieces: Int32 = -1
  private var lacksPieces = false
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
  /// Fills what is kept of a message's line with the beginning of `bytes`, for which there is no room: so the line's first
  /// piece is long enough to hold what the line is known by. Returns how many octets were taken, never the line's end.
  mutating func fill(
    with bytes: Span<UInt8>, at position: StreamPosition, offset: Int, in lines: inout BufferPool
  ) -> Int {
    guard buffer >= 0 else { return 0 }
    let room = min(DialogueLimits.messageLineByteCount - lines.count(buffer), lines.room(buffer), bytes.count - 2)
    guard room > 0 else { return 0 }
    append(
      bytes.extracting(0..<room), at: position, offset: offset, limit: DialogueLimits.messageLineByteCount, in: &lines)
    return room
  }
  /// Keeps octets of a line of the dialogue, of which it is told where they stand.
  @inline(never) mutating func appendLine(
    _ bytes: Span<UInt8>, at position: StreamPosition, offset: Int, in lines: inout BufferPool
  ) {
    let isFirst = isEmpty
    append(bytes, at: position, offset: offset, limit: DialogueLimits.lineByteCount, in: &lines)
    if !isFirst, position.frame != mark.frame || pieces >= 0 {
      keep(LinePiece(position, offset: offset, byteCount: bytes.count), in: &lines)
    }
  }
  private mutating func keep(_ piece: LinePiece, in lines: inout BufferPool) {
    if pieces < 0 { pieces = lines.allocate() }
    let (size, count) = (MemoryLayout<LinePiece>.size, lines.count(pieces))
    if count > 0 {
      var last = lines.load(LinePiece.self, at: count - size, from: pieces)
      if last.extend(by: piece) { return lines.store(last, at: count - size, in: pieces) }
    }
    if count < DialogueLimits.linePieceCount * size, lines.room(pieces) >= size {
      lines.append(value: piece, to: pieces)
    } else {
      lacksPieces = true
    }
  }
  /// Records where the line stands that has been recorded, where one frame does not hold all of it, and forgets it.
  mutating func close(in lines: inout BufferPool, _ recorder: inout Recorder, _ log: inout ConversationLog) {
    if pieces >= 0, mark.frameOffset >= 0 {
      lines.withOctets(of: pieces) { octets in
        recorder.record(Record(.pieces, mark: mark), octets, limit: octets.count, in: &log)
      }
      if lacksPieces { log.omittedCount &+= 1 }
    }
    release(in: &lines)
  }
  /// The same behind `takeLine`, where that has taken a line that was kept.
  @inline(__always) mutating func closeTaken(
    in lines: inout BufferPool, _ recorder: inout Recorder, _ log: inout ConversationLog
  ) {
    if pieces >= 0, isEmpty { close(in: &lines, &recorder, &log) }
  }
  /// Takes the next line of `bytes`, from `start` on, together with what was kept of it, and lends it to `body` with
  /// its end of line; keeps what is no whole line yet. Returns how many octets were taken. `closeTaken` is to follow.
  @inline(__always) mutating func takeLine(
    _ bytes: Span<UInt8>, from start: Int, at position: StreamPosition, in lines: inout BufferPool,
    _ body: (Span<UInt8>, LineMark) -> Void
  ) -> Int {
    guard let lineFeed = bytes.firstOffset(of: ASCII.lineFeed, from: start) else {
      appendLine(bytes.extracting(start...), at: position, offset: start, in: &lines)
      return bytes.count &- start
    }
    let end = lineFeed &+ 1
    let line = bytes.extracting(start..<end)
    if isEmpty {
      body(line, LineMark(position, offset: start, byteCount: end &- start))
    } else {
      appendLine(line, at: position, offset: start, in: &lines)
      lines.withOctets(of: buffer) { body($0, mark) }
      lines.release(buffer)
      buffer = -1
    }
    return end &- start
  }
  mutating func release(in lines: inout BufferPool) {
    if buffer >= 0 { lines.release(buffer) }
    if pieces >= 0 { lines.release(pieces) }
    buffer = -1
    pieces = -1
    lacksPieces = false
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
