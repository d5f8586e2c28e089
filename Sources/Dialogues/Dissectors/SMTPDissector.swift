internal import Bytes
internal import MailProtocols
internal import Streams

/// Follows one SMTP conversation in both directions (RFC 5321).
struct SMTPDissector: Dissector {
  var log = ConversationLog()
  var dialogue = SMTPDialogue()
  var clientCarry = LineCarry()
  var serverCarry = LineCarry()
  /// The unfinished line of a message that comes in chunks; between them stand commands.
  private var chunkCarry = LineCarry()
  var message = MessageStream()
  private var clientUsesBareLineFeeds = false
  /// What a command has made of a message in chunks.
  private enum CommandedEnd: UInt8, BitwiseCopyable { case none, givenUp, complete }
  private var commandedEnd = CommandedEnd.none
  private var protection = ProtectedSides()
  /// Octets within a side's line under way were not captured; its beginning, where nothing of it is kept.
  var clientLineHasHole = false
  var serverLineHasHole = false
  var answers = AnswersLeft()

  /// `hasBeginning`: both sides were captured from their SYN on.
  init(streamNumber: UInt32, hasBeginning: Bool) {
    log.streamNumber = streamNumber
    if !hasBeginning { dialogue.heardGap(fromClient: false) }
  }

  mutating func receive(
    _ bytes: Span<UInt8>, fromClient: Bool, at position: StreamPosition, lines: inout BufferPool,
    fields: inout BufferPool, recorder: inout Recorder
  ) {
    if dialogue.missesSpeech {
      settle(bytes, fromClient: fromClient, at: position, lines: &lines, fields: &fields, recorder: &recorder)
    }
    var offset = 0
    while offset < bytes.count {
      offset &+=
        fromClient
        ? receiveClient(bytes, from: offset, at: position, lines: &lines, fields: &fields, recorder: &recorder)
        : receiveServer(bytes, from: offset, at: position, lines: &lines, fields: &fields, recorder: &recorder)
    }
  }
  var awaitsTLS: Bool { dialogue.clientSpeech == .protected }
  mutating func enterTLS() { dialogue.resumePlaintext() }
  mutating func gap(
    byteCount: Int, fromClient: Bool, at position: StreamPosition, lines: inout BufferPool, fields: inout BufferPool,
    recorder: inout Recorder
  ) {
    let mark = LineMark(position, offset: 0, byteCount: 0)
    recorder.record(
      Record(.gap, flags: fromClient ? .fromClient : .none, number: UInt64(byteCount), mark: mark), in: &log)
    dialogue.heardGap(fromClient: fromClient)
    guard fromClient else { return serverLineHasHole = true }
    if dialogue.clientSpeech == .message {
      if !message.isOpen { openMessage(position, 0, via: .data, fields: &fields, recorder: &recorder) }
      flush(fromClient: true, lines: &lines, fields: &fields, recorder: &recorder)
    } else {
      scanChunk(isEnd: true, lines: &lines, fields: &fields, recorder: &recorder)
      if case .chunk(let rest) = dialogue.clientSpeech {
        dialogue.heardChunk(byteCount)
        clientLineHasHole = rest < UInt64(byteCount)
      } else {
        clientLineHasHole = true
      }
    }
    message.gap(byteCount)
  }
  /// Takes what is kept of an unfinished line for the line: its end is missing.
  mutating func flush(
    fromClient: Bool, lines: inout BufferPool, fields: inout BufferPool, recorder: inout Recorder
  ) {
    if fromClient, message.isOpen, dialogue.clientSpeech == .message {
      message.takeUnfinished(&clientCarry, lines: &lines, fields: &fields, recorder: &recorder, log: &log)
    }
    let carry = fromClient ? clientCarry : serverCarry
    if carry.isEmpty { return }
    // Its end was not captured.
    if fromClient, dialogue.missesSpeech { clientLineHasHole = true }
    lines.withOctets(of: carry.buffer) { line in
      if fromClient {
        receiveClientLine(line, carry.mark, fields: &fields, recorder: &recorder)
      } else {
        receiveServerLine(line, carry.mark, fields: &fields, recorder: &recorder)
      }
    }
    if fromClient {
      clientCarry.close(in: &lines, &recorder, &log)
    } else {
      serverCarry.close(in: &lines, &recorder, &log)
    }
    endAsCommanded(lines: &lines, fields: &fields, recorder: &recorder)
  }
  mutating func finish(lines: inout BufferPool, fields: inout BufferPool, recorder: inout Recorder) {
    flush(fromClient: true, lines: &lines, fields: &fields, recorder: &recorder)
    flush(fromClient: false, lines: &lines, fields: &fields, recorder: &recorder)
    end(isComplete: false, lines: &lines, fields: &fields, recorder: &recorder)
    chunkCarry.release(in: &lines)
    log.isLocal = dialogue.isLocal
  }
  /// Gives the scanner what is kept of a line within chunks.
  private mutating func scanChunk(
    isEnd: Bool, lines: inout BufferPool, fields: inout BufferPool, recorder: inout Recorder
  ) {
    guard message.isOpen else { return chunkCarry.release(in: &lines) }
    message.scanCarried(
      &chunkCarry, isEnd: isEnd, lines: &lines, fields: &fields, recorder: &recorder, log: &log)
  }
  private mutating func endAsCommanded(
    lines: inout BufferPool, fields: inout BufferPool, recorder: inout Recorder
  ) {
    if commandedEnd == .none { return }
    if commandedEnd == .complete { message.replyOrdinal = dialogue.askedCount }
    end(isComplete: commandedEnd == .complete, lines: &lines, fields: &fields, recorder: &recorder)
    commandedEnd = .none
  }
  private mutating func end(
    isComplete: Bool, lines: inout BufferPool, fields: inout BufferPool, recorder: inout Recorder
  ) {
    scanChunk(isEnd: true, lines: &lines, fields: &fields, recorder: &recorder)
    message.end(isComplete: isComplete, fields: &fields, recorder: &recorder, log: &log)
  }

