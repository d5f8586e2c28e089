internal import Bytes

/// What Solaris writes (RFC 1761): a header of 16 octets, then records, all in network order.
///
///     73 6e 6f 6f 70 00 00 00 00 00 00 02 00 00 00 04     "snoop", version 2, data link type 4: Ethernet
///     original included record drops seconds microseconds  a record's header, 24 octets, then the packet, filled
@usableFromInline struct SnoopFile: RecordFormat {
  @usableFromInline static var headerByteCount: Int { 16 }
  static let recordHeaderByteCount = 24

  @usableFromInline var neededByteCount = 1
  let linkType: LinkType
  /// Packets dropped so far, as the record before says.
  var droppedCount: UInt32 = 0

  /// Reads the file's header; nil when `octets` are none, or of a version or link that is not known.
  @usableFromInline init?(header octets: Span<UInt8>) {
    guard octets.count >= Self.headerByteCount, octets.starts(with: "snoop\0\0\0"), octets.networkUInt32(at: 8) == 2
    else { return nil }
    switch octets.networkUInt32(at: 12) {
    case 0, 4: linkType = .ethernet
    case 2: linkType = LinkType(rawValue: 6)
    case 8: linkType = LinkType(rawValue: 10)
    default: return nil
    }
  }

  @usableFromInline mutating func walk<Sink: PacketSink & ~Copyable>(
    _ octets: Span<UInt8>, at offset: UInt64, frame: inout UInt32, limit: UInt32, into sink: inout Sink
  ) throws(CaptureError) -> Int {
    var position = 0
    while octets.count - position >= Self.recordHeaderByteCount, frame < limit {
      let captured = Int(octets.networkUInt32(at: position + 4))
      let byteCount = Int(octets.networkUInt32(at: position + 8))
      guard captured <= PacketLimits.capturedByteCount, byteCount - Self.recordHeaderByteCount >= captured,
        byteCount <= PacketLimits.blockByteCount
      else {
        throw .damaged(
          offset: offset + UInt64(position),
          reason: "a record of \(byteCount) bytes claims \(captured) captured bytes")
      }
      guard octets.count - position >= byteCount else {
        neededByteCount = byteCount
        return position
      }
      frame &+= 1
      let dropped = octets.networkUInt32(at: position + 12)
      if dropped != droppedCount {
        let before = UInt64(dropped &- droppedCount)
        sink.receive(.count(.droppedBefore, before, of: .packet(frame)), octets.extracting(0..<0))
        droppedCount = dropped
      }
      let start = position + Self.recordHeaderByteCount
      sink.receive(
        octets.extracting(start..<start + captured),
        PacketHeader(
          frame: frame, linkType: linkType,
          timestamp: Timestamp(
            nanoseconds: Int64(octets.networkUInt32(at: position + 16)) * 1_000_000_000
              + Int64(octets.networkUInt32(at: position + 20)) * 1_000),
          originalByteCount: octets.networkUInt32(at: position)))
      position += byteCount
    }
    neededByteCount = Self.recordHeaderByteCount
    return position
  }
}
