internal import MailProtocols
internal import MailSystem

/// A shelf on disk: for each account a Maildir, whose folders are Maildirs within it (Maildir++), and an index.
///
///     alice@example.org/{cur,new,tmp}   alice@example.org/.Projects.2026/{cur,new,tmp}
///
/// Other programs may read it, and may bring, move and remove messages; the store takes notice when a folder is next
/// looked at.
struct MaildirShelf: MailShelf {
  /// A folder on disk, and what is known to lie in it.
  struct Shelf: Sendable {
    let maildir: Maildir
    let account: String
    var folder: MailFolder
    var firstRecentUID: UInt32
    var files: [UInt32: Maildir.File] = [:]
    var keywords = MaildirFlags()
    /// What the folder looked like when it was last read.
    var stamp: [Disk.Status?] = []
    var isUnsynchronized = false
  }
  let root: String
  let host: String
  var index: MailIndex
  var shelves: [MailFolderID: Shelf] = [:]
  /// Folders whose counters moved, and what else the index has to write.
  private var noted: Set<MailFolderID> = []
  private var changes: [MailIndex.Change] = []
  /// The UIDVALIDITY of a folder that was not known before.
  let uidValidity: UInt32

  /// `root` holds a folder for each account; `host` is a part of file names.
  init(root: String, index: MailIndex, host: String, uidValidity: UInt32) {
    self.root = root
    self.index = index
    self.host = host
    self.uidValidity = uidValidity
  }
  func maildir(_ name: String, of account: String) -> Maildir {
    Maildir(path: "\(root)/\(account)" + (MaildirFolderName.encode(name).map { "/\($0)" } ?? ""))
  }

  // MARK: Folders

  mutating func make(_ folder: MailFolder, of account: String) throws(MailStoreError) {
    let maildir = maildir(folder.name, of: account)
    try attempt { () throws(DiskError) in
      try maildir.make()
      try Disk.synchronize(folder: root)
    }
    shelves[folder.id] = Shelf(maildir: maildir, account: account, folder: folder, firstRecentUID: 1)
    changes.append(.folder(folder, account: account, firstRecentUID: 1))
  }
  mutating func remove(_ folder: MailFolder, of account: String) throws(MailStoreError) {
    let maildir = maildir(folder.name, of: account)
    try attempt { () throws(DiskError) in try Disk.removeTree(maildir.path) }
    shelves[folder.id] = nil
    changes.append(.folderGone(folder.id))
  }
  mutating func rename(_ folders: [(from: String, to: MailFolder)], of account: String) throws(MailStoreError) {
    var done: [(from: Maildir, to: Maildir)] = []
    for (old, folder) in folders {
      let (from, to) = (maildir(old, of: account), maildir(folder.name, of: account))
      do throws(DiskError) {
        try Disk.rename(from.path, to: to.path)
      } catch {
        // All or none; a folder that cannot be renamed back is found under its new name.
        for (from, to) in done.reversed() { try? Disk.rename(to.path, to: from.path) }
        throw error.storeError
      }
      done.append((from, to))
    }
    for (_, folder) in folders {
      guard let old = shelves[folder.id] else { continue }
      var shelf = Shelf(
        maildir: maildir(folder.name, of: account), account: account, folder: folder,
        firstRecentUID: old.firstRecentUID)
      shelf.files = old.files
      shelf.keywords = old.keywords
      shelves[folder.id] = shelf
      noted.insert(folder.id)
    }
  }
  mutating func setSubscriptions(_ names: Set<String>, of account: String) {
    changes.append(.account(account, subscriptions: names))
  }
  mutating func note(_ folder: MailFolder, firstRecentUID: UInt32) {
    shelves[folder.id]?.folder = folder
    shelves[folder.id]?.firstRecentUID = firstRecentUID
    noted.insert(folder.id)
  }

  // MARK: Messages

