internal import Bytes
internal import Ciphers
internal import Inflation
internal import MailProtocols
internal import Streams
internal import WebProtocols

/// One direction of an HTTP/1.1 connection: heads and bodies, one after the other (RFC 9112).
struct HTTPSide: BitwiseCopyable {
  private enum State: BitwiseCopyable {
    case startLine
    case fields
    case length(Int)
    case chunked
    case untilClose
    /// What follows is no HTTP.
    case tunnel
  }
  let isClient: Bool
  private var state = State.startLine
  private var carry = LineCarry()
  private var head = HTTPHead()
  private var chunks = HTTPChunkDecoder()
  private var ordinal: UInt32 = 0
  private var method = HTTPMethod.other
  private var status = 0
  private var contentType: Int32 = -1

  // The body under way.
  private var isOpen = false
  private var hasForeign = false
  private var digest: Int32 = -1
  private var inflation: Int32 = -1
  private var text: Int32 = -1
  /// What a client submits is kept with the places of its octets: a login may be in it, behind much else.
  private var form = LineCarry()
  private var keepsForm = false
  private var encodedByteCount: UInt64 = 0
  private var decodedByteCount: UInt64 = 0
  private var gapByteCount: UInt64 = 0
  /// The content was not, or not to its end, brought out of its compression.
  private var isCutShort = false
  private var lastMark = LineMark()

  init(isClient: Bool) { self.isClient = isClient }

  /// Whether what follows is no HTTP: behind a 101, or behind CONNECT (RFC 9110 §7.8, §9.3.6).
  var isTunnel: Bool { if case .tunnel = state { true } else { false } }
  /// The other side has opened a tunnel, in both directions.
  mutating func enterTunnel(lines: inout BufferPool) {
    carry.release(in: &lines)
    state = .tunnel
  }

  private var flags: Record.Flags { isClient ? .fromClient : .none }

  mutating func receive(
    _ bytes: Span<UInt8>, at position: StreamPosition, queue: inout HTTPQueue, lines: inout BufferPool,
    fields: inout BufferPool, recorder: inout Recorder, log: inout ConversationLog
  ) {
    var offset = 0
    while offset < bytes.count {
      switch state {
      case .startLine, .fields:
        var carry = self.carry
        offset += carry.takeLine(bytes, from: offset, at: position, in: &lines) { line, mark in
          receiveLine(line, mark, queue: &queue, fields: &fields, recorder: &recorder, log: &log)
        }
        carry.closeTaken(in: &lines, &recorder, &log)
        self.carry = carry
      case .length(let rest):
        let count = min(rest, bytes.count - offset)
        lastMark = LineMark(position, offset: offset, byteCount: count)
        receiveBody(
          bytes.extracting(offset..<offset + count), at: position, offset: offset, lines: &lines, fields: &fields,
          recorder: &recorder, log: &log)
        offset += count
        state = .length(rest - count)
        if rest == count { endBody(isComplete: true, lines: &lines, fields: &fields, recorder: &recorder, log: &log) }
      case .untilClose:
        lastMark = LineMark(position, offset: offset, byteCount: bytes.count - offset)
        receiveBody(
          bytes.extracting(offset...), at: position, offset: offset, lines: &lines, fields: &fields,
          recorder: &recorder, log: &log)
        return
      case .chunked:
        lastMark = LineMark(position, offset: offset, byteCount: bytes.count - offset)
        offset += receiveChunks(
          bytes, from: offset, at: position, lines: &lines, fields: &fields, recorder: &recorder, log: &log)
      case .tunnel: return
      }
    }
  }
  mutating func gap(
    _ byteCount: Int, queue: inout HTTPQueue, lines: inout BufferPool, fields: inout BufferPool,
    recorder: inout Recorder,
    log: inout ConversationLog
  ) {
    gapByteCount &+= UInt64(byteCount)
    switch state {
    case .length(let rest):
      state = .length(max(0, rest - byteCount))
      if rest <= byteCount {
        endBody(isComplete: false, lines: &lines, fields: &fields, recorder: &recorder, log: &log)
      }
    case .chunked:
      // Where the next chunk begins cannot be told any more.
      endBody(isComplete: false, lines: &lines, fields: &fields, recorder: &recorder, log: &log)
    case .startLine, .fields:
      flush(queue: &queue, lines: &lines, fields: &fields, recorder: &recorder, log: &log)
      if isOpen { endBody(isComplete: false, lines: &lines, fields: &fields, recorder: &recorder, log: &log) }
    case .untilClose, .tunnel: break
    }
  }
  /// Takes what is kept of an unfinished line for the line: its end is missing.
  private mutating func flush(
    queue: inout HTTPQueue, lines: inout BufferPool, fields: inout BufferPool, recorder: inout Recorder,
    log: inout ConversationLog
  ) {
    if carry.isEmpty { return }
    let kept = carry
    lines.withOctets(of: kept.buffer) { line in
      receiveLine(line, kept.mark, queue: &queue, fields: &fields, recorder: &recorder, log: &log)
    }
    carry.close(in: &lines, &recorder, &log)
  }
  mutating func finish(
    queue: inout HTTPQueue, lines: inout BufferPool, fields: inout BufferPool, recorder: inout Recorder,
    log: inout ConversationLog
  ) {
    flush(queue: &queue, lines: &lines, fields: &fields, recorder: &recorder, log: &log)
    let isUntilClose = if case .untilClose = state { true } else { false }
    if isOpen {
      endBody(isComplete: isUntilClose, lines: &lines, fields: &fields, recorder: &recorder, log: &log)
    }
    if contentType >= 0 { fields.release(contentType) }
  }

