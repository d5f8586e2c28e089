internal import Bytes
internal import MailProtocols
internal import Packets
internal import Streams

/// Writes a conversation that has ended as one line of JSON, straight from the records in its arena.
///
/// Names and nesting are those of `Conversation`; a test decodes what is written here.
struct TranscriptWriter: ~Copyable {
  /// What is written out.
  struct Subject {
    var summary: FlowSummary
    var dissected: DissectedProtocol
    var clientDirection: Int
    var roleEvidence: RoleEvidence
    var firstDirection: Int
    var log: ConversationLog
  }
  let masksPasswords: Bool
  let exchanges: Bool
  /// The VLANs and tunnels by the numbers that keys of connections have.
  var paths: [UInt32: TunnelPath] = [:]
  var out = ByteWriter(minimumCapacity: 1 << 16)
  /// What the first walk over the records met, so that later walks happen only where there is something to find.
  struct Landmarks: BitwiseCopyable {
    /// The first request or message.
    var firstStep = -1
    var lastStep = -1
    var firstRequest = -1
    var firstReply = -1
    var firstProtected = -1
    var hasDecryption = false
    var hasGaps = false
    var hasAnomalies = false
    var hasMessages = false
    /// Lines stand in more than one frame.
    var hasPieces = false
  }
  var landmarks = Landmarks()
  /// What comes of fetching an arena into the processor's cache: nothing.
  private var touched: UInt8 = 0
  /// What is kept of each record, so that a walk over them all need not look into the arena.
  struct Entry: BitwiseCopyable {
    /// Where the record begins in the arena.
    var place: UInt32
    /// Of a reply, the next to the same ordinal; of a request or a message, the next of these; −1 at the end.
    var next: Int32 = -1
    var kind: Record.Kind
    var flags: Record.Flags
    var word: UInt8
  }
  var entries = Slab<Entry>(minimumCapacity: 1024)
  /// The records that belong together; −1 where there is none.
  struct Linked: BitwiseCopyable {
    var request: Int32 = -1
    var firstReply: Int32 = -1
    var lastReply: Int32 = -1
  }
  /// By their ordinal.
  var ordinals = Slab<Linked>(minimumCapacity: 256)
  /// Where lines go on that stand in more than one frame, and by their beginnings which of these are a line's.
  var pieces = Slab<LinePiece>(minimumCapacity: 16)
  var piecesOfLines: [UInt64: Range<Int>] = [:]
  var recipients = Slab<Int32>(minimumCapacity: 64)
  /// The side whose message is being written, where both may overlap.
  var side: Record.Flags?
  var userName = ByteWriter()
  var password = ByteWriter()
  /// A response whose base64 is undone.
  var decoded = ByteWriter()
  /// What the client said in secret; kept only where passwords are masked.
  var echoes = SecretEchoes()
  /// The attempt to log in that is being put together, its memory kept for the next.
  var attempt = Attempt()
  var namedUser = NamedUser()

  init(masksPasswords: Bool, exchanges: Bool) {
    self.masksPasswords = masksPasswords
    self.exchanges = exchanges
  }

  mutating func write(
    _ subject: Subject, arenas: borrowing BufferPool, remarks: borrowing RemarkBook, to sink: any ConversationSink
  ) {
    out.removeAll()
    if subject.log.arena >= 0 {
      arenas.withOctets(of: subject.log.arena) { arena in writeConversation(subject, arena, remarks) }
    } else {
      writeConversation(subject, Span(), remarks)
    }
    out.withOctets { sink.receive($0, subject.dissected) }
  }

  private mutating func writeConversation(
    _ subject: Subject, _ arena: Span<UInt8>, _ remarks: borrowing RemarkBook
  ) {
    index(arena)
    if masksPasswords { noteSecrets(subject, arena) }
    let summary = subject.summary
    out.append("{\"version\":1,\"stream\":")
    out.append(decimal: Int(summary.streamNumber))
    out.append(",\"protocol\":\"")
    out.append(subject.dissected.name)
    if subject.log.isLocal { out.append("\",\"variant\":\"lmtp") }
    out.append("\",\"client\":")
    writePeer(summary, direction: subject.clientDirection)
    out.append(",\"server\":")
    writePeer(summary, direction: subject.clientDirection ^ 1)
    out.append(",\"roles\":\"")
    switch subject.roleEvidence {
    case .synchronize: out.append("syn")
    case .synchronizeAcknowledge: out.append("syn-ack")
    case .port: out.append("port")
    case .content: out.append("content")
    }
    out.append(UInt8(ascii: "\""))
    if summary.key.pathNumber != 0 { writePath(summary.key.pathNumber) }
    out.append(",\"begin\":")
    write(summary.firstTimestamp)
    out.append(",\"end\":")
    write(summary.lastTimestamp)
    out.append(",\"frameRange\":[")
    out.append(decimal: Int(summary.firstFrame))
    out.append(UInt8(ascii: ","))
    out.append(decimal: Int(summary.lastFrame))
    out.append("],\"packets\":")
    out.append(decimal: Int(summary.packetCount))
    writeOpening(subject, arena)
    if exchanges { writeExchanges(subject, arena) }
    writeCredentials(subject, arena)
    writeMessages(subject, arena)
    writeProtection(arena)
    writeClosing(subject, arena)
    writeRemarks(subject, arena, remarks)
    out.append(",\"omitted\":")
    out.append(decimal: Int(subject.log.omittedCount))
    out.append(UInt8(ascii: "}"))
  }

