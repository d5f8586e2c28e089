public import Bytes

/// The classic capture format (draft-ietf-opsawg-pcap): a header of 24 octets, then records.
///
///     d4 c3 b2 a1 02 00 04 00 …           magic (here little-endian, microseconds), version 2.4
///     seconds fraction captured original  a record's header, 16 octets (24 in "modified" pcap)
///
/// Times are unsigned: they reach from 1970 to 2106.
@usableFromInline struct PCAPFile: RecordFormat {
  @usableFromInline static var headerByteCount: Int { 24 }
  @usableFromInline var order = Order()
  /// Nanoseconds in one unit of a record's fraction.
  @usableFromInline var fractionNanoseconds: Int64
  @usableFromInline var recordHeaderByteCount: Int
  @usableFromInline var linkType: LinkType
  @usableFromInline var neededByteCount = 1

  /// Reads the file's header; nil when `octets` are none.
  @usableFromInline init?(header octets: Span<UInt8>) {
    guard octets.count >= Self.headerByteCount else { return nil }
    let magic = octets.nativeUInt32(at: 0)
    guard let (fraction, recordHeader) = Self.kind(magic) ?? Self.kind(magic.byteSwapped) else { return nil }
    let isSwapped = Self.kind(magic) == nil
    fractionNanoseconds = fraction
    recordHeaderByteCount = recordHeader
    let network = octets.nativeUInt32(at: 20)
    linkType = LinkType(rawValue: (isSwapped ? network.byteSwapped : network) & 0x03FF_FFFF)
    let version = (major: octets.nativeUInt16(at: 4), minor: octets.nativeUInt16(at: 6))
    setOrder(
      isSwapped: isSwapped, major: isSwapped ? version.major.byteSwapped : version.major,
      minor: isSwapped ? version.minor.byteSwapped : version.minor)
  }
  /// Before version 2.4 the original length came first; so it does in version 543.0, which DG/UX wrote.
  private mutating func setOrder(isSwapped: Bool, major: UInt16, minor: UInt16) {
    order.isSwapped = isSwapped
    order.isOriginalFirst = major == 2 && minor < 3 || major == 543
    order.isLengthOrderUnknown = major == 2 && minor == 3
    order.isPlain = !isSwapped && !order.isOriginalFirst && !order.isLengthOrderUnknown
  }
  static func kind(_ magic: UInt32) -> (fractionNanoseconds: Int64, recordHeader: Int)? {
    switch magic {
    case 0xA1B2_C3D4: (1000, 16)
    case 0xA1B2_3C4D: (1, 16)
    case 0xA1B2_CD34: (1000, 24)
    default: nil
    }
  }
  /// Why `octets` are no capture, with a word of help where the format is a known one.
  static func refusal(of octets: Span<UInt8>) -> CaptureError {
    if octets.count >= 4 {
      let magic = octets.nativeUInt32(at: 0)
      if kind(magic) != nil || kind(magic.byteSwapped) != nil {
        return .truncated(offset: 0, needed: headerByteCount, had: octets.count)
      }
    }
    let hint: String? =
      if octets.starts(with: "GMBU") || octets.starts(with: "RTSS") {
        "a Microsoft Network Monitor capture"
      } else if octets.starts(with: "snoop\0\0\0") {
        "a Solaris snoop capture of an unknown version or link"
      } else if octets.starts(with: "TRSNIFF data") || octets.starts(with: "XCP\0") {
        "a Sniffer capture"
      } else if octets.starts(with: "PK") {
        "a zip archive; unpack it first"
      } else if octets.starts(with: "BZh") {
        "a bzip2 file; unpack it first"
      } else if octets.starts(with: "7zXZ\0", at: 1) {
        "an xz file; unpack it first"
      } else if octets.starts(with: "\u{2}!L\u{18}") {
        "an LZ4 file of the old format; unpack it first"
      } else if octets.starts(with: "<?xml") || octets.starts(with: "<html") || octets.starts(with: "<!DOCTYPE") {
        "a text document"
      } else if isText(octets) { "a text file" } else { nil }
    return .notACapture(hint: hint)
  }
  static func isText(_ octets: Span<UInt8>) -> Bool {
    for offset in octets.indices where octets[offset] < 9 || octets[offset] == 127 { return false }
    return octets.count > 0
  }

  /// What stands at the head of a record.
  @usableFromInline struct RecordHeader: BitwiseCopyable {
    @usableFromInline var seconds: UInt32
    @usableFromInline var fraction: UInt32
    @usableFromInline var captured: UInt32
    @usableFromInline var original: UInt32

    @inlinable @inline(__always) init(_ words: InlineArray<4, UInt32>) {
      seconds = words[0]
      fraction = words[1]
      captured = words[2]
      original = words[3]
    }
  }
  /// How a record's header is written.
  @usableFromInline struct Order: BitwiseCopyable {
    var isSwapped = false
    /// The original length stands before the captured one.
    var isOriginalFirst = false
    /// Version 2.3 was written with the lengths in either order: the smaller is what was captured.
    var isLengthOrderUnknown = false
    /// In this machine's order of octets, and the captured length first: nearly all captures are like that.
    @usableFromInline var isPlain = true

    @inlinable @inline(__always) func header(_ octets: Span<UInt8>, at offset: Int) -> RecordHeader {
      let header = RecordHeader(octets.nativeUInt32s(at: offset))
      return isPlain ? header : rearranged(header)
    }
    @usableFromInline @inline(never) func rearranged(_ header: RecordHeader) -> RecordHeader {
      var header = header
      if isSwapped {
        header.seconds = header.seconds.byteSwapped
        header.fraction = header.fraction.byteSwapped
        header.captured = header.captured.byteSwapped
        header.original = header.original.byteSwapped
      }
      if isOriginalFirst || isLengthOrderUnknown && header.captured > header.original {
        swap(&header.captured, &header.original)
      }
      return header
    }
  }

  @inlinable mutating func walk<Sink: PacketSink & ~Copyable>(
    _ octets: Span<UInt8>, at offset: UInt64, frame: inout UInt32, limit: UInt32, into sink: inout Sink
  ) throws(CaptureError) -> Int {
    var position = 0
    let end = octets.count
    let (order, recordHeaderByteCount) = (order, recordHeaderByteCount)
    let (linkType, fractionNanoseconds) = (linkType, fractionNanoseconds)
    while position &+ recordHeaderByteCount <= end, frame < limit {
      let record = order.header(octets, at: position)
      let captured = Int(record.captured)
      if captured > PacketLimits.capturedByteCount {
        try refuse(captured, at: offset + UInt64(position))
      }
      let start = position &+ recordHeaderByteCount
      if start &+ captured > end {
        neededByteCount = recordHeaderByteCount &+ captured
        return position
      }
      frame &+= 1
      let timestamp = Timestamp(
        nanoseconds: Int64(record.seconds) &* 1_000_000_000 &+ Int64(record.fraction) &* fractionNanoseconds)
      sink.receive(
        octets.extracting(start..<(start &+ captured)),
        PacketHeader(
          frame: frame, linkType: linkType, timestamp: timestamp, originalByteCount: record.original)
      )
      position = start &+ captured
    }
    neededByteCount = recordHeaderByteCount
    return position
  }
  @usableFromInline @inline(never) func refuse(_ captured: Int, at offset: UInt64) throws(CaptureError) {
    throw .damaged(
      offset: offset,
      reason: "the record claims \(captured) captured bytes; at most \(PacketLimits.capturedByteCount) are possible")
  }
}
