internal import Bytes
internal import Glibc
internal import Inflation

/// A gzip file read piece by piece; several members follow one another as one.
struct CompressedSource: ~Copyable {
  private var stream = InflateStream(.wrapped)
  private var input: [UInt8] = []
  private var used = 0
  private var isBetweenMembers = false
  private var isBroken = false

  mutating func begin(with octets: Span<UInt8>) { input = octets.copied() }

  mutating func read(from file: Int32, into room: UnsafeMutableRawBufferPointer) -> CaptureSource.Arrival {
    while true {
      if isBroken { return .damaged("the gzip stream is broken") }
      if used == input.count {
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        let arrived = unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(file, $0.baseAddress, $0.count) }
        if arrived < 0 { return errno == EINTR ? .interrupted : .unreadable(errno) }
        if arrived == 0 { return isBetweenMembers ? .end : .damaged("the gzip stream ends too early") }
        chunk.removeLast(chunk.count - arrived)
        input = chunk
        used = 0
      }
      let chunk = input
      let isFiller = isBetweenMembers && !Self.beginsMember(chunk.span.extracting(used...))
      let progress = unsafe stream.inflate(chunk.span.extracting(used...), into: room)
      used += progress.consumed
      switch progress.state {
      case .damaged:
        // Octets that begin no further member are none; what came out before the damage is handed on first.
        if isFiller, progress.produced == 0 { return .end }
        isBroken = true
      case .finished:
        stream.reset()
        isBetweenMembers = true
      case .running: isBetweenMembers = false
      }
      if progress.produced > 0 { return .octets(progress.produced) }
    }
  }
  /// Whether a member's first octets stand here (RFC 1952 §2.3.1), or the first of them.
  private static func beginsMember(_ octets: Span<UInt8>) -> Bool {
    octets[0] == 0x1F && (octets.count == 1 || octets[1] == 0x8B)
  }
}
