internal import Bytes
internal import Inflation

/// How a whole capture file is compressed.
enum Compression {
  case gzip, zstd, lz4

  /// As a stream's first octets say (RFC 1952 §2.3.1, RFC 8878 §3.1, LZ4 Frame Format 1.6).
  init?(_ octets: Span<UInt8>) {
    guard let found = Self.all.first(where: { $0.begins(octets) && octets.count >= $0.magic.count }) else { return nil }
    self = found
  }
  private static let all: [Self] = [.gzip, .zstd, .lz4]

  var name: StaticString {
    switch self {
    case .gzip: "gzip"
    case .zstd: "zstd"
    case .lz4: "LZ4"
    }
  }
  private var magic: [UInt8] {
    switch self {
    case .gzip: [0x1F, 0x8B]
    case .zstd: [0x28, 0xB5, 0x2F, 0xFD]
    case .lz4: [0x04, 0x22, 0x4D, 0x18]
    }
  }
  /// Frames that a reader of zstd or LZ4 skips begin with one of sixteen numbers (RFC 8878 §3.1.2).
  private static let skippable: [UInt8] = [0x2A, 0x4D, 0x18]

  /// Whether a stream's first octets stand here, as many as there are.
  func begins(_ octets: Span<UInt8>) -> Bool {
    let octets = octets.extracting(first: magic.count).copied()
    if magic.starts(with: octets) { return true }
    guard self != .gzip, let first = octets.first, first & 0xF0 == 0x50 else { return false }
    return Self.skippable.starts(with: octets.dropFirst())
  }
  func decompressor() -> any Decompressor {
    switch self {
    case .gzip: InflateStream(.wrapped)
    case .zstd: ZstdStream()
    case .lz4: LZ4Stream()
    }
  }
}
