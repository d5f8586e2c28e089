internal import MailProtocols

/// What came of an operation: the server's last word on it, and the data that came for it.
package struct IMAPOutcome: Equatable, Sendable {
  package enum Status: String, Equatable, Sendable { case ok = "OK", no = "NO", bad = "BAD" }
  /// A folder as LIST tells it (RFC 9051 §7.3.1).
  package struct Folder: Equatable, Sendable {
    package var name: String
    package var attributes: [String]
    package var separator: String?
  }
  /// What FETCH tells of a message (RFC 9051 §7.5.2).
  package struct Message: Equatable, Sendable {
    /// Its number in the folder.
    package var number: UInt32
    package var uid: UInt32?
    package var flags: [String]?
    package var byteCount: Int?
    /// Sections by their names as the server tells them, `BODY[]`; nil for NIL.
    package var sections: [String: [UInt8]?] = [:]

    package init(number: UInt32) { self.number = number }
    /// The whole message, if that was asked for.
    package var octets: [UInt8]? { sections["BODY[]"] ?? nil }
  }
  package var operation: IMAPOperation
  package var status = Status.ok
  /// The words behind the status, with the response code.
  package var text = ""
  package var folders: [Folder] = []
  package var messages: [Message] = []
  /// Of SEARCH: message numbers.
  package var found: [UInt32] = []
  /// Of STATUS, by name in upper case: `MESSAGES`, `UNSEEN`.
  package var counts: [String: UInt64] = [:]
  /// Of SELECT: how many messages there are.
  package var messageCount: Int?

  package init(_ operation: IMAPOperation) { self.operation = operation }
}

/// What a server tells that nobody asked for (RFC 9051 §7.4, §7.5): somebody else has done it.
package enum IMAPNews: Equatable, Sendable {
  /// So many messages are in the folder now.
  case exists(UInt32)
  case expunged(UInt32)
  /// Another device, or the server, has changed a message's flags.
  case flags(UInt32, [String])
  case alert(String)
  case goodbye(String)
}

extension IMAPOutcome.Status {
  init?(_ status: IMAPResponse.Status) {
    switch status {
    case .ok, .preauthenticated: self = .ok
    case .no: self = .no
    case .bad: self = .bad
    case .bye, .none: return nil
    }
  }
}
