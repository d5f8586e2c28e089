/// What a user agent does at an IMAP server once it is logged in. A set of messages is written as IMAP writes it:
/// `1`, `2:4`, `1:*` (RFC 9051 §9, sequence-set); folders are named in Unicode.
package enum IMAPOperation: Equatable, Sendable {
  /// What is asked of a message (RFC 9051 §6.4.5).
  package enum Item: String, CaseIterable, Sendable, Codable {
    case flags, uid, size
    /// From, To, Subject and Date, without marking the message as read.
    case headers
    /// The whole message, which marks it as read.
    case message
    /// The whole message, and the flags stay as they are.
    case peek

    var text: String {
      switch self {
      case .flags: "FLAGS"
      case .uid: "UID"
      case .size: "RFC822.SIZE"
      case .headers: "BODY.PEEK[HEADER.FIELDS (FROM TO SUBJECT DATE)]"
      case .message: "BODY[]"
      case .peek: "BODY.PEEK[]"
      }
    }
  }
  package enum FlagChange: String, CaseIterable, Sendable, Codable {
    case add, remove, replace

    var text: String {
      switch self {
      case .add: "+FLAGS"
      case .remove: "-FLAGS"
      case .replace: "FLAGS"
      }
    }
  }
  case list(String)
  case create(String)
  case delete(String)
  case rename(String, to: String)
  case select(String, isReadOnly: Bool)
  case status(String)
  /// The search keys as IMAP has them: `UNSEEN FROM "alice"`.
  case search(String)
  case fetch(String, [Item])
  case store(String, FlagChange, [String])
  case append([UInt8], to: String, flags: [String])
  case copy(String, to: String)
  case move(String, to: String)
  case expunge
  /// Leaves the folder, and removes what is marked as deleted (RFC 9051 §6.4.1).
  case close
  case unselect
  case noOperation
  /// From now on the server tells what happens as it happens; the next operation ends it (RFC 9051 §6.3.13).
  case idle
  /// Waits within IDLE until the server has told something.
  case awaitNews
  case logout

  /// The command's word.
  package var name: String {
    switch self {
    case .list: "LIST"
    case .create: "CREATE"
    case .delete: "DELETE"
    case .rename: "RENAME"
    case .select(_, let isReadOnly): isReadOnly ? "EXAMINE" : "SELECT"
    case .status: "STATUS"
    case .search: "SEARCH"
    case .fetch: "FETCH"
    case .store: "STORE"
    case .append: "APPEND"
    case .copy: "COPY"
    case .move: "MOVE"
    case .expunge: "EXPUNGE"
    case .close: "CLOSE"
    case .unselect: "UNSELECT"
    case .noOperation: "NOOP"
    case .idle: "IDLE"
    case .awaitNews: "DONE"
    case .logout: "LOGOUT"
    }
  }
}
