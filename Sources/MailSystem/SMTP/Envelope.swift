package import MailProtocols

/// What surrounds a message on its way (RFC 5321 §2.3.1), with what its sender asks to be told (RFC 3461).
package struct Envelope: Equatable, Sendable, Codable {
  /// When a recipient's fate is told (RFC 3461 §4.1).
  package struct Notifications: OptionSet, Sendable, Codable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    package static let success = Notifications(rawValue: 1)
    package static let failure = Notifications(rawValue: 2)
    package static let delay = Notifications(rawValue: 4)
    package static let never = Notifications(rawValue: 8)
    /// What is told when nothing was asked.
    package static let usual = Notifications(rawValue: 2 | 4)
  }
  package struct Recipient: Equatable, Sendable, Codable {
    package var path: SMTPPath
    package var notifications: Notifications
    /// ORCPT: the address that the sender gave, `rfc822;bob@example.org`, as xtext says it.
    package var originalRecipient: String?

    package init(_ path: SMTPPath, notifications: Notifications = .usual, originalRecipient: String? = nil) {
      self.path = path
      self.notifications = notifications
      self.originalRecipient = originalRecipient
    }
  }
  /// What of the message a notification brings back (RFC 3461 §4.3).
  package enum ReturnedContent: String, Sendable, Codable { case full = "FULL", headers = "HDRS" }

  /// Nil for `<>`: nobody is told of what happens to it.
  package var reversePath: SMTPPath?
  package var recipients: [Recipient] = []
  package var returnedContent: ReturnedContent?
  /// ENVID, as xtext says it.
  package var identifier: String?
  /// BODY=8BITMIME (RFC 6152).
  package var isEightBit = false
  /// SMTPUTF8 (RFC 6531).
  package var isInternationalized = false

  package init(from reversePath: SMTPPath?, to recipients: [SMTPPath] = []) {
    self.reversePath = reversePath
    self.recipients = recipients.map { Recipient($0) }
  }
}
