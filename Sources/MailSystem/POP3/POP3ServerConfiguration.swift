/// What a POP3 server is and offers.
package struct POP3ServerConfiguration: Sendable {
  /// The server's own name, as it greets.
  package var hostName: String
  /// Whether STLS is offered (RFC 2595).
  package var offersTLS = false
  /// Whether nobody logs in before TLS.
  package var requiresTLSForLogin = false
  package var mechanisms: [SASLMechanism] = SASLMechanism.allCases

  package init(hostName: String) { self.hostName = hostName }
}

/// The lengths and numbers that a server keeps to.
enum POP3ServerLimits {
  /// A command with its CRLF (RFC 2449 §4).
  static let commandByteCount = 255
  /// A line of a SASL exchange (RFC 5034 §4).
  static let responseByteCount = 12_288
  /// Commands that are refused before the server hangs up.
  static let errorCount = 50
  /// Wrong passwords before the server hangs up.
  static let failedLoginCount = 5
  /// How long a wrong password is answered later each time, in nanoseconds.
  static let failedLoginDelay: Int64 = 500_000_000
}