  /// Takes some of the client's octets from `start` on; returns how many.
  private mutating func receiveClient(
    _ bytes: Span<UInt8>, from start: Int, at position: StreamPosition, lines: inout BufferPool,
    fields: inout BufferPool, recorder: inout Recorder
  ) -> Int {
    if clientCarry.isEmpty, case .command = dialogue.clientSpeech, dialogue.awaitsPermission {
      assumeMessage(position, start, &recorder)
    }
    switch dialogue.clientSpeech {
    case .message:
      if !message.isOpen { openMessage(position, start, via: .data, fields: &fields, recorder: &recorder) }
      let taken = message.receive(
        bytes, from: start, at: position, carry: &clientCarry, acceptsBareLineFeedEnd: clientUsesBareLineFeeds,
        lines: &lines, fields: &fields, recorder: &recorder, log: &log)
      if message.hasReachedEnd { endMessage(fields: &fields, recorder: &recorder) }
      return taken
    case .chunk(let rest):
      let taken = Int(min(rest, UInt64(bytes.count &- start)))
      if !message.isOpen { openMessage(position, start, via: .bdat, fields: &fields, recorder: &recorder) }
      message.receiveChunk(
        bytes.extracting(start..<start &+ taken), at: position, offset: start, carry: &chunkCarry, lines: &lines,
        fields: &fields, recorder: &recorder, log: &log)
      dialogue.heardChunk(taken)
      if dialogue.clientSpeech == .command, message.isLastChunk {
        message.replyOrdinal = dialogue.askedCount
        end(isComplete: true, lines: &lines, fields: &fields, recorder: &recorder)
      }
      return taken
    case .protected:
      if protection.receive(bytes, from: start, at: position, fromClient: true, &recorder, &log) {
        return bytes.count &- start
      }
      dialogue.resumePlaintext()
      return receiveClient(
        bytes, from: start, at: position, lines: &lines, fields: &fields, recorder: &recorder)
    case .command, .response: break
    }
    var carry = clientCarry
    let taken = carry.takeLine(bytes, from: start, at: position, in: &lines) { line, mark in
      receiveClientLine(line, mark, fields: &fields, recorder: &recorder)
    }
    carry.closeTaken(in: &lines, &recorder, &log)
    clientCarry = carry
    endAsCommanded(lines: &lines, fields: &fields, recorder: &recorder)
    return taken
  }

