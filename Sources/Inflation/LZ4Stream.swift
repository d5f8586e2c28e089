internal import CLZ4

/// One frame of LZ4 (LZ4 Frame Format 1.6), over liblz4.
@safe public final class LZ4Stream: Decompressor {
  private let context: OpaquePointer?
  /// How many octets the library asks for: the rest of a block, and the next one's head. They are taken one after the
  /// other, so that whatever stands before damage is handed out: a call that fails tells of nothing that it made.
  private var wanted = firstWanted
  private static let headByteCount = 4
  private static let firstWanted = 7

  public init() {
    var context: OpaquePointer?
    let status = unsafe LZ4F_createDecompressionContext(&context, UInt32(LZ4F_VERSION))
    unsafe self.context = LZ4F_isError(status) == 0 ? context : nil
  }
  deinit { unsafe LZ4F_freeDecompressionContext(context) }

  public func decompress(_ input: Span<UInt8>, into output: UnsafeMutableRawBufferPointer) -> DecompressionProgress {
    guard let context = unsafe context else { return .damaged }
    let count = wanted > Self.headByteCount ? wanted - Self.headByteCount : wanted
    return unsafe input.withUnsafeBytes { source in
      var (taken, made) = (min(source.count, count), output.count)
      wanted = unsafe LZ4F_decompress(context, output.baseAddress, &made, source.baseAddress, &taken, nil)
      if LZ4F_isError(wanted) != 0 { return .damaged }
      return DecompressionProgress(consumed: taken, produced: made, state: wanted == 0 ? .finished : .running)
    }
  }
  public func reset() {
    unsafe LZ4F_resetDecompressionContext(context)
    wanted = Self.firstWanted
  }
}
