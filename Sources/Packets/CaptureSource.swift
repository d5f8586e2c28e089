internal import Bytes
internal import Glibc

/// Where the octets of a capture come from: a file, or what has become of one that was compressed.
struct CaptureSource: ~Copyable {
  /// What one reading brought.
  enum Arrival: Equatable {
    case octets(Int)
    case end
    /// The system's word for it (errno).
    case unreadable(Int32)
    /// What was compressed cannot be undone.
    case damaged(String)
    /// A signal came first.
    case interrupted
  }
  let file: Int32
  private var compressed: CompressedSource?

  /// Reads from `file`, which stays the caller's to close.
  init(file: Int32) { self.file = file }

  /// Decompresses from here on; `octets` is what has been read already.
  mutating func decompress(_ compression: Compression, from octets: Span<UInt8>) {
    compressed = CompressedSource(compression, beginning: octets)
  }
  /// Reads as much as there is, and there is room for.
  mutating func read(into room: UnsafeMutableRawBufferPointer) -> Arrival {
    if compressed != nil { return unsafe compressed!.read(from: file, into: room) }
    let arrived = unsafe Glibc.read(file, room.baseAddress, room.count)
    if arrived < 0 { return errno == EINTR ? .interrupted : .unreadable(errno) }
    return arrived == 0 ? .end : .octets(arrived)
  }
}