  @inline(never) private mutating func noteSecrets(_ subject: Subject, _ arena: Span<UInt8>) {
    echoes.removeAll()
    for index in 0..<recordCount where kind(index) == .request {
      let record = self.record(index, arena)
      echoes.note(arena.extracting(text(index, record)), record, of: subject.dissected)
    }
  }
  /// A server's line; what it repeats of a secret is masked when that is asked for.
  mutating func writeServerLine(_ index: Int, _ arena: Span<UInt8>) {
    let line = arena.extracting(text(index, record(index, arena)))
    if masksPasswords, let redacted = echoes.redacted(line) {
      out.append(json: redacted)
    } else {
      out.append(json: line)
    }
  }
  @inline(never) private mutating func writePath(_ number: UInt32) {
    guard let path = paths[number] else { return }
    out.append(",\"path\":[\"")
    for index in 0..<path.count {
      if index > 0 { out.append("\",\"") }
      path.append(index, to: &out)
    }
    out.append("\"]")
  }

  // MARK: Records

  @inline(__always) func kind(_ index: Int) -> Record.Kind { entries[index].kind }
  func record(_ index: Int, _ arena: Span<UInt8>) -> Record {
    unsafe arena.bytes.unsafeLoadUnaligned(fromByteOffset: Int(entries[index].place), as: Record.self)
  }
  /// Where a record's text lies in the arena.
  func text(_ index: Int, _ record: Record) -> Range<Int> {
    let start = Int(entries[index].place) + MemoryLayout<Record>.size
    return start..<start + Int(record.textByteCount)
  }
  @inline(__always) var recordCount: Int { entries.count }

  /// Finds the records, and links every reply to the request that it answers.
  private mutating func index(_ arena: Span<UInt8>) {
    entries.removeAll()
    ordinals.removeAll()
    if landmarks.hasPieces { forgetPieces() }
    landmarks = Landmarks()
    // The records were written long ago, and where one begins is known from the one before: waiting for each alone would
    // cost more than all that is done with it.
    touched = arena.touched()
    var offset = 0
    while offset + MemoryLayout<Record>.size <= arena.count {
      let index = entries.count
      let record = unsafe arena.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: Record.Prefix.self)
      entries.append(
        Entry(place: UInt32(truncatingIfNeeded: offset), kind: record.kind, flags: record.flags, word: record.word))
      offset += MemoryLayout<Record>.size + Int(record.textByteCount)
      let ordinal = Int(record.ordinal)
      if ordinals.count <= ordinal { begin(ordinal) }
      switch record.kind {
      case .request, .messageEnd:
        if record.kind == .request {
          if landmarks.firstRequest < 0 { landmarks.firstRequest = index }
          link(step: index)
        }
        if ordinal > 0, ordinals[ordinal].request < 0 {
          ordinals[ordinal].request = Int32(truncatingIfNeeded: index)
        }
      case .reply:
        if landmarks.firstReply < 0 { landmarks.firstReply = index }
        if ordinal > 0 { link(reply: index, ordinal) }
      case .message:
        landmarks.hasMessages = true
        link(step: index)
      case .gap: landmarks.hasGaps = true
      case .anomaly: landmarks.hasAnomalies = true
      case .protected: if landmarks.firstProtected < 0 { landmarks.firstProtected = index }
      case .decrypted: landmarks.hasDecryption = true
      case .pieces: note(piecesAt: index, arena)
      case .field, .part, .partEnd, .text, .superseded: break
      }
    }
  }
  @inline(never) private mutating func begin(_ ordinal: Int) {
    while ordinals.count <= ordinal { ordinals.append(Linked()) }
  }
  /// Links the request or message at `index` behind the one before.
  @inline(__always) private mutating func link(step index: Int) {
    if landmarks.lastStep < 0 {
      landmarks.firstStep = index
    } else {
      entries[landmarks.lastStep].next = Int32(truncatingIfNeeded: index)
    }
    landmarks.lastStep = index
  }
  /// Links the reply at `index` behind those to the same ordinal.
  @inline(__always) private mutating func link(reply index: Int, _ ordinal: Int) {
    let reply = Int32(truncatingIfNeeded: index)
    let last = ordinals[ordinal].lastReply
    if last < 0 {
      ordinals[ordinal].firstReply = reply
    } else {
      entries[Int(last)].next = reply
    }
    ordinals[ordinal].lastReply = reply
  }

  // MARK: Small things

  mutating func write(_ timestamp: Timestamp) {
    let (seconds, rest) = timestamp.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    out.append(decimal: Int(seconds))
    out.append(ASCII.dot)
    out.append(nineDigits: UInt32(truncatingIfNeeded: abs(rest)))
  }
  private mutating func writePeer(_ summary: FlowSummary, direction: Int) {
    let endpoint = summary.key.endpoint(direction)
    let side = summary.sides[direction]
    out.append("{\"address\":\"")
    endpoint.appendAddress(to: &out)
    out.append("\",\"port\":")
    out.append(decimal: Int(endpoint.port))
    if side.synchronizeFrame > 0 {
      out.append(",\"synFrame\":")
      out.append(decimal: Int(side.synchronizeFrame))
    }
    out.append(",\"byteCount\":")
    out.append(decimal: Int(side.byteCount))
    out.append(",\"gapByteCount\":")
    out.append(decimal: Int(side.gapByteCount))
    out.append(",\"retransmissions\":")
    out.append(decimal: Int(side.retransmissionCount))
    out.append(",\"outOfOrder\":")
    out.append(decimal: Int(side.outOfOrderCount))
    out.append(UInt8(ascii: "}"))
  }
  /// What stands where a secret is.
  mutating func writeMask() {
    out.append(UInt8(ascii: "\""))
    out.append(Redaction.mask)
    out.append(UInt8(ascii: "\""))
  }
}
