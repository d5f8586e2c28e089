import Packets

/// Packets that were captured and not analysed yet, in order: analysis may fall behind, capturing must not.
struct PacketBacklog {
  /// What may wait; then capturing waits for the analysis, and what the kernel cannot hold meanwhile is lost, and counted.
  static let byteLimit = 256 << 20
  /// Octets of one chunk, so that what was analysed is given back soon.
  private static let chunkByteCount = 1 << 20

  private struct Chunk {
    var octets: [UInt8] = []
    var packets: [(header: PacketHeader, range: Range<Int>)] = []
  }
  private var chunks: [Chunk] = []
  /// The next packet of the first chunk.
  private var next = 0
  private(set) var byteCount = 0

  var isEmpty: Bool { chunks.isEmpty }
  var isFull: Bool { byteCount >= Self.byteLimit }

  mutating func append(_ packet: Span<UInt8>, _ header: PacketHeader) {
    if chunks.last.map({ $0.octets.count + packet.count > Self.chunkByteCount }) ?? true {
      chunks.append(Chunk())
      chunks[chunks.count - 1].octets.reserveCapacity(min(Self.chunkByteCount, max(packet.count, 1 << 16)))
    }
    let last = chunks.count - 1
    let start = chunks[last].octets.count
    unsafe packet.withUnsafeBufferPointer { unsafe chunks[last].octets.append(contentsOf: $0) }
    chunks[last].packets.append((header, start..<chunks[last].octets.count))
    byteCount += packet.count
  }
  /// Lends the next packet to `body` and forgets it; false when there is none.
  mutating func takeNext(_ body: (Span<UInt8>, PacketHeader) -> Void) -> Bool {
    guard !chunks.isEmpty else { return false }
    let (header, range) = chunks[0].packets[next]
    let octets = chunks[0].octets
    body(octets.span.extracting(range), header)
    byteCount -= range.count
    next += 1
    if next == chunks[0].packets.count {
      chunks.removeFirst()
      next = 0
    }
    return true
  }
}
