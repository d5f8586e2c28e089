package import Bytes

/// Where a host puts what is for its own users: a mail store.
package protocol MailDelivery {
  /// Writes a message into an account's inbox, so that no crash loses it, or throws and leaves nothing there.
  mutating func keep(_ message: [UInt8], for account: String, at now: Timestamp) throws(DeliveryFault)
}

/// Why a store does not take a message.
package enum DeliveryFault: Error, Equatable, Sendable {
  /// The mailbox, or the disk, is full. May pass.
  case noRoom
  /// An error of the disk. May pass.
  case broken
  /// There is no such mailbox.
  case noMailbox
}
