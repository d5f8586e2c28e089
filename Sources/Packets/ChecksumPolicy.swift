/// Which TCP checksums are verified.
public enum ChecksumPolicy: Sendable {
  /// Those of the first short segments, to tell what the capture is like; a wrong one is counted.
  case sampled
  /// All; a segment whose checksum is wrong is left out, as its receiver did.
  case enforced
  /// None.
  case ignored

  /// TCP segments of at most this length are verified.
  @usableFromInline var longestByteCount: Int {
    switch self {
    case .sampled: PacketLimits.sampledChecksumByteCount
    case .enforced: Int.max
    case .ignored: -1
    }
  }
}
