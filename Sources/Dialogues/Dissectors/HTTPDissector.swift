internal import Bytes
internal import Streams

struct HTTPDissector: BitwiseCopyable {
  var log = ConversationLog()
  mutating func receive(
    _ bytes: Span<UInt8>, fromClient: Bool, at position: StreamPosition, lines: inout BufferPool,
    fields: inout BufferPool, recorder: inout Recorder
  ) {}
  mutating func gap(
    byteCount: Int, fromClient: Bool, at position: StreamPosition, lines: inout BufferPool, fields: inout BufferPool,
    recorder: inout Recorder
  ) {}
  mutating func finish(lines: inout BufferPool, fields: inout BufferPool, recorder: inout Recorder) {}
}
