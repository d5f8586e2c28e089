internal import Bytes
internal import Glibc
internal import Inflation

/// A compressed file read piece by piece; several streams follow one another as one.
struct CompressedSource: ~Copyable {
  private let compression: Compression
  private let stream: any Decompressor
  private var input: [UInt8]
  private var used = 0
  /// A member of a gzip file, a frame of others', has ended, and none begun.
  private var isBetweenMembers = false
  private var isBroken = false

  /// `octets` is what has been read already.
  init(_ compression: Compression, beginning octets: Span<UInt8>) {
    self.compression = compression
    stream = compression.decompressor()
    input = octets.copied()
  }

  mutating func read(from file: Int32, into room: UnsafeMutableRawBufferPointer) -> CaptureSource.Arrival {
    while true {
      if isBroken { return .damaged("the \(compression.name) stream is broken") }
      if used == input.count {
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        let arrived = unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(file, $0.baseAddress, $0.count) }
        if arrived < 0 { return errno == EINTR ? .interrupted : .unreadable(errno) }
        if arrived == 0 { return isBetweenMembers ? .end : .damaged("the \(compression.name) stream ends too early") }
        chunk.removeLast(chunk.count - arrived)
        input = chunk
        used = 0
      }
      let chunk = input
      let rest = chunk.span.extracting(used...)
      // What begins no further member is filling.
      if isBetweenMembers, !compression.begins(rest) { return .end }
      let progress = unsafe stream.decompress(rest, into: room)
      used += progress.consumed
      switch progress.state {
      // What came out before the damage is handed on first.
      case .damaged: isBroken = true
      case .finished:
        stream.reset()
        isBetweenMembers = true
      case .running:
        isBetweenMembers = false
        isBroken = progress.consumed == 0 && progress.produced == 0
      }
      if progress.produced > 0 { return .octets(progress.produced) }
    }
  }
}
