internal import GRDB
internal import MailProtocols
internal import MailSystem

/// What a Maildir's file names do not tell, in SQLite: folders' numbers, UIDs, counts of changes, subscriptions. It can
/// be made anew from the files; folders then get another UIDVALIDITY (RFC 9051 §2.3.1.1).
///
/// It is written without waiting for the disk: a program that is killed loses nothing, a machine that loses its power
/// finds again by their files the messages of its last moments.
struct MailIndex: Sendable {
  /// A message, and the file that it lies in.
  struct Message: Sendable {
    var key: String
    var message: StoredMessage
  }
  enum Change: Sendable {
    case account(String, subscriptions: Set<String>)
    case folder(MailFolder, account: String, firstRecentUID: UInt32)
    case folderGone(MailFolderID)
    case message(Message, MailFolderID)
    case flags(StoredMessage, MailFolderID)
    case messagesGone([UInt32], MailFolderID)
  }
  private let database: DatabaseQueue

  /// Opens the index, or makes it.
  init(path: String) throws {
    var configuration = Configuration()
    configuration.prepareDatabase { database in
      try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
    }
    database = try DatabaseQueue(path: path, configuration: configuration)
    try database.write { database in try database.execute(sql: Self.schema) }
  }
  private static let schema = """
    CREATE TABLE IF NOT EXISTS account (name TEXT PRIMARY KEY, subscriptions TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS folder (
      id INTEGER PRIMARY KEY, account TEXT NOT NULL, name TEXT NOT NULL, uid_validity INTEGER NOT NULL,
      uid_next INTEGER NOT NULL, modification_sequence INTEGER NOT NULL, first_recent_uid INTEGER NOT NULL,
      special_use TEXT);
    CREATE TABLE IF NOT EXISTS message (
      folder INTEGER NOT NULL, uid INTEGER NOT NULL, key TEXT NOT NULL, flags TEXT NOT NULL, date INTEGER NOT NULL,
      zone INTEGER NOT NULL, byte_count INTEGER NOT NULL, modification_sequence INTEGER NOT NULL,
      PRIMARY KEY (folder, uid)) WITHOUT ROWID;
    """

  // MARK: Reading

  struct Account: Sendable {
    var name: String
    var subscriptions: Set<String>
    var folders: [Folder] = []
  }
  struct Folder: Sendable {
    var folder: MailFolder
    var firstRecentUID: UInt32
    var messages: [Message]
  }
  func load() throws -> [Account] {
    try database.read { database in
      try Row.fetchAll(database, sql: "SELECT * FROM account ORDER BY name").map { row in
        var account = Account(name: row["name"], subscriptions: Self.names(row["subscriptions"]))
        let folders = try Row.fetchAll(
          database, sql: "SELECT * FROM folder WHERE account = ? ORDER BY id", arguments: [account.name])
        account.folders = try folders.map { try Self.folder($0, database) }
        return account
      }
    }
  }
  private static func folder(_ row: Row, _ database: Database) throws -> Folder {
    let use: String? = row["special_use"]
    let id: UInt32 = row["id"]
    var folder = MailFolder(
      id: MailFolderID(id), name: row["name"], uidValidity: row["uid_validity"],
      specialUse: use.flatMap { MailFolder.SpecialUse(rawValue: $0) })
    folder.uidNext = row["uid_next"]
    folder.highestModificationSequence = row["modification_sequence"]
    let messages = try Row.fetchAll(
      database, sql: "SELECT * FROM message WHERE folder = ? ORDER BY uid", arguments: [id]
    ).map { row in
      let flags: String = row["flags"]
      let date = MessageDate(secondsSinceEpoch: row["date"], zoneMinutes: row["zone"])
      return Message(
        key: row["key"],
        message: StoredMessage(
          uid: row["uid"], flags: MessageFlags(flags.split(separator: " ").map(String.init)), internalDate: date,
          byteCount: row["byte_count"], modificationSequence: row["modification_sequence"]))
    }
    return Folder(folder: folder, firstRecentUID: row["first_recent_uid"], messages: messages)
  }
  /// Folders' names have no line ends.
  private static func names(_ text: String) -> Set<String> { Set(text.split(separator: "\n").map(String.init)) }

  // MARK: Writing

  /// Writes all of it, or nothing.
  func write(_ changes: [Change]) throws {
    if changes.isEmpty { return }
    try database.write { database in
      for change in changes { try Self.write(change, database) }
    }
  }
  private static func write(_ change: Change, _ database: Database) throws {
    func run(_ sql: String, _ arguments: StatementArguments) throws {
      try database.cachedStatement(sql: sql).execute(arguments: arguments)
    }
    switch change {
    case .account(let name, let subscriptions):
      try run(
        "INSERT OR REPLACE INTO account VALUES (?, ?)", [name, subscriptions.sorted().joined(separator: "\n")])
    case .folder(let folder, let account, let firstRecentUID):
      try run(
        "INSERT OR REPLACE INTO folder VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
          folder.id.number, account, folder.name, folder.uidValidity, folder.uidNext,
          folder.highestModificationSequence, firstRecentUID, folder.specialUse?.rawValue,
        ])
    case .folderGone(let id):
      try run("DELETE FROM folder WHERE id = ?", [id.number])
      try run("DELETE FROM message WHERE folder = ?", [id.number])
    case .message(let shelved, let id):
      let message = shelved.message
      try run(
        "INSERT OR REPLACE INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
          id.number, message.uid, shelved.key, message.flags.names.joined(separator: " "),
          message.internalDate.secondsSinceEpoch, message.internalDate.zoneMinutes, message.byteCount,
          message.modificationSequence,
        ])
    case .flags(let message, let id):
      try run(
        "UPDATE message SET flags = ?, modification_sequence = ? WHERE folder = ? AND uid = ?",
        [message.flags.names.joined(separator: " "), message.modificationSequence, id.number, message.uid])
    case .messagesGone(let uids, let id):
      for uid in uids { try run("DELETE FROM message WHERE folder = ? AND uid = ?", [id.number, uid]) }
    }
  }
}
