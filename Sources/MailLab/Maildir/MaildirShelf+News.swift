internal import Bytes
internal import MailProtocols
internal import MailSystem

extension MaildirShelf {
  /// What is on disk; the index tells what it can of it.
  mutating func load() throws(MailStoreError) -> [ShelvedAccount] {
    try attempt { () throws(DiskError) in try Disk.makeFolder(root) }
    let known: [MailIndex.Account]
    do { known = try index.load() } catch { throw .unavailable }
    var nextNumber = (known.flatMap(\.folders).map(\.folder.id.number).max() ?? 0) + 1
    var accounts: [ShelvedAccount] = []
    for name in try attempt({ () throws(DiskError) in try Disk.names(in: root) }).sorted() {
      guard maildir(FolderName.inbox, of: name).exists else { continue }
      let account = known.first { $0.name == name }
      var shelved = ShelvedAccount(name: name, folders: [], subscriptions: account?.subscriptions ?? [])
      for folder in try attempt({ () throws(DiskError) in try folders(of: name) }) {
        let kept = account?.folders.first { $0.folder.name == folder }
        shelved.folders.append(put(on: folder, of: name, kept, &nextNumber))
      }
      if account == nil { subscribeAll(&shelved) }
      accounts.append(shelved)
    }
    flush()
    return accounts
  }
  private func folders(of account: String) throws(DiskError) -> [String] {
    [FolderName.inbox]
      + (try Disk.names(in: "\(root)/\(account)")).compactMap(MaildirFolderName.decode)
      .filter { maildir($0, of: account).exists }.sorted()
  }
  /// Takes up a folder as the index has it, or as one that is new.
  private mutating func put(
    on name: String, of account: String, _ kept: MailIndex.Folder?, _ nextNumber: inout UInt32
  ) -> ShelvedAccount.Folder {
    let maildir = maildir(name, of: account)
    var folder: MailFolder
    if let kept {
      folder = kept.folder
    } else {
      folder = MailFolder(
        id: MailFolderID(nextNumber), name: name, uidValidity: uidValidity &+ nextNumber,
        specialUse: MailFolder.SpecialUse.allCases.first { $0.rawValue == "\\\(name)" })
      nextNumber += 1
    }
    maildir.removeRemains(before: LabClock.now.nanoseconds / 1_000_000_000)
    var shelf = Shelf(
      maildir: maildir, account: account, folder: folder, firstRecentUID: kept?.firstRecentUID ?? 1)
    let keywords = (try? Disk.read("\(maildir.path)/\(MaildirFlags.fileName)", limit: 65_536)) ?? []
    shelf.keywords = MaildirFlags(String(decoding: keywords, as: UTF8.self))
    // Where the files lie now is found out when the folder is looked at.
    for message in kept?.messages ?? [] {
      shelf.files[message.message.uid] = Maildir.File(place: .new, name: MaildirName(key: message.key))
    }
    shelves[folder.id] = shelf
    note(folder, firstRecentUID: shelf.firstRecentUID)
    return ShelvedAccount.Folder(
      folder: folder, firstRecentUID: shelf.firstRecentUID, messages: (kept?.messages ?? []).map(\.message))
  }
  private mutating func subscribeAll(_ account: inout ShelvedAccount) {
    account.subscriptions = Set(account.folders.map(\.folder.name))
    setSubscriptions(account.subscriptions, of: account.name)
  }

  // MARK: What others did

  mutating func takeNews(of folder: MailFolderID) -> ShelfNews? {
    guard let shelf = shelves[folder] else { return nil }
    let stamp = shelf.maildir.stamp
    guard stamp != shelf.stamp, let files = try? shelf.maildir.files() else { return nil }
    shelves[folder]?.stamp = Self.isSettled(stamp) ? stamp : []
    var rest = Dictionary(files.map { ($0.name.key, $0) }) { first, _ in first }
    var news = ShelfNews()
    for (uid, known) in shelf.files {
      guard let file = rest.removeValue(forKey: known.name.key) else {
        news.goneUIDs.append(uid)
        shelves[folder]?.files[uid] = nil
        continue
      }
      if file == known { continue }
      shelves[folder]?.files[uid] = file
      // What has no letters yet was only found again.
      if let letters = file.name.letters { news.flags.append((uid, shelf.keywords.flags(letters))) }
    }
    if !news.goneUIDs.isEmpty { forget(news.goneUIDs, in: folder) }
    for file in rest.values.sorted(by: { $0.name.key < $1.name.key }) {
      guard let arrival = arrival(file, shelf) else { continue }
      arrivals[folder, default: [:]][file.name.key] = file
      news.arrivals.append(arrival)
    }
    return news
  }
  /// A change within the clock's last tick may be followed by another with the same time.
  private static func isSettled(_ stamp: [Disk.Status?]) -> Bool {
    let now = LabClock.now.nanoseconds
    return stamp.allSatisfy { status in
      status.map { now - ($0.modified * 1_000_000_000 + $0.nanoseconds) > 50_000_000 } ?? true
    }
  }
  private func arrival(_ file: Maildir.File, _ shelf: Shelf) -> ShelfNews.Arrival? {
    guard let status = Disk.status("\(shelf.maildir.path)/\(file.path)"), !status.isFolder else { return nil }
    // A file that another program wrote does not tell how long its message is.
    guard let byteCount = file.name.byteCounts?.message ?? (try? shelf.maildir.read(file))?.count else { return nil }
    return ShelfNews.Arrival(
      key: file.name.key, flags: shelf.keywords.flags(file.name.letters),
      date: MessageDate(secondsSinceEpoch: status.modified), byteCount: byteCount)
  }
}
