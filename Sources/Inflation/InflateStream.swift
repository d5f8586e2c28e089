internal import CZlib

/// Decompresses one gzip, zlib or raw DEFLATE stream piece by piece (RFC 1950–1952), over zlib.
///
/// The caller owns both buffers and so bounds the memory; a stream that expands without end is bounded by what the
/// caller is willing to take.
@safe public struct InflateStream: ~Copyable {
  /// The wrapper around the DEFLATE data.
  public enum Format: Sendable {
    /// gzip or zlib, recognised by its header.
    case wrapped
    /// DEFLATE without any wrapper, as some web servers send it.
    case raw
  }
  /// What one call did.
  public struct Progress: Equatable, Sendable {
    public var consumed: Int
    public var produced: Int
    public var state: State
  }
  public enum State: Equatable, Sendable {
    /// More input, or more room, is needed.
    case running
    /// The stream is complete.
    case finished
    /// The bytes are no such stream.
    case damaged
  }

  let stream: UnsafeMutablePointer<z_stream>
  let isUsable: Bool

  public init(_ format: Format = .wrapped) {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    unsafe isUsable = mailwireInflateInit(stream, format == .wrapped ? 47 : -15) == Z_OK
  }
  deinit {
    if isUsable { unsafe inflateEnd(stream) }
    unsafe stream.deallocate()
  }

  /// Decompresses from `input` into `output` until one of them is used up.
  public mutating func inflate(_ input: Span<UInt8>, into output: UnsafeMutableRawBufferPointer) -> Progress {
    guard isUsable, let room = output.baseAddress else { return Progress(consumed: 0, produced: 0, state: .damaged) }
    return unsafe input.withUnsafeBufferPointer { source in
      let given = UInt32(clamping: source.count)
      let offered = UInt32(clamping: output.count)
      unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
      unsafe stream.pointee.avail_in = given
      unsafe stream.pointee.next_out = room.assumingMemoryBound(to: UInt8.self)
      unsafe stream.pointee.avail_out = offered
      let status = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
      let consumed = unsafe Int(given - stream.pointee.avail_in)
      let produced = unsafe Int(offered - stream.pointee.avail_out)
      switch status {
      case Z_OK, Z_BUF_ERROR: return Progress(consumed: consumed, produced: produced, state: .running)
      case Z_STREAM_END: return Progress(consumed: consumed, produced: produced, state: .finished)
      default: return Progress(consumed: consumed, produced: produced, state: .damaged)
      }
    }
  }
  /// Begins anew with the next member of the same input.
  public mutating func reset() {
    if isUsable { unsafe inflateReset(stream) }
  }
}
