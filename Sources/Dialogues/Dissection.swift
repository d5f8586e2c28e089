internal import Bytes
package import Packets
package import Streams

/// Dissects every connection's streams: one slab of state for each protocol, and for each connection its protocol and
/// its place in that slab.
package struct Dissection: StreamSink, ~Copyable {
  enum Stage: UInt8, BitwiseCopyable {
    /// Nothing was said yet.
    case silent
    /// What was said does not tell the protocol yet; the place is that of `undecided`.
    case undecided
    case recognised
    /// None of our protocols; what is said is not looked at.
    case foreign
  }
  struct Entry: BitwiseCopyable {
    var stage = Stage.silent
    var dissected = DissectedProtocol.smtp
    var clientDirection: UInt8
    var roleEvidence: RoleEvidence
    var firstDirection: UInt8 = 0
    var hasSpoken: UInt8 = 0
    var place: UInt32 = 0
    var ports: InlineArray<2, UInt16>
    var streamNumber: UInt32
    /// Both sides were captured from their SYN on.
    var hasBeginning: Bool
    /// It was written out; its place is another's.
    var isOver = false
    /// What is heard was said inside TLS from the first octet on, and is read.
    var isInsideTLS = false

    init(_ summary: FlowSummary) {
      streamNumber = summary.streamNumber
      clientDirection = summary.clientDirection
      roleEvidence = summary.roleEvidence
      hasBeginning = summary.sides[0].synchronizeFrame > 0 && summary.sides[1].synchronizeFrame > 0
      ports = [summary.key.endpoint(0).port, summary.key.endpoint(1).port]
    }
    var serverPort: UInt16 { ports[Int(clientDirection ^ 1)] }
  }

  private let sink: any ConversationSink
  let options: DissectionOptions
  var entries = Slab<Entry>(minimumCapacity: 256)
  var decryption: Decryption
  private var undecided = PlaceSlab<Undecided>()
  var smtp = PlaceSlab<SMTPDissector>()
  var pop3 = PlaceSlab<POP3Dissector>()
  var imap = PlaceSlab<IMAPDissector>()
  var http = PlaceSlab<HTTPDissector>()
  var tls = PlaceSlab<TLSDissector>()
  private var lines = BufferPool(
    initialCapacity: 512, idleLimit: 1 << 18, growthLimit: DialogueLimits.carriedByteCount)
  private var fields = BufferPool(
    initialCapacity: 256, idleLimit: 1 << 18, growthLimit: DialogueLimits.fieldByteCount)
  var recorder: Recorder
  private var writer: TranscriptWriter
  /// Tells the steps as they are spoken, when that was asked for.
  private var teller: StepTeller?
  /// Conversations that were none of our protocols.
  package private(set) var foreignCount = 0
  package private(set) var counts = ConversationCounts()
  /// Facts left out because a limit was reached.
  package private(set) var omittedFactCount = 0

  package init(
    _ options: DissectionOptions, sink: any ConversationSink, tap: (any MessageTap)? = nil,
    keys: (any TLSKeySource)? = nil
  ) {
    self.options = options
    self.sink = sink
    decryption = Decryption(keys)
    recorder = Recorder(hashes: options.hashes, tap: tap)
    writer = TranscriptWriter(masksPasswords: options.masksPasswords, exchanges: options.exchanges)
    if options.steps { teller = StepTeller(masksPasswords: options.masksPasswords, sink: sink) }
  }

  package mutating func begin(flow: Int, _ summary: FlowSummary) {
    let entry = Entry(summary)
    while entries.count <= flow { entries.append(entry) }
    entries[flow] = entry
  }

  package mutating func receive(_ bytes: Span<UInt8>, at position: StreamPosition) {
    if decryption.isInUse, receiveProtected(bytes, at: position) { return }
    pass(bytes, at: position)
  }
  /// Octets as they are to be understood.
  @inline(__always) mutating func pass(_ bytes: Span<UInt8>, at position: StreamPosition) {
    let entry = entries[position.flow]
    switch entry.stage {
    case .recognised: dispatch(bytes, entry, at: position)
    case .foreign: break
    case .silent, .undecided: receiveUndecided(bytes, at: position)
    }
  }
  @inline(__always)
  private mutating func dispatch(_ bytes: Span<UInt8>, _ entry: Entry, at position: StreamPosition) {
    let fromClient = position.direction == Int(entry.clientDirection)
    noteFirst(position, entry)
    switch entry.dissected {
    case .smtp:
      smtp[entry.place].receive(
        bytes, fromClient: fromClient, at: position, lines: &lines, fields: &fields, recorder: &recorder)
    case .pop3:
      pop3[entry.place].receive(
        bytes, fromClient: fromClient, at: position, lines: &lines, fields: &fields, recorder: &recorder)
    case .imap:
      imap[entry.place].receive(
        bytes, fromClient: fromClient, at: position, lines: &lines, fields: &fields, recorder: &recorder)
    case .http:
      http[entry.place].receive(
        bytes, fromClient: fromClient, at: position, lines: &lines, fields: &fields, recorder: &recorder)
    case .tls:
      tls[entry.place].receive(
        bytes, fromClient: fromClient, at: position, lines: &lines, fields: &fields, recorder: &recorder)
    }
  }

  /// Notes which side spoke first, captured or not.
  @inline(__always) private mutating func noteFirst(_ position: StreamPosition, _ entry: Entry) {
    guard entry.hasSpoken == 0 else { return }
    entries[position.flow].hasSpoken = 1
    entries[position.flow].firstDirection = UInt8(truncatingIfNeeded: position.direction)
  }

  package mutating func gap(byteCount: Int, at position: StreamPosition) {
    if decryption.isInUse, loseProtected(byteCount, at: position) { return }
    passGap(byteCount, at: position)
  }
  mutating func passGap(_ byteCount: Int, at position: StreamPosition) {
    let entry = entries[position.flow]
    let fromClient = position.direction == Int(entry.clientDirection)
    switch entry.stage {
    case .foreign: return
    case .silent:
      if let forced = forced(position.flow) {
        recognise(position.flow, as: forced)
      } else {
        beginUndecided(at: position)
      }
      passGap(byteCount, at: position)
    case .undecided:
      let isKept = undecided[entry.place].append(
        Span(), gapByteCount: byteCount, at: position, lines: &lines)
      if !isKept { giveUp(position.flow) }
    case .recognised:
      noteFirst(position, entry)
      let gap = Gap(byteCount: byteCount, fromClient: fromClient, position: position)
      switch entry.dissected {
      case .smtp: Self.tell(gap, entry.place, of: &smtp, &lines, &fields, &recorder)
      case .pop3: Self.tell(gap, entry.place, of: &pop3, &lines, &fields, &recorder)
      case .imap: Self.tell(gap, entry.place, of: &imap, &lines, &fields, &recorder)
      case .http: Self.tell(gap, entry.place, of: &http, &lines, &fields, &recorder)
      case .tls: Self.tell(gap, entry.place, of: &tls, &lines, &fields, &recorder)
      }
    }
  }

  // MARK: Recognition

  @inline(never) private mutating func receiveUndecided(_ bytes: Span<UInt8>, at position: StreamPosition) {
    let flow = position.flow
    if entries[flow].stage == .silent {
      if let verdict = judgeFirst(bytes, at: position) {
        guard verdict != .foreign else { return giveUp(flow) }
        if case .recognised(let dissected) = verdict {
          recognise(flow, as: dissected)
          return dispatch(bytes, entries[flow], at: position)
        }
      }
      beginUndecided(at: position)
    }
    guard undecided[entries[flow].place].append(bytes, at: position, lines: &lines) else { return giveUp(flow) }
    judgeKept(flow, isFinal: false)
  }
  /// The protocol that was asked for on one of the ports.
  @inline(__always) private func forced(_ flow: Int) -> DissectedProtocol? {
    let entry = entries[flow]
    // What is forced on a port is what is spoken inside, where TLS is spoken there and may be read.
    if decryption.isInUse, !entry.isInsideTLS, decryption.connection(flow)?.isImplicit == true { return .tls }
    return options.forced[entry.ports[0]] ?? options.forced[entry.ports[1]]
  }
  private mutating func beginUndecided(at position: StreamPosition) {
    entries[position.flow].place = undecided.insert(Undecided(lines: &lines, at: position))
    entries[position.flow].stage = .undecided
  }
  /// Judges a connection by its first octets alone, without keeping them; nil when more must be seen.
  private mutating func judgeFirst(_ bytes: Span<UInt8>, at position: StreamPosition) -> Identification.Verdict? {
    let entry = entries[position.flow]
    if let forced = forced(position.flow) { return .recognised(forced) }
    guard entry.roleEvidence == .synchronize || entry.roleEvidence == .synchronizeAcknowledge else { return nil }
    let fromClient = position.direction == Int(entry.clientDirection)
    let verdict = Identification.judge(
      client: fromClient ? bytes : Span(), server: fromClient ? Span() : bytes, serverSpokeFirst: !fromClient,
      hint: hint(entry, serverPort: entry.serverPort), isFinal: false)
    return verdict == .undecided ? nil : verdict
  }
  /// The protocol that is usual on the server's port.
  @inline(__always) private func hint(_ entry: Entry, serverPort: UInt16) -> DissectedProtocol? {
    entry.isInsideTLS ? .usualInsideTLS(on: serverPort) : .usual(on: serverPort)
  }
  /// Judges a connection by what was kept of it, and plays that again once the protocol is known.
  mutating func judgeKept(_ flow: Int, isFinal: Bool) {
    let entry = entries[flow]
    let kept = undecided[entry.place]
    let client = Int(entry.clientDirection)
    var verdict = judge(kept, client: client, entry, isFinal: isFinal)
    let areRolesKnown = entry.roleEvidence == .synchronize || entry.roleEvidence == .synchronizeAcknowledge
    if !areRolesKnown {
      if case .recognised = verdict {
        entries[flow].roleEvidence = .content
      } else {
        let other = judge(kept, client: client ^ 1, entry, isFinal: isFinal)
        if case .recognised = other {
          verdict = other
          entries[flow].clientDirection ^= 1
          entries[flow].roleEvidence = .content
        } else if other == .undecided {
          verdict = .undecided
        }
      }
    }
    switch verdict {
    case .undecided: if isFinal { giveUp(flow) }
    case .foreign: giveUp(flow)
    case .recognised(let dissected):
      recognise(flow, as: dissected)
      replay(kept, flow)
      kept.release(lines: &lines)
      undecided.remove(entry.place)
    }
  }
  private func judge(_ kept: Undecided, client: Int, _ entry: Entry, isFinal: Bool) -> Identification.Verdict {
    lines.withOctets(of: kept.buffers[client]) { clientOctets in
      lines.withOctets(of: kept.buffers[client ^ 1]) { serverOctets in
        Identification.judge(
          client: clientOctets.extracting(kept.firstLine(clientOctets, client)...),
          server: serverOctets.extracting(kept.firstLine(serverOctets, client ^ 1)...),
          serverSpokeFirst: kept.firstDirection != client,
          hint: hint(entry, serverPort: entry.ports[client ^ 1]), isFinal: isFinal)
      }
    }
  }
  private mutating func replay(_ kept: Undecided, _ flow: Int) {
    for index in 0..<kept.pieceCount {
      let piece = kept.pieces[index]
      if piece.gapByteCount > 0 { passGap(Int(piece.gapByteCount), at: piece.position) }
      guard !piece.range.isEmpty else { continue }
      // The dissectors may ask the pool of lines for room, so what is played again is lent from a copy.
      let octets = lines.withOctets(of: kept.buffers[piece.position.direction]) { buffer in
        buffer.extracting(buffer.bounds(piece.range)).copied()
      }
      dispatch(octets.span, entries[flow], at: piece.position)
    }
  }
  mutating func recognise(_ flow: Int, as dissected: DissectedProtocol) {
    entries[flow].stage = .recognised
    entries[flow].dissected = dissected
    let (number, hasBeginning) = (entries[flow].streamNumber, entries[flow].hasBeginning)
    switch dissected {
    case .smtp:
      entries[flow].place = smtp.insert(SMTPDissector(streamNumber: number, hasBeginning: hasBeginning))
    case .pop3:
      entries[flow].place = pop3.insert(POP3Dissector(streamNumber: number, hasBeginning: hasBeginning))
    case .imap:
      entries[flow].place = imap.insert(IMAPDissector(streamNumber: number, hasBeginning: hasBeginning))
    case .http: entries[flow].place = http.insert(HTTPDissector())
    case .tls: entries[flow].place = tls.insert(TLSDissector())
    }
    if entries[flow].isInsideTLS { followOuterLog(flow) }
  }
  private mutating func giveUp(_ flow: Int) {
    if entries[flow].stage == .undecided {
      undecided[entries[flow].place].release(lines: &lines)
      undecided.remove(entries[flow].place)
    }
    if entries[flow].isInsideTLS { return tellAsTLS(flow) }
    entries[flow].stage = .foreign
    foreignCount += 1
    teller?.forget(flow)
  }

  // MARK: Ends

  package mutating func finish(flow: Int, _ summary: FlowSummary, remarks: borrowing RemarkBook) {
    if entries[flow].stage == .undecided { judgeKept(flow, isFinal: true) }
    if decryption.isInUse { endProtected(flow, summary) }
    let entry = entries[flow]
    guard entry.stage == .recognised else { return }
    entries[flow].isOver = true
    let log =
      switch entry.dissected {
      case .smtp: Self.end(entry.place, of: &smtp, &lines, &fields, &recorder)
      case .pop3: Self.end(entry.place, of: &pop3, &lines, &fields, &recorder)
      case .imap: Self.end(entry.place, of: &imap, &lines, &fields, &recorder)
      case .http: Self.end(entry.place, of: &http, &lines, &fields, &recorder)
      case .tls: Self.end(entry.place, of: &tls, &lines, &fields, &recorder)
      }
    counts.add(entry.dissected)
    omittedFactCount += Int(log.omittedCount)
    let subject = TranscriptWriter.Subject(summary, entry, log)
    if teller != nil {
      teller?.tell(flow, subject, recorder.arenas)
      teller?.end(flow)
    }
    if options.transcripts { writer.write(subject, arenas: recorder.arenas, remarks: remarks, to: sink) }
    if log.arena >= 0 { recorder.arenas.release(log.arena) }
  }
  /// Where a recognised conversation stands in the recorder.
  func log(of entry: Entry) -> ConversationLog {
    switch entry.dissected {
    case .smtp: smtp[entry.place].log
    case .pop3: pop3[entry.place].log
    case .imap: imap[entry.place].log
    case .http: http[entry.place].log
    case .tls: tls[entry.place].log
    }
  }
  private struct Gap {
    var byteCount: Int
    var fromClient: Bool
    var position: StreamPosition
  }
  private static func tell<Kind: Dissector>(
    _ gap: Gap, _ place: UInt32, of dissectors: inout PlaceSlab<Kind>, _ lines: inout BufferPool,
    _ fields: inout BufferPool, _ recorder: inout Recorder
  ) {
    dissectors[place].gap(
      byteCount: gap.byteCount, fromClient: gap.fromClient, at: gap.position, lines: &lines, fields: &fields,
      recorder: &recorder)
  }
  /// Ends a conversation's dissector and gives its place back.
  private static func end<Kind: Dissector>(
    _ place: UInt32, of dissectors: inout PlaceSlab<Kind>, _ lines: inout BufferPool, _ fields: inout BufferPool,
    _ recorder: inout Recorder
  ) -> ConversationLog {
    dissectors[place].finish(lines: &lines, fields: &fields, recorder: &recorder)
    let log = dissectors[place].log
    dissectors.remove(place)
    return log
  }
  package mutating func receive(_ path: TunnelPath, number: UInt32) { writer.paths[number] = path }

  package mutating func receive(_ note: CaptureNote, _ octets: Span<UInt8>) {
    if note == .secrets(kind: PCAPNGWriter.SecretsKind.tlsKeyLog.rawValue) { decryption.add(octets) }
  }
  package mutating func note(_ remark: StreamRemark) {
    if options.listsRemarks { sink.receive(remark) }
  }
  package mutating func idle() { sink.idle() }

  // MARK: Steps

  /// Tells what `segment` has brought to the conversation `flow`; the segment was received before.
  mutating func tellSteps(
    of flow: Int, _ summary: FlowSummary, _ segment: borrowing TCPSegment, payloadByteCount: Int
  ) {
    let hasBegun = flow < entries.count && entries[flow].streamNumber == summary.streamNumber
    if hasBegun, entries[flow].stage == .foreign || entries[flow].isOver { return }
    if hasBegun, entries[flow].stage == .recognised {
      let entry = entries[flow]
      let log = log(of: entry)
      teller?.tell(flow, TranscriptWriter.Subject(summary, entry, log), recorder.arenas)
    }
    teller?.note(segment, flow, summary, payloadByteCount: payloadByteCount)
  }
}

extension TranscriptWriter.Subject {
  init(_ summary: FlowSummary, _ entry: Dissection.Entry, _ log: ConversationLog) {
    self.init(
      summary: summary, dissected: entry.dissected, clientDirection: Int(entry.clientDirection),
      roleEvidence: entry.roleEvidence, firstDirection: Int(entry.firstDirection), log: log)
  }
}

/// How many conversations of each protocol have ended.
package struct ConversationCounts: BitwiseCopyable, Sendable {
  package private(set) var smtp = 0
  package private(set) var pop3 = 0
  package private(set) var imap = 0
  package private(set) var http = 0
  package private(set) var tls = 0
  package init() {}

  mutating func add(_ dissected: DissectedProtocol) {
    switch dissected {
    case .smtp: smtp += 1
    case .pop3: pop3 += 1
    case .imap: imap += 1
    case .http: http += 1
    case .tls: tls += 1
    }
  }
  package var total: Int { smtp + pop3 + imap + http + tls }
}
