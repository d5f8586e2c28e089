/// Decompresses one stream piece by piece.
///
/// The caller owns both buffers and so bounds the memory; a stream that expands without end is bounded by what the
/// caller is willing to take.
public protocol Decompressor: AnyObject {
  /// Decompresses from `input` into `output` until one of them is used up, or the stream ends.
  func decompress(_ input: Span<UInt8>, into output: UnsafeMutableRawBufferPointer) -> DecompressionProgress
  /// Begins anew with the next stream of the same input.
  func reset()
}

/// What one call has done.
public struct DecompressionProgress: Equatable, Sendable {
  public enum State: Equatable, Sendable {
    /// More input, or more room, is needed.
    case running
    /// The stream is complete.
    case finished
    /// The bytes are no such stream.
    case damaged
  }
  public var consumed: Int
  public var produced: Int
  public var state: State

  static let damaged = Self(consumed: 0, produced: 0, state: .damaged)
}
