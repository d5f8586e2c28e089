import Bytes

@testable import MailSystem

/// A POP3 session over a maildrop in memory, and everything done at once that the session asks for.
struct POP3ServerPlay {
  var session: POP3ServerSession
  var replies = ""
  var messages: [(id: String, text: String)] = [
    ("a1", "Subject: one\r\n\r\nfirst\r\n.second\r\nthird\r\n"), ("b2", "Subject: two\r\n\r\n"),
  ]
  var updates: [Set<Int>] = []
  var isClosed = false
  var isInUse = false
  var pauses: [Int64] = []

  init(
    directory: MailDirectory = SMTPServerPlay.directory, _ change: (inout POP3ServerConfiguration) -> Void = { _ in }
  ) {
    var configuration = POP3ServerConfiguration(hostName: "pop.b.example")
    change(&configuration)
    session = POP3ServerSession(configuration, directory: directory, octetSource: .seeded(1))
    session.begin(at: SMTPServerPlay.now)
    act()
  }
  /// After USER and PASS.
  static func loggedIn() -> POP3ServerPlay {
    var play = POP3ServerPlay()
    play.send("USER bob\r\nPASS hunter2\r\n")
    return play
  }
  mutating func send(_ text: String, cut: Int = Int.max) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let piece = Array(rest.prefix(cut))
      rest = rest.dropFirst(piece.count)
      session.receive(piece.span, at: SMTPServerPlay.now)
      act()
    }
  }
  /// Sends a line, and gives what is replied to it.
  mutating func say(_ line: String) -> String {
    let before = replies.utf8.count
    send(line + "\r\n")
    return String(decoding: replies.utf8.dropFirst(before), as: UTF8.self)
  }
  private mutating func act() {
    while true {
      replies += String(decoding: session.takeOutput(), as: UTF8.self)
      switch session.takeAction() {
      case nil: return
      case .open:
        let maildrop = Maildrop(messages.map { Maildrop.Message(uniqueID: $0.id, byteCount: $0.text.utf8.count) })
        session.opened(isInUse ? .inUse : .opened(maildrop), at: SMTPServerPlay.now)
      case .fetch(let index): session.fetched(Array(messages[index].text.utf8), at: SMTPServerPlay.now)
      case .update(let deleted):
        updates.append(deleted)
        session.updated(true, at: SMTPServerPlay.now)
      case .startTLS: session.beginProtected(at: SMTPServerPlay.now)
      case .pause(let nanoseconds):
        pauses.append(nanoseconds)
        session.resume(at: SMTPServerPlay.now)
      case .close: isClosed = true
      }
    }
  }
}
