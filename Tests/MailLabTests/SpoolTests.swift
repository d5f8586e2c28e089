import Bytes
import MailProtocols
import MailSystem
import TestSupport
import Testing

@testable import MailLab

@Suite struct SpoolTests {
  private static let now = Timestamp(nanoseconds: 1_000_000_000)
  private static func host() -> MailHost {
    MailHost(
      name: "mx.a.example",
      directory: MailDirectory(
        domains: ["a.example"], accounts: [MailAccount(name: "alice@a.example", password: "x")], secret: [1]),
      isJournaled: true, ownMail: .queued)
  }
  private static func envelope(_ recipients: [String]) throws -> Envelope {
    func path(_ text: String) throws -> SMTPPath {
      let octets = Array(text.utf8)
      let path = SMTPPath.parse(octets.span)
      return try #require(path)
    }
    return Envelope(from: try path("alice@a.example"), to: try recipients.map(path))
  }

  @Test func whatWaitsIsThereAgainInEveryDetail() throws {
    let folder = try TemporaryFolder()
    var store = IndexedMailStore()
    var host = Self.host()
    let envelope = try Self.envelope(["bob@b.example", "alice@a.example", "\"odd name\"@b.example"])
    let message: [UInt8] = [0, 255, 13, 10]
    _ = host.take(envelope, message, id: "M1", at: Self.now, into: &store)
    let spool = try Spool(path: "\(folder.path)/queue.sqlite")
    try spool.write(host.takeChanges())
    let kept = try Spool(path: "\(folder.path)/queue.sqlite").load()
    #expect(kept.entries.sorted { $0.id < $1.id } == host.queue.entries.sorted { $0.id < $1.id })
    #expect(kept.messages == ["M1": message])
  }
  /// Nothing is tried before it is on disk, and nothing is left of what could not be written.
  @Test func mailIsHeldUntilItIsWritten() throws {
    var store = IndexedMailStore()
    store.open(account: "alice@a.example")
    var host = Self.host()
    let envelope = try Self.envelope(["alice@a.example"])
    _ = host.take(envelope, [1], id: "M1", at: Self.now, into: &store)
    #expect(host.nextAttempt == nil)
    #expect(host.due(at: Self.now, into: &store).isEmpty)
    host.wrote(host.takeChanges())
    #expect(host.nextAttempt == Self.now)
    let due = host.due(at: Self.now, into: &store)
    #expect(due.map(\.isOwn) == [true])
    let delivery = try #require(due.first?.deliveries.first)
    #expect(host.mail(of: delivery).accounts == ["alice@a.example"])
    host.settle(delivery.id, except: ["alice@a.example": .noRoom], at: Self.now, into: &store)
    #expect(host.queue.count == 1)
    #expect(host.queue.entries[0].lastReplies[0]?.code == 452)

    _ = host.take(envelope, [2], id: "M2", at: Self.now, into: &store)
    host.withdraw("M2")
    _ = host.takeChanges()
    #expect(host.queue.count == 1 && host.messages["M2"] == nil)
  }
  @Test func whatIsDeliveredIsGoneFromTheDisk() throws {
    let folder = try TemporaryFolder()
    let spool = try Spool(path: "\(folder.path)/queue.sqlite")
    var store = IndexedMailStore()
    var host = Self.host()
    _ = host.take(try Self.envelope(["alice@a.example"]), [1], id: "M1", at: Self.now, into: &store)
    let changes = host.takeChanges()
    try spool.write(changes)
    host.wrote(changes)
    let delivery = try #require(host.due(at: Self.now, into: &store).first?.deliveries.first)
    host.settle(delivery.id, except: [:], at: Self.now, into: &store)
    try spool.write(host.takeChanges())
    let kept = try spool.load()
    #expect(kept.entries.isEmpty && kept.messages.isEmpty)
  }
}
