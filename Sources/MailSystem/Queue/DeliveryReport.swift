package import Bytes

/// What became of a message for one recipient, as a notification tells it (RFC 3464 §2.3).
package struct DeliveryReport: Equatable, Sendable {
  /// RFC 3464 §2.3.3.
  package enum Action: String, CaseIterable, Sendable {
    case failed, delayed, delivered
    /// Given to a server that tells nothing more.
    case relayed
    /// Given to several others in place of the recipient.
    case expanded
  }
  package var recipient: Envelope.Recipient
  package var action: Action
  package var status: EnhancedStatus
  /// What the other server said, or what we say in its place.
  package var reply: SMTPClientSession.Reply?
  /// The server that it was brought to; nil where there was none.
  package var remoteHost: String?
  package var lastAttempt: Timestamp?
  /// For what is delayed.
  package var willRetryUntil: Timestamp?

  package init(
    _ recipient: Envelope.Recipient, _ action: Action, _ status: EnhancedStatus,
    reply: SMTPClientSession.Reply? = nil, remoteHost: String? = nil, lastAttempt: Timestamp? = nil,
    willRetryUntil: Timestamp? = nil
  ) {
    self.recipient = recipient
    self.action = action
    self.status = status
    self.reply = reply
    self.remoteHost = remoteHost
    self.lastAttempt = lastAttempt
    self.willRetryUntil = willRetryUntil
  }
  /// Whether the sender wants to hear it (RFC 3461 §4.1).
  package var isWanted: Bool {
    let notifications = recipient.notifications
    if notifications.contains(.never) { return false }
    switch action {
    case .failed: return notifications.contains(.failure)
    case .delayed: return notifications.contains(.delay)
    case .delivered, .relayed, .expanded: return notifications.contains(.success)
    }
  }
}
