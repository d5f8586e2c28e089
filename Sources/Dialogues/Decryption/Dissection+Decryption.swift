internal import Bytes
internal import Streams
internal import WebProtocols

/// TLS whose secrets are known: what was said inside takes the place of what was captured.
extension Dissection {
  /// Octets of a connection that may speak TLS. True when nobody else need look at them.
  @inline(never) mutating func receiveProtected(_ bytes: Span<UInt8>, at position: StreamPosition) -> Bool {
    guard let connection = decryption.connection(position.flow) ?? begin(bytes, at: position) else { return false }
    let wasReading = connection.isReading
    // How TLS begins is told as it always is.
    if !wasReading { pass(bytes, at: position) }
    let disclosed = decryption.disclosures(of: connection, at: position) { $0.receive(bytes, at: position, $1) }
    for one in disclosed { hear(one, connection) }
    return true
  }
  /// Octets that were never captured. True when nobody else need know.
  @inline(never) mutating func loseProtected(_ byteCount: Int, at position: StreamPosition) -> Bool {
    guard let connection = decryption.connection(position.flow) else { return false }
    if !connection.isReading { passGap(byteCount, at: position) }
    let disclosed = decryption.disclosures(of: connection, at: position) { $0.gap(byteCount, at: position, $1) }
    for one in disclosed { hear(one, connection) }
    return true
  }
  /// The connection, where a client's hello begins here.
  private mutating func begin(_ bytes: Span<UInt8>, at position: StreamPosition) -> DecryptedConnection? {
    let entry = entries[position.flow]
    guard TLSOpening.mayBeHello(bytes) else { return nil }
    let isImplicit: Bool
    switch entry.stage {
    case .silent: isImplicit = true
    case .recognised where awaitsTLS(entry): isImplicit = false
    case .recognised, .undecided, .foreign: return nil
    }
    return decryption.begin(position.flow, clientDirection: position.direction, isImplicit: isImplicit)
  }
  private func awaitsTLS(_ entry: Entry) -> Bool {
    switch entry.dissected {
    case .smtp: smtp[entry.place].awaitsTLS
    case .pop3: pop3[entry.place].awaitsTLS
    case .imap: imap[entry.place].awaitsTLS
    case .http, .tls: false
    }
  }
  private mutating func hear(_ disclosure: DecryptedConnection.Disclosure, _ connection: DecryptedConnection) {
    func flags(_ position: StreamPosition) -> Record.Flags {
      position.direction == connection.clientDirection ? .fromClient : .none
    }
    switch disclosure {
    case .opened(let position):
      if entries[position.flow].stage == .undecided { judgeKept(position.flow, isFinal: true) }
      let session = connection.session
      let agreed = session.version.map { TLSAgreement($0, session.cipherSuite).number } ?? 0
      record(
        Record(.decrypted, flags: flags(position), number: agreed, mark: LineMark(position, offset: 0, byteCount: 0)),
        position.flow)
      enterTLS(position.flow, connection)
    case .content(let octets, let position):
      if connection.firstContent == nil { connection.firstContent = position }
      if !isToldAsTLS(position.flow) { pass(octets.span, at: position) }
    case .gap(let byteCount, let position): if !isToldAsTLS(position.flow) { passGap(byteCount, at: position) }
    case .early(let position): record(.earlyData, at: position, connection)
    case .alert(let description, let position):
      record(
        Record(
          .protected, flags: flags(position),
          code: UInt16(description) + Record.alertOffset, mark: LineMark(position, offset: 0, byteCount: 0)),
        position.flow)
    case .closed(let why, let position):
      record(why, at: position, connection)
    }
  }
  /// What is said inside is none of our protocols: nobody would understand it.
  private func isToldAsTLS(_ flow: Int) -> Bool {
    entries[flow].stage == .recognised && entries[flow].dissected == .tls
  }
  /// Records why not all is read: the first reason, since the others come of it.
  private mutating func record(
    _ obstacle: TLSSession.Obstacle, at position: StreamPosition, _ connection: DecryptedConnection
  ) {
    if connection.hasToldObstacle { return }
    connection.hasToldObstacle = true
    record(
      Record(
        .decrypted, flags: position.direction == connection.clientDirection ? .fromClient : .none,
        word: obstacle.rawValue, mark: LineMark(position, offset: 0, byteCount: 0)), position.flow)
  }
  /// A conversation inside TLS that is none of our protocols, or none at all, is told as TLS.
  mutating func tellAsTLS(_ flow: Int) {
    recognise(flow, as: .tls)
    guard let connection = decryption.connection(flow), let position = connection.firstContent else { return }
    record(.foreign, at: position, connection)
  }
  /// From here on what is heard was said inside TLS.
  private mutating func enterTLS(_ flow: Int, _ connection: DecryptedConnection) {
    let entry = entries[flow]
    guard entry.stage == .recognised else { return }
    switch entry.dissected {
    case .smtp: smtp[entry.place].enterTLS()
    case .pop3: pop3[entry.place].enterTLS()
    case .imap: imap[entry.place].enterTLS()
    case .http: break
    case .tls where connection.isImplicit:
      // The conversation begins anew, with what was recorded of it.
      connection.outerLog = tls[entry.place].log
      tls.remove(entry.place)
      entries[flow].stage = .silent
      entries[flow].hasSpoken = 0
      entries[flow].isInsideTLS = true
    case .tls: break
    }
  }
  /// What is recorded of a conversation inside goes on where its opening ended.
  mutating func followOuterLog(_ flow: Int) {
    guard let connection = decryption.connection(flow), let outer = connection.outerLog else { return }
    connection.outerLog = nil
    changeLog(entries[flow]) { log, _ in log.follow(outer) }
  }
  private mutating func record(_ record: Record, _ flow: Int) {
    if entries[flow].isInsideTLS, entries[flow].stage == .silent || entries[flow].stage == .undecided {
      guard let connection = decryption.connection(flow), var log = connection.outerLog else { return }
      recorder.record(record, in: &log)
      connection.outerLog = log
    } else if entries[flow].stage == .recognised {
      changeLog(entries[flow]) { log, recorder in recorder.record(record, in: &log) }
    }
  }
  private mutating func changeLog(_ entry: Entry, _ change: (inout ConversationLog, inout Recorder) -> Void) {
    switch entry.dissected {
    case .smtp: change(&smtp[entry.place].log, &recorder)
    case .pop3: change(&pop3[entry.place].log, &recorder)
    case .imap: change(&imap[entry.place].log, &recorder)
    case .http: change(&http[entry.place].log, &recorder)
    case .tls: change(&tls[entry.place].log, &recorder)
    }
  }

  /// Nothing more will come of a flow: what waited for secrets is told, or why it is not.
  mutating func endProtected(_ flow: Int, _ summary: FlowSummary) {
    guard let connection = decryption.connection(flow) else { return }
    let last = StreamPosition(
      flow: flow, direction: connection.clientDirection, offset: 0, frame: summary.lastFrame, frameOffset: -1,
      timestamp: summary.lastTimestamp)
    var disclosed = decryption.disclosures(of: connection, at: last) { connection, keys in connection.disclose(keys) }
    disclosed += connection.finish(at: last)
    for one in disclosed { hear(one, connection) }
    if entries[flow].isInsideTLS, entries[flow].stage == .silent { tellAsTLS(flow) }
    if entries[flow].stage == .undecided { judgeKept(flow, isFinal: true) }
    _ = decryption.end(flow)
  }
}
