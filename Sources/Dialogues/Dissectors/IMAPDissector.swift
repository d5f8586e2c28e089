internal import Bytes
internal import MailProtocols
internal import Streams

/// Follows one IMAP conversation in both directions (RFC 9051).
///
/// A command or response with literals is one logical line: what a literal holds stands in it when it is a word, and
/// passes through the message stream when it is a message (FETCH of a body, APPEND).
struct IMAPDissector: Dissector {
  var log = ConversationLog()
  var dialogue = IMAPDialogue()
  var clientCarry = LineCarry()
  private var serverCarry = LineCarry()
  private var clientMessageCarry = LineCarry()
  var serverMessageCarry = LineCarry()
  var clientLiteral = Literal()
  var serverLiteral = Literal()
  var message = MessageStream()
  var ranges = FetchedRanges()
  /// How far the server's line under way was searched for messages in quotes; to its end where some of it is missing.
  var quotedSearch = 0
  /// The ordinal of a command whose logical line is not whole yet; 0 when there is none.
  var openOrdinal: UInt32 = 0
  /// The ordinal of an APPEND whose line is not over: what follows its message belongs to it; 0 when there is none.
  private var appendOrdinal: UInt32 = 0
  /// The line that announced APPEND's message, of which nothing came yet: a server that refuses it never gets it.
  var awaitedAppend: LineMark?
  private var protection = ProtectedSides()
  /// Octets within the client's line under way were not captured.
  var clientLineHasHole = false
  private var compression = CompressedSides()

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
    read(
      bytes, fromClient: fromClient, at: position, isInflated: false, lines: &lines, fields: &fields,
      recorder: &recorder)
  }
  private mutating func read(
    _ bytes: Span<UInt8>, fromClient: Bool, at position: StreamPosition, isInflated: Bool, lines: inout BufferPool,
    fields: inout BufferPool, recorder: inout Recorder
  ) {
    var offset = 0
    while offset < bytes.count {
      if case .protected = dialogue.clientSpeech {
        if protection.receive(bytes, from: offset, at: position, fromClient: fromClient, &recorder, &log) { return }
        dialogue.resumePlaintext()
        continue
      }
      if dialogue.isCompressed, !isInflated {
        return inflate(
          bytes.extracting(offset...), fromClient: fromClient, at: position, lines: &lines, fields: &fields,
          recorder: &recorder)
      }
      if !fromClient, clientLiteral.rest > 0, openOrdinal > 0 {
        settleRefusal(bytes.extracting(offset...), lines: &lines, recorder: &recorder)
      }
      let literal = fromClient ? clientLiteral : serverLiteral
      if literal.rest > 0 {
        offset += receiveLiteral(
          bytes, from: offset, at: position, literal, fromClient: fromClient, lines: &lines, fields: &fields,
          recorder: &recorder)
        continue
      }
      offset += receiveLine(
        bytes, from: offset, at: position, fromClient: fromClient, lines: &lines, fields: &fields, recorder: &recorder)
    }
  }
  /// Takes octets that COMPRESS has made smaller. Where in a frame their lines stand can no longer be told.
  @inline(never) private mutating func inflate(
    _ bytes: Span<UInt8>, fromClient: Bool, at position: StreamPosition, lines: inout BufferPool,
    fields: inout BufferPool, recorder: inout Recorder
  ) {
    var place = position
    place.frameOffset = -1
    // DEFLATE makes a thousand octets of one: piece by piece, what comes of a packet is never held whole.
    for start in stride(from: 0, to: bytes.count, by: DialogueLimits.compressedPieceByteCount) {
      let piece = bytes.extracting(start..<min(start + DialogueLimits.compressedPieceByteCount, bytes.count))
      let octets = compression.inflate(piece, fromClient: fromClient, &recorder.inflations)
      read(
        octets.span, fromClient: fromClient, at: place, isInflated: true, lines: &lines, fields: &fields,
        recorder: &recorder)
    }
    if compression.areUnreadable { noteUnreadable(position, fromClient: fromClient, &recorder) }
  }
  private mutating func noteUnreadable(_ position: StreamPosition, fromClient: Bool, _ recorder: inout Recorder) {
    let mark = LineMark(position, offset: 0, byteCount: 0)
    recorder.anomaly(.unreadableCompression, fromClient: fromClient, at: mark, in: &log)
  }
  mutating func gap(
    byteCount: Int, fromClient: Bool, at position: StreamPosition, lines: inout BufferPool, fields: inout BufferPool,
    recorder: inout Recorder
  ) {
    recorder.record(
      Record(
        .gap, flags: fromClient ? .fromClient : .none, number: UInt64(byteCount),
        mark: LineMark(position, offset: 0, byteCount: 0)), in: &log)
    dialogue.heardGap(fromClient: fromClient)
    if dialogue.isCompressed {
      compression.gap()
      return noteUnreadable(position, fromClient: fromClient, &recorder)
    }
    if fromClient { beginAwaitedAppend(fields: &fields, recorder: &recorder) }
    let literal = fromClient ? clientLiteral : serverLiteral
    let skipped = min(literal.rest, UInt64(byteCount))
    if fromClient { clientLiteral.rest -= skipped } else { serverLiteral.rest -= skipped }
    if literal.isMessage, !literal.isAbandoned, literal.rest > 0 {
      message.gap(Int(skipped))
      if literal.rest == skipped {
        endLiteral(fromClient: fromClient, lines: &lines, fields: &fields, recorder: &recorder)
      }
    }
    if fromClient, !literal.isMessage { clientLineHasHole = true }
    if !fromClient, UInt64(byteCount) > skipped { serverCarry.release(in: &lines) }
    if !fromClient { quotedSearch = serverCarry.isEmpty ? 0 : literal.isMessage ? quotedSearch : .max }
  }
  mutating func finish(lines: inout BufferPool, fields: inout BufferPool, recorder: inout Recorder) {
    beginAwaitedAppend(fields: &fields, recorder: &recorder)
    if message.isOpen {
      endMessage(
        isComplete: message.isWholeUnlessContinued,
        fromClient: clientLiteral.isMessage && !clientLiteral.isAbandoned && clientLiteral.rest > 0,
        lines: &lines, fields: &fields, recorder: &recorder)
    }
    compression.release(&recorder.inflations)
    flushClient(lines: &lines, fields: &fields, recorder: &recorder)
    if !serverCarry.isEmpty {
      lines.withOctets(of: serverCarry.buffer) { line in
        _ = receiveServerLine(line, serverCarry.mark, isContinued: false, fields: &fields, recorder: &recorder)
      }
    }
    message.end(isComplete: false, fields: &fields, recorder: &recorder, log: &log)
    serverCarry.close(in: &lines, &recorder, &log)
    clientMessageCarry.release(in: &lines)
    serverMessageCarry.release(in: &lines)
  }

  private mutating func receiveLine(
    _ bytes: Span<UInt8>, from start: Int, at position: StreamPosition, fromClient: Bool, lines: inout BufferPool,
    fields: inout BufferPool, recorder: inout Recorder
  ) -> Int {
    var carry = fromClient ? clientCarry : serverCarry
    let lineFeed = bytes.firstOffset(of: ASCII.lineFeed, from: start)
    let end = lineFeed.map { $0 &+ 1 } ?? bytes.count
    let line = bytes.extracting(start..<end)
    var continuation = Continuation.none
    if lineFeed == nil || !carry.isEmpty {
      carry.appendLine(line, at: position, offset: start, in: &lines)
    }
    if lineFeed != nil {
      if !fromClient {
        takeQuoted(line, carry, at: position, offset: start, lines: &lines, fields: &fields, recorder: &recorder)
      }
      if carry.isEmpty {
        let mark = LineMark(position, offset: start, byteCount: line.count)
        continuation =
          fromClient
          ? receiveClientLine(line, mark, fields: &fields, recorder: &recorder)
          : receiveServerLine(line, mark, isContinued: false, fields: &fields, recorder: &recorder)
        if case .none = continuation {
        } else {
          carry.appendLine(line, at: position, offset: start, in: &lines)
        }
      } else {
        lines.withOctets(of: carry.buffer) { whole in
          continuation =
            fromClient
            ? receiveClientLine(whole, carry.mark, fields: &fields, recorder: &recorder)
            : receiveServerLine(whole, carry.mark, isContinued: true, fields: &fields, recorder: &recorder)
        }
      }
      switch continuation {
      case .none:
        carry.close(in: &lines, &recorder, &log)
        if !fromClient { quotedSearch = 0 }
      case .word(let byteCount):
        if fromClient { clientLiteral = Literal(rest: byteCount) } else { serverLiteral = Literal(rest: byteCount) }
      case .message(let byteCount):
        // The line goes on behind the message; its end is not part of it.
        let kept = lines.withOctets(of: carry.buffer) { $0.contentCount }
        lines.truncate(carry.buffer, to: kept)
        if fromClient {
          clientLiteral = Literal(rest: byteCount, isMessage: true)
          carry.close(in: &lines, &recorder, &log)
        } else {
          serverLiteral = Literal(rest: byteCount, isMessage: true)
          quotedSearch = kept
          // The end of what never went on, which nothing has scanned.
          if ranges.count < 2 { serverMessageCarry.release(in: &lines) }
        }
        if byteCount == 0 {
          if fromClient { beginAwaitedAppend(fields: &fields, recorder: &recorder) }
          endLiteral(fromClient: fromClient, lines: &lines, fields: &fields, recorder: &recorder)
        }
      }
    }
    if fromClient { clientCarry = carry } else { serverCarry = carry }
    return end &- start
  }
  private mutating func receiveLiteral(
    _ bytes: Span<UInt8>, from start: Int, at position: StreamPosition, _ literal: Literal, fromClient: Bool,
    lines: inout BufferPool, fields: inout BufferPool, recorder: inout Recorder
  ) -> Int {
    let taken = Int(min(literal.rest, UInt64(bytes.count &- start)))
    let octets = bytes.extracting(start..<start &+ taken)
    if fromClient {
      let mark = LineMark(position, offset: start, byteCount: 0)
      beginAwaitedAppend(at: mark, fields: &fields, recorder: &recorder)
      clientLiteral.rest -= UInt64(taken)
    } else {
      serverLiteral.rest -= UInt64(taken)
    }
    if literal.isMessage {
      if literal.isAbandoned {
        if fromClient { clientMessageCarry.release(in: &lines) } else { serverMessageCarry.release(in: &lines) }
        return taken
      }
      var carry = fromClient ? clientMessageCarry : serverMessageCarry
      message.receiveChunk(
        octets, at: position, offset: start, carry: &carry, lines: &lines, fields: &fields, recorder: &recorder,
        log: &log)
      if fromClient { clientMessageCarry = carry } else { serverMessageCarry = carry }
      if literal.rest == UInt64(taken) {
        endLiteral(fromClient: fromClient, lines: &lines, fields: &fields, recorder: &recorder)
      }
    } else if fromClient {
      clientCarry.appendLine(octets, at: position, offset: start, in: &lines)
    } else {
      serverCarry.appendLine(octets, at: position, offset: start, in: &lines)
    }
    return taken
  }
  /// A literal is over, and with it the message unless another range of it may follow.
  mutating func endLiteral(
    fromClient: Bool, lines: inout BufferPool, fields: inout BufferPool, recorder: inout Recorder
  ) {
    if !fromClient, case .range(let isLikelyLast) = ranges.finishLiteral() {
      message.isWholeUnlessContinued = isLikelyLast
      return
    }
    endMessage(fromClient: fromClient, lines: &lines, fields: &fields, recorder: &recorder)
  }
  private mutating func endMessage(
    isComplete: Bool = true, fromClient: Bool, lines: inout BufferPool, fields: inout BufferPool,
    recorder: inout Recorder
  ) {
    var carry = fromClient ? clientMessageCarry : serverMessageCarry
    message.scanCarried(&carry, isEnd: true, lines: &lines, fields: &fields, recorder: &recorder, log: &log)
    if fromClient { clientMessageCarry = carry } else { serverMessageCarry = carry }
    message.end(isComplete: isComplete, fields: &fields, recorder: &recorder, log: &log)
  }

  // MARK: The client's lines

  mutating func receiveClientLine(
    _ line: Span<UInt8>, _ mark: LineMark, fields: inout BufferPool, recorder: inout Recorder
  ) -> Continuation {
    let content = line.extracting(0..<line.contentCount)
    if line.count &- content.count == 1 { recorder.anomaly(.bareLineFeed, fromClient: true, at: mark, in: &log) }
    let literal = IMAPLiteral.parse(endOf: content)
    if appendOrdinal > 0 {
      if let literal { return openAppend(literal, appendOrdinal, mark) }
      appendOrdinal = 0
      return .none
    }
    let hasHole = clientLineHasHole
    let isUnheardResponse =
      dialogue.missesSpeech && dialogue.lastName == .authenticate && !Self.isCommand(content)
    switch dialogue.clientSpeech {
    case .response, .done:
      return recordAnswer(content, mark, isSecret: dialogue.clientSpeech == .response, hasHole, &recorder)
    case .command where isUnheardResponse:
      return recordAnswer(content, mark, isSecret: true, hasHole, &recorder)
    case .command, .protected: break
    }
    let parsed = IMAPCommand.parse(content)
    guard let command = parsed, !hasHole || openOrdinal > 0 || command.name != .unknown else {
      clientLineHasHole = false
      // The beginning of a command whose rest was not captured tells nothing.
      if line.count == content.count { return .none }
      // What is left of a line may be what is left of a password.
      recorder.record(
        Record(
          .request, flags: .request(isSecret: hasHole, hasHole: hasHole), word: IMAPCommand.Name.unknown.rawValue,
          code: hasHole ? Record.tail : 0, mark: mark), content, in: &log)
      return .none
    }
    let ordinal =
      openOrdinal > 0
      ? openOrdinal : dialogue.heard(command.name, tag: content.extracting(content.bounds(command.tag)))
    if literal == nil { clientLineHasHole = false }
    let record = Record(
      .request,
      flags: .request(isSecret: command.name == .login || command.name == .authenticate, hasHole: hasHole),
      word: command.name.rawValue, ordinal: ordinal, mark: mark)
    if let literal {
      if command.name == .append, !Self.isMailboxName(literal, of: command, in: content) {
        openOrdinal = 0
        recorder.record(record, content, in: &log)
        return openAppend(literal, ordinal, mark)
      }
      openOrdinal = ordinal
      return .word(literal.byteCount)
    }
    openOrdinal = 0
    if command.name == .fetch { ranges.heard(content) }
    recorder.record(record, content, in: &log)
    return .none
  }
  /// Records an answer to a challenge, or `DONE`.
  private mutating func recordAnswer(
    _ content: Span<UInt8>, _ mark: LineMark, isSecret: Bool, _ hasHole: Bool, _ recorder: inout Recorder
  ) -> Continuation {
    clientLineHasHole = false
    recorder.record(
      Record(
        .request, flags: .request(isSecret: isSecret, hasHole: hasHole),
        word: (dialogue.lastName ?? .unknown).rawValue, code: 1, ordinal: dialogue.lastOrdinal, mark: mark), content,
      in: &log)
    dialogue.heardContinuation()
    return .none
  }
  private mutating func openAppend(_ literal: IMAPLiteral, _ ordinal: UInt32, _ mark: LineMark) -> Continuation {
    appendOrdinal = ordinal
    awaitedAppend = mark
    return .message(literal.byteCount)
  }

  // MARK: The server's lines

  private mutating func receiveServerLine(
    _ line: Span<UInt8>, _ mark: LineMark, isContinued: Bool, fields: inout BufferPool, recorder: inout Recorder
  ) -> Continuation {
    let content = line.extracting(0..<line.contentCount)
    guard let response = IMAPResponse.parse(content) else {
      if !dialogue.missesSpeech { recorder.anomaly(.unknownReply, fromClient: false, at: mark, in: &log) }
      recorder.record(Record(.reply, mark: mark), content, in: &log)
      return .none
    }
    if response.kind == .untagged, let literal = IMAPLiteral.parse(endOf: content) {
      let label = Self.label(before: literal.range.lower, of: content)
      let isFetch = content.extracting(content.bounds(response.name)).equalsIgnoringCase("fetch")
      if isFetch, Self.isMessage(content.extracting(content.bounds(label))) {
        beginFetched(
          content.extracting(content.bounds(label)), of: content.extracting(content.bounds(response.number)),
          byteCount: literal.byteCount, mark, fields: &fields, recorder: &recorder)
        return .message(literal.byteCount)
      }
      return .word(literal.byteCount)
    }
    if ranges.isWaiting, ranges.isFinished(by: content, of: content.extracting(content.bounds(response.number))) {
      message.end(isComplete: true, fields: &fields, recorder: &recorder, log: &log)
    }
    let heard =
      switch response.kind {
      case .untagged: dialogue.heardUntagged(response.status)
      case .continuation: dialogue.heardContinuationRequest()
      case .tagged: dialogue.heardTagged(content.extracting(content.bounds(response.tag)), response.status)
      }
    var flags: Record.Flags = response.status == .none ? Record.Flags.none : .isStatus
    if response.kind == .tagged {
      flags.insert(.isLast)
      // A literal that the server refuses is never sent.
      let endsAppend = appendOrdinal > 0 && appendOrdinal == heard.ordinal
      if endsAppend || clientLiteral.rest > 0 && openOrdinal == heard.ordinal {
        if endsAppend, clientMessageCarry.isEmpty {
          message.end(isComplete: false, fields: &fields, recorder: &recorder, log: &log)
        }
        clientLiteral = Literal()
        openOrdinal = 0
        appendOrdinal = 0
        awaitedAppend = nil
      }
    }
    // RFC 9051 §6.2.1: what was said before TLS is to be forgotten.
    if case .startTLS? = heard.name, dialogue.clientSpeech == .protected, dialogue.lastName != nil {
      recorder.anomaly(.commandsBehindStartTLS, fromClient: true, at: mark, in: &log)
    }
    if heard.isGreeting { flags.formUnion(.greetingEnd) }
    recorder.record(
      Record(
        .reply, flags: flags, word: response.kind.rawValue, code: UInt16(response.status.rawValue),
        ordinal: heard.ordinal, mark: mark), content, in: &log)
    return .none
  }
}
