import Bytes
import MailProtocols

@testable import MailSystem

/// A message of an example's mailbox.
struct RFCMessage: Sendable {
  var uid: UInt32
  var flags: [String] = []
  /// Its internal date.
  var date = MessageDate(secondsSinceEpoch: 800_000_000)
  var text = "From: fred@foobar.example\r\nSubject: x\r\n\r\nx\r\n"
}

/// A folder with the numbers that an example has.
struct RFCFolder: Sendable {
  var name: String
  var uidValidity: UInt32 = 3_857_529_045
  var uidNext: UInt32
  var messages: [RFCMessage]

  /// `count` messages, whose UIDs are their numbers from 1 if `change` does not say otherwise.
  init(
    _ name: String, uidNext: UInt32? = nil, count: Int = 0,
    _ change: (UInt32, inout RFCMessage) -> Void = { _, _ in }
  ) {
    self.name = name
    messages = (0..<count).map {
      let number = UInt32($0) + 1
      var message = RFCMessage(uid: number)
      change(number, &message)
      return message
    }
    self.uidNext = uidNext ?? (messages.last?.uid ?? 0) + 1
  }
}

/// A shelf that was filled before the store came: so folders have an example's UIDs.
struct RFCShelf: MailShelf {
  private var memory: MemoryShelf
  private var kept: [ShelvedAccount]

  init(_ folders: [RFCFolder], subscriptions: Set<String>, account: String) {
    var shelved: [ShelvedAccount.Folder] = []
    var memory = MemoryShelf()
    for (index, folder) in folders.enumerated() {
      let id = MailFolderID(UInt32(index) + 1)
      var description = MailFolder(id: id, name: folder.name, uidValidity: folder.uidValidity)
      description.uidNext = folder.uidNext
      memory.make(description, of: account)
      let messages = folder.messages.map { message in
        let octets = Array(message.text.utf8)
        let stored = StoredMessage(
          uid: message.uid, flags: MessageFlags(message.flags), internalDate: message.date, byteCount: octets.count,
          modificationSequence: 1)
        memory.put(octets, stored, in: id)
        return stored
      }
      shelved.append(
        ShelvedAccount.Folder(folder: description, firstRecentUID: folder.uidNext, messages: messages))
    }
    self.memory = memory
    kept = [ShelvedAccount(name: account, folders: shelved, subscriptions: subscriptions)]
  }
  mutating func load() -> [ShelvedAccount] { kept }
  mutating func make(_ folder: MailFolder, of account: String) { memory.make(folder, of: account) }
  mutating func remove(_ folder: MailFolder, of account: String) { memory.remove(folder, of: account) }
  mutating func rename(_ folders: [(from: String, to: MailFolder)], of account: String) {}
  mutating func setSubscriptions(_ names: Set<String>, of account: String) {}
  mutating func note(_ folder: MailFolder, firstRecentUID: UInt32) {}
  mutating func put(_ octets: [UInt8], _ message: StoredMessage, in folder: MailFolderID) {
    memory.put(octets, message, in: folder)
  }
  mutating func copy(
    _ uid: UInt32, from folder: MailFolderID, as message: StoredMessage, in target: MailFolderID
  ) throws(MailStoreError) {
    try memory.copy(uid, from: folder, as: message, in: target)
  }
  mutating func adopt(_ key: String, as message: StoredMessage, in folder: MailFolderID) {}
  mutating func setFlags(of message: StoredMessage, in folder: MailFolderID) -> Bool { true }
  mutating func remove(_ uids: [UInt32], from folder: MailFolderID) -> [UInt32] { memory.remove(uids, from: folder) }
  func octets(of uid: UInt32, in folder: MailFolderID) -> [UInt8]? { memory.octets(of: uid, in: folder) }
  mutating func takeNews(of folder: MailFolderID) -> ShelfNews? { nil }
  mutating func flush() {}
}
