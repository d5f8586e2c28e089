/// What an SMTP server is and offers.
package struct SMTPServerConfiguration: Sendable {
  /// For whom a port is there.
  package enum Service: CaseIterable, Sendable {
    /// Other servers: takes mail for its own domains only (RFC 5321 §3.6).
    case relay
    /// Its own users, after they have logged in: takes mail for everybody (RFC 6409 §4.3).
    case submission
  }
  package var service: Service
  /// The server's own name, as it greets and signs.
  package var hostName: String
  /// Whether STARTTLS is offered (RFC 3207).
  package var offersTLS = false
  /// Whether nobody logs in before TLS (RFC 3207 §4, RFC 4954 §4).
  package var requiresTLSForLogin = false
  package var mechanisms: [SASLMechanism] = SASLMechanism.allCases
  /// The largest message, in octets (RFC 1870).
  package var messageByteLimit = 26_214_400
  /// The most recipients of one message; the RFC asks for 100 at least (RFC 5321 §4.5.3.1.8).
  package var recipientLimit = 1_000
  /// What it greets with, line by line, in place of its name (RFC 5321 §4.2.1 allows several).
  package var greeting: [String] = []
  /// Whether commands may come before the reply to the one before (RFC 2920).
  package var offersPipelining = true

  package init(_ service: Service, hostName: String) {
    self.service = service
    self.hostName = hostName
  }
}

/// The lengths and numbers that a server keeps to, whatever its configuration.
enum SMTPServerLimits {
  /// A command line with its CRLF (RFC 5321 §4.5.3.1.4): 512, and what its extensions add.
  static let commandByteCount = 2_048
  /// A line of a SASL exchange (RFC 4954 §4).
  static let responseByteCount = 12_288
  /// A line of a message with its CRLF, without the dot of its stuffing (RFC 5321 §4.5.3.1.6).
  static let textLineByteCount = 1_000
  /// Commands that are refused before the server hangs up (RFC 5321 §7.8).
  static let errorCount = 20
  /// Wrong passwords before the server hangs up.
  static let failedLoginCount = 5
  /// How long a wrong password is answered later each time, in nanoseconds.
  static let failedLoginDelay: Int64 = 500_000_000
  /// Hops after which a message goes in circles (RFC 5321 §6.3).
  static let hopCount = 50
}
