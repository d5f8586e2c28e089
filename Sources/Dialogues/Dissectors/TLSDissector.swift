internal import Bytes
internal import Streams

/// Notes a conversation that is TLS from its first octet: where it begins, and the server name that was asked for.
struct TLSDissector: Dissector {
  var log = ConversationLog()
  private var protection = ProtectedSides()
  private var hello = LineCarry()
  private var hasHello = false

  mutating func receive(
    _ bytes: Span<UInt8>, fromClient: Bool, at position: StreamPosition, lines: inout BufferPool,
    fields: inout BufferPool, recorder: inout Recorder
  ) {
    if hasHello,
      protection.receiveAlert(bytes, from: 0, at: position, fromClient: fromClient, &recorder, &log)
    {
      return
    }
    guard fromClient else {
      _ = protection.receive(bytes, from: 0, at: position, fromClient: false, &recorder, &log, isImplicit: true)
      return
    }
    if hasHello { return }
    // A hello may come in several segments; it is read when its record is whole.
    hello.append(bytes, at: position, offset: 0, limit: DialogueLimits.lineByteCount, in: &lines)
    let kept = lines.count(hello.buffer)
    let needed = lines.withOctets(of: hello.buffer) { $0.count >= 5 ? 5 + Int($0.networkUInt16(at: 3)) : 5 }
    if kept >= min(needed, 4 * DialogueLimits.recordedLineByteCount) { open(lines: &lines, recorder: &recorder) }
  }
  /// Nothing that TLS hides is missed.
  mutating func gap(
    byteCount: Int, fromClient: Bool, at position: StreamPosition, lines: inout BufferPool, fields: inout BufferPool,
    recorder: inout Recorder
  ) {}
  mutating func finish(lines: inout BufferPool, fields: inout BufferPool, recorder: inout Recorder) {
    if !hello.isEmpty { open(lines: &lines, recorder: &recorder) }
  }
  private mutating func open(lines: inout BufferPool, recorder: inout Recorder) {
    hasHello = true
    lines.withOctets(of: hello.buffer) { octets in
      TLSOpening.record(octets, from: 0, fromClient: true, hello.mark, &recorder, &log, isImplicit: true)
    }
    hello.release(in: &lines)
  }
}
