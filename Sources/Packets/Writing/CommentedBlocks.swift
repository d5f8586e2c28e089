internal import Bytes

/// The blocks of a pcapng capture, copied as they stand but for comments on packets.
///
/// Only the framing of blocks is looked at: what they say was read, and found to be sound, before.
struct CommentedBlocks: RecordFormat {
  private let comments: (UInt32) -> [String]
  private let write: (Span<UInt8>) -> Void
  /// No block is copied that lies here or behind.
  private let endOffset: UInt64
  private var file = PCAPNGFile()
  private(set) var copied = CopiedPackets()

  init(_ comments: @escaping (UInt32) -> [String], until end: UInt64, to write: @escaping (Span<UInt8>) -> Void) {
    self.comments = comments
    self.write = write
    endOffset = end
  }
  var neededByteCount: Int { file.neededByteCount }
  var passedByteCount: Int { file.passedByteCount }

  mutating func walk<Sink: PacketSink & ~Copyable>(
    _ octets: Span<UInt8>, at offset: UInt64, frame: inout UInt32, limit: UInt32, into sink: inout Sink
  ) throws(CaptureError) -> Int {
    var position = file.passOver(octets.count)
    // What lies before has been written.
    var written = 0
    defer { write(octets.extracting(written..<position)) }
    while position + 12 <= octets.count, frame < limit {
      let here = offset + UInt64(position)
      if here >= endOffset { throw .damaged(offset: here, reason: "the end of what is copied") }
      var type = octets.nativeUInt32(at: position)
      if type == PCAPNGFile.sectionHeader {
        try file.takeByteOrder(octets, position, at: here)
      } else if file.isSwapped {
        type = type.byteSwapped
      }
      let length = Int(file.number(octets, at: position + 4))
      if length < 12 || length & 3 != 0 || length > PacketLimits.blockByteCount {
        try file.beginPassing(type, byteCount: length, at: here)
        position += file.passOver(octets.count - position)
        continue
      }
      if position + length > octets.count {
        file.neededByteCount = length
        return position
      }
      let block = octets.extracting(position..<position + length)
      if let changed = try changed(type, block, at: here, frame: &frame) {
        write(octets.extracting(written..<position))
        changed.withOctets { write($0) }
        written = position + length
      }
      position += length
    }
    file.neededByteCount = 12
    return position
  }

  /// What stands in place of a block that cannot stay as it is; nil for all others.
  private mutating func changed(
    _ type: UInt32, _ block: Span<UInt8>, at offset: UInt64, frame: inout UInt32
  ) throws(CaptureError) -> ByteWriter? {
    switch type {
    case 2, 6:
      guard block.count >= 32, Int(file.number(block, at: 20)) <= block.count - 32 else {
        throw .damaged(offset: offset, reason: "a packet block without its packet")
      }
      frame += 1
      copied.count += 1
      let comments = comments(frame)
      if comments.isEmpty { return nil }
      copied.commentedCount += 1
      return commented(comments, block, type)
    case 3:
      frame += 1
      copied.count += 1
      if !comments(frame).isEmpty { copied.roomlessCount += 1 }
      return nil
    case PCAPNGFile.sectionHeader where block.count >= 28:
      // The section grows, and need not say how long it is (§4.1).
      var section = ByteWriter(minimumCapacity: block.count)
      section.append(block.extracting(0..<16))
      section.append(0xFF, count: 8)
      section.append(block.extracting(24...))
      return section
    default: return nil
    }
  }
  /// A packet's block (§4.3) with comments before the options that it has.
  private func commented(_ comments: [String], _ block: Span<UInt8>, _ type: UInt32) -> ByteWriter {
    var options = PCAPNGOptions(file.byteOrder)
    options.add(.comment, comments)
    let end = 28 + (Int(file.number(block, at: 20)) + 3) & ~3
    let hasOptions = end < block.count - 4
    let byteCount = block.count + options.octets.count + (hasOptions ? 0 : 4)
    var written = ByteWriter(minimumCapacity: byteCount)
    written.append(type, file.byteOrder)
    written.append(UInt32(byteCount), file.byteOrder)
    written.append(block.extracting(8..<end))
    written.append(options.octets.span)
    if hasOptions { written.append(block.extracting(end..<block.count - 4)) } else { written.append(0, count: 4) }
    written.append(UInt32(byteCount), file.byteOrder)
    return written
  }
}

extension PCAPNGFile {
  /// The order in which the section writes its numbers.
  var byteOrder: ByteOrder { isSwapped == (UInt16(littleEndian: 1) == 1) ? .bigEndian : .littleEndian }
}
