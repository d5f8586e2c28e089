internal import Bytes
internal import Streams
internal import WebProtocols

/// The connections whose TLS may be read, and the secrets for it. Without secrets it takes no part in anything.
struct Decryption: ~Copyable {
  private var keys = TLSKeyLog()
  private let source: (any TLSKeySource)?
  /// Secrets are known, or may still come.
  private(set) var isInUse: Bool
  /// By the connection's place in the table of flows.
  private var connections: [Int: DecryptedConnection] = [:]
  /// What records under way hold of all connections.
  private var heldByteCount = 0

  init(_ source: (any TLSKeySource)?) {
    self.source = source
    isInUse = source != nil
  }
  /// Adds a whole key log, as a capture brings along.
  mutating func add(_ log: Span<UInt8>) {
    _ = askSource()
    keys.finishLine()
    keys.add(log)
    keys.finishLine()
    if keys.count > 0 { isInUse = true }
  }

  func connection(_ flow: Int) -> DecryptedConnection? { connections[flow] }
  /// A client's hello was seen; nil when there are too many connections already.
  mutating func begin(_ flow: Int, clientDirection: Int, isImplicit: Bool) -> DecryptedConnection? {
    guard connections.count < DialogueLimits.decryptedConnectionCount else { return nil }
    let connection = DecryptedConnection(clientDirection: clientDirection, isImplicit: isImplicit)
    connections[flow] = connection
    return connection
  }
  /// Does what `body` does to a connection, and gives it up where it, or all of them, then hold too much.
  mutating func disclosures(
    of connection: DecryptedConnection, at position: StreamPosition,
    _ body: (DecryptedConnection, borrowing TLSKeyLog) -> [DecryptedConnection.Disclosure]
  ) -> [DecryptedConnection.Disclosure] {
    heldByteCount -= connection.heldByteCount
    var disclosed = body(connection, keys)
    // Programs write secrets down when they have them, which may be a moment after they have used them.
    if connection.awaitsSecrets, askSource() { disclosed += connection.disclose(keys) }
    if connection.heldByteCount > DialogueLimits.sealedByteCount
      || heldByteCount + connection.heldByteCount > DialogueLimits.allSealedByteCount
    {
      disclosed += connection.giveUp(at: position)
    }
    heldByteCount += connection.heldByteCount
    return disclosed
  }
  /// Whether the source had more.
  private mutating func askSource() -> Bool {
    guard let more = source?.more() else { return false }
    keys.add(more.span)
    return true
  }
  /// Nothing more will come of this flow.
  mutating func end(_ flow: Int) -> DecryptedConnection? {
    guard let connection = connections.removeValue(forKey: flow) else { return nil }
    heldByteCount -= connection.heldByteCount
    return connection
  }
}
