internal import Bytes
internal import Packets

/// Octets that came before their turn: for each direction a list of pieces in sequence order that never overlap,
/// because of two octets for one place the first to arrive is kept.
@usableFromInline struct HeldSegments: ~Copyable {
  struct Piece: BitwiseCopyable {
    var sequenceNumber: UInt32
    var cell: Int32
    var byteCount: UInt16
    var next: Int32
    var frame: UInt32
    var frameOffset: Int32
    var timestamp: Timestamp
  }
  var pieces = PlaceSlab<Piece>()
  var pool = CellPool(cellByteCount: StreamLimits.heldPieceByteCount)

  @usableFromInline init() {}

  var isFull: Bool { pool.liveCount * StreamLimits.heldPieceByteCount >= StreamLimits.heldByteCount }

  /// Holds the octets of `bytes` that no held piece covers; returns the list's first piece and how many were added.
  mutating func insert(
    _ bytes: Span<UInt8>, sequenceNumber: UInt32, _ segment: borrowing TCPSegment, into list: Int32
  ) -> (first: Int32, added: Int) {
    var first = list
    var previous: Int32 = -1
    var next = list
    var position = 0
    var added = 0
    while position < bytes.count {
      let here = SequenceNumber.advanced(sequenceNumber, by: position)
      var end = bytes.count
      if next >= 0 {
        let piece = pieces[UInt32(next)]
        let distance = SequenceNumber.distance(from: here, to: piece.sequenceNumber)
        if distance <= 0 {
          let covered = distance + Int(piece.byteCount)
          if covered > 0 { position += covered }
          previous = next
          next = piece.next
          continue
        }
        end = min(end, position + distance)
      }
      end = min(end, position + StreamLimits.heldPieceByteCount)
      let cell = pool.allocate()
      _ = pool.append(bytes.extracting(position..<end), to: cell, length: 0)
      let place = Int32(
        truncatingIfNeeded: pieces.insert(
          Piece(
            sequenceNumber: here, cell: cell, byteCount: UInt16(end - position), next: next, frame: segment.frame,
            frameOffset: segment.frameOffset < 0 ? -1 : segment.frameOffset + Int32(position),
            timestamp: segment.timestamp)))
      if previous < 0 { first = place } else { pieces[UInt32(previous)].next = place }
      previous = place
      position = end
      added += 1
    }
    return (first, added)
  }
  /// Lets a list's first piece go; returns the one behind it.
  mutating func release(_ first: Int32) -> Int32 {
    let piece = pieces[UInt32(first)]
    pool.release(piece.cell)
    pieces.remove(UInt32(first))
    return piece.next
  }
}
