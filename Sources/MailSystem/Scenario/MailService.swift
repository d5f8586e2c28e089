/// What a port of a mail server machine is for.
package enum MailService: String, CaseIterable, Sendable, Codable {
  /// SMTP for other servers (RFC 5321).
  case relay
  /// SMTP for the server's own users (RFC 6409).
  case submission
  case pop3, imap

  /// The port that IANA has registered for it.
  package var wellKnownPort: UInt16 {
    switch self {
    case .relay: 25
    case .submission: 587
    case .pop3: 110
    case .imap: 143
    }
  }
  /// As a page for a person calls it.
  package var title: String {
    switch self {
    case .relay: "SMTP, server to server"
    case .submission: "SMTP submission"
    case .pop3: "POP3"
    case .imap: "IMAP"
    }
  }
}
