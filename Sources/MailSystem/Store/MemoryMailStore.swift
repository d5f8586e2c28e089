package import Bytes
package import MailProtocols

/// A mail store in memory, gone with the program: folders, messages, subscriptions of any number of accounts.
package struct MemoryMailStore: MailStore {
  /// What a store keeps to.
  package struct Limits: Sendable {
    /// Folders of one account, and names it may subscribe to.
    package var folderCount = 1000
    /// Messages of one folder.
    package var messageCount = 100_000
    /// Octets of all messages of all accounts.
    package var byteCount = 1 << 30
    package init() {}
  }
  private struct Contents: Sendable {
    var folder: MailFolder
    var messages: [StoredMessage] = []
    var octets: [UInt32: [UInt8]] = [:]
    var firstRecentUID: UInt32 = 1
  }
  private struct Account: Sendable {
    var folders: [String: MailFolderID] = [:]
    var subscriptions: Set<String> = []
  }
  private var accounts: [String: Account] = [:]
  private var contents: [MailFolderID: Contents] = [:]
  private var nextNumber: UInt32 = 1
  private let firstUIDValidity: UInt32
  private let limits: Limits
  /// Octets of all messages.
  package private(set) var byteCount = 0
  /// Grows with every change of any folder's messages.
  package private(set) var changeCount: UInt64 = 0

  /// `uidValidity` is the first folder's; each later one's is higher. A store that is made anew needs a higher one than
  /// before: the seconds of the clock will do (RFC 9051 §2.3.1.1).
  package init(uidValidity: UInt32 = 1, limits: Limits = Limits()) {
    firstUIDValidity = uidValidity
    self.limits = limits
  }

  /// Puts a message that was delivered into the account's INBOX; its UID is returned.
  package mutating func deliver(
    _ octets: [UInt8], to account: String, at now: Timestamp
  ) throws(MailStoreError) -> UInt32 {
    open(account: account)
    guard let inbox = folder(named: FolderName.inbox, of: account) else { throw .unavailable }
    let date = MessageDate(secondsSinceEpoch: now.nanoseconds / 1_000_000_000)
    return try append(octets, flags: MessageFlags(), date: date, to: inbox.id)
  }

  // MARK: Folders

  package mutating func open(account: String) {
    guard accounts[account] == nil else { return }
    accounts[account] = Account()
    makeFolder(FolderName.inbox, of: account)
    makeFolder("Drafts", of: account, .drafts)
    makeFolder("Junk", of: account, .junk)
    makeFolder("Sent", of: account, .sent)
    makeFolder("Trash", of: account, .trash)
  }
  package func folders(of account: String) -> [MailFolder] {
    (accounts[account]?.folders ?? [:]).values.compactMap { contents[$0]?.folder }.sorted { $0.name < $1.name }
  }
  package func folder(named name: String, of account: String) -> MailFolder? {
    accounts[account]?.folders[name].flatMap { contents[$0]?.folder }
  }
  package func folder(_ id: MailFolderID) -> MailFolder? { contents[id]?.folder }

  package mutating func createFolder(_ name: String, of account: String) throws(MailStoreError) {
    let name = try canonical(name)
    guard folder(named: name, of: account) == nil else { throw .alreadyExists }
    let missing = FolderName.superiors(of: name).filter { folder(named: $0, of: account) == nil } + [name]
    try checkRoom(for: missing.count, of: account)
    for name in missing { makeFolder(name, of: account) }
  }
  package mutating func deleteFolder(_ name: String, of account: String) throws(MailStoreError) {
    let name = try canonical(name)
    guard name != FolderName.inbox else { throw .isINBOX }
    guard let folder = folder(named: name, of: account) else { throw .noSuchFolder }
    guard inferiors(of: name, account).isEmpty else { throw .hasChildren }
    accounts[account]?.folders[name] = nil
    byteCount -= contents[folder.id]?.messages.reduce(0) { $0 + $1.byteCount } ?? 0
    contents[folder.id] = nil
  }
  package mutating func renameFolder(
    _ name: String, to newName: String, of account: String
  ) throws(MailStoreError) {
    let name = try canonical(name)
    let newName = try canonical(newName)
    guard let folder = folder(named: name, of: account) else { throw .noSuchFolder }
    guard self.folder(named: newName, of: account) == nil else { throw .alreadyExists }
    if name == FolderName.inbox {
      try createFolder(newName, of: account)
      guard let target = self.folder(named: newName, of: account) else { throw .unavailable }
      let uids = messages(in: folder.id).map(\.uid)
      _ = try copy(uids, from: folder.id, to: target.id)
      return remove(uids, from: folder.id)
    }
    // A folder cannot become its own inferior.
    guard !newName.hasPrefix(name + "/") else { throw .badName }
    let moved = [name] + inferiors(of: name, account)
    let renamed = moved.map { newName + $0.dropFirst(name.count) }
    for name in renamed where FolderName.canonical(name) != name { throw .badName }
    let missing = FolderName.superiors(of: newName).filter { self.folder(named: $0, of: account) == nil }
    try checkRoom(for: missing.count, of: account)
    for name in missing { makeFolder(name, of: account) }
    for (old, new) in zip(moved, renamed) {
      guard let id = accounts[account]?.folders.removeValue(forKey: old) else { continue }
      accounts[account]?.folders[new] = id
      contents[id]?.folder.name = new
    }
  }
  package func subscriptions(of account: String) -> Set<String> { accounts[account]?.subscriptions ?? [] }
  package mutating func setSubscribed(
    _ isSubscribed: Bool, _ name: String, of account: String
  ) throws(MailStoreError) {
    let name = try canonical(name)
    guard isSubscribed else {
      accounts[account]?.subscriptions.remove(name)
      return
    }
    guard subscriptions(of: account).count < limits.folderCount else { throw .full }
    accounts[account]?.subscriptions.insert(name)
  }

  // MARK: Messages

  package func messages(in folder: MailFolderID) -> [StoredMessage] { contents[folder]?.messages ?? [] }
  package func message(_ uid: UInt32, in folder: MailFolderID) -> StoredMessage? {
    index(of: uid, in: folder).flatMap { contents[folder]?.messages[$0] }
  }
  package func octets(of uid: UInt32, in folder: MailFolderID) -> [UInt8]? { contents[folder]?.octets[uid] }

  package mutating func append(
    _ octets: [UInt8], flags: MessageFlags, date: MessageDate, to folder: MailFolderID
  ) throws(MailStoreError) -> UInt32 {
    try checkRoom(for: 1, octets.count, in: folder)
    return add(octets, flags, date, to: folder)
  }
  package mutating func copy(
    _ uids: [UInt32], from folder: MailFolderID, to target: MailFolderID
  ) throws(MailStoreError) -> [UInt32] {
    let wanted = Set(uids)
    let found = messages(in: folder).filter { wanted.contains($0.uid) }
    guard found.count == wanted.count else { throw .unavailable }
    try checkRoom(for: found.count, found.reduce(0) { $0 + $1.byteCount }, in: target)
    return found.map { add(octets(of: $0.uid, in: folder) ?? [], $0.flags, $0.internalDate, to: target) }
  }
  package mutating func setFlags(_ flags: MessageFlags, of uid: UInt32, in folder: MailFolderID) -> UInt64? {
    guard let index = index(of: uid, in: folder), let message = contents[folder]?.messages[index] else { return nil }
    guard message.flags != flags else { return message.modificationSequence }
    let sequence = change(folder)
    contents[folder]?.messages[index].flags = flags
    contents[folder]?.messages[index].modificationSequence = sequence
    return sequence
  }
  package mutating func remove(_ uids: [UInt32], from folder: MailFolderID) {
    let gone = Set(uids)
    let before = contents[folder]?.messages.count
    contents[folder]?.messages.removeAll { gone.contains($0.uid) }
    guard contents[folder]?.messages.count != before else { return }
    for uid in gone { byteCount -= contents[folder]?.octets.removeValue(forKey: uid)?.count ?? 0 }
    _ = change(folder)
  }
  package mutating func claimRecent(in folder: MailFolderID) -> UInt32 {
    guard let first = contents[folder]?.firstRecentUID, let next = contents[folder]?.folder.uidNext else { return 1 }
    contents[folder]?.firstRecentUID = next
    return first
  }

  // MARK: Within

  private func canonical(_ name: String) throws(MailStoreError) -> String {
    guard let name = FolderName.canonical(name) else { throw .badName }
    return name
  }
  private func inferiors(of name: String, _ account: String) -> [String] {
    (accounts[account]?.folders ?? [:]).keys.filter { $0.hasPrefix(name + "/") }
  }
  private func checkRoom(for count: Int, of account: String) throws(MailStoreError) {
    guard let account = accounts[account] else { throw .unavailable }
    guard account.folders.count + count <= limits.folderCount, nextNumber < .max / 2 else { throw .full }
  }
  private func checkRoom(for count: Int, _ byteCount: Int, in folder: MailFolderID) throws(MailStoreError) {
    guard let contents = contents[folder] else { throw .noSuchFolder }
    guard contents.messages.count + count <= limits.messageCount, self.byteCount + byteCount <= limits.byteCount,
      UInt64(contents.folder.uidNext) + UInt64(count) < UInt64(UInt32.max)
    else { throw .full }
  }
  private mutating func makeFolder(_ name: String, of account: String, _ use: MailFolder.SpecialUse? = nil) {
    let id = MailFolderID(nextNumber)
    let uidValidity = firstUIDValidity &+ nextNumber &- 1
    nextNumber += 1
    contents[id] = Contents(
      folder: MailFolder(id: id, name: name, uidValidity: max(1, uidValidity), specialUse: use))
    accounts[account]?.folders[name] = id
    // What was there from the start is subscribed; what is made later, when its owner says so.
    if use != nil || name == FolderName.inbox { accounts[account]?.subscriptions.insert(name) }
  }
  private mutating func add(
    _ octets: [UInt8], _ flags: MessageFlags, _ date: MessageDate, to folder: MailFolderID
  ) -> UInt32 {
    let uid = contents[folder]?.folder.uidNext ?? 1
    let sequence = change(folder)
    contents[folder]?.folder.uidNext = uid + 1
    contents[folder]?.octets[uid] = octets
    contents[folder]?.messages.append(
      StoredMessage(
        uid: uid, flags: flags, internalDate: date, byteCount: octets.count, modificationSequence: sequence))
    byteCount += octets.count
    return uid
  }
  private mutating func change(_ folder: MailFolderID) -> UInt64 {
    changeCount += 1
    contents[folder]?.folder.highestModificationSequence += 1
    return contents[folder]?.folder.highestModificationSequence ?? 1
  }
  /// UIDs ascend, so half of the rest is looked at no more with each step.
  private func index(of uid: UInt32, in folder: MailFolderID) -> Int? {
    guard let messages = contents[folder]?.messages else { return nil }
    var lower = 0
    var upper = messages.count
    while lower < upper {
      let middle = (lower + upper) / 2
      if messages[middle].uid < uid { lower = middle + 1 } else { upper = middle }
    }
    return lower < messages.count && messages[lower].uid == uid ? lower : nil
  }
}
