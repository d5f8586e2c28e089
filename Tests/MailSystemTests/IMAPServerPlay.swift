import Bytes
import MailProtocols

@testable import MailSystem

/// An IMAP session over a store in memory, and everything done at once that the session asks for. `store` may be lent to
/// a second play, for two sessions on one account.
struct IMAPServerPlay {
  var session: IMAPServerSession
  var store: IndexedMailStore
  var replies: [UInt8] = []
  var isClosed = false
  var pauses: [Int64] = []
  var drainCount = 0
  var tagCount = 0

  static let first = "From: Terry Gray <gray@cac.example>\r\nSubject: one\r\n\r\nfirst\r\n"
  static let second =
    "From: fred@foobar.example\r\nSubject: two\r\nDate: Mon, 7 Feb 1994 21:52:25 -0800\r\n\r\nsecond\r\n"

  init(
    messages: [String] = [first, second], isProtected: Bool = false,
    directory: MailDirectory = SMTPServerPlay.directory, store: IndexedMailStore = IndexedMailStore(uidValidity: 100),
    _ change: (inout IMAPServerConfiguration) -> Void = { _ in }
  ) {
    var configuration = IMAPServerConfiguration(hostName: "imap.b.example")
    change(&configuration)
    self.store = store
    session = IMAPServerSession(
      configuration, directory: directory, isProtected: isProtected, octetSource: .seeded(1))
    for message in messages {
      _ = try? self.store.deliver(Array(message.utf8), to: "bob@b.example", at: SMTPServerPlay.now)
    }
    session.begin(at: SMTPServerPlay.now)
    act()
  }
  /// After LOGIN, and ENABLE IMAP4rev2 if asked for.
  static func loggedIn(messages: [String] = [first, second], isRevision2: Bool = false) -> IMAPServerPlay {
    var play = IMAPServerPlay(messages: messages)
    play.send("L LOGIN bob hunter2\r\n")
    if isRevision2 { play.send("E ENABLE IMAP4rev2\r\n") }
    return play
  }
  /// After SELECT INBOX.
  static func selected(messages: [String] = [first, second], isRevision2: Bool = false) -> IMAPServerPlay {
    var play = IMAPServerPlay.loggedIn(messages: messages, isRevision2: isRevision2)
    play.send("S SELECT INBOX\r\n")
    return play
  }
  var text: String { replies.span.text() }

  mutating func send(_ octets: [UInt8], cut: Int = Int.max) {
    var rest = octets[...]
    while !rest.isEmpty {
      let piece = Array(rest.prefix(cut))
      rest = rest.dropFirst(piece.count)
      session.receive(piece.span, at: SMTPServerPlay.now, store: &store)
      act()
    }
  }
  mutating func send(_ text: String, cut: Int = Int.max) { send(Array(text.utf8), cut: cut) }
  /// Sends the octets, and gives what is answered.
  mutating func answer(_ text: String) -> String {
    let before = replies.count
    send(text)
    return Array(replies[before...]).span.text()
  }
  /// Sends a command with a tag of its own, `t`, and gives what is answered.
  mutating func say(_ command: String) -> String { answer("t \(command)\r\n") }
  mutating func poll() -> String {
    let before = replies.count
    session.poll(at: SMTPServerPlay.now, store: &store)
    act()
    return Array(replies[before...]).span.text()
  }
  /// The other session works on this one's store; what it did is here afterwards.
  mutating func withStore<Result>(of other: inout IMAPServerPlay, _ body: (inout IMAPServerPlay) -> Result) -> Result {
    other.store = store
    defer { store = other.store }
    return body(&other)
  }
  private mutating func act() {
    while true {
      replies += session.takeOutput()
      switch session.takeAction() {
      case nil: return
      case .startTLS: session.beginProtected(at: SMTPServerPlay.now, store: &store)
      case .pause(let nanoseconds):
        pauses.append(nanoseconds)
        session.resume(at: SMTPServerPlay.now, store: &store)
      case .drain:
        drainCount += 1
        session.resume(at: SMTPServerPlay.now, store: &store)
      case .close: isClosed = true
      }
    }
  }
}
