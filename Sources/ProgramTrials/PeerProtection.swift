internal import Grading
internal import TransportSecurity

/// TLS on one connection of our server's, with the record of what is said inside.
struct PeerProtection {
  private let connection: TLSConnection
  private(set) var speech: ProtectedSpeech

  init(_ connection: TLSConnection, _ speech: ProtectedSpeech) {
    self.connection = connection
    self.speech = speech
  }
  private var hasFailed: Bool { if case .failed = connection.state { true } else { false } }

  /// What has come of octets from the wire, of which `wireByteCount` have come in all: what the client said inside, whether TLS
  /// stands since now, whether it has failed, and what TLS itself has to say.
  mutating func receive(
    _ octets: [UInt8], wireByteCount: Int
  ) -> (plaintext: [UInt8], hasJustBegun: Bool, hasFailed: Bool, records: [UInt8]) {
    let wasOpen = speech.handshake == .done
    connection.receive(octets)
    let plaintext = connection.takePlaintext()
    switch connection.state {
    case .handshaking: break
    case .open, .closedByPeer: speech.handshake = .done
    case .failed(let error): if !wasOpen { speech.handshake = .failed("\(error)") }
    }
    if !plaintext.isEmpty {
      speech.pieces.append(ProtectedSpeech.Piece(isClients: true, octets: plaintext, wireByteCount: wireByteCount))
    }
    return (plaintext, !wasOpen && speech.handshake == .done, hasFailed, connection.takeOutput())
  }
  /// The records that carry what our server says; `wireByteCount` octets stand before them.
  mutating func send(_ octets: [UInt8], wireByteCount: Int) -> [UInt8] {
    connection.send(octets)
    let records = connection.takeOutput()
    speech.pieces.append(
      ProtectedSpeech.Piece(isClients: false, octets: octets, wireByteCount: wireByteCount + records.count))
    return records
  }
  /// The word for the end (RFC 8446 §6.1).
  mutating func close() -> [UInt8] {
    connection.close()
    return connection.takeOutput()
  }
}
