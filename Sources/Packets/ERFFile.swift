internal import Bytes

/// What Endace's cards write: records, and nothing before them. Packets of LINKTYPE_ERF are such records, too.
///
///     time type flags record lost wire     8 octets little-endian (2⁻³² s since 1970), 1, 1, 2, 2, 2 octets
///
/// There is no magic number: a file is taken for this format only when it is no other, and its first records follow
/// one another without a doubt.
@usableFromInline struct ERFFile: RecordFormat {
  static let recordHeaderByteCount = 16
  /// Records that must be right before the file is taken for this format.
  static let witnessCount = 3

  /// Whether octets are such a file.
  @usableFromInline enum Likeness {
    case yes
    case no
    /// So far; this many octets would tell more.
    case unknown(neededByteCount: Int)
  }

  @usableFromInline var neededByteCount = 1
  @usableFromInline init() {}

  /// Looks at the first records of a file of which `octets` are the beginning, or all of it.
  @usableFromInline static func likeness(_ octets: Span<UInt8>, isWhole: Bool) -> Likeness {
    var position = 0
    var seconds: UInt32?
    for _ in 0..<witnessCount {
      guard octets.count - position >= recordHeaderByteCount else {
        // Fewer records than that could as well be noise.
        if isWhole { return .no }
        return .unknown(neededByteCount: position + recordHeaderByteCount)
      }
      guard isLikely(octets, position, after: seconds) else { return .no }
      seconds = secondsOfRecord(octets, position)
      position += Int(octets.networkUInt16(at: position + 10))
    }
    return .yes
  }
  /// A known type, lengths that agree, and a time that a card could have seen, soon after the record before.
  private static func isLikely(_ octets: Span<UInt8>, _ position: Int, after previous: UInt32?) -> Bool {
    let type = octets[position + 8] & 0x7F
    let byteCount = Int(octets.networkUInt16(at: position + 10))
    let wireByteCount = Int(octets.networkUInt16(at: position + 14))
    let seconds = secondsOfRecord(octets, position)
    // The types known, 1 to 27, of which Ethernet puts two octets before the frame; extensions are of 8 octets each.
    guard (1...27).contains(type), byteCount > recordHeaderByteCount, wireByteCount > 0,
      byteCount - recordHeaderByteCount <= wireByteCount + 2 + 8 * 8
    else { return false }
    // 2000-01-01; no two records of a file are a year apart.
    guard let previous else { return seconds >= 946_684_800 }
    return seconds >= previous && seconds - previous < 31_536_000
  }
  private static func secondsOfRecord(_ octets: Span<UInt8>, _ position: Int) -> UInt32 {
    UInt32(littleEndian: octets.nativeUInt32(at: position + 4))
  }

  @usableFromInline mutating func walk<Sink: PacketSink & ~Copyable>(
    _ octets: Span<UInt8>, at offset: UInt64, frame: inout UInt32, limit: UInt32, into sink: inout Sink
  ) throws(CaptureError) -> Int {
    var position = 0
    while octets.count - position >= Self.recordHeaderByteCount, frame < limit {
      let byteCount = Int(octets.networkUInt16(at: position + 10))
      guard byteCount >= Self.recordHeaderByteCount else {
        throw .damaged(offset: offset + UInt64(position), reason: "a record claims a length of \(byteCount) bytes")
      }
      guard octets.count - position >= byteCount else {
        neededByteCount = byteCount
        return position
      }
      let fraction = UInt64(UInt32(littleEndian: octets.nativeUInt32(at: position)))
      let nanoseconds = (fraction * 1_000_000_000) >> 32
      frame &+= 1
      sink.receive(
        octets.extracting(position..<position + byteCount),
        PacketHeader(
          frame: frame, linkType: LinkType(rawValue: 197),
          timestamp: Timestamp(
            nanoseconds: Int64(Self.secondsOfRecord(octets, position)) * 1_000_000_000 + Int64(nanoseconds)),
          originalByteCount: UInt32(Self.recordHeaderByteCount) + UInt32(octets.networkUInt16(at: position + 14))))
      position += byteCount
    }
    neededByteCount = Self.recordHeaderByteCount
    return position
  }
}
