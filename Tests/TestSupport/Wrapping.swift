/// The ways in which whole captures are compressed, without compressing anything.
package enum Wrapping: CaseIterable, Sendable {
  /// One member of stored blocks (RFC 1952, RFC 1951 §3.2.4).
  case gzip
  /// One frame of raw blocks (RFC 8878 §3.1.1).
  case zstd
  /// One frame of uncompressed blocks of at most 64 KiB (LZ4 Frame Format 1.6).
  case lz4

  package var name: String {
    switch self {
    case .gzip: "gzip"
    case .zstd: "zstd"
    case .lz4: "LZ4"
    }
  }
  /// `content` in blocks; the head of the one with the number `damagedBlock`, counted from the end where it is negative,
  /// is none.
  package func stored(
    _ content: [UInt8], blockByteCount: Int = 65_000, damagedBlock: Int? = nil
  ) -> [UInt8] {
    var blocks = stride(from: 0, to: content.count, by: blockByteCount).map {
      content[$0..<min($0 + blockByteCount, content.count)]
    }
    if blocks.isEmpty { blocks = [[]] }
    let damaged = damagedBlock.map { $0 < 0 ? blocks.count + $0 : $0 }
    var stream = beginning(content)
    for (number, block) in blocks.enumerated() {
      stream += head(of: block, isLast: number == blocks.count - 1, isDamaged: number == damaged) + block
    }
    return stream + end(content)
  }
  private func beginning(_ content: [UInt8]) -> [UInt8] {
    switch self {
    case .gzip: [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
    case .zstd: [0x28, 0xB5, 0x2F, 0xFD, 0xA0] + octets(UInt32(content.count), isBigEndian: false)
    case .lz4: [0x04, 0x22, 0x4D, 0x18, 0x60, 0x40, 0x82]
    }
  }
  private func head(of block: ArraySlice<UInt8>, isLast: Bool, isDamaged: Bool) -> [UInt8] {
    switch self {
    case .gzip:
      // The length and its complement do not agree.
      let count = UInt16(block.count)
      return [isLast ? 1 : 0] + octets(count, isBigEndian: false)
        + octets(isDamaged ? count : ~count, isBigEndian: false)
    case .zstd:
      // A type that is reserved.
      let head = UInt32(block.count) << 3 | (isDamaged ? 6 : 0) | (isLast ? 1 : 0)
      return Array(octets(head, isBigEndian: false).prefix(3))
    case .lz4:
      // Longer than a block may be.
      return octets(isDamaged ? .max : UInt32(block.count) | 1 << 31, isBigEndian: false)
    }
  }
  private func end(_ content: [UInt8]) -> [UInt8] {
    switch self {
    case .gzip:
      var remainder: UInt32 = 0xFFFF_FFFF
      for octet in content {
        remainder ^= UInt32(octet)
        for _ in 0..<8 { remainder = remainder & 1 == 1 ? remainder >> 1 ^ 0xEDB8_8320 : remainder >> 1 }
      }
      return octets(~remainder, isBigEndian: false) + octets(UInt32(content.count), isBigEndian: false)
    case .zstd: return []
    case .lz4: return [0, 0, 0, 0]
    }
  }
}
