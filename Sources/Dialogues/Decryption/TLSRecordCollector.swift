internal import Bytes
internal import Streams
internal import WebProtocols

/// Makes whole TLS records of one direction's octets, and knows which frame brought which octets of them.
struct TLSRecordCollector {
  /// Octets of a record, from `start` on, that one frame brought.
  struct Piece {
    var start: Int
    var position: StreamPosition
  }
  struct Record {
    var octets: [UInt8]
    var pieces: [Piece]
    var heldByteCount: Int { octets.count + pieces.count * MemoryLayout<Piece>.stride }

    /// Where the octets at `offset` were found, and how many of `byteCount` that frame holds.
    func place(of offset: Int, _ byteCount: Int) -> (position: StreamPosition, byteCount: Int) {
      // The last piece that begins at the octet or before: there may be as many as octets.
      var (index, bound) = (0, pieces.count)
      while bound - index > 1 {
        let middle = (index + bound) / 2
        if pieces[middle].start <= offset { index = middle } else { bound = middle }
      }
      let end = index + 1 < pieces.count ? pieces[index + 1].start : octets.count
      let moved = offset - pieces[index].start
      var position = pieces[index].position
      position.offset &+= UInt64(moved)
      if position.frameOffset >= 0 { position.frameOffset &+= Int32(truncatingIfNeeded: moved) }
      return (position, min(byteCount, end - offset))
    }
  }
  enum Collected {
    case record(Record)
    /// So many octets of the stream that belong to no whole record; the next record may be missing, too.
    case lost(byteCount: Int, StreamPosition)
  }
  private var record = Record(octets: [], pieces: [])
  /// Octets of the record under way that were not captured.
  private var hole = 0
  /// It is not known where the next record begins.
  private var isAstray = false

  /// What it takes to hold the record under way.
  var heldByteCount: Int { record.heldByteCount }

  /// The next octets.
  mutating func append(_ bytes: Span<UInt8>, at position: StreamPosition) -> [Collected] {
    var collected: [Collected] = []
    if isAstray {
      // A record often begins where a segment does.
      guard TLSRecordHeader(bytes) != nil else { return [.lost(byteCount: bytes.count, position)] }
      isAstray = false
    }
    var offset = 0
    while offset < bytes.count {
      let taken = min(needed, bytes.count - offset)
      var here = position
      here.offset &+= UInt64(offset)
      if here.frameOffset >= 0 { here.frameOffset &+= Int32(truncatingIfNeeded: offset) }
      record.pieces.append(Piece(start: record.octets.count, position: here))
      record.octets += bytes.extracting(offset..<offset + taken).copied()
      offset += taken
      if record.octets.count == TLSRecordHeader.byteCount, hole == 0, TLSRecordHeader(record.octets.span) == nil {
        // What follows is no TLS, or not where it should be.
        collected.append(.lost(byteCount: record.octets.count + bytes.count - offset, position))
        goAstray()
        return collected
      }
      if needed == 0 { collected.append(end(at: position)) }
    }
    return collected
  }
  /// Octets that were never captured.
  mutating func gap(_ byteCount: Int, at position: StreamPosition) -> [Collected] {
    let rest = record.octets.count < TLSRecordHeader.byteCount ? 0 : needed
    if byteCount < rest {
      hole += byteCount
      return []
    }
    if byteCount == rest {
      hole += byteCount
      return [end(at: position)]
    }
    defer { goAstray() }
    return [.lost(byteCount: record.octets.count + hole + byteCount, position)]
  }

  /// Octets until the header is whole, and then until the record is.
  private var needed: Int {
    guard let header = TLSRecordHeader(record.octets.span) else {
      return TLSRecordHeader.byteCount - record.octets.count
    }
    return TLSRecordHeader.byteCount + header.contentByteCount - record.octets.count - hole
  }
  private mutating func end(at position: StreamPosition) -> Collected {
    defer { forget() }
    return hole > 0 ? .lost(byteCount: record.octets.count + hole, position) : .record(record)
  }
  private mutating func goAstray() {
    forget()
    isAstray = true
  }
  private mutating func forget() {
    record = Record(octets: [], pieces: [])
    hole = 0
  }
}
