internal import Bytes
internal import MailProtocols
internal import Streams

/// What can be told of lines and messages where not all was captured.
extension SMTPDissector {
  /// Behind a gap: what can be told now of lines and messages whose end may not have been captured.
  @inline(never) mutating func settle(
    _ bytes: Span<UInt8>, fromClient: Bool, at position: StreamPosition, lines: inout BufferPool,
    fields: inout BufferPool, recorder: inout Recorder
  ) {
    if dialogue.clientSpeech == .protected { return }
    let content = bytes.extracting(bytes.firstLine)
    let isReply = !fromClient && SMTPReply.parse(content) != nil
    let isCommand = fromClient && dialogue.clientSpeech != .message && Self.isCommand(content)
    // A line is over when the other side answers, or when the same side begins another.
    if clientLineHasHole, dialogue.clientSpeech != .message, isReply || isCommand {
      flush(fromClient: true, lines: &lines, fields: &fields, recorder: &recorder)
      if isCommand { clientLineHasHole = false }
    }
    if serverLineHasHole, !serverCarry.isEmpty, isReply || fromClient {
      flush(fromClient: false, lines: &lines, fields: &fields, recorder: &recorder)
    }
    // A server that replies has seen the end of the message.
    if isReply, serverCarry.isEmpty, message.isTorn, dialogue.clientSpeech == .message,
      !(dialogue.isMessageTentative && content.starts(with: "354"))
    {
      flush(fromClient: true, lines: &lines, fields: &fields, recorder: &recorder)
      endMessage(isComplete: false, fields: &fields, recorder: &recorder)
    }
    if fromClient, log.recordCount == 0, clientCarry.isEmpty, isInsideMessage(bytes) {
      dialogue.assumeMessage()
      message.begin(
        via: .data, ordinal: 0, at: LineMark(position, offset: 0, byteCount: 0), fields: &fields, recorder: &recorder,
        log: &log, lacksBeginning: true)
    }
  }
  static func isCommand(_ line: Span<UInt8>) -> Bool {
    if case .unknown = SMTPCommand<OctetRange>.parse(line) { false } else { true }
  }
  /// Whether the first octets that were captured of the client are a message's: lines of which none is a command. One
  /// line alone may be anything.
  func isInsideMessage(_ bytes: Span<UInt8>) -> Bool {
    guard dialogue.clientSpeech == .command, let first = bytes.firstOffset(of: ASCII.lineFeed),
      let second = bytes.firstOffset(of: ASCII.lineFeed, from: first + 1)
    else { return false }
    for range in [0..<first + 1, first + 1..<second + 1] {
      let line = bytes.extracting(range)
      let content = line.extracting(0..<line.contentCount)
      if Self.isCommand(content) || Self.isResponse(content) { return false }
    }
    return true
  }
  /// Whether a line looks like an answer to a SASL challenge (RFC 4954 §4).
  static func isResponse(_ line: Span<UInt8>) -> Bool {
    line.count >= 4 && line.count % 4 == 0 && Base64.decode(line) != nil
  }
  /// Whether the line answers a challenge that was not captured: behind AUTH nothing else comes (RFC 4954 §4).
  @inline(never) func isUnheardResponse(_ line: Span<UInt8>) -> Bool {
    if Self.isCommand(line) { return false }
    return dialogue.awaitsVerdict && !answers.isEmpty || log.recordCount == 0 && Self.isResponse(line)
  }
}
