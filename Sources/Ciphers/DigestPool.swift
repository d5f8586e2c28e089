/// Running SHA-256 digests, given out and taken back by number: one for each message under way.
public struct DigestPool: ~Copyable {
  private var digests: [Box] = []
  private var free: [Int32] = []

  /// A place for a digest that cannot be copied.
  private final class Box {
    var digest = SHA256()
  }

  public init() {}

  /// Begins a digest.
  public mutating func allocate() -> Int32 {
    if let handle = free.popLast() {
      digests[Int(handle)].digest.begin()
      return handle
    }
    digests.append(Box())
    return Int32(digests.count - 1)
  }
  /// Adds octets to a digest.
  public mutating func add(_ octets: Span<UInt8>, to handle: Int32) { digests[Int(handle)].digest.add(octets) }
  /// Ends a digest and takes its place back.
  public mutating func finish(_ handle: Int32) -> SHA256.Digest {
    free.append(handle)
    return digests[Int(handle)].digest.finish()
  }
  /// Takes a digest's place back unfinished.
  public mutating func release(_ handle: Int32) { free.append(handle) }
}
