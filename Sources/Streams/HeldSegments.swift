internal import Bytes
internal import Packets

/// Octets that came before their turn: for each direction a list of pieces in sequence order that never overlap,
/// because of two octets for one place the overlap policy keeps one.
@usableFromInline struct HeldSegments: ~Copyable {
  struct Piece: BitwiseCopyable {
    var sequenceNumber: UInt32
    /// The place of the whole segment that it is from.
    var extent: OverlapPolicy.Extent
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

  /// Holds the octets of `bytes` that no held piece covers, or that `policy` prefers to those held; returns the list's
  /// first piece and by how many pieces it grew.
  mutating func insert(
    _ bytes: Span<UInt8>, sequenceNumber: UInt32, _ segment: borrowing TCPSegment, policy: OverlapPolicy,
    into list: Int32
  ) -> (first: Int32, added: Int) {
    let extent = OverlapPolicy.Extent(
      lower: sequenceNumber, upper: SequenceNumber.advanced(sequenceNumber, by: bytes.count))
    var (first, added) = policy == .first ? (list, 0) : makeRoom(for: extent, policy, in: list)
    var previous: Int32 = -1
    var next = first
    var position = 0
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
            sequenceNumber: here, extent: extent, cell: cell, byteCount: UInt16(end - position), next: next,
            frame: segment.frame,
            frameOffset: segment.frameOffset < 0 ? -1 : segment.frameOffset + Int32(position),
            timestamp: segment.timestamp)))
      if previous < 0 { first = place } else { pieces[UInt32(previous)].next = place }
      previous = place
      position = end
      added += 1
    }
    return (first, added)
  }
  /// Takes away the octets to which `policy` prefers those of a segment at `extent`.
  private mutating func makeRoom(
    for extent: OverlapPolicy.Extent, _ policy: OverlapPolicy, in list: Int32
  ) -> (first: Int32, added: Int) {
    var (first, previous, place, added) = (list, Int32(-1), list, 0)
    while place >= 0 {
      let piece = pieces[UInt32(place)]
      let lower = max(0, SequenceNumber.distance(from: piece.sequenceNumber, to: extent.lower))
      let upper = min(Int(piece.byteCount), SequenceNumber.distance(from: piece.sequenceNumber, to: extent.upper))
      guard lower < upper, policy.prefers(extent, over: piece.extent) else {
        (previous, place) = (place, piece.next)
        continue
      }
      var following = piece.next
      var last: Int32 = -1
      if upper < Int(piece.byteCount) {
        last = split(piece, at: upper)
        following = last
        added += 1
      }
      if lower > 0 {
        pieces[UInt32(place)].byteCount = UInt16(lower)
        pieces[UInt32(place)].next = following
        previous = place
      } else {
        _ = release(place)
        added -= 1
        if previous < 0 { first = following } else { pieces[UInt32(previous)].next = following }
      }
      if last >= 0 { previous = last }
      place = piece.next
    }
    return (first, added)
  }
  /// A piece of its own for what lies behind the first `offset` octets of `piece`.
  private mutating func split(_ piece: Piece, at offset: Int) -> Int32 {
    let rest = pool.withOctets(of: piece.cell, length: Int(piece.byteCount)) { $0.extracting(offset...).copied() }
    var tail = piece
    tail.cell = pool.allocate()
    tail.byteCount = UInt16(pool.append(rest.span, to: tail.cell, length: 0))
    tail.sequenceNumber = SequenceNumber.advanced(piece.sequenceNumber, by: offset)
    if piece.frameOffset >= 0 { tail.frameOffset = piece.frameOffset &+ Int32(offset) }
    return Int32(truncatingIfNeeded: pieces.insert(tail))
  }

  /// A place where held octets differ from those that came later.
  struct Conflict {
    var piece: Piece
    /// How far behind the piece's, and behind the later segment's, first octet the first difference lies.
    var pieceOffset: Int
    var offset: Int
  }
  /// The first difference between `bytes`, which stand at `sequenceNumber`, and what is held of the list.
  func conflict(with bytes: Span<UInt8>, sequenceNumber: UInt32, in list: Int32) -> Conflict? {
    var place = list
    while place >= 0 {
      let piece = pieces[UInt32(place)]
      place = piece.next
      // Where the later segment begins, counted from the piece's beginning.
      let shift = SequenceNumber.distance(from: piece.sequenceNumber, to: sequenceNumber)
      if shift + bytes.count <= 0 { break }
      let lower = max(0, shift)
      let upper = min(Int(piece.byteCount), shift + bytes.count)
      guard lower < upper else { continue }
      let difference = pool.withOctets(of: piece.cell, length: Int(piece.byteCount)) { held in
        (lower..<upper).first { held[$0] != bytes[$0 - shift] }
      }
      if let difference { return Conflict(piece: piece, pieceOffset: difference, offset: difference - shift) }
    }
    return nil
  }
  /// Lets the octets from `end` on go; returns the list's first piece, and how many pieces and octets went.
  mutating func cut(_ list: Int32, at end: UInt32) -> (first: Int32, removed: Int, byteCount: Int) {
    var (first, previous, place, removed, byteCount) = (list, Int32(-1), list, 0, 0)
    while place >= 0 {
      let piece = pieces[UInt32(place)]
      let kept = min(Int(piece.byteCount), max(0, SequenceNumber.distance(from: piece.sequenceNumber, to: end)))
      byteCount += Int(piece.byteCount) - kept
      if kept > 0 {
        pieces[UInt32(place)].byteCount = UInt16(kept)
        previous = place
      } else {
        _ = release(place)
        removed += 1
        if previous < 0 { first = piece.next } else { pieces[UInt32(previous)].next = piece.next }
      }
      place = piece.next
    }
    return (first, removed, byteCount)
  }
  /// Lets a list's first piece go; returns the one behind it.
  mutating func release(_ first: Int32) -> Int32 {
    let piece = pieces[UInt32(first)]
    pool.release(piece.cell)
    pieces.remove(UInt32(first))
    return piece.next
  }
}
