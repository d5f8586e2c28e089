internal import Bytes
internal import Inflation
internal import MailProtocols
internal import Streams

/// Follows one IMAP conversation in both directions (RFC 9051).
///
/// A command or response with literals is one logical line: what a literal holds stands in it when it is a word, and
/// passes through the message stream when it is a message (FETCH of a body, APPEND).
struct IMAPDissector: Dissector {
  /// What a line's end asks for.
  private enum Continuation: BitwiseCopyable {
    case none
    /// The next octets are a word of the same line.
    case word(UInt64)
    /// The next octets are a message.
    case message(UInt64)
  }
  /// What a side's next octets are, besides lines.
  private struct Literal: BitwiseCopyable {
    var rest: UInt64 = 0
    var isMessage = false
    /// The other side began a message before this one was over; the rest of it is passed over.
    var isAbandoned = false
  }
  var log = ConversationLog()
  private var dialogue = IMAPDialogue()
  private var clientCarry = LineCarry()
  private var serverCarry = LineCarry()
  private var clientMessageCarry = LineCarry()
  private var serverMessageCarry = LineCarry()
  private var clientLiteral = Literal()
  private var serverLiteral = Literal()
  private var message = MessageStream()
  /// The ordinal of a command whose logical line is not whole yet; 0 when there is none.
  private var openOrdinal: UInt32 = 0
  /// What follows APPEND's message, until the line ends.
  private var isBehindAppend = false
  private var protection = ProtectedSides()
  /// Octets within the client's line under way were not captured.
  private var clientLineHasHole = false
  /// What COMPRESS has begun (RFC 4978), of the server and of the client.
  private var inflations = InlineArray<2, Int32>(repeating: -1)
  private var inflatedByteCount = 0
  private var isUnreadable = false

  /// `hasBeginning`: both sides were captured from their SYN on.
  init(hasBeginning: Bool) { if !hasBeginning { dialogue.heardGap(fromClient: false) } }

