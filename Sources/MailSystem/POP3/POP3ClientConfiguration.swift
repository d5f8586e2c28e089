/// What a user agent wants of a POP3 server.
package struct POP3ClientConfiguration: Sendable {
  /// How the user is made known.
  package enum Login: Equatable, Sendable {
    /// USER and PASS (RFC 1939 §7).
    case password
    /// The digest of the greeting's time stamp and the password (RFC 1939 §7).
    case apop
    /// AUTH (RFC 5034); nil for the strongest mechanism that the server offers.
    case authenticate(SASLMechanism?)
  }
  package enum Protection: Sendable { case never, ifOffered, required }
  /// What becomes of the messages at the server.
  package enum Mode: Sendable {
    /// They stay; only those are fetched whose unique ids are not known.
    case keep
    /// They are removed when they have been fetched.
    case delete
  }
  package var user: String
  package var password: String
  package var login = Login.password
  package var protection = Protection.never
  package var mode = Mode.keep
  /// Only the messages of these numbers; nil for all.
  package var numbers: Set<Int>?
  /// The unique ids of what this device already has.
  package var knownUniqueIDs: Set<String> = []
  /// The largest message that is fetched, in octets; larger ones stay at the server.
  package var messageByteLimit = 52_428_800

  package init(user: String, password: String) {
    self.user = user
    self.password = password
  }
}

/// The lengths and numbers that a client bears from a server.
enum POP3ClientLimits {
  /// RFC 1939 §3 allows 512.
  static let replyLineByteCount = 4_096
  /// An initial response in a longer line is sent behind a challenge instead (RFC 5034 §4).
  static let commandByteCount = 255
  /// Lines of CAPA.
  static let capabilityCount = 128
  /// Messages of a maildrop.
  static let messageCount = 100_000
  /// Challenges in one login.
  static let challengeCount = 8
}
