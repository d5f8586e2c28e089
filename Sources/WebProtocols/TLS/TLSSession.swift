internal import Bytes
internal import Ciphers

/// One TLS connection as a listener hears it who has its secrets, without a role: whole records in the order of capture
/// go in, what they hold comes out.
///
/// Read are TLS 1.0 to 1.3, with resumption, renegotiation and updates of keys. What cannot be read is said, and why.
package final class TLSSession {
  /// What a record has brought.
  package enum Event {
    /// Nothing to be told: a handshake message, a ticket.
    case nothing
    /// What an application said; its first octet stands, encrypted, at `offset` in the record.
    case content([UInt8], offset: Int)
    /// A fatal alert's description, said inside or in clear.
    case alert(UInt8)
    /// A client's early data, which is passed over.
    case early
    /// The record can be read once the connection's secrets are known.
    case awaitsSecrets
    /// It cannot be read, because what came before it was lost.
    case lost
    case unreadable(Obstacle)
  }
  /// Why a record cannot be read.
  package enum Obstacle: UInt8, Sendable, CaseIterable {
    /// The hellos of both sides were not captured before it.
    case noHello = 1
    /// The log has no secrets of this connection.
    case noSecrets
    /// A version or a cipher suite that is not read here.
    case unknownSuite
    /// What it holds is compressed (RFC 3749).
    case compressed
    /// The secrets are not those of this connection, or octets were changed.
    case wrongSecrets
    /// Too many connections had unfinished records at a time.
    case tooMuch
    /// What a client said before the server's hello (RFC 8446 §2.3); what comes later is read.
    case earlyData
    /// What is said inside is none of the protocols that are dissected.
    case foreign
    /// So much was lost that it cannot be found where it goes on.
    case lostTrack

    /// The name that programs read.
    package var name: StaticString {
      switch self {
      case .noHello: "no-hello"
      case .noSecrets: "no-secrets"
      case .unknownSuite: "unknown-suite"
      case .compressed: "compressed"
      case .wrongSecrets: "wrong-secrets"
      case .lostTrack: "lost-track"
      case .tooMuch: "too-much"
      case .earlyData: "early-data"
      case .foreign: "foreign-protocol"
      }
    }
    /// A few words for a person.
    package var text: StaticString {
      switch self {
      case .noHello: "the hellos that keys depend on were not captured"
      case .noSecrets: "the key log has no secrets of this connection"
      case .unknownSuite: "its version or its cipher suite is one that is not read here"
      case .compressed: "what it holds is compressed"
      case .wrongSecrets: "the secrets do not fit, or octets were changed on the way"
      case .tooMuch: "too many connections had unfinished records at the same time"
      case .earlyData: "what the client said before the server's hello is not read here"
      case .foreign: "what is said inside is none of the protocols that are read here"
      case .lostTrack: "so much was not captured that it cannot be found where it goes on"
      }
    }
  }
  private struct Side: ~Copyable {
    var handshake = TLSHandshakeReader()
    var opener: TLSRecordOpener?
    /// TLS 1.3: what its keys come from, and whether they are those of the handshake.
    var secret: [UInt8] = []
    var isInHandshake = false
    /// The log has no secret of its handshake: records are passed over until one opens.
    var isSearching = false
    /// What follows is protected.
    var isProtected = false
    /// A record of it was read.
    var hasBeenRead = false
    /// Octets were lost, and no record was read since; of so many that was tried.
    var hasLoss = false
    var lostRecordCount = 0
  }
  /// Records behind a loss that may fail to open: each is tried as one of many that may be missing before it.
  private static let lostRecordLimit = 4

  private var client = Side()
  private var server = Side()
  private var clientHello: TLSHello?
  private var serverHello: TLSHello?
  /// What both agreed on; nil until then, or where it is not known here.
  package private(set) var suite: TLSCipherSuite?
  /// Whether something protected was read.
  package var isReading: Bool { client.hasBeenRead || server.hasBeenRead }
  package init() {}

  /// As the server chose it; 0 before.
  package var cipherSuite: UInt16 { serverHello?.cipherSuite ?? 0 }
  package var version: TLSVersion? { serverHello?.version }
  /// By which its secrets are found.
  package var clientRandom: [UInt8]? { clientHello?.random }

  /// Octets of one side's stream were not captured. False where they were its handshake's, as far as can be told.
  package func noteLoss(byteCount: Int, fromClient: Bool) -> Bool {
    fromClient ? Self.noteLoss(byteCount, &client) : Self.noteLoss(byteCount, &server)
  }
  private static func noteLoss(_ byteCount: Int, _ side: inout Side) -> Bool {
    side.handshake.forget()
    side.opener?.noteLoss(byteCount: byteCount)
    side.hasLoss = true
    return side.hasBeenRead && !side.isInHandshake
  }
  /// Records were passed over in search of one that opens, and none did.
  package var searchesInVain: Bool { !isReading && (client.isSearching || server.isSearching) }

  /// A whole record: its header of five octets, and what follows.
  package func receive(_ record: [UInt8], fromClient: Bool, _ keys: borrowing TLSKeyLog) -> Event {
    fromClient ? receive(record, fromClient: true, &client, keys) : receive(record, fromClient: false, &server, keys)
  }
  private func receive(
    _ record: [UInt8], fromClient: Bool, _ side: inout Side, _ keys: borrowing TLSKeyLog
  ) -> Event {
    let isTLS13 = (serverHello?.version ?? .tls12) >= .tls13
    // From TLS 1.3 on everything protected looks like application data, and change_cipher_spec says nothing.
    if isTLS13 ? record[0] == 23 : side.isProtected { return read(record, fromClient: fromClient, &side, keys) }
    switch record[0] {
    case 22: hear(record.span.extracting(TLSRecordHeader.byteCount...), &side)
    case 20 where !isTLS13 && serverHello != nil: protect(&side)
    case 21 where record.count == TLSRecordHeader.byteCount + 2 && record[TLSRecordHeader.byteCount] == 2:
      return .alert(record[TLSRecordHeader.byteCount + 1])
    case 23 where clientHello?.hasEarlyData == true: return .early
    case 23 where side.hasLoss && clientHello != nil && serverHello != nil:
      // What began the protection is among what was lost.
      protect(&side)
      return read(record, fromClient: fromClient, &side, keys)
    case 23: return .unreadable(.noHello)
    default: break
    }
    return .nothing
  }
  /// Handshake messages, in clear or not.
  private func hear(_ octets: Span<UInt8>, _ side: inout Side) {
    for hello in side.handshake.read(octets) {
      switch hello {
      case .client(let hello):
        clientHello = hello
      case .server(let hello) where !hello.isRetryRequest:
        serverHello = hello
        suite = TLSCipherSuite(code: hello.cipherSuite)
      case .server: break
      }
    }
  }
  private func protect(_ side: inout Side) {
    side.isProtected = true
    side.opener = nil
  }

  private func read(
    _ record: [UInt8], fromClient: Bool, _ side: inout Side, _ keys: borrowing TLSKeyLog
  ) -> Event {
    guard let clientHello, let serverHello else { return .unreadable(.noHello) }
    guard let suite, serverHello.version >= .tls10, serverHello.version <= .tls13 else {
      return .unreadable(.unknownSuite)
    }
    guard serverHello.compression == 0 else { return .unreadable(.compressed) }
    if side.opener == nil {
      guard let secrets = keys.secrets(of: clientHello.random) else { return .awaitsSecrets }
      if serverHello.version >= .tls13 {
        guard begin(&side, suite, secrets, fromClient: fromClient) else { return .awaitsSecrets }
      } else {
        guard let master = secrets.master else { return .awaitsSecrets }
        side.opener = TLSRecordOpener(
          master: master, seed: serverHello.random + clientHello.random, ofClient: fromClient, suite,
          serverHello.version, encryptsThenAuthenticates: serverHello.encryptsThenAuthenticates)
      }
      if side.hasLoss { side.opener?.noteLoss(byteCount: Int(UInt16.max)) }
    }
    guard let content = open(record, &side, suite, keys, fromClient: fromClient) else {
      // What a client says early is under keys of its own; a server may have refused it (RFC 8446 §4.2.10).
      if fromClient, clientHello.hasEarlyData, !side.hasBeenRead { return .early }
      if side.isSearching { return .nothing }
      if side.isInHandshake, traffic(keys, fromClient: fromClient) == nil { return .awaitsSecrets }
      guard side.hasLoss else { return .unreadable(.wrongSecrets) }
      side.lostRecordCount += 1
      return side.lostRecordCount < Self.lostRecordLimit ? .lost : .unreadable(.lostTrack)
    }
    side.hasBeenRead = true
    side.isSearching = false
    side.hasLoss = false
    side.lostRecordCount = 0
    switch content.type {
    case 23: return .content(content.octets, offset: content.offset)
    case 22:
      hear(content.octets.span, &side)
      return .nothing
    case 21 where content.octets.count == 2 && content.octets[0] == 2: return .alert(content.octets[1])
    case 20 where serverHello.version < .tls13:
      protect(&side)
      return .nothing
    default: return .nothing
    }
  }

  // MARK: TLS 1.3

  /// Begins with the keys of the handshake, or, where the log leaves them out, with those that follow.
  private func begin(
    _ side: inout Side, _ suite: TLSCipherSuite, _ secrets: TLSKeyLog.Secrets, fromClient: Bool
  ) -> Bool {
    let handshake = fromClient ? secrets.handshake.client : secrets.handshake.server
    let traffic = fromClient ? secrets.traffic.client : secrets.traffic.server
    guard let secret = handshake ?? traffic else { return false }
    side.secret = secret
    side.isInHandshake = handshake != nil
    side.isSearching = handshake == nil
    side.opener = TLSRecordOpener(trafficSecret: secret, suite)
    return side.opener != nil
  }
  private func traffic(_ keys: borrowing TLSKeyLog, fromClient: Bool) -> [UInt8]? {
    let secrets = clientHello.flatMap { keys.secrets(of: $0.random) }
    return fromClient ? secrets?.traffic.client : secrets?.traffic.server
  }
  private func open(
    _ record: [UInt8], _ side: inout Side, _ suite: TLSCipherSuite, _ keys: borrowing TLSKeyLog, fromClient: Bool
  ) -> TLSRecordOpener.Content? {
    if let content = side.opener?.open(record) { return content }
    guard serverHello?.version == .tls13 else { return nil }
    // New keys begin unannounced to whoever missed the message before them; the record's tag tells whether they have.
    let following =
      side.isInHandshake
      ? traffic(keys, fromClient: fromClient)
      // RFC 8446 §7.2.
      : TLSKeySchedule.expandLabel(
        side.secret, "traffic upd", digest: suite.digest, byteCount: suite.digest.byteCount)
    guard let following, var opener = TLSRecordOpener(trafficSecret: following, suite) else { return nil }
    if side.hasLoss { opener.noteLoss(byteCount: Int(UInt16.max)) }
    guard let content = opener.open(record) else { return nil }
    side.opener = consume opener
    side.secret = following
    side.isInHandshake = false
    return content
  }
}
