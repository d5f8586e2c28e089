import TestSupport
import TransportSecurity

@testable import Dialogues

/// A dialogue as it looks when it is said inside TLS, as OpenSSL says it, and the secrets that open it.
struct Veil {
  /// The octets of the wire.
  private(set) var script: Script
  /// As a client writes it with SSLKEYLOGFILE.
  private(set) var keyLog: String

  /// `clearTurns` are said before TLS begins. A client does not believe a server of another name than `mail.example`.
  init(_ script: Script, clearTurns: Int = 0, serverName: String = "mail.example") throws {
    let authority = try TLSAuthority(at: 1_788_249_600)
    let server = try authority.issue(to: [serverName]).connection()
    let client = try authority.connection(to: "mail.example")
    var turns = Array(script.turns.prefix(clearTurns))
    func carry() {
      while true {
        let (asked, answered) = (client.takeOutput(), server.takeOutput())
        if asked.isEmpty, answered.isEmpty { return }
        for (isFromClient, octets) in [(true, asked), (false, answered)] where !octets.isEmpty {
          turns.append(Script.Turn(isFromClient: isFromClient, octets: octets))
        }
        server.receive(asked)
        client.receive(answered)
      }
    }
    carry()
    for turn in script.turns.dropFirst(clearTurns) {
      turn.isFromClient ? client.send(turn.octets) : server.send(turn.octets)
      carry()
    }
    client.close()
    carry()
    self.script = Script(script.name, port: script.port, turns: turns)
    keyLog = client.keyLog.joined(separator: "\n")
  }
}

/// Hands out a key log piece by piece, one each time that it is asked for more.
final class KeyPieces: TLSKeySource {
  private var pieces: [[UInt8]]
  init(_ pieces: [String]) { self.pieces = pieces.map { Array($0.utf8) } }
  convenience init(_ log: String) { self.init([log + "\n"]) }
  func more() -> [UInt8]? {
    guard !pieces.isEmpty else { return nil }
    let piece = pieces.removeFirst()
    return piece.isEmpty ? nil : piece
  }
}
