package import MailProtocols

/// Why a store did not do what it was asked.
package enum MailStoreError: Error, Equatable, Sendable {
  case noSuchFolder, alreadyExists, hasChildren, isINBOX, badName
  /// The store, the account or the folder holds as much as it may.
  case full
  /// The store cannot be read or written now.
  case unavailable
}

/// Where messages are kept, as an IMAP session sees it. Names are canonical (`FolderName.canonical`) except where an
/// error says so. A folder's `highestModificationSequence` grows with every change, whoever makes it: by this a session
/// sees that something happened.
package protocol MailStore: Sendable {
  /// Makes the account's folders if they are not there yet.
  mutating func open(account: String)
  /// Every folder of an account, in alphabetical order.
  func folders(of account: String) -> [MailFolder]
  func folder(named name: String, of account: String) -> MailFolder?
  /// nil when it was deleted.
  func folder(_ id: MailFolderID) -> MailFolder?
  /// The messages of a folder, UIDs ascending.
  func messages(in folder: MailFolderID) -> [StoredMessage]
  /// nil when it was removed.
  func message(_ uid: UInt32, in folder: MailFolderID) -> StoredMessage?
  /// A message's octets; nil when it was removed.
  func octets(of uid: UInt32, in folder: MailFolderID) -> [UInt8]?

  /// Takes notice of what others than this store did to a folder's messages.
  mutating func refresh(_ folder: MailFolderID)

  /// Makes a folder, and those above it that are missing.
  mutating func createFolder(_ name: String, of account: String) throws(MailStoreError)
  /// Removes a folder without children and all its messages.
  mutating func deleteFolder(_ name: String, of account: String) throws(MailStoreError)
  /// Renames a folder and all below it; of INBOX, moves the messages into a new folder (RFC 9051 §6.3.6).
  mutating func renameFolder(_ name: String, to newName: String, of account: String) throws(MailStoreError)
  /// The names an account subscribed to, which need not be folders' (RFC 9051 §6.3.7).
  func subscriptions(of account: String) -> Set<String>
  mutating func setSubscribed(_ isSubscribed: Bool, _ name: String, of account: String) throws(MailStoreError)

  /// Adds a message; its UID is returned.
  mutating func append(
    _ octets: [UInt8], flags: MessageFlags, date: MessageDate, to folder: MailFolderID
  ) throws(MailStoreError) -> UInt32
  /// Copies messages with flags and dates, all or none; the new UIDs are returned in the order of the old.
  mutating func copy(
    _ uids: [UInt32], from folder: MailFolderID, to target: MailFolderID
  ) throws(MailStoreError) -> [UInt32]
  /// Sets a message's flags; its modification sequence is returned, or nil when it was removed.
  mutating func setFlags(_ flags: MessageFlags, of uid: UInt32, in folder: MailFolderID) -> UInt64?
  mutating func remove(_ uids: [UInt32], from folder: MailFolderID)
  /// The first UID that no session has called recent.
  func firstRecentUID(in folder: MailFolderID) -> UInt32
  /// The first UID that no session has called recent; from now on, none of those there are (RFC 3501 §2.3.2).
  mutating func claimRecent(in folder: MailFolderID) -> UInt32
}
