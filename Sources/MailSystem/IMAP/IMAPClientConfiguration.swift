/// What a user agent wants of an IMAP server before it works there.
package struct IMAPClientConfiguration: Sendable {
  /// How the user is made known.
  package enum Login: Equatable, Sendable {
    /// LOGIN (RFC 9051 §6.2.3).
    case login
    /// AUTHENTICATE (RFC 9051 §6.2.2); nil for the strongest mechanism that the server offers.
    case authenticate(SASLMechanism?)
  }
  package enum Protection: Sendable { case never, ifOffered, required }

  package var user: String
  package var password: String
  package var login = Login.login
  package var protection = Protection.never
  /// What is switched on behind the login, as far as the server offers it (RFC 9051 §6.3.1).
  package var enabledExtensions = ["IMAP4rev2"]
  /// The largest response that is borne, in octets: a message is part of one.
  package var responseByteLimit = 52_428_800

  package init(user: String, password: String) {
    self.user = user
    self.password = password
  }
}

/// The lengths and numbers that a client bears from a server.
enum IMAPClientLimits {
  /// A line of a response without its literals; a FETCH of many flags or a long list of capabilities is one.
  static let lineByteCount = 65_536
  /// Challenges in one login.
  static let challengeCount = 8
  /// What may come unasked before somebody takes it.
  static let newsCount = 10_000
  /// Messages, folders or numbers in the answer to one operation.
  static let itemCount = 100_000
}
