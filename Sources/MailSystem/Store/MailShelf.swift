package import MailProtocols

/// Where the messages of a store lie, and what has to be known of them is kept: in memory, or on a disk. The store holds
/// the index, keeps the rules and asks the shelf to follow; what the shelf cannot do does not happen.
package protocol MailShelf: Sendable {
  /// Everything that is kept, as it was left.
  mutating func load() throws(MailStoreError) -> [ShelvedAccount]

  mutating func make(_ folder: MailFolder, of account: String) throws(MailStoreError)
  /// Removes a folder with its messages.
  mutating func remove(_ folder: MailFolder, of account: String) throws(MailStoreError)
  /// Gives folders their new names, all or none; each comes with its old name.
  mutating func rename(_ folders: [(from: String, to: MailFolder)], of account: String) throws(MailStoreError)
  mutating func setSubscriptions(_ names: Set<String>, of account: String) throws(MailStoreError)
  /// The folder's counters moved, or a session claimed what was recent.
  mutating func note(_ folder: MailFolder, firstRecentUID: UInt32)

  /// Puts a message there, so that no crash loses it or leaves a part of it.
  mutating func put(_ octets: [UInt8], _ message: StoredMessage, in folder: MailFolderID) throws(MailStoreError)
  /// Puts a copy there of a message that lies in another folder, or in the same.
  mutating func copy(
    _ uid: UInt32, from folder: MailFolderID, as message: StoredMessage, in target: MailFolderID
  ) throws(MailStoreError)
  /// Makes a message of the store's of what lies there already.
  mutating func adopt(_ key: String, as message: StoredMessage, in folder: MailFolderID)
  /// Keeps new flags; false when they could not be kept.
  mutating func setFlags(of message: StoredMessage, in folder: MailFolderID) -> Bool
  /// Removes messages; those that are gone are returned.
  mutating func remove(_ uids: [UInt32], from folder: MailFolderID) -> [UInt32]
  /// nil when it is not there any more.
  func octets(of uid: UInt32, in folder: MailFolderID) -> [UInt8]?

  /// What others than the store did to a folder since it was last looked at.
  mutating func takeNews(of folder: MailFolderID) -> ShelfNews?
  /// Writes down what has been noted so far.
  mutating func flush()
}

/// An account as a shelf keeps it.
package struct ShelvedAccount: Sendable {
  package struct Folder: Sendable {
    package var folder: MailFolder
    package var firstRecentUID: UInt32
    /// UIDs ascending.
    package var messages: [StoredMessage]

    package init(folder: MailFolder, firstRecentUID: UInt32, messages: [StoredMessage]) {
      self.folder = folder
      self.firstRecentUID = firstRecentUID
      self.messages = messages
    }
  }
  package var name: String
  package var folders: [Folder]
  package var subscriptions: Set<String>

  package init(name: String, folders: [Folder], subscriptions: Set<String>) {
    self.name = name
    self.folders = folders
    self.subscriptions = subscriptions
  }
}

/// What another program did to a folder: it brought messages, took some away, or set flags.
package struct ShelfNews: Sendable {
  /// A message that has no UID yet.
  package struct Arrival: Sendable {
    /// How the shelf knows it.
    package var key: String
    package var flags: MessageFlags
    package var date: MessageDate
    package var byteCount: Int

    package init(key: String, flags: MessageFlags, date: MessageDate, byteCount: Int) {
      self.key = key
      self.flags = flags
      self.date = date
      self.byteCount = byteCount
    }
  }
  package var arrivals: [Arrival] = []
  package var goneUIDs: [UInt32] = []
  package var flags: [(uid: UInt32, flags: MessageFlags)] = []

  package init() {}
}
