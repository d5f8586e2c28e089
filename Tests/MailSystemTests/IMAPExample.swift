import Bytes
import MailProtocols
import Testing

@testable import MailSystem

/// An example of an IMAP RFC, and the mailbox in which it can hold.
struct IMAPExample: Sendable, CustomTestStringConvertible {
  /// Where the session is when the example begins.
  enum Place: Sendable, Equatable {
    case greeting, notAuthenticated, authenticated
    case selected(String)
  }
  typealias Happening = @Sendable (inout IMAPServerPlay) -> Void

  var example: RFCExample
  var place: Place
  var folders: [RFCFolder]
  var subscriptions: Set<String> = []
  var limits = IndexedMailStore.Limits()
  var configure: @Sendable (inout IMAPServerConfiguration) -> Void = { _ in }
  /// What the events of the script do.
  var happenings: [String: Happening] = [:]

  init(
    _ id: String, _ place: Place = .authenticated, folders: [RFCFolder] = [RFCFolder("INBOX")],
    subscriptions: Set<String> = [], differences: [RFCExample.Difference] = [], happenings: [String: Happening] = [:],
    script: String
  ) {
    example = RFCExample(id, script, differences: differences)
    self.place = place
    self.folders = folders
    self.subscriptions = subscriptions
    self.happenings = happenings
  }
  func with(_ change: (inout IMAPExample) -> Void) -> IMAPExample {
    var example = self
    change(&example)
    return example
  }
  var testDescription: String { example.id }

  /// Everybody whom an example logs in; the one whose mailbox it is, is bob before it begins.
  static let directory = MailDirectory(
    domains: ["b.example"],
    accounts: [
      ("bob", "hunter2"), ("smith", "SESAME"), ("fred", "blurdybloop"), ("test", "test"), ("fred foobar", "fat man"),
    ].map { MailAccount(name: "\($0)@b.example", password: $1) }, secret: [1])

  /// The session at the place where the example begins.
  func start() throws -> IMAPServerPlay {
    let shelf = RFCShelf(folders, subscriptions: subscriptions, account: "bob@b.example")
    let store = try IndexedMailStore(shelf, uidValidity: 1, limits: limits)
    var play = IMAPServerPlay(messages: [], directory: Self.directory, store: store, configure)
    if place == .greeting { return play }
    if place != .notAuthenticated { play.send("L LOGIN bob hunter2\r\nE ENABLE IMAP4rev2\r\n") }
    if case .selected(let name) = place { play.send("S SELECT \(name)\r\n") }
    play.replies = []
    return play
  }
  /// Plays the client's lines, in pieces of at most `cut` octets, and holds the answers against the server's.
  func check(cut: Int = Int.max) throws {
    for event in happenings.keys { #expect(example.steps.contains(.event(event)), "\(example.id): \(event)") }
    var play = try start()
    var heardCount = 0
    example.play(
      say: { play.send("\($0)\r\n", cut: cut) },
      happen: { happenings[$0]?(&play) },
      hear: { expected in
        let answer = Array(play.replies[heardCount...]).span.text()
        heardCount = play.replies.count
        let faults = IMAPAnswerComparison.faults(expected: expected, answered: answer)
        #expect(faults.isEmpty, "\(example.id): \(faults.joined(separator: "\n"))\nanswered:\n\(answer)")
      })
  }
}

extension IMAPServerPlay {
  private func inbox() -> MailFolder? { store.folder(named: "INBOX", of: "bob@b.example") }
  /// New mail arrives.
  mutating func deliver() {
    _ = try? store.deliver(Array("Subject: new\r\n\r\nx\r\n".utf8), to: "bob@b.example", at: SMTPServerPlay.now)
    _ = poll()
  }
  /// Another client expunges a message, by its number in INBOX now.
  mutating func expungeElsewhere(_ number: Int) {
    guard let inbox = inbox() else { return }
    store.remove([store.messages(in: inbox.id)[number - 1].uid], from: inbox.id)
    _ = poll()
  }
  /// Another client sets a message's flags.
  mutating func setFlagsElsewhere(_ number: Int, _ flags: [String]) {
    guard let inbox = inbox() else { return }
    _ = store.setFlags(MessageFlags(flags), of: store.messages(in: inbox.id)[number - 1].uid, in: inbox.id)
    _ = poll()
  }
}
