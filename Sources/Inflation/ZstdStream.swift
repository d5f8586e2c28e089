internal import CZstd

/// One frame of Zstandard (RFC 8878), over libzstd. It takes up to 128 MiB for the window that a frame asks for, as the
/// program zstd does, and that much only as it is filled; what is compressed as usual asks for 8 MiB at most.
@safe public final class ZstdStream: Decompressor {
  private let context: OpaquePointer?
  /// How many octets the library asks for: the rest of a block, and the next one's head. They are taken one after the
  /// other, so that whatever stands before damage is handed out: a call that fails tells of nothing that it made.
  private var wanted = firstWanted
  private static let headByteCount = 3
  private static let firstWanted = 5

  public init() { unsafe context = ZSTD_createDCtx() }
  deinit { unsafe ZSTD_freeDCtx(context) }

  public func decompress(_ input: Span<UInt8>, into output: UnsafeMutableRawBufferPointer) -> DecompressionProgress {
    guard let context = unsafe context else { return .damaged }
    let count = wanted > Self.headByteCount ? wanted - Self.headByteCount : wanted
    return unsafe input.withUnsafeBytes { source in
      var taken = unsafe ZSTD_inBuffer(src: source.baseAddress, size: min(source.count, count), pos: 0)
      var made = unsafe ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
      wanted = unsafe ZSTD_decompressStream(context, &made, &taken)
      if ZSTD_isError(wanted) != 0 { return .damaged }
      return unsafe DecompressionProgress(
        consumed: taken.pos, produced: made.pos, state: wanted == 0 ? .finished : .running)
    }
  }
  public func reset() {
    unsafe ZSTD_DCtx_reset(context, ZSTD_reset_session_only)
    wanted = Self.firstWanted
  }
}
