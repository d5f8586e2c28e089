internal import CZlib

/// One gzip, zlib or raw DEFLATE stream (RFC 1950–1952), over zlib.
@safe public final class InflateStream: Decompressor {
  /// The wrapper around the DEFLATE data.
  public enum Format: Sendable {
    /// gzip or zlib, recognised by its header.
    case wrapped
    /// DEFLATE without any wrapper, as some web servers send it.
    case raw
  }

  private let stream: UnsafeMutablePointer<z_stream>
  private let isUsable: Bool

  public init(_ format: Format = .wrapped) {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    unsafe isUsable = mailwireInflateInit(stream, format == .wrapped ? 47 : -15) == Z_OK
  }
  deinit {
    if isUsable { unsafe inflateEnd(stream) }
    unsafe stream.deallocate()
  }

  public func decompress(_ input: Span<UInt8>, into output: UnsafeMutableRawBufferPointer) -> DecompressionProgress {
    guard isUsable, let room = output.baseAddress else { return .damaged }
    return unsafe input.withUnsafeBufferPointer { source in
      let given = UInt32(clamping: source.count)
      let offered = UInt32(clamping: output.count)
      unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
      unsafe stream.pointee.avail_in = given
      unsafe stream.pointee.next_out = room.assumingMemoryBound(to: UInt8.self)
      unsafe stream.pointee.avail_out = offered
      let status = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
      let state: DecompressionProgress.State =
        switch status {
        case Z_OK, Z_BUF_ERROR: .running
        case Z_STREAM_END: .finished
        default: .damaged
        }
      return unsafe DecompressionProgress(
        consumed: Int(given - stream.pointee.avail_in), produced: Int(offered - stream.pointee.avail_out), state: state)
    }
  }
  public func reset() { if isUsable { unsafe inflateReset(stream) } }
}
