internal import Bytes
internal import MailProtocols
internal import Streams

/// Client's lines of which no more will come, since octets are missing or the server wants none.
extension IMAPDissector {
  var awaitsTLS: Bool { dialogue.clientSpeech == .protected }
  mutating func enterTLS() { dialogue.resumePlaintext() }

  /// Takes what is kept of a client's line for the line when its end was not captured: the server answers it, or another
  /// command follows.
  @inline(never) mutating func settle(
    _ bytes: Span<UInt8>, fromClient: Bool, lines: inout BufferPool, fields: inout BufferPool,
    recorder: inout Recorder
  ) {
    guard clientLineHasHole, clientLiteral.rest == 0 else { return }
    let content = bytes.extracting(bytes.firstLine)
    let isOver = fromClient ? Self.isCommand(content) : IMAPResponse.parse(content) != nil
    if isOver { flushClient(lines: &lines, fields: &fields, recorder: &recorder) }
    if isOver, fromClient { clientLineHasHole = false }
  }
  /// The server ends a command instead of asking for its literal, which is never sent then (RFC 9051 §7.6): the command is
  /// what was said of it.
  @inline(never) mutating func settleRefusal(
    _ bytes: Span<UInt8>, lines: inout BufferPool, recorder: inout Recorder
  ) {
    let line = bytes.extracting(bytes.firstLine)
    guard let response = IMAPResponse.parse(line), response.kind == .tagged,
      dialogue.ordinal(of: line.extracting(line.bounds(response.tag))) == openOrdinal
    else { return }
    lines.withOctets(of: clientCarry.buffer) { whole in
      let content = whole.extracting(0..<whole.contentCount)
      let name = IMAPCommand.parse(content)?.name ?? .unknown
      recorder.record(
        Record(
          .request, flags: .request(isSecret: name == .login || name == .authenticate, hasHole: false),
          word: name.rawValue, ordinal: openOrdinal, mark: clientCarry.mark), content, in: &log)
    }
    clientCarry.close(in: &lines, &recorder, &log)
    clientLiteral = Literal()
    openOrdinal = 0
  }
  static func isCommand(_ line: Span<UInt8>) -> Bool {
    IMAPCommand.parse(line).map { $0.name != .unknown } ?? false
  }
  mutating func flushClient(lines: inout BufferPool, fields: inout BufferPool, recorder: inout Recorder) {
    if !clientCarry.isEmpty {
      lines.withOctets(of: clientCarry.buffer) { line in
        _ = receiveClientLine(line, clientCarry.mark, fields: &fields, recorder: &recorder)
      }
    }
    clientCarry.close(in: &lines, &recorder, &log)
  }
  /// The first of APPEND's message is here, or known to be missing: the server did not refuse it. It begins at
  /// `mark`; where nothing of it came, with the line that announced it.
  mutating func beginAwaitedAppend(
    at mark: LineMark? = nil, fields: inout BufferPool, recorder: inout Recorder
  ) {
    guard let announced = awaitedAppend else { return }
    awaitedAppend = nil
    serverLiteral.isAbandoned = true
    ranges.abandon()
    message.begin(
      via: .append, ordinal: dialogue.lastOrdinal, at: mark ?? announced, fields: &fields, recorder: &recorder,
      log: &log)
  }
}
