/// Decompressions under way, given out and taken back by number: one for each compressed body.
@safe public struct InflatePool: ~Copyable {
  private var streams: [InflateStream?] = []
  private var free: [Int32] = []
  private let roomByteCount = 1 << 14
  private let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 14, alignment: 8)

  private let limit: Int

  /// At most `limit` decompressions are under way at a time.
  public init(limit: Int = Int.max) { self.limit = limit }
  deinit { unsafe room.deallocate() }

  /// Begins a decompression; −1 when there are too many.
  public mutating func allocate(_ format: InflateStream.Format) -> Int32 {
    if let handle = free.popLast() {
      streams[Int(handle)] = InflateStream(format)
      return handle
    }
    if streams.count >= limit { return -1 }
    streams.append(InflateStream(format))
    return Int32(streams.count - 1)
  }
  /// Decompresses `input` and lends `body` what comes of it, piece by piece. False when the bytes are no such stream,
  /// or when `body` has had enough and returns false.
  public mutating func inflate(_ input: Span<UInt8>, with handle: Int32, _ body: (Span<UInt8>) -> Bool) -> Bool {
    guard let stream = streams[Int(handle)] else { return false }
    var offset = 0
    while true {
      let progress = unsafe stream.decompress(input.extracting(offset...), into: room)
      offset += progress.consumed
      if progress.produced > 0 {
        let piece = unsafe UnsafeRawBufferPointer(rebasing: room[..<progress.produced])
        let isWanted = unsafe piece.withMemoryRebound(to: UInt8.self) { unsafe body($0.span) }
        if !isWanted { return false }
      }
      switch progress.state {
      case .damaged: return false
      case .finished: return true
      case .running:
        let isStuck = progress.consumed == 0 && progress.produced == 0
        if isStuck || (offset >= input.count && progress.produced < roomByteCount) { return true }
      }
    }
  }
  public mutating func release(_ handle: Int32) {
    streams[Int(handle)] = nil
    free.append(handle)
  }
}
