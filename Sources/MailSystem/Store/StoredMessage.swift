package import MailProtocols

/// What a store knows of a message without reading it; its octets are asked for by its UID.
package struct StoredMessage: Equatable, Sendable {
  /// Unique and ascending within its folder (RFC 9051 §2.3.1.1).
  package let uid: UInt32
  package var flags: MessageFlags
  /// When it arrived, or what APPEND said (RFC 9051 §2.3.3).
  package let internalDate: MessageDate
  package let byteCount: Int
  /// The folder's count of changes when this message changed last (RFC 7162 §3.1).
  package var modificationSequence: UInt64

  package init(
    uid: UInt32, flags: MessageFlags, internalDate: MessageDate, byteCount: Int, modificationSequence: UInt64
  ) {
    self.uid = uid
    self.flags = flags
    self.internalDate = internalDate
    self.byteCount = byteCount
    self.modificationSequence = modificationSequence
  }
}
