internal import Foundation
internal import GRDB
internal import MailSystem

/// A host's queue on disk, in SQLite: the messages that wait, and for each destination an entry. What `write` has
/// returned from survives a crash of the machine (RFC 5321 §6.1).
struct Spool: Sendable {
  private let database: DatabaseQueue

  /// Opens the spool, or makes it.
  init(path: String) throws {
    var configuration = Configuration()
    configuration.prepareDatabase { database in
      // FULL: a commit waits until the disk has it.
      try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
    }
    database = try DatabaseQueue(path: path, configuration: configuration)
    try database.write { database in
      try database.execute(
        sql: """
          CREATE TABLE IF NOT EXISTS message (id TEXT PRIMARY KEY, octets BLOB NOT NULL);
          CREATE TABLE IF NOT EXISTS entry (id TEXT PRIMARY KEY, json TEXT NOT NULL);
          """)
    }
  }
  /// What waited when the program ended.
  func load() throws -> (entries: [MailQueue.Entry], messages: [String: [UInt8]]) {
    try database.read { database in
      let decoder = JSONDecoder()
      let entries = try String.fetchAll(database, sql: "SELECT json FROM entry").map { json in
        try decoder.decode(MailQueue.Entry.self, from: Data(json.utf8))
      }
      var messages: [String: [UInt8]] = [:]
      let rows = try Row.fetchCursor(database, sql: "SELECT id, octets FROM message")
      while let row = try rows.next() {
        let octets: Data = row["octets"]
        messages[row["id"]] = Array(octets)
      }
      return (entries, messages)
    }
  }
  /// Writes all of it, or nothing, and waits for the disk.
  func write(_ changes: [MailHost.Change]) throws {
    try database.write { database in
      let encoder = JSONEncoder()
      for change in changes {
        switch change {
        case .message(let id, let octets):
          try database.cachedStatement(sql: "INSERT OR REPLACE INTO message VALUES (?, ?)").execute(
            arguments: [id, Data(octets)])
        case .entry(let entry):
          let json = String(decoding: try encoder.encode(entry), as: UTF8.self)
          try database.cachedStatement(sql: "INSERT OR REPLACE INTO entry VALUES (?, ?)").execute(
            arguments: [entry.id, json])
        case .entryGone(let id):
          try database.cachedStatement(sql: "DELETE FROM entry WHERE id = ?").execute(arguments: [id])
        case .messageGone(let id):
          try database.cachedStatement(sql: "DELETE FROM message WHERE id = ?").execute(arguments: [id])
        }
      }
    }
  }
}
