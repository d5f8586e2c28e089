internal import Bytes
internal import Streams
internal import WebProtocols

/// Follows one HTTP/1.1 connection in both directions (RFC 9112).
struct HTTPDissector: Dissector {
  var log = ConversationLog()
  private var client = HTTPSide(isClient: true)
  private var server = HTTPSide(isClient: false)
  private var queue = HTTPQueue()

  mutating func receive(
    _ bytes: Span<UInt8>, fromClient: Bool, at position: StreamPosition, lines: inout BufferPool,
    fields: inout BufferPool, recorder: inout Recorder
  ) {
    if fromClient {
      client.receive(
        bytes, at: position, queue: &queue, lines: &lines, fields: &fields, recorder: &recorder, log: &log)
    } else {
      server.receive(
        bytes, at: position, queue: &queue, lines: &lines, fields: &fields, recorder: &recorder, log: &log)
      // The server opened it: what the client says next is no request.
      if server.isTunnel, !client.isTunnel { client.enterTunnel(lines: &lines) }
    }
  }
  mutating func gap(
    byteCount: Int, fromClient: Bool, at position: StreamPosition, lines: inout BufferPool, fields: inout BufferPool,
    recorder: inout Recorder
  ) {
    recorder.record(
      Record(
        .gap, flags: fromClient ? .fromClient : .none, number: UInt64(byteCount),
        mark: LineMark(position, offset: 0, byteCount: 0)), in: &log)
    if fromClient {
      client.gap(byteCount, queue: &queue, lines: &lines, fields: &fields, recorder: &recorder, log: &log)
    } else {
      server.gap(byteCount, queue: &queue, lines: &lines, fields: &fields, recorder: &recorder, log: &log)
    }
  }
  mutating func finish(lines: inout BufferPool, fields: inout BufferPool, recorder: inout Recorder) {
    client.finish(queue: &queue, lines: &lines, fields: &fields, recorder: &recorder, log: &log)
    server.finish(queue: &queue, lines: &lines, fields: &fields, recorder: &recorder, log: &log)
  }
}

/// Requests that await their response, in order: the response's framing depends on the method (RFC 9112 §6.3).
struct HTTPQueue: BitwiseCopyable {
  private var methods = InlineArray<16, HTTPMethod>(repeating: .other)
  private var askedCount: UInt32 = 0
  private var answeredCount: UInt32 = 0

  /// Enters a request; its ordinal, from 1, is returned.
  mutating func ask(_ method: HTTPMethod) -> UInt32 {
    methods[Int(askedCount & 15)] = method
    askedCount &+= 1
    return askedCount
  }
  /// The ordinal and method that a response answers; 0 when nothing was asked.
  mutating func answer(isFinal: Bool) -> (ordinal: UInt32, method: HTTPMethod) {
    guard answeredCount < askedCount else { return (0, .other) }
    let method = askedCount - answeredCount <= 16 ? methods[Int(answeredCount & 15)] : .other
    if isFinal { answeredCount &+= 1 }
    return (isFinal ? answeredCount : answeredCount &+ 1, method)
  }
}
