package import Bytes

extension IndexedMailStore: MailDelivery {
  /// Keeps a delivered message in the account's INBOX, for as long as the program runs.
  package mutating func keep(_ message: [UInt8], for account: String, at now: Timestamp) throws(DeliveryFault) {
    do throws(MailStoreError) {
      _ = try deliver(message, to: account, at: now)
    } catch {
      switch error {
      case .full: throw .noRoom
      case .noSuchFolder, .alreadyExists, .hasChildren, .isINBOX, .badName, .unavailable: throw .broken
      }
    }
  }
}
