import Bytes
import MailProtocols
import Testing

@testable import MailSystem

@Suite struct MailStoreTests {
  private static func store() -> IndexedMailStore {
    var store = IndexedMailStore(uidValidity: 7)
    store.open(account: "a")
    return store
  }
  private func inbox(_ store: IndexedMailStore) throws -> MailFolder {
    try #require(store.folder(named: "INBOX", of: "a"))
  }

  @Test func anAccountBeginsWithItsUsualFolders() {
    let folders = Self.store().folders(of: "a")
    #expect(folders.map(\.name) == ["Drafts", "INBOX", "Junk", "Sent", "Trash"])
    #expect(folders.map { $0.specialUse?.rawValue } == ["\\Drafts", nil, "\\Junk", "\\Sent", "\\Trash"])
    #expect(Set(folders.map(\.uidValidity)).count == 5)
    #expect(Self.store().folders(of: "b").isEmpty)
  }
  @Test(arguments: [
    ("INBOX", "INBOX"), ("inbox", "INBOX"), ("InBox/x", "INBOX/x"), ("Archive/2026", "Archive/2026"), ("a.b", "a.b"),
    ("Entw\u{fc}rfe", "Entw\u{fc}rfe"), ("..a", "..a"), ("inboxes", "inboxes"),
  ])
  func names(_ name: String, _ canonical: String) { #expect(FolderName.canonical(name) == canonical) }
  @Test(arguments: [
    "", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/..", "a/./b", "...", "a\0b", "a\nb", "a\rb", "\u{7f}",
    "\u{85}", "\u{2028}", "%", "a*", "a\\b", "#news", String(repeating: "x", count: 201),
    Array(repeating: "a", count: 17).joined(separator: "/"),
    Array(repeating: String(repeating: "x", count: 150), count: 8)
      .joined(separator: "/"),
  ])
  func namesThatNoFolderMayHave(_ name: String) {
    #expect(FolderName.canonical(name) == nil)
    var store = Self.store()
    #expect(throws: MailStoreError.badName) { try store.createFolder(name, of: "a") }
    #expect(throws: MailStoreError.badName) { try store.renameFolder("Sent", to: name, of: "a") }
  }
  @Test func uidsAndSequencesOnlyGrow() throws {
    var store = Self.store()
    let first = try store.deliver([1, 2], to: "a", at: Timestamp(nanoseconds: 5_000_000_000))
    let second = try store.deliver([3], to: "a", at: Timestamp(nanoseconds: 0))
    let before = try inbox(store)
    #expect([first, second, before.uidNext] == [1, 2, 3])
    #expect(store.message(1, in: before.id)?.internalDate.secondsSinceEpoch == 5)
    #expect(store.octets(of: 1, in: before.id) == [1, 2])
    store.remove([2], from: before.id)
    let after = try inbox(store)
    #expect(after.uidNext == 3)
    #expect(after.highestModificationSequence > before.highestModificationSequence)
    #expect(store.octets(of: 2, in: before.id) == nil)
    #expect(try store.deliver([4], to: "a", at: Timestamp(nanoseconds: 0)) == 3)
    #expect(store.byteCount == 3)
    store.remove([99], from: before.id)
    #expect(store.setFlags(MessageFlags(["\\Seen"]), of: 2, in: before.id) == nil)
  }
  @Test func theSameFlagsAreNoChange() throws {
    var store = Self.store()
    _ = try store.deliver([1], to: "a", at: Timestamp(nanoseconds: 0))
    let id = try inbox(store).id
    let sequence = store.setFlags(MessageFlags(["\\seen", "$Junk"]), of: 1, in: id)
    #expect(store.setFlags(MessageFlags(["$JUNK", "\\Seen"]), of: 1, in: id) == sequence)
    #expect(store.message(1, in: id)?.flags.names == ["$Junk", "\\Seen"])
  }
  @Test func foldersOnFolders() throws {
    var store = Self.store()
    try store.createFolder("a/b/c", of: "a")
    #expect(store.folders(of: "a").map(\.name).prefix(5).contains("Drafts"))
    #expect(store.folder(named: "a/b", of: "a") != nil)
    #expect(throws: MailStoreError.hasChildren) { try store.deleteFolder("a", of: "a") }
    #expect(throws: MailStoreError.alreadyExists) { try store.createFolder("a/b", of: "a") }
    #expect(throws: MailStoreError.badName) { try store.renameFolder("a", to: "a/x", of: "a") }
    #expect(throws: MailStoreError.noSuchFolder) { try store.renameFolder("z", to: "y", of: "a") }
    let id = store.folder(named: "a/b/c", of: "a")?.id
    try store.renameFolder("a", to: "z/y", of: "a")
    #expect(store.folder(named: "z/y/b/c", of: "a")?.id == id)
    #expect(store.folder(named: "a/b", of: "a") == nil)
    try store.deleteFolder("z/y/b/c", of: "a")
    #expect(id.flatMap { store.folder($0) } == nil)
    #expect(throws: MailStoreError.isINBOX) { try store.deleteFolder("inbox", of: "a") }
  }
  @Test func renamingINBOXMovesItsMessages() throws {
    var store = Self.store()
    _ = try store.deliver([1], to: "a", at: Timestamp(nanoseconds: 0))
    try store.renameFolder("INBOX", to: "old", of: "a")
    #expect(store.messages(in: try inbox(store).id).isEmpty)
    #expect(store.messages(in: try #require(store.folder(named: "old", of: "a")).id).count == 1)
  }
  @Test func whatIsFullSaysSoAndCopiesNothing() throws {
    var limits = IndexedMailStore.Limits()
    limits.byteCount = 5
    limits.folderCount = 6
    limits.messageCount = 2
    var store = IndexedMailStore(limits: limits)
    _ = try store.deliver([1, 2, 3], to: "a", at: Timestamp(nanoseconds: 0))
    #expect(throws: MailStoreError.full) { try store.deliver([1, 2, 3], to: "a", at: Timestamp(nanoseconds: 0)) }
    let id = try inbox(store).id
    #expect(throws: MailStoreError.full) { try store.copy([1], from: id, to: id) }
    #expect(store.messages(in: id).count == 1)
    try store.createFolder("x", of: "a")
    #expect(throws: MailStoreError.full) { try store.createFolder("y", of: "a") }
    _ = try store.deliver([1], to: "a", at: Timestamp(nanoseconds: 0))
    #expect(throws: MailStoreError.full) { try store.deliver([1], to: "a", at: Timestamp(nanoseconds: 0)) }
  }
}
