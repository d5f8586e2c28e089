import Bytes
import Foundation
import MailProtocols
import MailSystem
import TestSupport
import Testing

@testable import MailLab

/// A mail store on disk: what it keeps, and what others do to it.
@Suite struct MaildirStoreTests {
  private static let date = MessageDate(secondsSinceEpoch: 1_700_000_000)
  private static func store(_ folder: TemporaryFolder, uidValidity: UInt32 = 100) throws -> IndexedMailStore {
    let index = try MailIndex(path: "\(folder.path)/index.sqlite")
    var store = try IndexedMailStore(
      MaildirShelf(root: "\(folder.path)/mail", index: index, host: "host", uidValidity: uidValidity),
      uidValidity: uidValidity)
    store.open(account: "bob")
    store.flush()
    return store
  }
  private static func files(_ folder: TemporaryFolder, _ place: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/mail/bob/\(place)").sorted()
  }
  private func octets(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test func everythingIsThereAgain() throws {
    let folder = try TemporaryFolder()
    var store = try Self.store(folder)
    let inbox = try #require(store.folder(named: "INBOX", of: "bob"))
    let first = try store.append(
      octets("Subject: a\r\n\r\n.dot\r\n"), flags: MessageFlags(["\\Seen", "$Label"]), date: Self.date, to: inbox.id)
    _ = try store.append(octets("b\r\n"), flags: MessageFlags(), date: Self.date, to: inbox.id)
    try store.createFolder("Projects/2026.1", of: "bob")
    let project = try #require(store.folder(named: "Projects/2026.1", of: "bob"))
    #expect(try store.copy([first], from: inbox.id, to: project.id) == [1])
    store.remove([2], from: inbox.id)
    try store.setSubscribed(true, "Projects", of: "bob")
    _ = store.setFlags(MessageFlags(["\\Flagged"]), of: 1, in: project.id)
    _ = store.claimRecent(in: inbox.id)
    store.flush()

    var again = try Self.store(folder, uidValidity: 200)
    #expect(again.folders(of: "bob") == store.folders(of: "bob"))
    #expect(again.subscriptions(of: "bob") == store.subscriptions(of: "bob"))
    for folder in store.folders(of: "bob") {
      #expect(again.messages(in: folder.id) == store.messages(in: folder.id), "\(folder.name)")
    }
    #expect(again.octets(of: 1, in: project.id) == octets("Subject: a\r\n\r\n.dot\r\n"))
    #expect(again.claimRecent(in: inbox.id) == 3)
    #expect(again.byteCount == store.byteCount)
    #expect(try again.append(octets("c"), flags: MessageFlags(), date: Self.date, to: inbox.id) == 3)
  }
  @Test func filesAreAsOtherProgramsExpectThem() throws {
    let folder = try TemporaryFolder()
    var store = try Self.store(folder)
    let inbox = try #require(store.folder(named: "INBOX", of: "bob"))
    let uid = try store.append(
      octets("Subject: a\r\n\r\ntext\r\n"), flags: MessageFlags(["\\Seen", "$Work"]), date: Self.date, to: inbox.id)
    let name = try #require(Self.files(folder, "cur").first)
    #expect(name.hasSuffix(",S=17,W=20:2,Sa"), "\(name)")
    let path = "\(folder.path)/mail/bob/cur/\(name)"
    #expect(FileManager.default.contents(atPath: path) == Data("Subject: a\n\ntext\n".utf8))
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect((attributes[.modificationDate] as? Date)?.timeIntervalSince1970 == 1_700_000_000)
    #expect(
      FileManager.default.contents(atPath: "\(folder.path)/mail/bob/dovecot-keywords") == Data("0 $Work\n".utf8))
    _ = store.setFlags(MessageFlags(["\\Deleted"]), of: uid, in: inbox.id)
    #expect(try Self.files(folder, "cur").first?.hasSuffix(":2,T") == true)
    store.remove([uid], from: inbox.id)
    #expect(try Self.files(folder, "cur").isEmpty)
    #expect(try Self.files(folder, "tmp").isEmpty)
  }
  /// What would not come back from LF alone is written as it is.
  @Test(arguments: ["a\r\r\nb\r\n", "a\rb\r\n", "no end", "", "\r\n\r\n", "\r\n.\r\n", "a\r\n\r"])
  func everyOctetComesBack(_ text: String) throws {
    let folder = try TemporaryFolder()
    var store = try Self.store(folder)
    let inbox = try #require(store.folder(named: "INBOX", of: "bob"))
    let uid = try store.append(octets(text), flags: MessageFlags(), date: Self.date, to: inbox.id)
    #expect(store.octets(of: uid, in: inbox.id) == octets(text))
    #expect(store.message(uid, in: inbox.id)?.byteCount == text.utf8.count)
  }
  @Test func whatOtherProgramsDoIsNoticed() throws {
    let folder = try TemporaryFolder()
    var store = try Self.store(folder)
    let inbox = try #require(store.folder(named: "INBOX", of: "bob"))
    for text in ["one\r\n", "two\r\n", "three\r\n"] {
      _ = try store.append(octets(text), flags: MessageFlags(), date: Self.date, to: inbox.id)
    }
    let mail = "\(folder.path)/mail/bob"
    let names = try Self.files(folder, "cur").sorted()
    #expect(names.count == 3)
    // Removed, flagged, delivered: by whatever program.
    try FileManager.default.removeItem(atPath: "\(mail)/cur/\(names[0])")
    try FileManager.default.moveItem(atPath: "\(mail)/cur/\(names[1])", toPath: "\(mail)/cur/\(names[1])FS")
    try Data("Subject: new\n\nhello\n".utf8).write(to: URL(filePath: "\(mail)/new/123.foreign"))
    store.refresh(inbox.id)
    let messages = store.messages(in: inbox.id)
    #expect(messages.map(\.uid) == [2, 3, 4])
    #expect(messages.map(\.flags.names) == [["\\Flagged", "\\Seen"], [], []])
    #expect(store.octets(of: 4, in: inbox.id) == octets("Subject: new\r\n\r\nhello\r\n"))
    #expect(messages[2].byteCount == 23)
    store.flush()
    #expect(try Self.store(folder).messages(in: inbox.id) == messages)
  }
  @Test func anIndexThatIsLostIsMadeAnewFromTheFiles() throws {
    let folder = try TemporaryFolder()
    var store = try Self.store(folder)
    let inbox = try #require(store.folder(named: "INBOX", of: "bob"))
    _ = try store.append(octets("kept\r\n"), flags: MessageFlags(["\\Seen", "$Work"]), date: Self.date, to: inbox.id)
    try store.createFolder("Projects", of: "bob")
    store.flush()
    for suffix in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: "\(folder.path)/index.sqlite\(suffix)")
    }
    let again = try Self.store(folder, uidValidity: 5_000)
    #expect(again.folders(of: "bob").map(\.name) == ["Drafts", "INBOX", "Junk", "Projects", "Sent", "Trash"])
    #expect(again.folders(of: "bob").map(\.specialUse) == [.drafts, nil, .junk, nil, .sent, .trash])
    let found = try #require(again.folder(named: "INBOX", of: "bob"))
    // UIDs of before mean nothing now.
    #expect(found.uidValidity > inbox.uidValidity)
    let message = try #require(again.messages(in: found.id).first)
    #expect(message.flags == MessageFlags(["\\Seen", "$Work"]))
    #expect(message.internalDate.secondsSinceEpoch == 1_700_000_000)
    #expect(again.octets(of: message.uid, in: found.id) == octets("kept\r\n"))
  }
  @Test func aDamagedIndexIsPutAside() throws {
    let folder = try TemporaryFolder()
    try Data("this is no database, and long enough to be looked at as one".utf8)
      .write(to: URL(filePath: "\(folder.path)/index.sqlite"))
    #expect(throws: (any Error).self) { try MailIndex(path: "\(folder.path)/index.sqlite") }
  }
  @Test func foldersAreMovedWithTheirMessages() throws {
    let folder = try TemporaryFolder()
    var store = try Self.store(folder)
    try store.createFolder("a/b", of: "bob")
    let b = try #require(store.folder(named: "a/b", of: "bob"))
    _ = try store.append(octets("x"), flags: MessageFlags(), date: Self.date, to: b.id)
    try store.renameFolder("a", to: "c", of: "bob")
    #expect(store.folder(named: "c/b", of: "bob")?.id == b.id)
    #expect(store.octets(of: 1, in: b.id) == octets("x"))
    #expect(FileManager.default.fileExists(atPath: "\(folder.path)/mail/bob/.c.b/cur"))
    store.flush()
    #expect(try Self.store(folder).octets(of: 1, in: b.id) == octets("x"))
    try store.deleteFolder("c/b", of: "bob")
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/mail/bob/.c.b"))
    store.flush()
    #expect(try Self.store(folder).folder(named: "c/b", of: "bob") == nil)
  }
  /// A full disk is said, and leaves nothing behind.
  @Test func aFolderThatCannotBeWrittenIsSaid() throws {
    let folder = try TemporaryFolder()
    var store = try Self.store(folder)
    let inbox = try #require(store.folder(named: "INBOX", of: "bob"))
    // A file in place of the folder: no user, not even root, writes below it.
    try FileManager.default.removeItem(atPath: "\(folder.path)/mail/bob/tmp")
    try Data().write(to: URL(filePath: "\(folder.path)/mail/bob/tmp"))
    #expect(throws: MailStoreError.unavailable) {
      try store.append(octets("x"), flags: MessageFlags(), date: Self.date, to: inbox.id)
    }
    #expect(store.messages(in: inbox.id).isEmpty)
    let delivery = MaildirDelivery(root: "\(folder.path)/mail", host: "host")
    let outcome = delivery.deliver(
      [.init(id: "1", accounts: ["bob", "nobody"], message: octets("x"))], at: Timestamp(nanoseconds: 0))
    #expect(outcome[0].accounts.values.allSatisfy { if case .failure = $0 { true } else { false } })
  }
  /// What could not be synchronised is brought again, so nothing of it may lie there already.
  @Test func whatIsNotPromisedIsNotLeft() throws {
    let folder = try TemporaryFolder()
    _ = try Self.store(folder)
    try FileManager.default.removeItem(atPath: "\(folder.path)/mail/bob/cur")
    try Data().write(to: URL(filePath: "\(folder.path)/mail/bob/cur"))
    let delivery = MaildirDelivery(root: "\(folder.path)/mail", host: "host")
    let outcome = delivery.deliver(
      [.init(id: "1", accounts: ["bob"], message: octets("x"))], at: Timestamp(nanoseconds: 0))
    #expect(outcome[0].accounts.values.allSatisfy { if case .failure = $0 { true } else { false } })
    #expect(try Self.files(folder, "new").isEmpty)
  }
}
