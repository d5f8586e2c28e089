internal import Bytes
internal import Inflation

/// How a whole capture file is compressed.
enum Compression {
  case gzip, zstd, lz4

  /// As a stream's first octets say (RFC 1952 §2.3.1, RFC 8878 §3.1, LZ4 Frame Format 1.6).
  init?(_ octets: Span<UInt8>) {
    if octets.count >= 2, Self.gzip.begins(octets) {
      self = .gzip
    } else if octets.count >= 4, Self.zstd.begins(octets) {
      self = .zstd
    } else if octets.count >= 4, Self.lz4.begins(octets) {
      self = .lz4
    } else {
      return nil
    }
  }

  var name: StaticString {
    switch self {
    case .gzip: "gzip"
    case .zstd: "zstd"
    case .lz4: "LZ4"
    }
  }
  /// The octets that a stream begins with, the first in the lowest place, and how many these are.
  private var magic: (octets: UInt32, count: Int) {
    switch self {
    case .gzip: (0x8B1F, 2)
    case .zstd: (0xFD2F_B528, 4)
    case .lz4: (0x184D_2204, 4)
    }
  }
  /// What zstd and LZ4 skip begins with one of sixteen numbers (RFC 8878 §3.1.2); the lowest.
  private static let skippable: UInt32 = 0x184D_2A50

  /// Whether a stream's first octets stand here, as many as there are.
  func begins(_ octets: Span<UInt8>) -> Bool {
    let count = min(octets.count, magic.count)
    var beginning: UInt32 = 0
    for offset in 0..<count { beginning |= UInt32(octets[offset]) << UInt32(8 * offset) }
    let mask = count == 4 ? UInt32.max : 1 << UInt32(8 * count) - 1
    if beginning == magic.octets & mask { return true }
    return self != .gzip && beginning & ~0xF == Self.skippable & mask
  }
  func decompressor() -> any Decompressor {
    switch self {
    case .gzip: InflateStream(.wrapped)
    case .zstd: ZstdStream()
    case .lz4: LZ4Stream()
    }
  }
}
