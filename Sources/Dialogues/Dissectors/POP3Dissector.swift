internal import Bytes
internal import MailProtocols
internal import Streams

/// Follows one POP3 conversation in both directions (RFC 1939).
struct POP3Dissector: Dissector {
  var log = ConversationLog()
  private var dialogue = POP3Dialogue()
  private var clientCarry = LineCarry()
  private var serverCarry = LineCarry()
  private var message = MessageStream()
  /// What a status line announces, while nothing of it was heard.
  private struct Announced: BitwiseCopyable {
    var via: MessageVia
    var ordinal: UInt32
    var mark: LineMark
  }
  private var announced: Announced?
  private var protection = ProtectedSides()
  /// Octets within a side's line under way were not captured; its beginning, where nothing of it is kept.
  private var clientLineHasHole = false
  private var serverLineHasHole = false
  private var answers = AnswersLeft()

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
      settle(bytes, fromClient: fromClient, lines: &lines, fields: &fields, recorder: &recorder)
    }
    var offset = 0
    while offset < bytes.count {
      if case .protected = dialogue.clientSpeech {
        if protection.receive(bytes, from: offset, at: position, fromClient: fromClient, &recorder, &log) { return }
        dialogue.resumePlaintext()
        continue
      }
      if fromClient {
        var carry = clientCarry
        offset &+= carry.takeLine(bytes, from: offset, at: position, in: &lines) { line, mark in
          receiveClientLine(line, mark, recorder: &recorder)
        }
        carry.closeTaken(in: &lines, &recorder, &log)
        clientCarry = carry
      } else if dialogue.serverSpeech == .message {
        if announced != nil {
          let mark = LineMark(position, offset: offset, byteCount: 0)
          beginAnnounced(at: mark, fields: &fields, recorder: &recorder)
        }
        offset &+= message.receive(
          bytes, from: offset, at: position, carry: &serverCarry, acceptsBareLineFeedEnd: true, lines: &lines,
          fields: &fields, recorder: &recorder, log: &log)
        if message.hasReachedEnd {
          dialogue.heardEndOfLines()
          message.end(isComplete: true, fields: &fields, recorder: &recorder, log: &log)
        }
      } else {
        var carry = serverCarry
        offset &+= carry.takeLine(bytes, from: offset, at: position, in: &lines) { line, mark in
          receiveServerLine(line, mark, fields: &fields, recorder: &recorder)
        }
        carry.closeTaken(in: &lines, &recorder, &log)
        serverCarry = carry
      }
    }
  }
  var awaitsTLS: Bool { dialogue.clientSpeech == .protected }
  mutating func enterTLS() { dialogue.resumePlaintext() }
  mutating func gap(
    byteCount: Int, fromClient: Bool, at position: StreamPosition, lines: inout BufferPool, fields: inout BufferPool,
    recorder: inout Recorder
  ) {
    recorder.record(
      Record(
        .gap, flags: fromClient ? .fromClient : .none, number: UInt64(byteCount),
        mark: LineMark(position, offset: 0, byteCount: 0)), in: &log)
    dialogue.heardGap(fromClient: fromClient)
    if fromClient { return clientLineHasHole = true }
    beginAnnounced(fields: &fields, recorder: &recorder)
    if message.isOpen {
      flush(fromClient: false, lines: &lines, fields: &fields, recorder: &recorder)
      message.gap(byteCount)
    } else {
      serverLineHasHole = true
    }
  }
  /// Behind a gap: what can be told now of lines and messages whose end may not have been captured.
  @inline(never) private mutating func settle(
    _ bytes: Span<UInt8>, fromClient: Bool, lines: inout BufferPool, fields: inout BufferPool,
    recorder: inout Recorder
  ) {
    if dialogue.clientSpeech == .protected { return }
    let content = bytes.extracting(bytes.firstLine)
    let isReply = !fromClient && POP3Reply.parse(content) != nil
    let isCommand = fromClient && Self.isCommand(content)
    // A line is over when the other side answers, or when the same side begins another.
    if clientLineHasHole, isReply || isCommand {
      flush(fromClient: true, lines: &lines, fields: &fields, recorder: &recorder)
      if isCommand { clientLineHasHole = false }
    }
    if serverLineHasHole, !message.isOpen, isReply || isCommand {
      flush(fromClient: false, lines: &lines, fields: &fields, recorder: &recorder)
    }
    // The end of a message was missed where its client goes on, or where a status comes that another command awaits.
    let goesOn = isCommand ? !dialogue.awaitsStatus : isReply && dialogue.awaitsStatus
    if message.isTorn, goesOn {
      flush(fromClient: false, lines: &lines, fields: &fields, recorder: &recorder)
      dialogue.heardEndOfLines()
      message.end(isComplete: false, fields: &fields, recorder: &recorder, log: &log)
    }
  }
  private static func isCommand(_ line: Span<UInt8>) -> Bool {
    if case .unknown = POP3Command<OctetRange>.parse(line) { false } else { true }
  }
  /// Takes what is kept of an unfinished line for the line: its end is missing.
  private mutating func flush(
    fromClient: Bool, lines: inout BufferPool, fields: inout BufferPool, recorder: inout Recorder
  ) {
    if !fromClient, message.isOpen {
      message.takeUnfinished(&serverCarry, lines: &lines, fields: &fields, recorder: &recorder, log: &log)
    }
    let carry = fromClient ? clientCarry : serverCarry
    if carry.isEmpty { return }
    // Its end was not captured.
    if fromClient, dialogue.missesSpeech { clientLineHasHole = true }
    lines.withOctets(of: carry.buffer) { line in
      if fromClient {
        receiveClientLine(line, carry.mark, recorder: &recorder)
      } else {
        receiveServerLine(line, carry.mark, fields: &fields, recorder: &recorder)
      }
    }
    if fromClient {
      clientCarry.close(in: &lines, &recorder, &log)
    } else {
      serverCarry.close(in: &lines, &recorder, &log)
    }
  }
  mutating func finish(lines: inout BufferPool, fields: inout BufferPool, recorder: inout Recorder) {
    flush(fromClient: false, lines: &lines, fields: &fields, recorder: &recorder)
    flush(fromClient: true, lines: &lines, fields: &fields, recorder: &recorder)
    beginAnnounced(fields: &fields, recorder: &recorder)
    message.end(isComplete: false, fields: &fields, recorder: &recorder, log: &log)
  }

  private mutating func receiveClientLine(_ line: Span<UInt8>, _ mark: LineMark, recorder: inout Recorder) {
    let content = line.extracting(0..<line.contentCount)
    if line.count &- content.count == 1 { recorder.anomaly(.bareLineFeed, fromClient: true, at: mark, in: &log) }
    let hasHole = clientLineHasHole
    clientLineHasHole = false
    // Behind AUTH nothing but answers to its challenges comes, also where those were not captured (RFC 5034 §4).
    if dialogue.clientSpeech == .response
      || dialogue.missesSpeech && dialogue.awaitsVerdict && !answers.isEmpty && !Self.isCommand(content)
    {
      return recordResponse(content, mark, hasHole: hasHole, &recorder)
    }
    let command = POP3Command<OctetRange>.parse(content)
    // A client that does not wait for the challenges answers them all the same.
    if case .unknown = command, !hasHole, !answers.isEmpty, dialogue.awaitsVerdict,
      SASLResponse.isSpelledAsAnswer(content)
    {
      return recordResponse(content, mark, hasHole: false, &recorder)
    }
    if case .authenticate(let mechanism?, let response) = command {
      answers.begin(mechanism, of: content, hasInitialResponse: response != nil)
    }
    dialogue.heard(command)
    let ordinal = dialogue.askedCount
    let (asked, isSecret) = Self.kind(command)
    var isTail = false
    // What is left of a line may be what is left of a password.
    if hasHole, case .unknown = command { isTail = true }
    recorder.record(
      Record(
        .request, flags: .request(isSecret: isSecret || isTail, hasHole: hasHole), word: asked.rawValue,
        code: isTail ? Record.tail : 0, ordinal: ordinal, mark: mark), content, in: &log)
  }
  private mutating func recordResponse(
    _ content: Span<UInt8>, _ mark: LineMark, hasHole: Bool, _ recorder: inout Recorder
  ) {
    answers.take()
    dialogue.heardResponse()
    recorder.record(
      Record(
        .request, flags: .request(isSecret: true, hasHole: hasHole), word: POP3Dialogue.Asked.authentication.rawValue,
        code: 1, ordinal: dialogue.askedCount, mark: mark), content, in: &log)
  }
  private static func kind(_ command: POP3Command<OctetRange>) -> (POP3Dialogue.Asked, isSecret: Bool) {
    switch command {
    case .user: (.user, false)
    case .password: (.password, true)
    case .apop: (.apop, true)
    case .authenticate(_?, let response): (.authentication, response != nil)
    case .retrieve: (.message, false)
    case .top: (.top, false)
    case .startTLS: (.startTLS, false)
    case .quit: (.quit, false)
    case .list(nil), .uniqueIDListing(nil), .capability, .authenticate(nil, _): (.listing, false)
    case .list, .uniqueIDListing, .status, .delete, .noOperation, .reset, .unknown: (.other, false)
    }
  }
  private mutating func receiveServerLine(
    _ line: Span<UInt8>, _ mark: LineMark, fields: inout BufferPool, recorder: inout Recorder
  ) {
    let content = line.extracting(0..<line.contentCount)
    // A status while a later command waits: the listing was never ended.
    if dialogue.serverSpeech == .listing, dialogue.awaitsStatus,
      POP3Reply.parse(content).map({ $0.status != .challenge }) == true
    {
      dialogue.heardEndOfLines()
    }
    if dialogue.serverSpeech == .listing {
      let isEnd = content.count == 1 && content[0] == ASCII.dot
      if isEnd { dialogue.heardEndOfLines() }
      recorder.record(
        Record(.reply, flags: isEnd ? .isLast : .none, ordinal: dialogue.answeredCount, mark: mark), content, in: &log)
      return
    }
    serverLineHasHole = false
    guard let reply = POP3Reply.parse(content) else {
      if !dialogue.missesSpeech { recorder.anomaly(.unknownReply, fromClient: false, at: mark, in: &log) }
      // Behind a gap it may belong to a command that was not captured.
      let ordinal = dialogue.missesSpeech ? 0 : dialogue.answeredCount
      recorder.record(Record(.reply, ordinal: ordinal, mark: mark), content, in: &log)
      return
    }
    let heard = dialogue.heard(reply.status)
    recorder.record(
      Record(
        .reply, flags: heard.asked == .greeting ? .greetingStatus : .lastStatus,
        word: (heard.asked ?? .other).rawValue, code: UInt16(reply.status.rawValue), ordinal: heard.ordinal,
        mark: mark), content, in: &log)
    // RFC 2595 §4: what was said before TLS is to be forgotten.
    if case .startTLS? = heard.asked, dialogue.clientSpeech == .protected, dialogue.awaitsStatus {
      recorder.anomaly(.commandsBehindStartTLS, fromClient: true, at: mark, in: &log)
    }
    if dialogue.serverSpeech == .message {
      announced = Announced(via: heard.asked == .top ? .top : .retr, ordinal: heard.ordinal, mark: mark)
    }
  }
  /// The message that was announced begins at `mark`; where nothing of it came, with the line that announced it.
  private mutating func beginAnnounced(
    at mark: LineMark? = nil, fields: inout BufferPool, recorder: inout Recorder
  ) {
    guard let announced else { return }
    self.announced = nil
    message.begin(
      via: announced.via, ordinal: announced.ordinal, at: mark ?? announced.mark, fields: &fields, recorder: &recorder,
      log: &log)
  }
}