  // MARK: Heads

  private mutating func receiveLine(
    _ line: Span<UInt8>, _ mark: LineMark, queue: inout HTTPQueue, fields: inout BufferPool,
    recorder: inout Recorder, log: inout ConversationLog
  ) {
    let content = line.extracting(0..<line.contentCount)
    if case .startLine = state {
      if content.count > 0 {
        receiveStartLine(content, mark, queue: &queue, fields: &fields, recorder: &recorder, log: &log)
      }
      return
    }
    lastMark = mark
    if content.count == 0 { return endHead(fields: &fields, recorder: &recorder, log: &log) }
    let field = head.receive(content)
    var kind = flags
    if isClient, let field, Self.carriesCredentials(content.extracting(content.bounds(field.name))) {
      kind.insert(.isSecret)
    }
    if let field, content.extracting(content.bounds(field.name)).equalsIgnoringCase("content-type") {
      fields.removeAll(contentType)
      if field.value.count <= fields.room(contentType) {
        fields.append(content.extracting(content.bounds(field.value)), to: contentType)
      } else {
        log.omittedCount &+= 1
      }
    }
    recorder.record(Record(.field, flags: kind, ordinal: ordinal, mark: mark), content, in: &log)
  }
  /// Authorization and Proxy-Authorization (RFC 9110 §11.6.2, §11.7.2).
  private static func carriesCredentials(_ name: Span<UInt8>) -> Bool {
    name.equalsIgnoringCase("authorization") || name.equalsIgnoringCase("proxy-authorization")
  }
  private mutating func receiveStartLine(
    _ content: Span<UInt8>, _ mark: LineMark, queue: inout HTTPQueue, fields: inout BufferPool,
    recorder: inout Recorder, log: inout ConversationLog
  ) {
    var label = OctetRange(0, content.count)
    if isClient {
      guard let request = HTTPRequestLine.parse(content), !request.version.isEmpty else {
        return noteForeign(content, mark, .malformedBody, &recorder, &log)
      }
      method = HTTPMethod.parse(content.extracting(content.bounds(request.method)))
      ordinal = queue.ask(method)
      label = OctetRange(0, request.target.upper)
      recorder.record(
        Record(.request, flags: .fromClient, word: method.rawValue, ordinal: ordinal, mark: mark), content, in: &log)
    } else {
      guard let response = HTTPStatusLine.parse(content) else {
        return noteForeign(content, mark, .unknownReply, &recorder, &log)
      }
      (ordinal, method) = queue.answer(isFinal: response.code / 100 != 1 || response.code == 101)
      status = response.code
      label = OctetRange(min(response.version.upper + 1, content.count), content.count)
      recorder.record(
        Record(.reply, flags: .isLast, code: UInt16(clamping: response.code), ordinal: ordinal, mark: mark), content,
        in: &log)
    }
    recorder.record(
      Record(
        .message, flags: flags, word: (isClient ? MessageVia.request : .response).rawValue, ordinal: ordinal,
        mark: mark), content.extracting(content.bounds(label)), in: &log)
    head = HTTPHead()
    if contentType < 0 { contentType = fields.allocate() }
    fields.removeAll(contentType)
    encodedByteCount = 0
    decodedByteCount = 0
    gapByteCount = 0
    isCutShort = false
    lastMark = mark
    isOpen = true
    state = .fields
  }
  /// A line that begins no message: the first is kept, since it is what was said first, the rest passed over.
  private mutating func noteForeign(
    _ content: Span<UInt8>, _ mark: LineMark, _ anomaly: Anomaly, _ recorder: inout Recorder,
    _ log: inout ConversationLog
  ) {
    recorder.anomaly(anomaly, fromClient: isClient, at: mark, in: &log)
    if hasForeign || ordinal > 0 { return }
    hasForeign = true
    recorder.record(Record(isClient ? .request : .reply, flags: flags.union(.isLast), mark: mark), content, in: &log)
  }
  private mutating func endHead(fields: inout BufferPool, recorder: inout Recorder, log: inout ConversationLog) {
    let framing =
      isClient
      ? HTTPBodyFraming.ofRequest(head) : HTTPBodyFraming.ofResponse(head, status: status, to: method)
    if recorder.hashes { digest = recorder.digests.allocate() }
    switch framing {
    case .none, .tunnel:
      endBody(isComplete: true, form: Span(), fields: &fields, recorder: &recorder, log: &log)
      if framing == .tunnel {
        recorder.anomaly(.tunnel, fromClient: isClient, at: lastMark, in: &log)
        state = .tunnel
      }
      return
    case .length(let byteCount): state = .length(byteCount)
    case .chunked:
      chunks = HTTPChunkDecoder()
      state = .chunked
    case .untilClose: state = .untilClose
    }
    switch head.contentEncoding {
    case .gzip: inflation = recorder.inflations.allocate(.wrapped)
    case .deflate: inflation = recorder.inflations.allocate(.wrapped)
    case .identity, .other: break
    }
    let isReadable =
      switch head.contentEncoding {
      case .gzip, .deflate: inflation >= 0
      case .identity: true
      case .other: false
      }
    if !isReadable, head.contentEncoding != .other {
      // Too many compressed bodies are under way: this one is taken as it is.
      isCutShort = true
      log.omittedCount &+= 1
    }
    keepsForm = isClient && isReadable && SubmittedForm.Spelling(head.contentKind) != .none
    if head.contentKind != .none, head.contentKind != .other, isReadable, !keepsForm { text = fields.allocate() }
  }

