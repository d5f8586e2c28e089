/// What a session brings, and what it tells of its end.
extension POP3ClientSession {
  package struct Message: Equatable, Sendable {
    /// Nil where the server gives none.
    package var uniqueID: String?
    /// Without the dots of its stuffing.
    package var octets: [UInt8]

    package init(uniqueID: String?, octets: [UInt8]) {
      self.uniqueID = uniqueID
      self.octets = octets
    }
  }
  /// What the session was at.
  package enum Step: Equatable, Sendable {
    case greeting, capabilities, protection, user, login, listing, uniqueIDs, message, keeping, deletion, quit, over
  }
  /// What went wrong, and where.
  package struct Failure: Equatable, Sendable {
    package var step: Step
    /// The server's words, or ours where it had none.
    package var text: String

    package init(_ step: Step, _ text: String) {
      self.step = step
      self.text = text
    }
  }
  /// A message that the session could not bring, or could not mark as deleted.
  package struct Leftover: Equatable, Sendable {
    package var message: Listed
    package var reason: String
  }
  /// What LIST and UIDL say about a message.
  package struct Listed: Equatable, Sendable {
    package var number: Int
    package var byteCount: Int?
    package var uniqueID: String?
  }
}
