/// What an IMAP server is and offers.
package struct IMAPServerConfiguration: Sendable {
  /// The server's own name, as it greets.
  package var hostName: String
  /// Whether STARTTLS is offered (RFC 9051 §6.2.1).
  package var offersTLS = false
  /// Whether nobody logs in before TLS: LOGINDISABLED.
  package var requiresTLSForLogin = false
  package var mechanisms: [SASLMechanism] = SASLMechanism.allCases
  /// Whether literals of any length may come unasked (LITERAL+), or only short ones (LITERAL-), RFC 7888.
  package var acceptsLongNonSynchronizingLiterals = true
  /// The longest message that APPEND takes.
  package var messageByteCount = 50_000_000

  package init(hostName: String) { self.hostName = hostName }
}

/// The lengths and numbers that a server keeps to.
enum IMAPServerLimits {
  /// A command without its literals' octets; RFC 7162 §4 wants 8192 at least.
  static let commandByteCount = 65_536
  /// The literals of a command together, except APPEND's message.
  static let literalByteCount = 65_536
  /// The same before anybody has logged in.
  static let earlyLiteralByteCount = 4096
  /// What a non-synchronizing literal may have under LITERAL- (RFC 7888 §5).
  static let nonSynchronizingLiteralByteCount: UInt64 = 4096
  /// A line of a SASL exchange.
  static let responseByteCount = 12_288
  /// Commands in bad syntax before the server hangs up.
  static let errorCount = 50
  /// Wrong passwords before the server hangs up.
  static let failedLoginCount = 5
  /// How long a wrong password is answered later each time, in nanoseconds.
  static let failedLoginDelay: Int64 = 500_000_000
  /// Octets to send that are put together before the session waits for them to be sent.
  static let outputByteCount = 1 << 20
}