  private mutating func receiveClientLine(
    _ line: Span<UInt8>, _ mark: LineMark, fields: inout BufferPool, recorder: inout Recorder
  ) {
    let content = line.extracting(0..<line.contentCount)
    let hasHole = clientLineHasHole
    clientLineHasHole = false
    clientUsesBareLineFeeds = line.count &- content.count == 1
    if clientUsesBareLineFeeds { recorder.anomaly(.bareLineFeed, fromClient: true, at: mark, in: &log) }
    if dialogue.awaitsResponse || dialogue.missesSpeech && isUnheardResponse(content) {
      return recordResponse(content, mark, hasHole: hasHole, &recorder)
    }
    let command = SMTPCommand<OctetRange>.parse(content)
    // A client that does not wait for the challenges answers them all the same.
    if case .unknown = command, !hasHole, !answers.isEmpty, dialogue.awaitsVerdict,
      SASLResponse.isSpelledAsAnswer(content)
    {
      return recordResponse(content, mark, hasHole: false, &recorder)
    }
    if case .authenticate(let mechanism, let response) = command {
      answers.begin(mechanism, of: content, hasInitialResponse: response != nil)
    }
    let violation = dialogue.heard(command)
    let path = Self.path(command)
    var isTail = false
    // What is left of a line may be what is left of a password.
    if hasHole, case .unknown = command { isTail = true }
    recorder.record(
      Record(
        .request, flags: .request(isSecret: isTail || Self.carriesSecret(command), hasHole: hasHole),
        word: Self.word(command), code: isTail ? Record.tail : 0, ordinal: dialogue.askedCount,
        number: UInt64(path.lower),
        otherNumber: UInt64(path.upper), mark: mark), content, in: &log)
    // Where not all was captured, what seems to be missing may have been said.
    if let violation, !dialogue.missesSpeech { note(violation, mark, &recorder) }
    switch command {
    case .reset, .hello, .extendedHello, .localHello:
      // Chunks without a last one are given up (RFC 3030 §2).
      if message.isOpen { commandedEnd = .givenUp }
    default: break
    }
    if case .binaryData(0, true) = command {
      // Alone it is a message of no octets.
      if !message.isOpen {
        message.begin(
          via: .bdat, ordinal: dialogue.askedCount, at: mark, fields: &fields, recorder: &recorder, log: &log)
      }
      commandedEnd = .complete
    }
    if case .binaryData(_, let isLast) = command { message.isLastChunk = isLast }
  }
  private mutating func recordResponse(
    _ content: Span<UInt8>, _ mark: LineMark, hasHole: Bool, _ recorder: inout Recorder
  ) {
    answers.take()
    dialogue.heardResponse()
    recorder.record(
      Record(
        .request, flags: .request(isSecret: true, hasHole: hasHole), word: SMTPDialogue.Asked.authentication.rawValue,
        code: 1, ordinal: dialogue.askedCount, mark: mark), content, in: &log)
  }
  private static func carriesSecret(_ command: SMTPCommand<OctetRange>) -> Bool {
    if case .authenticate(_, _?) = command { true } else { false }
  }
  /// Where the reverse-path or forward-path of a command stands in its line.
  private static func path(_ command: SMTPCommand<OctetRange>) -> OctetRange {
    switch command {
    case .mail(let path, _), .recipient(let path, _): path
    default: OctetRange(0, 0)
    }
  }
  private static func word(_ command: SMTPCommand<OctetRange>) -> UInt8 {
    let asked: SMTPDialogue.Asked =
      switch command {
      case .hello, .extendedHello, .localHello: .hello
      case .mail: .mail
      case .recipient: .recipient
      case .data: .data
      case .binaryData(_, let isLast): isLast ? .lastChunk : .chunk
      case .reset: .reset
      case .quit: .quit
      case .startTLS: .startTLS
      case .authenticate: .authentication
      case .noOperation, .verify, .expand, .help, .unknown: .other
      }
    return asked.rawValue
  }
  private mutating func note(_ violation: SMTPDialogue.Violation, _ mark: LineMark, _ recorder: inout Recorder) {
    let anomaly: Anomaly =
      switch violation {
      case .beforeGreeting: .beforeGreeting
      case .mailBeforeHello: .mailBeforeHello
      case .nestedMail: .nestedMail
      case .recipientBeforeMail: .recipientBeforeMail
      case .dataBeforeRecipient: .dataBeforeRecipient
      }
    recorder.anomaly(anomaly, fromClient: true, at: mark, in: &log)
  }

