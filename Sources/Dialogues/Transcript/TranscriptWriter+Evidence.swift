internal import Bytes

/// Where something stands: in which frames, and where in those.
extension TranscriptWriter {
  /// `"frames":[…],"bytes":[…]` of one run of octets.
  mutating func writeEvidence(_ mark: LineMark) {
    out.append("\"frames\":[")
    writeFrames(mark, isFirst: true)
    out.append("],\"bytes\":[")
    writeBytes(mark, isFirst: true)
    out.append(UInt8(ascii: "]"))
  }
  mutating func writeFrames(_ mark: LineMark, isFirst: Bool, after previous: UInt32 = 0) {
    guard mark.frame > 0 else { return }
    if mark.frame != previous || isFirst {
      out.append(commaUnless: isFirst)
      out.append(decimal: Int(mark.frame))
    }
    var last = mark.frame
    if landmarks.hasPieces {
      for index in piecesOfLines[Self.beginning(mark)] ?? 0..<0 where pieces[index].frame != last {
        last = pieces[index].frame
        out.append(UInt8(ascii: ","))
        out.append(decimal: Int(last))
      }
    }
    if mark.lastFrame != last {
      out.append(UInt8(ascii: ","))
      out.append(decimal: Int(mark.lastFrame))
    }
  }
  /// How many ranges `writeBytes` writes.
  func byteRangeCount(_ mark: LineMark) -> Int {
    guard mark.frame > 0, mark.frameOffset >= 0, mark.frameByteCount > 0 else { return 0 }
    var count = 1
    for index in piecesOfLines[Self.beginning(mark)] ?? 0..<0 where pieces[index].frameOffset >= 0 { count += 1 }
    return count
  }
  /// Returns whether anything was written.
  @discardableResult mutating func writeBytes(_ mark: LineMark, isFirst: Bool) -> Bool {
    guard mark.frame > 0, mark.frameOffset >= 0, mark.frameByteCount > 0 else { return false }
    out.append(commaUnless: isFirst)
    out.append(array: mark.frame, UInt32(mark.frameOffset), mark.frameByteCount)
    if landmarks.hasPieces {
      for index in piecesOfLines[Self.beginning(mark)] ?? 0..<0 where pieces[index].frameOffset >= 0 {
        out.append(UInt8(ascii: ","))
        out.append(array: pieces[index].frame, UInt32(pieces[index].frameOffset), pieces[index].byteCount)
      }
    }
    return true
  }

  // MARK: Lines in more than one frame

  /// Two lines do not begin with the same octet of a frame.
  private static func beginning(_ mark: LineMark) -> UInt64 {
    UInt64(mark.frame) << 32 | UInt64(UInt32(bitPattern: mark.frameOffset))
  }
  /// Keeps what the record at `index` tells of a line, until the conversation is written.
  @inline(never) mutating func note(piecesAt index: Int, _ arena: Span<UInt8>) {
    landmarks.hasPieces = true
    let record = self.record(index, arena)
    let start = pieces.count
    var place = text(index, record)
    while place.count >= MemoryLayout<LinePiece>.size {
      pieces.append(unsafe arena.bytes.unsafeLoadUnaligned(fromByteOffset: place.lowerBound, as: LinePiece.self))
      place = place.lowerBound + MemoryLayout<LinePiece>.size..<place.upperBound
    }
    piecesOfLines[Self.beginning(record.mark)] = start..<pieces.count
  }
  @inline(never) mutating func forgetPieces() {
    pieces.removeAll()
    piecesOfLines.removeAll(keepingCapacity: true)
  }
}
