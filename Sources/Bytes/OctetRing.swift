/// A ring that keeps the octets that were appended last, each run whole and in one piece.
@safe public struct OctetRing: ~Copyable {
  /// Octets that the ring holds; a power of two.
  public let byteCount: Int
  @usableFromInline var storage: UnsafeMutablePointer<UInt8>
  /// The place behind the last octet, counted from the beginning of time.
  @usableFromInline var end: UInt64 = 0

  /// A ring of `byteCount` octets, which must be a power of two.
  public init(byteCount: Int) {
    precondition(byteCount > 0 && byteCount & (byteCount - 1) == 0)
    self.byteCount = byteCount
    unsafe storage = .allocate(capacity: byteCount)
    unsafe storage.initialize(repeating: 0, count: byteCount)
  }
  deinit { unsafe storage.deallocate() }

  /// Appends a run of at most `byteCount` octets; returns its place.
  @inlinable @inline(__always) public mutating func append(_ octets: Span<UInt8>) -> UInt64 {
    precondition(octets.count <= byteCount)
    var offset = Int(truncatingIfNeeded: end) & (byteCount &- 1)
    if offset &+ octets.count > byteCount {
      // The run would be cut in two: it begins the next round.
      end &+= UInt64(byteCount &- offset)
      offset = 0
    }
    unsafe octets.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { unsafe (storage + offset).initialize(from: base, count: source.count) }
    }
    let place = end
    end &+= UInt64(octets.count)
    return place
  }
  /// Lends the run of `count` octets at `place` to `body`; nil when others have taken its place since.
  public func withOctets<Result>(at place: UInt64, count: Int, _ body: (Span<UInt8>) -> Result) -> Result? {
    let offset = Int(truncatingIfNeeded: place) & (byteCount - 1)
    guard place <= end, end - place <= UInt64(byteCount), count >= 0, UInt64(count) <= end - place,
      offset + count <= byteCount
    else { return nil }
    return unsafe body(UnsafeBufferPointer(start: storage + offset, count: count).span)
  }
}
