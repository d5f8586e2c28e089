internal import Bytes

extension CaptureReader {
  /// Writes the capture anew as pcapng, with `comments` on its packets, asked for by frame in the order of the capture.
  ///
  /// Of a pcapng capture every block is handed to `write` as it stands, in its own byte order and unit of time; comments
  /// are options (draft-ietf-opsawg-pcapng §3.5) before those that a packet has already. Packets of other formats are written
  /// with nanoseconds, each on an interface of its link type, in a section that `section` describes.
  ///
  /// Ends with the error of `read(into:)` where the capture is damaged, or before the block that lies at `end`; everything
  /// before it has been written, and `copied` counts it.
  package mutating func copy(
    commenting comments: @escaping (UInt32) -> [String], section: PCAPNGWriter.Section, until end: UInt64 = .max,
    counting copied: inout CopiedPackets, to write: @escaping (Span<UInt8>) -> Void
  ) throws(CaptureError) {
    let format = try recognise()
    if case .pcapng = format {
      var blocks = CommentedBlocks(comments, until: end, to: write)
      defer { copied = blocks.copied }
      var nobody = NoPackets()
      return try deliver(&blocks, into: &nobody)
    }
    var packets = CommentedPackets(comments, section, to: write)
    defer {
      packets.flush()
      copied = packets.copied
    }
    switch format {
    case .pcapng: break
    case .pcap(var file): try deliver(&file, into: &packets)
    case .snoop(var file): try deliver(&file, into: &packets)
    case .erf(var file): try deliver(&file, into: &packets)
    }
  }
}

/// What became of a capture's packets when it was written anew.
package struct CopiedPackets: BitwiseCopyable, Sendable {
  package internal(set) var count = 0
  package internal(set) var commentedCount = 0
  /// Those whose comments had no room: a simple packet block (§4.4) has no options.
  package internal(set) var roomlessCount = 0
  package init() {}
}

/// Nobody looks at the packets; they are copied as blocks.
private struct NoPackets: PacketSink, ~Copyable {
  mutating func receive(_ packet: Span<UInt8>, _ header: PacketHeader) {}
  mutating func idle() {}
}

/// The packets of any format on their way into a pcapng file.
private struct CommentedPackets: PacketSink, ~Copyable {
  private let comments: (UInt32) -> [String]
  private let write: (Span<UInt8>) -> Void
  private var writer = PCAPNGWriter()
  private var output = ByteWriter(minimumCapacity: 1 << 19)
  private static let flushByteCount = 1 << 18
  private var interfaces: [LinkType: UInt32] = [:]
  private(set) var copied = CopiedPackets()

  init(
    _ comments: @escaping (UInt32) -> [String], _ section: PCAPNGWriter.Section,
    to write: @escaping (Span<UInt8>) -> Void
  ) {
    self.comments = comments
    self.write = write
    writer.append(section, to: &output)
  }
  mutating func receive(_ packet: Span<UInt8>, _ header: PacketHeader) {
    let interface: UInt32
    if let known = interfaces[header.linkType] {
      interface = known
    } else {
      interface = writer.append(PCAPNGWriter.Interface(linkType: header.linkType), to: &output)
      interfaces[header.linkType] = interface
    }
    let comments = comments(header.frame)
    writer.append(
      packet, interface: interface, at: header.timestamp, originalByteCount: header.originalByteCount,
      comments: comments, to: &output)
    copied.count += 1
    if !comments.isEmpty { copied.commentedCount += 1 }
    if output.count >= Self.flushByteCount { flush() }
  }
  mutating func idle() { flush() }
  mutating func flush() {
    output.withOctets { write($0) }
    output.removeAll()
  }
}
