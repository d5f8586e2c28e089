package import Bytes
internal import MailProtocols

/// Undoes the Content-Transfer-Encoding of a part that comes in pieces (RFC 2045 §6), and leaves out the line end that
/// belongs to the boundary behind it (RFC 2046 §5.1.1).
package struct PartDecoder: BitwiseCopyable, Sendable {
  private let keepsLineEnds: Bool
  private var decoder: TransferDecoder
  /// A line end that is the last so far: whether it is the part's own, what follows will tell.
  private var held = InlineArray<2, UInt8>(repeating: 0)
  private var heldCount = 0

  init(_ encoding: TransferEncoding) {
    keepsLineEnds = encoding.keepsLineEnds
    decoder = TransferDecoder(encoding)
  }

  /// Appends what `octets` stand for; a line end at their end stays behind.
  package mutating func decode(_ octets: Span<UInt8>, into writer: inout ByteWriter) {
    if !keepsLineEnds { return decoder.decode(octets, into: &writer) }
    let before = writer.count
    let (kept, keptCount) = (held, heldCount)
    writer.append(kept.span.extracting(0..<keptCount))
    decoder.decode(octets, into: &writer)
    hold(from: before, &writer)
  }
  /// Appends what is left. The last `boundaryByteCount` octets belong to the boundary.
  package mutating func finish(boundaryByteCount: Int, into writer: inout ByteWriter) {
    if !keepsLineEnds { return }
    let before = writer.count
    writer.append(held.span.extracting(0..<heldCount))
    decoder.finish(into: &writer)
    writer.truncate(to: max(before, writer.count - boundaryByteCount))
    heldCount = 0
  }
  private mutating func hold(from start: Int, _ writer: inout ByteWriter) {
    heldCount = 0
    let count = writer.count
    writer.withOctets { octets in
      var end = count
      if end > start, octets[end - 1] == ASCII.lineFeed { end -= 1 }
      if end > start, octets[end - 1] == ASCII.carriageReturn { end -= 1 }
      for offset in end..<count { held[offset - end] = octets[offset] }
      heldCount = count - end
    }
    writer.truncate(to: count - heldCount)
  }
}