  mutating func put(
    _ octets: [UInt8], _ message: StoredMessage, in folder: MailFolderID
  ) throws(MailStoreError) {
    guard let shelf = shelves[folder] else { throw .noSuchFolder }
    let letters = letters(of: message.flags, in: folder)
    let file = try attempt { () throws(DiskError) in
      try shelf.maildir.write(
        octets, letters: letters, seconds: message.internalDate.secondsSinceEpoch, host: host)
    }
    do throws(DiskError) {
      try shelf.maildir.synchronize()
    } catch {
      try? shelf.maildir.remove(file)
      throw error.storeError
    }
    add(file, message, to: folder)
  }
  mutating func copy(
    _ uid: UInt32, from folder: MailFolderID, as message: StoredMessage, in target: MailFolderID
  ) throws(MailStoreError) {
    guard let source = shelves[folder], let file = source.files[uid], let shelf = shelves[target] else {
      throw .unavailable
    }
    let letters = letters(of: message.flags, in: target)
    let counts = file.name.byteCounts ?? (file: -1, message: message.byteCount)
    let copy = try attempt { () throws(DiskError) in
      // Of a file that another program wrote, the sizes are not both known.
      guard counts.file >= 0 else {
        let octets = try source.maildir.read(file)
        return try shelf.maildir.write(
          octets, letters: letters, seconds: message.internalDate.secondsSinceEpoch, host: host)
      }
      return try shelf.maildir.link(file, of: source.maildir, byteCounts: counts, letters: letters, host: host)
    }
    shelves[target]?.isUnsynchronized = true
    add(copy, message, to: target)
  }
  mutating func adopt(_ key: String, as message: StoredMessage, in folder: MailFolderID) {
    let file = Maildir.File(place: .new, name: MaildirName(key: key))
    // A file that was found has its place already.
    let found = arrivals[folder]?.removeValue(forKey: key)
    add(found ?? file, message, to: folder)
  }
  /// Files that were found and have no UID yet.
  var arrivals: [MailFolderID: [String: Maildir.File]] = [:]

  private mutating func add(_ file: Maildir.File, _ message: StoredMessage, to folder: MailFolderID) {
    shelves[folder]?.files[message.uid] = file
    changes.append(.message(MailIndex.Message(key: file.name.key, message: message), folder))
  }
  mutating func setFlags(of message: StoredMessage, in folder: MailFolderID) -> Bool {
    guard let shelf = shelves[folder], let file = shelf.files[message.uid] else { return false }
    let letters = letters(of: message.flags, in: folder)
    guard let renamed = try? shelf.maildir.setLetters(letters, of: file) else { return false }
    shelves[folder]?.files[message.uid] = renamed
    changes.append(.flags(message, folder))
    return true
  }
  /// The letters for flags; the folder's file of keywords tells those that are new.
  private mutating func letters(of flags: MessageFlags, in folder: MailFolderID) -> String {
    guard let shelf = shelves[folder] else { return "" }
    var keywords = shelf.keywords
    let letters = keywords.letters(flags)
    if keywords != shelf.keywords {
      let path = "\(shelf.maildir.path)/\(MaildirFlags.fileName)"
      // Without the file, the index alone knows what the letters mean.
      try? Disk.remove("\(path).new")
      try? Disk.write(Array(keywords.text.utf8), to: "\(path).new")
      try? Disk.rename("\(path).new", to: path)
      shelves[folder]?.keywords = keywords
    }
    return letters
  }
  mutating func remove(_ uids: [UInt32], from folder: MailFolderID) -> [UInt32] {
    guard let shelf = shelves[folder] else { return [] }
    let gone = uids.filter { uid in
      guard let file = shelf.files[uid] else { return true }
      return (try? shelf.maildir.remove(file)) != nil
    }
    forget(gone, in: folder)
    return gone
  }
  mutating func forget(_ uids: [UInt32], in folder: MailFolderID) {
    for uid in uids { shelves[folder]?.files[uid] = nil }
    changes.append(.messagesGone(uids, folder))
  }
  func octets(of uid: UInt32, in folder: MailFolderID) -> [UInt8]? {
    guard let shelf = shelves[folder], let file = shelf.files[uid] else { return nil }
    return try? shelf.maildir.read(file)
  }

  // MARK: Writing down

  mutating func flush() {
    for id in noted {
      guard let shelf = shelves[id] else { continue }
      if shelf.isUnsynchronized {
        // What could not be synchronised is tried again with the next change.
        shelves[id]?.isUnsynchronized = (try? shelf.maildir.synchronize()) == nil
      }
      changes.append(.folder(shelf.folder, account: shelf.account, firstRecentUID: shelf.firstRecentUID))
    }
    noted = []
    // What the index cannot write now, it writes with the next change; the files tell the same.
    if (try? index.write(changes)) != nil || changes.count > MaildirLimits.unwrittenChangeCount { changes = [] }
  }
  func attempt<Result>(_ body: () throws(DiskError) -> Result) throws(MailStoreError) -> Result {
    do throws(DiskError) { return try body() } catch { throw error.storeError }
  }
}

/// The numbers that a shelf on disk keeps to.
enum MaildirLimits {
  /// What an index that cannot be written may leave undone; beyond it, it is found out from the files at the next start.
  static let unwrittenChangeCount = 100_000
}