  mutating func receive(
    _ bytes: Span<UInt8>, fromClient: Bool, at position: StreamPosition, lines: inout BufferPool,
    fields: inout BufferPool, recorder: inout Recorder
  ) {
    if !fromClient, clientLiteral.rest > 0, openOrdinal > 0 { settleRefusal(bytes, lines: &lines, recorder: &recorder) }
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
    if isUnreadable { return }
    let side = fromClient ? 1 : 0
    if inflations[side] < 0 { inflations[side] = recorder.inflations.allocate(.raw) }
    var octets = [UInt8]()
    let room = DialogueLimits.inflatedByteCount - inflatedByteCount
    let isWhole =
      inflations[side] >= 0
      && recorder.inflations.inflate(bytes, with: inflations[side]) { piece in
        octets += piece.copied()
        return octets.count <= room
      }
    inflatedByteCount += octets.count
    var place = position
    place.frameOffset = -1
    read(
      octets.span, fromClient: fromClient, at: place, isInflated: true, lines: &lines, fields: &fields,
      recorder: &recorder)
    if !isWhole { giveUpInflating(LineMark(position, offset: 0, byteCount: 0), fromClient: fromClient, &recorder) }
  }
  private mutating func giveUpInflating(_ mark: LineMark, fromClient: Bool, _ recorder: inout Recorder) {
    isUnreadable = true
    recorder.anomaly(.unreadableCompression, fromClient: fromClient, at: mark, in: &log)
    releaseInflations(&recorder)
  }
  private mutating func releaseInflations(_ recorder: inout Recorder) {
    for side in 0..<2 where inflations[side] >= 0 {
      recorder.inflations.release(inflations[side])
      inflations[side] = -1
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
    dialogue.heardGap(fromClient: fromClient)
    // What follows a gap in a DEFLATE stream cannot be undone.
    if dialogue.isCompressed {
      if !isUnreadable {
        giveUpInflating(LineMark(position, offset: 0, byteCount: 0), fromClient: fromClient, &recorder)
      }
      return
    }
    let literal = fromClient ? clientLiteral : serverLiteral
    let skipped = min(literal.rest, UInt64(byteCount))
    if fromClient { clientLiteral.rest -= skipped } else { serverLiteral.rest -= skipped }
    if literal.isMessage, !literal.isAbandoned, literal.rest > 0 {
      message.gap(Int(skipped))
      if literal.rest == skipped {
        endMessage(fromClient: fromClient, lines: &lines, fields: &fields, recorder: &recorder)
      }
    }
    if fromClient, !literal.isMessage { clientLineHasHole = true }
    if !fromClient, UInt64(byteCount) > skipped { serverCarry.release(in: &lines) }
  }
  /// Takes what is kept of a client's line for the line when its end was not captured: the server answers it, or another
  /// command follows.
  @inline(never) private mutating func settle(
    _ bytes: Span<UInt8>, fromClient: Bool, lines: inout BufferPool, fields: inout BufferPool,
    recorder: inout Recorder
  ) {
    guard clientLineHasHole, clientLiteral.rest == 0 else { return }
    let line = bytes.extracting(0..<(bytes.firstOffset(of: ASCII.lineFeed).map { $0 + 1 } ?? bytes.count))
    let content = line.extracting(0..<line.contentCount)
    let isOver = fromClient ? Self.isCommand(content) : IMAPResponse.parse(content) != nil
    if isOver { flushClient(lines: &lines, fields: &fields, recorder: &recorder) }
    if isOver, fromClient { clientLineHasHole = false }
  }
  /// The server ends a command instead of asking for its literal, which is never sent then (RFC 9051 §7.6): the command is
  /// what was said of it.
  @inline(never) private mutating func settleRefusal(
    _ bytes: Span<UInt8>, lines: inout BufferPool, recorder: inout Recorder
  ) {
    let line = bytes.extracting(0..<(bytes.firstOffset(of: ASCII.lineFeed).map { $0 + 1 } ?? bytes.count))
    guard let response = IMAPResponse.parse(line.extracting(0..<line.contentCount)), response.kind == .tagged,
      dialogue.ordinal(of: line.extracting(line.bounds(response.tag))) == openOrdinal
    else { return }
    lines.withOctets(of: clientCarry.buffer) { whole in
      let content = whole.extracting(0..<whole.contentCount)
      let name = IMAPCommand.parse(content)?.name ?? .unknown
      recorder.record(
        Record(
          .request, flags: Self.flags(isSecret: name == .login || name == .authenticate, hasHole: false),
          word: name.rawValue, ordinal: openOrdinal, mark: clientCarry.mark), content, in: &log)
    }
    clientCarry.release(in: &lines)
    clientLiteral = Literal()
    openOrdinal = 0
  }
  private static func isCommand(_ line: Span<UInt8>) -> Bool {
    IMAPCommand.parse(line).map { $0.name != .unknown } ?? false
  }
  private mutating func flushClient(lines: inout BufferPool, fields: inout BufferPool, recorder: inout Recorder) {
    if !clientCarry.isEmpty {
      lines.withOctets(of: clientCarry.buffer) { line in
        _ = receiveClientLine(line, clientCarry.mark, fields: &fields, recorder: &recorder)
      }
    }
    clientCarry.release(in: &lines)
  }
  mutating func finish(lines: inout BufferPool, fields: inout BufferPool, recorder: inout Recorder) {
    if message.isOpen {
      endMessage(
        isComplete: false, fromClient: clientLiteral.isMessage && !clientLiteral.isAbandoned && clientLiteral.rest > 0,
        lines: &lines, fields: &fields, recorder: &recorder)
    }
    releaseInflations(&recorder)
    flushClient(lines: &lines, fields: &fields, recorder: &recorder)
    if !serverCarry.isEmpty {
      lines.withOctets(of: serverCarry.buffer) { line in
        _ = receiveServerLine(line, serverCarry.mark, isContinued: false, fields: &fields, recorder: &recorder)
      }
    }
    message.end(isComplete: false, fields: &fields, recorder: &recorder, log: &log)
    serverCarry.release(in: &lines)
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
      carry.append(line, at: position, offset: start, limit: DialogueLimits.lineByteCount, in: &lines)
    }
    if lineFeed != nil {
      if carry.isEmpty {
        let mark = LineMark(position, offset: start, byteCount: line.count)
        continuation =
          fromClient
          ? receiveClientLine(line, mark, fields: &fields, recorder: &recorder)
          : receiveServerLine(line, mark, isContinued: false, fields: &fields, recorder: &recorder)
        if case .none = continuation {
        } else {
          carry.append(line, at: position, offset: start, limit: DialogueLimits.lineByteCount, in: &lines)
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
      case .none: carry.release(in: &lines)
      case .word(let byteCount):
        if fromClient { clientLiteral = Literal(rest: byteCount) } else { serverLiteral = Literal(rest: byteCount) }
      case .message(let byteCount):
        // The line goes on behind the message; its end is not part of it.
        let kept = lines.withOctets(of: carry.buffer) { $0.contentCount }
        lines.truncate(carry.buffer, to: kept)
        if fromClient {
          clientLiteral = Literal(rest: byteCount, isMessage: true)
          carry.release(in: &lines)
        } else {
          serverLiteral = Literal(rest: byteCount, isMessage: true)
        }
        if byteCount == 0 {
          endMessage(fromClient: fromClient, lines: &lines, fields: &fields, recorder: &recorder)
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
    if fromClient { clientLiteral.rest -= UInt64(taken) } else { serverLiteral.rest -= UInt64(taken) }
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
        endMessage(fromClient: fromClient, lines: &lines, fields: &fields, recorder: &recorder)
      }
    } else if fromClient {
      clientCarry.append(octets, at: position, offset: start, limit: DialogueLimits.lineByteCount, in: &lines)
    } else {
      serverCarry.append(octets, at: position, offset: start, limit: DialogueLimits.lineByteCount, in: &lines)
    }
    return taken
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

  private mutating func receiveClientLine(
    _ line: Span<UInt8>, _ mark: LineMark, fields: inout BufferPool, recorder: inout Recorder
  ) -> Continuation {
    let content = line.extracting(0..<line.contentCount)
    if line.count &- content.count == 1 { recorder.anomaly(.bareLineFeed, fromClient: true, at: mark, in: &log) }
    let literal = IMAPLiteral.parse(endOf: content)
    if isBehindAppend {
      guard let literal else {
        isBehindAppend = false
        return .none
      }
      return openAppend(literal, mark, fields: &fields, recorder: &recorder)
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
          .request, flags: Self.flags(isSecret: hasHole, hasHole: hasHole), word: IMAPCommand.Name.unknown.rawValue,
          code: hasHole ? Record.tail : 0, mark: mark), content, in: &log)
      return .none
    }
    let ordinal =
      openOrdinal > 0
      ? openOrdinal : dialogue.heard(command.name, tag: content.extracting(content.bounds(command.tag)))
    if literal == nil { clientLineHasHole = false }
    let record = Record(
      .request,
      flags: Self.flags(isSecret: command.name == .login || command.name == .authenticate, hasHole: hasHole),
      word: command.name.rawValue, ordinal: ordinal, mark: mark)
    if let literal {
      if command.name == .append {
        recorder.record(record, content, in: &log)
        return openAppend(literal, mark, fields: &fields, recorder: &recorder)
      }
      openOrdinal = ordinal
      return .word(literal.byteCount)
    }
    openOrdinal = 0
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
        .request, flags: Self.flags(isSecret: isSecret, hasHole: hasHole),
        word: (dialogue.lastName ?? .unknown).rawValue, code: 1, ordinal: dialogue.lastOrdinal, mark: mark), content,
      in: &log)
    dialogue.heardContinuation()
    return .none
  }
  private static func flags(isSecret: Bool, hasHole: Bool) -> Record.Flags {
    if hasHole { return isSecret ? .holedSecret : .holedRequest }
    return isSecret ? .clientSecret : .fromClient
  }
  private mutating func openAppend(
    _ literal: IMAPLiteral, _ mark: LineMark, fields: inout BufferPool, recorder: inout Recorder
  ) -> Continuation {
    isBehindAppend = true
    serverLiteral.isAbandoned = true
    message.begin(
      via: .append, ordinal: dialogue.lastOrdinal, at: mark, fields: &fields, recorder: &recorder, log: &log)
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
        clientLiteral.isAbandoned = true
        let heard = dialogue.heardUntagged(.none)
        message.begin(
          via: .fetch, ordinal: heard.ordinal, label: content.extracting(content.bounds(label)), at: mark,
          fields: &fields, recorder: &recorder, log: &log)
        return .message(literal.byteCount)
      }
      return .word(literal.byteCount)
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
      if clientLiteral.rest > 0, openOrdinal == heard.ordinal || isBehindAppend {
        if isBehindAppend, clientMessageCarry.isEmpty {
          message.end(isComplete: false, fields: &fields, recorder: &recorder, log: &log)
        }
        clientLiteral = Literal()
        openOrdinal = 0
        isBehindAppend = false
      }
    }
    if heard.isGreeting { flags.formUnion(.greetingEnd) }
    recorder.record(
      Record(
        .reply, flags: flags, word: response.kind.rawValue, code: UInt16(response.status.rawValue),
        ordinal: heard.ordinal, mark: mark), content, in: &log)
    return .none
  }
  /// The word before a literal's announcement: `BODY[HEADER]`.
  private static func label(before end: Int, of content: Span<UInt8>) -> OctetRange {
    var upper = end
    while upper > 0, ASCII.isBlank(content[upper - 1]) { upper -= 1 }
    var lower = upper
    var depth = 0
    while lower > 0, upper - lower < DialogueLimits.literalLabelByteCount {
      let octet = content[lower - 1]
      if octet == UInt8(ascii: "]") { depth += 1 }
      if octet == UInt8(ascii: "["), depth > 0 { depth -= 1 }
      if depth == 0, ASCII.isBlank(octet) || octet == UInt8(ascii: "(") { break }
      lower -= 1
    }
    return OctetRange(lower, upper)
  }
  private static func isMessage(_ label: Span<UInt8>) -> Bool {
    label.startsIgnoringCase(with: "body[") || label.startsIgnoringCase(with: "rfc822")
      || label.startsIgnoringCase(with: "binary[")
  }

}
