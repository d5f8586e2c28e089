/// A shelf in memory, gone with the program.
package struct MemoryShelf: MailShelf {
  private var octets: [MailFolderID: [UInt32: [UInt8]]] = [:]

  package init() {}

  package mutating func load() -> [ShelvedAccount] { [] }
  package mutating func make(_ folder: MailFolder, of account: String) { octets[folder.id] = [:] }
  package mutating func remove(_ folder: MailFolder, of account: String) { octets[folder.id] = nil }
  package mutating func rename(_ folders: [(from: String, to: MailFolder)], of account: String) {}
  package mutating func setSubscriptions(_ names: Set<String>, of account: String) {}
  package mutating func note(_ folder: MailFolder, firstRecentUID: UInt32) {}
  package mutating func put(_ octets: [UInt8], _ message: StoredMessage, in folder: MailFolderID) {
    self.octets[folder]?[message.uid] = octets
  }
  package mutating func copy(
    _ uid: UInt32, from folder: MailFolderID, as message: StoredMessage, in target: MailFolderID
  ) throws(MailStoreError) {
    guard let octets = octets(of: uid, in: folder) else { throw .unavailable }
    put(octets, message, in: target)
  }
  package mutating func adopt(_ key: String, as message: StoredMessage, in folder: MailFolderID) {}
  package mutating func setFlags(of message: StoredMessage, in folder: MailFolderID) -> Bool { true }
  package mutating func remove(_ uids: [UInt32], from folder: MailFolderID) -> [UInt32] {
    for uid in uids { octets[folder]?[uid] = nil }
    return uids
  }
  package func octets(of uid: UInt32, in folder: MailFolderID) -> [UInt8]? { octets[folder]?[uid] }
  package mutating func takeNews(of folder: MailFolderID) -> ShelfNews? { nil }
  package mutating func flush() {}
}
