import Bytes
import MailProtocols

@testable import MailSystem

/// An SMTP session, a client's octets, and everything done at once that the session asks for.
struct SMTPServerPlay {
  var session: SMTPServerSession
  var replies = ""
  var messages: [(envelope: Envelope, text: String)] = []
  var pauses: [Int64] = []
  var isClosed = false
  /// What the server says when it is asked to take a message over.
  var custody = SMTPServerSession.Custody.taken
  static let now = Timestamp(nanoseconds: 1_700_000_000_000_000_000)

  static let directory = MailDirectory(
    domains: ["b.example"],
    accounts: [
      MailAccount(name: "bob@b.example", password: "hunter2"),
      MailAccount(name: "tim@b.example", password: "tanstaaftanstaaf"),
      MailAccount(name: "pickle@b.example", password: "x"),
    ], secret: [1, 2, 3])

  init(
    _ service: SMTPServerConfiguration.Service = .relay, directory: MailDirectory = Self.directory,
    _ change: (inout SMTPServerConfiguration) -> Void = { _ in }
  ) {
    var configuration = SMTPServerConfiguration(service, hostName: "mx.b.example")
    change(&configuration)
    session = SMTPServerSession(
      configuration, directory: directory, clientAddress: "192.0.2.1", octetSource: .seeded(1))
    session.begin(at: Self.now)
    act()
  }
  /// The client sends octets, in pieces of at most `cut`.
  mutating func send(_ octets: [UInt8], cut: Int = Int.max) {
    var rest = octets[...]
    while !rest.isEmpty {
      let piece = Array(rest.prefix(cut))
      rest = rest.dropFirst(piece.count)
      session.receive(piece.span, at: Self.now)
      act()
    }
  }
  mutating func send(_ text: String, cut: Int = Int.max) { send(Array(text.utf8), cut: cut) }
  /// Sends a line, and gives what is replied to it.
  mutating func say(_ line: String) -> String {
    let before = replies.utf8.count
    send(line + "\r\n")
    return String(decoding: replies.utf8.dropFirst(before), as: UTF8.self)
  }
  /// The same, and its code.
  mutating func code(_ line: String) -> Int { Int(say(line).prefix(3)) ?? 0 }

  private mutating func act() {
    while true {
      replies += String(decoding: session.takeOutput(), as: UTF8.self)
      switch session.takeAction() {
      case nil: return
      case .take(let envelope, let message, _):
        messages.append((envelope, String(decoding: message, as: UTF8.self)))
        session.custody(custody, at: Self.now)
      case .startTLS: session.beginProtected(at: Self.now)
      case .pause(let nanoseconds):
        pauses.append(nanoseconds)
        session.resume(at: Self.now)
      case .close: isClosed = true
      }
    }
  }
}
