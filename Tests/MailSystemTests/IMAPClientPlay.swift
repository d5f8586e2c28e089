import Bytes
import Testing

@testable import MailSystem

/// A device: an IMAP client session, and what it has said, heard and found.
struct IMAPClientPlay {
  var session: IMAPClientSession
  var said = ""
  var outcomes: [IMAPOutcome] = []
  var news: [IMAPNews] = []
  var isClosed = false
  /// What of the server's words was heard, and of our own was told it.
  private var heardCount = 0
  private var toldCount = 0

  init(
    user: String = "bob", password: String = "hunter2", _ change: (inout IMAPClientConfiguration) -> Void = { _ in }
  ) {
    var configuration = IMAPClientConfiguration(user: user, password: password)
    change(&configuration)
    session = IMAPClientSession(configuration, octetSource: .seeded(7))
  }
  mutating func perform(_ operations: IMAPOperation...) {
    session.perform(operations)
    act()
  }
  /// The server says octets, in pieces of at most `cut`; returns what the client says.
  mutating func hear(_ octets: [UInt8], cut: Int = Int.max) -> String {
    let before = said.utf8.count
    var rest = octets[...]
    while !rest.isEmpty {
      let piece = Array(rest.prefix(cut))
      rest = rest.dropFirst(piece.count)
      session.receive(piece.span)
      act()
    }
    return String(decoding: said.utf8.dropFirst(before), as: UTF8.self)
  }
  mutating func hear(_ text: String, cut: Int = Int.max) -> String { hear(Array(text.utf8), cut: cut) }
  mutating func act() {
    while true {
      said += session.takeOutput().span.text()
      outcomes += session.takeOutcomes()
      news += session.takeNews()
      switch session.takeAction() {
      case nil: return
      case .startTLS: session.beginProtected()
      case .close: isClosed = true
      }
    }
  }
  /// Lets the client and our server speak until both are silent.
  mutating func converse(with server: inout IMAPServerPlay, cut: Int = Int.max) {
    for _ in 0..<1000 {
      let more = Array(server.replies[heardCount...])
      heardCount += more.count
      _ = hear(more, cut: cut)
      let answer = Array(said.utf8.dropFirst(toldCount))
      toldCount += answer.count
      if more.isEmpty, answer.isEmpty { return }
      server.send(answer, cut: cut)
    }
  }
}
