package import Bytes

/// Writes a capture in the classic format (draft-ietf-opsawg-pcap): the header, then a record a packet.
///
///     let writer = PCAPWriter(linkType: .ethernet)
///     writer.appendHeader(to: &output)
///     writer.append(frame.span, at: time, to: &output)
///
/// It does no I/O: `output` is the caller's to write out and to empty, whenever it likes.
package struct PCAPWriter: Sendable {
  package let linkType: LinkType
  package let byteOrder: ByteOrder
  package let timeUnit: CaptureTimeUnit
  /// The most octets of a packet that are written; packets that are longer are cut, and keep their original length.
  package let snapByteCount: Int

  package init(
    linkType: LinkType, timeUnit: CaptureTimeUnit = .nanoseconds, byteOrder: ByteOrder = .littleEndian,
    snapByteCount: Int = PacketLimits.capturedByteCount
  ) {
    self.linkType = linkType
    self.timeUnit = timeUnit
    self.byteOrder = byteOrder
    self.snapByteCount = min(max(0, snapByteCount), PacketLimits.capturedByteCount)
  }

  /// Appends the file's header, 24 octets; it comes first, and once.
  package func appendHeader(to output: inout ByteWriter) {
    output.append(timeUnit == .nanoseconds ? 0xA1B2_3C4D : 0xA1B2_C3D4 as UInt32, byteOrder)
    output.append(2 as UInt16, byteOrder)
    output.append(4 as UInt16, byteOrder)
    output.append(0, count: 8)
    output.append(UInt32(snapByteCount), byteOrder)
    output.append(linkType.rawValue, byteOrder)
  }
  /// Appends the record of one packet. Seconds take 32 bits, and so end in 2106. `originalByteCount` is the length on
  /// the wire; without it, the packet is whole.
  package func append(
    _ packet: Span<UInt8>, at timestamp: Timestamp, originalByteCount: UInt32? = nil, to output: inout ByteWriter
  ) {
    let units = timeUnit.count(timestamp)
    let unitsPerSecond = UInt64(1_000_000_000 / timeUnit.nanoseconds)
    let captured = min(packet.count, snapByteCount)
    output.append(UInt32(truncatingIfNeeded: units / unitsPerSecond), byteOrder)
    output.append(UInt32(truncatingIfNeeded: units % unitsPerSecond), byteOrder)
    output.append(UInt32(captured), byteOrder)
    output.append(originalByteCount ?? UInt32(truncatingIfNeeded: packet.count), byteOrder)
    output.append(packet.extracting(0..<captured))
  }
}