  private mutating func receiveServer(
    _ bytes: Span<UInt8>, from start: Int, at position: StreamPosition, lines: inout BufferPool,
    fields: inout BufferPool, recorder: inout Recorder
  ) -> Int {
    if case .protected = dialogue.clientSpeech {
      if protection.receive(bytes, from: start, at: position, fromClient: false, &recorder, &log) {
        return bytes.count &- start
      }
      dialogue.resumePlaintext()
    }
    var carry = serverCarry
    let taken = carry.takeLine(bytes, from: start, at: position, in: &lines) { line, mark in
      receiveServerLine(line, mark, fields: &fields, recorder: &recorder)
    }
    carry.closeTaken(in: &lines, &recorder, &log)
    serverCarry = carry
    return taken
  }
  private mutating func receiveServerLine(
    _ line: Span<UInt8>, _ mark: LineMark, fields: inout BufferPool, recorder: inout Recorder
  ) {
    let content = line.extracting(0..<line.contentCount)
    serverLineHasHole = false
    guard let reply = SMTPReply.parse(content) else {
      if !dialogue.missesSpeech { recorder.anomaly(.unknownReply, fromClient: false, at: mark, in: &log) }
      recorder.record(Record(.reply, ordinal: dialogue.answeredCount &+ 1, mark: mark), content, in: &log)
      return
    }
    // A server that replies before it has seen the end that the RFC asks for took the last dot for it.
    if message.isOpen, dialogue.clientSpeech == .message, message.awaitsJudgement {
      recorder.anomaly(.bareLineFeedEnd, fromClient: true, at: mark, in: &log)
      endMessage(fields: &fields, recorder: &recorder)
    }
    guard reply.isLast else {
      let next = dialogue.answeredCount &+ 1
      let isGreeting = dialogue.answeredCount == 0 && reply.code == 220
      recorder.record(
        Record(
          .reply, flags: isGreeting ? .isGreeting : .none, code: reply.code,
          ordinal: isGreeting || next > dialogue.askedCount || dialogue.isOutOfStep ? 0 : next, mark: mark), content,
        in: &log)
      return
    }
    let wasTentative = dialogue.isMessageTentative
    let heard = dialogue.heard(code: reply.code)
    let asked = heard.asked ?? .other
    let isGreeting = if case .greeting = asked { true } else { false }
    recorder.record(
      Record(
        .reply, flags: isGreeting ? .greetingEnd : .isLast, word: asked.rawValue, code: reply.code,
        ordinal: heard.ordinal, mark: mark),
      content, in: &log)
    // RFC 3207 §4.2: what was said before TLS is to be forgotten.
    if case .startTLS = asked, dialogue.clientSpeech == .protected, dialogue.awaitsReply {
      recorder.anomaly(.commandsBehindStartTLS, fromClient: true, at: mark, in: &log)
    }
    if wasTentative, dialogue.clientSpeech == .command, message.isOpen {
      message.replyOrdinal = heard.ordinal
      message.end(isComplete: false, fields: &fields, recorder: &recorder, log: &log)
    }
  }

  private mutating func assumeMessage(_ position: StreamPosition, _ start: Int, _ recorder: inout Recorder) {
    dialogue.assumeMessage()
    if dialogue.missesSpeech { return }
    recorder.anomaly(
      .messageBeforePermission, fromClient: true, at: LineMark(position, offset: start, byteCount: 0), in: &log)
  }
  private mutating func openMessage(
    _ position: StreamPosition, _ start: Int, via: MessageVia, fields: inout BufferPool, recorder: inout Recorder
  ) {
    // The command that announced the first chunk may have announced the last.
    let isLastChunk = message.isLastChunk
    defer { message.isLastChunk = isLastChunk }
    message.begin(
      via: via, ordinal: dialogue.askedCount, at: LineMark(position, offset: start, byteCount: 0), fields: &fields,
      recorder: &recorder, log: &log)
    // What is answered is its end.
    message.replyOrdinal = 0
  }
  mutating func endMessage(
    isComplete: Bool = true, fields: inout BufferPool, recorder: inout Recorder
  ) {
    dialogue.heardEndOfMessage()
    message.replyOrdinal = dialogue.askedCount
    message.end(isComplete: isComplete, fields: &fields, recorder: &recorder, log: &log)
  }
}