  // MARK: Bodies

  private mutating func receiveChunks(
    _ bytes: Span<UInt8>, from start: Int, at position: StreamPosition, lines: inout BufferPool,
    fields: inout BufferPool, recorder: inout Recorder, log: inout ConversationLog
  ) -> Int {
    let rest = bytes.extracting(start...)
    switch chunks.receive(rest) {
    case .data(let range, let consumed):
      receiveBody(
        rest.extracting(rest.bounds(range)), at: position, offset: start + range.lower, lines: &lines, fields: &fields,
        recorder: &recorder, log: &log)
      return consumed
    case .needMore: return rest.count
    case .finished(let consumed):
      endBody(isComplete: true, lines: &lines, fields: &fields, recorder: &recorder, log: &log)
      return consumed
    case .malformed:
      recorder.anomaly(.malformedBody, fromClient: isClient, at: lastMark, in: &log)
      endBody(isComplete: false, lines: &lines, fields: &fields, recorder: &recorder, log: &log)
      return rest.count
    }
  }
  private mutating func receiveBody(
    _ bytes: Span<UInt8>, at position: StreamPosition, offset: Int, lines: inout BufferPool, fields: inout BufferPool,
    recorder: inout Recorder, log: inout ConversationLog
  ) {
    encodedByteCount &+= UInt64(bytes.count)
    guard inflation >= 0 else {
      if keepsForm, bytes.count > 0 { form.appendLine(bytes, at: position, offset: offset, in: &lines) }
      return receiveContent(bytes, fields: &fields, digests: &recorder.digests)
    }
    if !inflate(bytes, at: position, &recorder.inflations, &recorder.digests, &lines, &fields) {
      recorder.inflations.release(inflation)
      inflation = -1
      isCutShort = true
      let isTooLarge = decodedByteCount > UInt64(DialogueLimits.inflatedByteCount)
      // Behind a gap nothing else can come of it.
      if !isTooLarge, gapByteCount > 0 { return }
      recorder.anomaly(
        isTooLarge ? .tooLargeExpansion : .malformedBody, fromClient: isClient, at: lastMark, in: &log)
    }
  }
  private mutating func inflate(
    _ bytes: Span<UInt8>, at position: StreamPosition, _ inflations: inout InflatePool, _ digests: inout DigestPool,
    _ lines: inout BufferPool, _ fields: inout BufferPool
  ) -> Bool {
    // Where in the frame a decompressed octet stands cannot be told.
    var place = position
    place.frameOffset = -1
    return inflations.inflate(bytes, with: inflation) { content in
      if keepsForm { form.appendLine(content, at: place, offset: 0, in: &lines) }
      receiveContent(content, fields: &fields, digests: &digests)
      return decodedByteCount <= UInt64(DialogueLimits.inflatedByteCount)
    }
  }
  private mutating func receiveContent(
    _ content: Span<UInt8>, fields: inout BufferPool, digests: inout DigestPool
  ) {
    decodedByteCount &+= UInt64(content.count)
    if digest >= 0 { digests.add(content, to: digest) }
    guard text >= 0 else { return }
    let room = min(DialogueLimits.bodyByteCount - fields.count(text), fields.room(text))
    if room > 0 { fields.append(content.extracting(0..<min(room, content.count)), to: text) }
  }
  /// The message is over, and with it what was kept of a form.
  private mutating func endBody(
    isComplete: Bool, lines: inout BufferPool, fields: inout BufferPool, recorder: inout Recorder,
    log: inout ConversationLog
  ) {
    if form.isEmpty {
      return endBody(isComplete: isComplete, form: Span(), fields: &fields, recorder: &recorder, log: &log)
    }
    var kept = form
    lines.withOctets(of: kept.buffer) { octets in
      endBody(isComplete: isComplete, form: octets, fields: &fields, recorder: &recorder, log: &log)
    }
    // A login may have been in what was left out.
    if kept.isCut { log.omittedCount &+= 1 }
    kept.close(in: &lines, &recorder, &log)
    form = LineCarry()
  }
  /// The message is over: its body's part, the beginning of its text, its size and digest.
  private mutating func endBody(
    isComplete: Bool, form octets: Span<UInt8>, fields: inout BufferPool, recorder: inout Recorder,
    log: inout ConversationLog
  ) {
    state = .startLine
    isOpen = false
    if encodedByteCount > 0 {
      fields.withOctets(of: contentType) { type in
        recorder.record(
          Record(.part, flags: flags, word: TransferEncoding.binary.rawValue, mark: LineMark()), type, in: &log)
      }
      if keepsForm {
        record(text: octets, isCut: form.isCut, mark: form.isEmpty ? lastMark : form.mark, &recorder, &log)
      } else if text >= 0 {
        fields.withOctets(of: text) { octets in
          record(text: octets, isCut: decodedByteCount > UInt64(octets.count), mark: lastMark, &recorder, &log)
        }
      }
      recorder.record(
        Record(.partEnd, flags: flags, number: encodedByteCount, otherNumber: decodedByteCount, mark: LineMark()),
        in: &log)
    }
    if text >= 0 { fields.release(text) }
    text = -1
    if inflation >= 0 { recorder.inflations.release(inflation) }
    inflation = -1
    var ending = Record(
      .messageEnd, flags: isComplete && gapByteCount == 0 && !isCutShort ? flags.union(.isComplete) : flags,
      ordinal: ordinal,
      number: decodedByteCount, otherNumber: gapByteCount, mark: lastMark)
    if digest >= 0 {
      let octets = recorder.digests.finish(digest)
      digest = -1
      if decodedByteCount > 0 {
        ending.word = 1
        recorder.record(ending, octets.span, in: &log)
        return
      }
    }
    recorder.record(ending, in: &log)
  }
  private func record(
    text octets: Span<UInt8>, isCut: Bool, mark: LineMark, _ recorder: inout Recorder, _ log: inout ConversationLog
  ) {
    recorder.record(
      Record(
        .text, flags: isCut ? flags.union(.isCut) : flags, word: head.contentKind == .html ? 1 : 0,
        code: SubmittedForm.Spelling(head.contentKind).rawValue, ordinal: ordinal, mark: mark), octets,
      limit: octets.count, in: &log)
  }
}
