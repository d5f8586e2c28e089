package import Bytes
import Packets

/// Makes a capture in the classic format (draft-ietf-opsawg-pcap) whose lengths may lie.
package struct PCAPBuilder: Sendable {
  package private(set) var capture: [UInt8]
  private let writer: PCAPWriter
  /// Where each record begins, and where the last one ends.
  package private(set) var boundaries = [24]

  package init(linkType: UInt32 = 1, isBigEndian: Bool = false, isNanosecond: Bool = false) {
    let writer = PCAPWriter(
      linkType: LinkType(rawValue: linkType), timeUnit: isNanosecond ? .nanoseconds : .microseconds,
      byteOrder: isBigEndian ? .bigEndian : .littleEndian)
    self.writer = writer
    capture = written { writer.appendHeader(to: &$0) }
  }
  /// Adds a packet; `captured` may lie about how many octets follow.
  package mutating func append(
    _ packet: [UInt8], nanoseconds: Int64 = 0, captured: UInt32? = nil, original: UInt32? = nil
  ) {
    var record = written {
      writer.append(packet.span, at: Timestamp(nanoseconds: nanoseconds), originalByteCount: original, to: &$0)
    }
    if let captured {
      record.replaceSubrange(8..<12, with: octets(captured, isBigEndian: writer.byteOrder == .bigEndian))
    }
    capture += record
    boundaries.append(capture.count)
  }
}

/// The octets that `body` appends.
package func written(_ body: (inout ByteWriter) -> Void) -> [UInt8] {
  var output = ByteWriter()
  body(&output)
  return output.withOctets { $0.copied() }
}

/// Makes a capture in the newer format (draft-ietf-opsawg-pcapng), block by block.
package struct PCAPNGBuilder: Sendable {
  package private(set) var capture: [UInt8] = []
  /// The byte order of what is appended next; a section header tells the reader.
  package var isBigEndian: Bool
  /// Where each block begins, and where the last one ends.
  package private(set) var boundaries = [0]

  package init(isBigEndian: Bool = false) {
    self.isBigEndian = isBigEndian
    section()
  }
  private func number(_ number: some FixedWidthInteger) -> [UInt8] { octets(number, isBigEndian: isBigEndian) }
  private func padded(_ octets: [UInt8]) -> [UInt8] { octets + [UInt8](repeating: 0, count: -octets.count & 3) }

  /// A block; either length may lie.
  package mutating func block(_ type: UInt32, _ body: [UInt8], length: UInt32? = nil, trailingLength: UInt32? = nil) {
    let body = padded(body)
    let whole = UInt32(body.count + 12)
    capture += number(type) + number(length ?? whole) + body + number(trailingLength ?? length ?? whole)
    boundaries.append(capture.count)
  }
  package mutating func section() {
    block(0x0A0D_0D0A, number(0x1A2B_3C4D as UInt32) + number(1 as UInt16) + number(0 as UInt16) + number(Int64(-1)))
  }
  /// Options as code and value.
  package mutating func interface(linkType: UInt16 = 1, snapLength: UInt32 = 0, options: [(UInt16, [UInt8])] = []) {
    var body = number(linkType) + [0, 0] + number(snapLength)
    for (code, value) in options { body += number(code) + number(UInt16(value.count)) + padded(value) }
    if !options.isEmpty { body += [0, 0, 0, 0] }
    block(1, body)
  }
  /// An enhanced packet block; `units` in the interface's resolution.
  package mutating func packet(
    _ packet: [UInt8], interface: UInt32 = 0, units: UInt64 = 0, captured: UInt32? = nil, original: UInt32? = nil,
    options: [UInt8] = []
  ) {
    let count = UInt32(packet.count)
    block(
      6,
      number(interface) + number(UInt32(units >> 32)) + number(UInt32(truncatingIfNeeded: units))
        + number(captured ?? count) + number(original ?? count) + padded(packet) + options)
  }
  package mutating func simplePacket(_ packet: [UInt8], original: UInt32? = nil) {
    block(3, number(original ?? UInt32(packet.count)) + packet)
  }
  package mutating func obsoletePacket(
    _ packet: [UInt8], interface: UInt16 = 0, droppedCount: UInt16 = 0, units: UInt64 = 0
  ) {
    let count = UInt32(packet.count)
    block(
      2,
      number(interface) + number(droppedCount) + number(UInt32(units >> 32)) + number(UInt32(truncatingIfNeeded: units))
        + number(count) + number(count) + packet)
  }
}
