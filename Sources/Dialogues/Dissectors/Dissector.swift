internal import Bytes
internal import Streams

/// Follows one conversation in both directions and records what it finds.
///
/// Order of calls: `receive` and `gap` in stream order for each direction, in the order of capture between the two; then
/// `finish`, once. Bytes are lent for the call. `lines` keeps unfinished lines, `fields` what a message's scanner needs:
/// two pools, because one is lent from while the other is written to.
protocol Dissector: BitwiseCopyable {
  /// The conversation's place in the recorder.
  var log: ConversationLog { get set }
  /// What comes next of either side is TLS.
  var awaitsTLS: Bool { get }

  /// The next octets of one direction.
  mutating func receive(
    _ bytes: Span<UInt8>, fromClient: Bool, at position: StreamPosition, lines: inout BufferPool,
    fields: inout BufferPool, recorder: inout Recorder)
  /// Octets of one direction that were never captured.
  mutating func gap(
    byteCount: Int, fromClient: Bool, at position: StreamPosition, lines: inout BufferPool, fields: inout BufferPool,
    recorder: inout Recorder)
  /// What comes from here on was said inside TLS, and is read.
  mutating func enterTLS()
  /// Nothing more will come: what is unfinished is recorded as such, and what was kept is given back.
  mutating func finish(lines: inout BufferPool, fields: inout BufferPool, recorder: inout Recorder)
}

extension Dissector {
  /// A protocol that never changes to TLS on its way.
  var awaitsTLS: Bool { false }
  mutating func enterTLS() {}
}
