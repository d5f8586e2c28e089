internal import Bytes

/// A connection of a trial as a dialogue: what the client said, each with the reply to it. It is read from both sides together,
/// because only the replies tell which lines are commands and which are a message.
package struct Talk: Equatable, Sendable {
  /// A reply, of one or more lines.
  package struct Reply: Equatable, Sendable {
    /// `250`, `+OK`, `-ERR`, `OK`, `NO`, `BAD`, `+`, `BYE`.
    package var status: String
    package var lines: [WireLine]
    package var isWhole: Bool
    package var firstFrame: Int { lines.first?.firstFrame ?? 0 }
    package var lastFrame: Int { lines.last?.lastFrame ?? 0 }
    package var text: String { lines.last?.text ?? "" }
    /// Whether what was asked for was done, or may go on.
    package var isPositive: Bool {
      switch status.first {
      case "2", "3", "+": true
      case "O": status == "OK"
      default: false
      }
    }
    /// A no that may become a yes (RFC 5321 §4.2.1).
    package var isTransient: Bool { status.count == 3 && status.hasPrefix("4") }
    package var isPermanent: Bool { status.count == 3 && status.hasPrefix("5") }
  }
  package enum Kind: Equatable, Sendable {
    case command
    /// A message behind 354, with its end.
    case message
    /// A line of a login.
    case response
  }
  /// Something that the client said, and what was answered.
  package struct Exchange: Equatable, Sendable {
    package var kind: Kind
    /// The command or the response; of a message the line that ends it.
    package var line: WireLine
    /// In capitals; `MESSAGE`, `RESPONSE`.
    package var verb: String
    /// The client's octets.
    package var range: Range<Int>
    package var firstFrame: Int
    package var reply: Reply?
    /// The reply that had to be awaited before it.
    package var awaited: Reply?
  }
  package var connection: WireConnection
  package var greeting: Reply?
  package var exchanges: [Exchange] = []
  /// What the client began and did not end: a line without an end, a message without its dot.
  package var unfinished: Exchange?
  /// Replies that nobody has asked for.
  package var unasked: [Reply] = []

  /// The connection as the wire shows it; another than `connection` where TLS was begun.
  package var covered: WireConnection
  /// What was said inside TLS; nil where TLS was not begun.
  package var protected: ProtectedSpeech?

  /// With `protected`, the dialogue goes on with what was said inside TLS.
  package init(_ connection: WireConnection, _ spoken: TrialProtocol, protected: ProtectedSpeech? = nil) {
    covered = connection
    self.protected = protected
    self.connection = protected.map { connection.uncovered(by: $0) } ?? connection
    switch spoken {
    case .smtp: readSMTP()
    case .pop3: readPOP3()
    case .imap: readIMAP()
    }
  }
  package func exchanges(_ verb: String) -> [Exchange] { exchanges.filter { $0.verb == verb } }
  package var client: WireSpeech { connection[.client] }
  package var server: WireSpeech { connection[.server] }
}
