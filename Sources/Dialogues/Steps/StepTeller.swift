internal import Bytes
internal import MailProtocols
internal import Packets
internal import Streams

/// Tells a dialogue's steps to the sink: whatever the dissectors have added to a conversation's record since it was
/// looked at last, and what TCP did meanwhile.
struct StepTeller {
  /// What is remembered of a connection between two looks.
  struct Telling {
    let streamNumber: UInt32
    /// The connection's first packet.
    let begin: Int64
    var scene: Scene?
    /// How far the record was read.
    var seen = 0
    /// What was asked last, by ordinal: replies are understood by it.
    var verbs: [(ordinal: UInt32, verb: String)] = []
    var login = Login()
    /// What the client said in secret; kept only where passwords are masked.
    var echoes = SecretEchoes()
    /// The base64 of the last challenge.
    var challenge: [UInt8] = []
    /// A reply of several lines is under way.
    var isMidReply = false
    /// The message under way of the server and of the client; only HTTP has both at once.
    var drafts: [Draft?] = [nil, nil]
    /// Messages within an IMAP response, told behind its line.
    var withheld: [Step] = []
    var transport = Transport()
  }
  /// A SASL exchange under way.
  struct Login {
    var mechanism = SASLResponse.Mechanism.other
    var name = ""
    var step = 0
    var isOpen = false
  }
  /// A message whose end was not heard yet.
  struct Draft {
    var via: MessageVia
    var label: String
    var frame: Int
    var from: String?
    var subject: String?
    var contentType = ""
    /// The charset of the part under way.
    var charset = ""
    var text: String?
    var spelling = SubmittedForm.Spelling.none
    var form: [Step.Decoded] = []
  }
  /// Replies are awaited for no more requests than this.
  private static let verbCount = 256

  let masksPasswords: Bool
  let sink: any ConversationSink
  /// By the connection's place in the table of flows, which bounds their number.
  private var tellings: [Int: Telling] = [:]

  init(masksPasswords: Bool, sink: any ConversationSink) {
    self.masksPasswords = masksPasswords
    self.sink = sink
  }

  /// What is remembered of the connection at `flow`, begun anew when the place belongs to another now.
  private mutating func take(_ flow: Int, _ summary: FlowSummary) -> Telling {
    if let telling = tellings.removeValue(forKey: flow), telling.streamNumber == summary.streamNumber { return telling }
    return Telling(streamNumber: summary.streamNumber, begin: summary.firstTimestamp.nanoseconds)
  }
  /// Tells what is new in the record of a conversation that is recognised.
  mutating func tell(_ flow: Int, _ subject: TranscriptWriter.Subject, _ arenas: borrowing BufferPool) {
    var telling = take(flow, subject.summary)
    if telling.scene == nil { open(&telling, subject) }
    // What is spoken inside TLS becomes known later than that it is TLS.
    if telling.scene?.dissected != subject.dissected { telling.scene?.dissected = subject.dissected }
    if subject.log.arena >= 0 {
      arenas.withOctets(of: subject.log.arena) { arena in
        while telling.seen + MemoryLayout<Record>.size <= arena.count {
          let record = unsafe arena.bytes.unsafeLoadUnaligned(fromByteOffset: telling.seen, as: Record.self)
          let start = telling.seen + MemoryLayout<Record>.size
          let end = start + Int(record.textByteCount)
          // A message's header field that stands last may still grow, in its place, by a folded line.
          if record.kind == .field, end == arena.count, subject.dissected != .http { break }
          telling.seen = end
          tell(record, arena.extracting(start..<telling.seen), &telling)
        }
      }
    }
    tellings[flow] = telling
  }
  /// The conversation is over: what was withheld is told, and all is forgotten.
  mutating func end(_ flow: Int) {
    guard let telling = tellings.removeValue(forKey: flow) else { return }
    for step in telling.withheld { sink.receive(step) }
  }
  /// None of our protocols.
  mutating func forget(_ flow: Int) { tellings[flow] = nil }

  /// Notes what TCP did with a segment; it is told once the protocol is recognised.
  mutating func note(_ segment: borrowing TCPSegment, _ flow: Int, _ summary: FlowSummary, payloadByteCount: Int) {
    var telling = take(flow, summary)
    telling.transport.note(segment, summary, payloadByteCount: payloadByteCount)
    if telling.scene != nil { tellTransport(&telling) }
    tellings[flow] = telling
  }
  /// The protocol is known: the scene is set, and what TCP did before is told.
  private func open(_ telling: inout Telling, _ subject: TranscriptWriter.Subject) {
    let key = subject.summary.key
    let (client, server) = (key.endpoint(subject.clientDirection), key.endpoint(subject.clientDirection ^ 1))
    telling.transport.clientDirection = UInt8(truncatingIfNeeded: subject.clientDirection)
    telling.scene = Scene(
      stream: Int(subject.summary.streamNumber), dissected: subject.dissected, clientAddress: Self.address(client),
      clientPort: Int(client.port), serverAddress: Self.address(server), serverPort: Int(server.port))
    tellTransport(&telling)
  }
  private static func address(_ endpoint: Endpoint) -> String {
    var writer = ByteWriter(minimumCapacity: 48)
    endpoint.appendAddress(to: &writer)
    return writer.withOctets { $0.text() }
  }
  private func tellTransport(_ telling: inout Telling) {
    guard let scene = telling.scene else { return }
    for event in telling.transport.takePending() {
      sink.receive(
        Step(
          scene: scene, kind: event.kind, isFromClient: event.direction == telling.transport.clientDirection,
          frame: Int(event.frame), lastFrame: Int(event.frame), nanoseconds: event.nanoseconds &- telling.begin))
    }
  }

  // MARK: Small things that every step needs

  /// A step of `kind` with what its record says of place and time; nil before the scene is set.
  func step(_ kind: Step.Kind, _ record: Record, _ telling: Telling) -> Step? {
    guard let scene = telling.scene else { return nil }
    return Step(
      scene: scene, kind: kind, isFromClient: record.flags.contains(.fromClient), frame: Int(record.mark.frame),
      lastFrame: Int(record.mark.lastFrame), nanoseconds: record.mark.timestamp.nanoseconds &- telling.begin)
  }
  func verb(_ ordinal: UInt32, _ telling: Telling) -> String {
    telling.verbs.last { $0.ordinal == ordinal }?.verb ?? ""
  }
  func remember(_ verb: String, _ ordinal: UInt32, _ telling: inout Telling) {
    if telling.verbs.count == Self.verbCount { telling.verbs.removeFirst() }
    telling.verbs.append((ordinal, verb))
  }
}
