package import Bytes

/// Writes a capture in the newer format (draft-ietf-opsawg-pcapng): a section, its interfaces, then packets and what
/// is known besides.
///
///     var writer = PCAPNGWriter()
///     writer.append(PCAPNGWriter.Section(application: "mailwire"), to: &output)
///     let eth0 = writer.append(PCAPNGWriter.Interface(linkType: .ethernet, name: "eth0"), to: &output)
///     writer.append(frame.span, interface: eth0, at: time, comments: ["the greeting"], to: &output)
///
/// It does no I/O: `output` is the caller's to write out and to empty, whenever it likes.
package struct PCAPNGWriter: Sendable {
  package let byteOrder: ByteOrder
  /// What has to be known of an interface to write its packets.
  private(set) var interfaces: [Interface] = []

  package init(byteOrder: ByteOrder = .littleEndian) { self.byteOrder = byteOrder }

  /// Which way a packet went, seen from the machine that captured (epb_flags, §4.3.1).
  package enum Direction: UInt32, Sendable {
    case inbound = 1
    case outbound = 2
  }

  /// Begins a section (§4.1); the interfaces of the one before are forgotten. A capture begins with one.
  package mutating func append(_ section: Section, to output: inout ByteWriter) {
    interfaces.removeAll()
    let options = section.options(byteOrder)
    append(block: 0x0A0D_0D0A, bodyByteCount: 16 + options.count, to: &output) { output in
      output.append(0x1A2B_3C4D as UInt32, byteOrder)
      output.append(1 as UInt16, byteOrder)
      output.append(0 as UInt16, byteOrder)
      // How long the section is: not known.
      output.append(Int64(-1), byteOrder)
      output.append(options.span)
    }
  }
  /// Describes an interface (§4.2), before its first packet; returns its number in this section.
  @discardableResult
  package mutating func append(_ interface: Interface, to output: inout ByteWriter) -> UInt32 {
    let options = interface.options(byteOrder)
    append(block: 1, bodyByteCount: 8 + options.count, to: &output) { output in
      output.append(UInt16(truncatingIfNeeded: interface.linkType.rawValue), byteOrder)
      output.append(0 as UInt16, byteOrder)
      output.append(interface.snapLength, byteOrder)
      output.append(options.span)
    }
    interfaces.append(interface)
    return UInt32(interfaces.count - 1)
  }
  /// Appends an enhanced packet block (§4.3). A packet longer than its interface's snap length is cut, and keeps its
  /// original length. `droppedCount` says how many packets of the interface were lost since the one before.
  package func append(
    _ packet: Span<UInt8>, interface: UInt32 = 0, at timestamp: Timestamp, originalByteCount: UInt32? = nil,
    comments: [String] = [], direction: Direction? = nil, droppedCount: UInt64? = nil, to output: inout ByteWriter
  ) {
    precondition(interface < interfaces.count, "a packet of interface \(interface), which was not described")
    let description = interfaces[Int(interface)]
    let captured = description.captured(packet.count)
    let units = description.timeUnit.count(timestamp)
    var options = PCAPNGOptions(byteOrder)
    options.add(.comment, comments)
    options.add(.packetFlags, number: direction?.rawValue)
    options.add(.packetDropCount, number: droppedCount)
    let encoded = options.encoded
    append(block: 6, bodyByteCount: 20 + (captured + 3) & ~3 + encoded.count, to: &output) { output in
      output.append(interface, byteOrder)
      output.append(UInt32(units >> 32), byteOrder)
      output.append(UInt32(truncatingIfNeeded: units), byteOrder)
      output.append(UInt32(captured), byteOrder)
      output.append(originalByteCount ?? UInt32(truncatingIfNeeded: packet.count), byteOrder)
      output.append(packet.extracting(0..<captured))
      output.append(0, count: -captured & 3)
      output.append(encoded.span)
    }
  }
  /// Appends a simple packet block (§4.4): a packet of the section's first interface, without a time.
  package func append(untimed packet: Span<UInt8>, originalByteCount: UInt32? = nil, to output: inout ByteWriter) {
    precondition(!interfaces.isEmpty, "a packet before any interface")
    // The reader takes the shorter of the original length and the snap length for what was captured.
    let original = originalByteCount ?? UInt32(truncatingIfNeeded: packet.count)
    let captured = interfaces[0].captured(packet.count)
    precondition(captured == interfaces[0].captured(Int(original)), "a simple packet block cannot tell this length")
    append(block: 3, bodyByteCount: 4 + (captured + 3) & ~3, to: &output) { output in
      output.append(original, byteOrder)
      output.append(packet.extracting(0..<captured))
      output.append(0, count: -captured & 3)
    }
  }

  /// Appends a block (§3.1) whose body, of whole words, `body` writes.
  func append(
    block type: UInt32, bodyByteCount: Int, to output: inout ByteWriter, _ body: (inout ByteWriter) -> Void
  ) {
    let byteCount = UInt32(truncatingIfNeeded: bodyByteCount + 12)
    output.append(type, byteOrder)
    output.append(byteCount, byteOrder)
    let start = output.count
    body(&output)
    precondition(output.count - start == bodyByteCount && bodyByteCount & 3 == 0, "a block of another length")
    output.append(byteCount, byteOrder)
  }
}
