package import Bytes
package import MailProtocols

/// A mail store of any number of accounts: their folders, what is known of their messages, their subscriptions. The
/// octets lie on a shelf, in memory or on a disk.
package struct IndexedMailStore: MailStore {
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
    let account: String
    var folder: MailFolder
    var messages: [StoredMessage] = []
    var firstRecentUID: UInt32 = 1
  }
  private struct Account: Sendable {
    var folders: [String: MailFolderID] = [:]
    var subscriptions: Set<String> = []
  }
  private var accounts: [String: Account] = [:]
  private var contents: [MailFolderID: Contents] = [:]
  private var nextNumber: UInt32 = 1
  private var firstNumber: UInt32 = 1
  private let firstUIDValidity: UInt32
  private let limits: Limits
  private var shelf: any MailShelf
  /// Octets of all messages.
  package private(set) var byteCount = 0
  /// Grows with every change of any folder's messages.
  package private(set) var changeCount: UInt64 = 0

  /// A store in memory, gone with the program. `uidValidity` is the first folder's; each later one's is higher. A store
  /// that is made anew needs a higher one than before: the seconds of the clock will do (RFC 9051 §2.3.1.1).
  package init(uidValidity: UInt32 = 1, limits: Limits = Limits()) {
    firstUIDValidity = uidValidity
    self.limits = limits
    shelf = MemoryShelf()
  }
  /// The store that a shelf keeps, as it was left.
  package init(_ shelf: some MailShelf, uidValidity: UInt32, limits: Limits = Limits()) throws(MailStoreError) {
    var shelf = shelf
    let kept = try shelf.load()
    self.limits = limits
    self.shelf = shelf
    let folders = kept.flatMap(\.folders)
    firstUIDValidity = max(uidValidity, (folders.map(\.folder.uidValidity).max() ?? 0) &+ 1)
    nextNumber = (folders.map(\.folder.id.number).max() ?? 0) + 1
    firstNumber = nextNumber
    for account in kept {
      accounts[account.name] = Account(
        folders: Dictionary(account.folders.map { ($0.folder.name, $0.folder.id) }) { first, _ in first },
        subscriptions: account.subscriptions)
      for folder in account.folders {
        contents[folder.folder.id] = Contents(
          account: account.name, folder: folder.folder, messages: folder.messages,
          firstRecentUID: folder.firstRecentUID)
        byteCount += folder.messages.reduce(0) { $0 + $1.byteCount }
      }
    }
    for account in kept { refresh(account: account.name) }
    self.shelf.flush()
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
    guard accounts[account] == nil else { return refresh(account: account) }
    accounts[account] = Account()
    for (name, use) in Self.firstFolders {
      // A folder that cannot be made now is missing until somebody makes it.
      try? makeFolder(name, of: account, use)
    }
  }
  private static let firstFolders: [(String, MailFolder.SpecialUse?)] = [
    (FolderName.inbox, nil), ("Drafts", .drafts), ("Junk", .junk), ("Sent", .sent), ("Trash", .trash),
  ]
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
    for name in missing { try makeFolder(name, of: account) }
  }
  package mutating func deleteFolder(_ name: String, of account: String) throws(MailStoreError) {
    let name = try canonical(name)
    guard name != FolderName.inbox else { throw .isINBOX }
    guard let folder = folder(named: name, of: account) else { throw .noSuchFolder }
    guard inferiors(of: name, account).isEmpty else { throw .hasChildren }
    try shelf.remove(folder, of: account)
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
    for name in missing { try makeFolder(name, of: account) }
    let folders = zip(moved, renamed).compactMap { old, new in
      self.folder(named: old, of: account).map { folder in
        var folder = folder
        folder.name = new
        return (from: old, to: folder)
      }
    }
    try shelf.rename(folders, of: account)
    for (old, folder) in folders {
      accounts[account]?.folders[old] = nil
      accounts[account]?.folders[folder.name] = folder.id
      contents[folder.id]?.folder.name = folder.name
    }
  }
  package func subscriptions(of account: String) -> Set<String> { accounts[account]?.subscriptions ?? [] }
  package mutating func setSubscribed(
    _ isSubscribed: Bool, _ name: String, of account: String
  ) throws(MailStoreError) {
    let name = try canonical(name)
    var names = subscriptions(of: account)
    if isSubscribed {
      guard names.count < limits.folderCount else { throw .full }
      names.insert(name)
    } else {
      names.remove(name)
    }
    try setSubscriptions(names, of: account)
  }
  private mutating func setSubscriptions(_ names: Set<String>, of account: String) throws(MailStoreError) {
    try shelf.setSubscriptions(names, of: account)
    accounts[account]?.subscriptions = names
  }

  // MARK: Messages

  package func messages(in folder: MailFolderID) -> [StoredMessage] { contents[folder]?.messages ?? [] }
  package func message(_ uid: UInt32, in folder: MailFolderID) -> StoredMessage? {
    index(of: uid, in: folder).flatMap { contents[folder]?.messages[$0] }
  }
  package func octets(of uid: UInt32, in folder: MailFolderID) -> [UInt8]? { shelf.octets(of: uid, in: folder) }

  package mutating func append(
    _ octets: [UInt8], flags: MessageFlags, date: MessageDate, to folder: MailFolderID
  ) throws(MailStoreError) -> UInt32 {
    let octets = LineEnds.canonical(octets)
    try checkRoom(for: 1, octets.count, in: folder)
    let message = next(in: folder, flags, date, byteCount: octets.count)
    try shelf.put(octets, message, in: folder)
    add(message, to: folder)
    return message.uid
  }
  package mutating func copy(
    _ uids: [UInt32], from folder: MailFolderID, to target: MailFolderID
  ) throws(MailStoreError) -> [UInt32] {
    let wanted = Set(uids)
    let found = messages(in: folder).filter { wanted.contains($0.uid) }
    guard found.count == wanted.count else { throw .unavailable }
    try checkRoom(for: found.count, found.reduce(0) { $0 + $1.byteCount }, in: target)
    var copies: [UInt32] = []
    for message in found {
      let copy = next(in: target, message.flags, message.internalDate, byteCount: message.byteCount)
      do throws(MailStoreError) {
        try shelf.copy(message.uid, from: folder, as: copy, in: target)
      } catch {
        remove(copies, from: target)
        throw error
      }
      add(copy, to: target)
      copies.append(copy.uid)
    }
    return copies
  }
  package mutating func setFlags(_ flags: MessageFlags, of uid: UInt32, in folder: MailFolderID) -> UInt64? {
    guard let index = index(of: uid, in: folder), var message = contents[folder]?.messages[index] else { return nil }
    guard message.flags != flags else { return message.modificationSequence }
    message.flags = flags
    message.modificationSequence = (contents[folder]?.folder.highestModificationSequence ?? 0) + 1
    guard shelf.setFlags(of: message, in: folder) else { return nil }
    contents[folder]?.messages[index] = message
    change(folder)
    return message.modificationSequence
  }
  package mutating func remove(_ uids: [UInt32], from folder: MailFolderID) {
    let known = uids.filter { index(of: $0, in: folder) != nil }
    if !known.isEmpty { forget(shelf.remove(known, from: folder), in: folder) }
  }
  private mutating func forget(_ uids: [UInt32], in folder: MailFolderID) {
    let gone = Set(uids)
    guard !gone.isEmpty, let messages = contents[folder]?.messages else { return }
    contents[folder]?.messages.removeAll { gone.contains($0.uid) }
    byteCount -= messages.reduce(0) { gone.contains($1.uid) ? $0 + $1.byteCount : $0 }
    change(folder)
  }
  package func firstRecentUID(in folder: MailFolderID) -> UInt32 { contents[folder]?.firstRecentUID ?? 1 }
  package mutating func claimRecent(in folder: MailFolderID) -> UInt32 {
    guard let first = contents[folder]?.firstRecentUID, let next = contents[folder]?.folder.uidNext else { return 1 }
    guard first != next else { return first }
    contents[folder]?.firstRecentUID = next
    note(folder)
    return first
  }

  // MARK: What others do

  /// Makes a message of the account's INBOX of what was put on the shelf for it; its UID is returned.
  package mutating func adopt(
    _ arrival: ShelfNews.Arrival, for account: String
  ) throws(MailStoreError) -> UInt32 {
    guard let inbox = folder(named: FolderName.inbox, of: account) else { throw .unavailable }
    try checkRoom(for: 1, arrival.byteCount, in: inbox.id)
    return adopt(arrival, in: inbox.id)
  }
  @discardableResult private mutating func adopt(_ arrival: ShelfNews.Arrival, in folder: MailFolderID) -> UInt32 {
    let message = next(in: folder, arrival.flags, arrival.date, byteCount: arrival.byteCount)
    shelf.adopt(arrival.key, as: message, in: folder)
    add(message, to: folder)
    return message.uid
  }
  /// Takes notice of what other programs did to an account's folders.
  package mutating func refresh(account: String) {
    for id in (accounts[account]?.folders ?? [:]).values { refresh(id) }
  }
  package mutating func refresh(_ folder: MailFolderID) {
    guard let news = shelf.takeNews(of: folder) else { return }
    forget(news.goneUIDs, in: folder)
    for (uid, flags) in news.flags { _ = setFlags(flags, of: uid, in: folder) }
    for arrival in news.arrivals { adopt(arrival, in: folder) }
  }
  /// Has the shelf write down what it has noted. Before a client is told of what it did.
  package mutating func flush() { shelf.flush() }

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
  private mutating func makeFolder(
    _ name: String, of account: String, _ use: MailFolder.SpecialUse? = nil
  ) throws(MailStoreError) {
    let id = MailFolderID(nextNumber)
    let uidValidity = firstUIDValidity &+ nextNumber &- firstNumber
    let folder = MailFolder(id: id, name: name, uidValidity: max(1, uidValidity), specialUse: use)
    try shelf.make(folder, of: account)
    nextNumber += 1
    contents[id] = Contents(account: account, folder: folder)
    accounts[account]?.folders[name] = id
    // What was there from the start is subscribed; what is made later, when its owner says so.
    if use != nil || name == FolderName.inbox {
      try setSubscriptions(subscriptions(of: account).union([name]), of: account)
    }
  }
  /// The next message of a folder, which is not there yet.
  private func next(
    in folder: MailFolderID, _ flags: MessageFlags, _ date: MessageDate, byteCount: Int
  ) -> StoredMessage {
    let contents = contents[folder]?.folder
    return StoredMessage(
      uid: contents?.uidNext ?? 1, flags: flags, internalDate: date, byteCount: byteCount,
      modificationSequence: (contents?.highestModificationSequence ?? 0) + 1)
  }
  private mutating func add(_ message: StoredMessage, to folder: MailFolderID) {
    contents[folder]?.folder.uidNext = message.uid + 1
    contents[folder]?.messages.append(message)
    byteCount += message.byteCount
    change(folder)
  }
  /// Something happened in a folder.
  private mutating func change(_ folder: MailFolderID) {
    changeCount += 1
    contents[folder]?.folder.highestModificationSequence += 1
    note(folder)
  }
  private mutating func note(_ folder: MailFolderID) {
    guard let contents = contents[folder] else { return }
    shelf.note(contents.folder, firstRecentUID: contents.firstRecentUID)
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
