internal import Foundation
internal import MailSystem
internal import NIOCore
internal import NIOPosix

/// What a host keeps on disk, in a folder of its own:
///
///     mail/…          a Maildir for each account
///     index.sqlite    UIDs, flags and folders, which can be found out again from the Maildirs
///     queue.sqlite    the messages that wait
struct HostDisk {
  let writer: SpoolWriter
  let delivery: MaildirDelivery
  let pool: NIOThreadPool
  /// Whether the index could not be read and was made anew.
  let hasNewIndex: Bool

  /// What was there when the program ended.
  struct Contents {
    var store: IndexedMailStore
    var entries: [MailQueue.Entry]
    var messages: [String: [UInt8]]
  }
  static func open(
    _ path: String, host: String, uidValidity: UInt32, pool: NIOThreadPool, eventLoop: any EventLoop
  ) throws -> (HostDisk, Contents) {
    try Disk.makeFolder(path)
    let spool = try Spool(path: "\(path)/queue.sqlite")
    let (entries, messages) = try spool.load()
    let (index, isNew) = try openIndex("\(path)/index.sqlite")
    let root = "\(path)/mail"
    let store = try IndexedMailStore(
      MaildirShelf(root: root, index: index, host: host, uidValidity: uidValidity), uidValidity: uidValidity)
    let disk = HostDisk(
      writer: SpoolWriter(spool, pool: pool, eventLoop: eventLoop),
      delivery: MaildirDelivery(root: root, host: host), pool: pool, hasNewIndex: isNew)
    return (disk, Contents(store: store, entries: entries, messages: messages))
  }
  /// An index that is damaged is put aside, and made anew from the files.
  private static func openIndex(_ path: String) throws -> (MailIndex, isNew: Bool) {
    let isThere = Disk.status(path) != nil
    do {
      let index = try MailIndex(path: path)
      _ = try index.load()
      return (index, false)
    } catch {
      guard isThere else { throw error }
      for suffix in ["", "-wal", "-shm"] { try Disk.remove("\(path).damaged\(suffix)") }
      for suffix in ["", "-wal", "-shm"] where Disk.status(path + suffix) != nil {
        try Disk.rename(path + suffix, to: "\(path).damaged\(suffix)")
      }
      return (try MailIndex(path: path), true)
    }
  }
}
