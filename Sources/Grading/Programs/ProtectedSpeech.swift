/// What was said inside TLS on one connection, as our own server heard and said it: no packet shows it.
package struct ProtectedSpeech: Equatable, Sendable, Codable {
  /// What one side said at once.
  package struct Piece: Equatable, Sendable, Codable {
    package var isClients: Bool
    package var octets: Octets
    /// Octets of that side's stream on the wire, up to the end of the record that carried it: it tells the frame.
    package var wireByteCount: Int

    package init(isClients: Bool, octets: [UInt8], wireByteCount: Int) {
      self.isClients = isClients
      self.octets = Octets(octets)
      self.wireByteCount = wireByteCount
    }
  }
  /// What became of the handshake.
  package enum Handshake: Equatable, Sendable, Codable {
    case unfinished, done
    /// What TLS says of it.
    case failed(String)
  }
  package var clientPort: UInt16
  /// Octets that were said in clear before, up to the reply to STARTTLS.
  package var clearClientByteCount: Int
  package var clearServerByteCount: Int
  package var handshake = Handshake.unfinished
  package var pieces: [Piece] = []
  /// What is said where something rests on it.
  package static let remark = "what our server heard and said inside TLS; no packet shows it"

  package init(clientPort: UInt16, clearClientByteCount: Int, clearServerByteCount: Int) {
    self.clientPort = clientPort
    self.clearClientByteCount = clearClientByteCount
    self.clearServerByteCount = clearServerByteCount
  }
}

extension WireConnection {
  /// The dialogue as it went on inside TLS, each piece with the frame of its last record.
  func uncovered(by speech: ProtectedSpeech) -> WireConnection {
    var result = self
    for side in Side.allCases {
      let clear = side == .client ? speech.clearClientByteCount : speech.clearServerByteCount
      result.said[side.rawValue] = self[side].prefix(clear)
      for piece in speech.pieces where piece.isClients == (side == .client) && !piece.octets.octets.isEmpty {
        guard let mark = self[side].mark(of: max(0, piece.wireByteCount - 1)) else { continue }
        result.said[side.rawValue].append(
          piece.octets.octets, frame: mark.frame, frameOffset: WireSpeech.nowhere, nanoseconds: mark.nanoseconds)
      }
    }
    result.divide()
    return result
  }
}
