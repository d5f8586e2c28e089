internal import Bytes
internal import MailSystem
internal import NIOCore

/// A POP3 server's side, over the mailboxes of a host.
final class POP3ServerConversation: Conversation {
  /// RFC 1939 §3.
  static let patience = TimeAmount.minutes(10)
  private var session: POP3ServerSession
  private let mailboxes: any Mailboxes
  /// Whose maildrop this session holds, and the messages that were there.
  private var held: (user: String, maildrop: Maildrop)?

  init(_ session: POP3ServerSession, mailboxes: any Mailboxes) {
    self.session = session
    self.mailboxes = mailboxes
  }
  func begin() { session.begin(at: LabClock.now) }
  func receive(_ octets: Span<UInt8>) { session.receive(octets, at: LabClock.now) }
  func takeOutput() -> [UInt8] { session.takeOutput() }
  func work(_ context: ChannelHandlerContext) -> Progress {
    switch session.takeAction() {
    case nil: return .listening
    case .open(let user):
      let maildrop = mailboxes.openMaildrop(of: user)
      if let maildrop { held = (user, maildrop) }
      session.opened(maildrop.map { .opened($0) } ?? .inUse, at: LabClock.now)
      return .again
    case .fetch(let index):
      let message = held.flatMap { mailboxes.message($0.maildrop.messages[index].uniqueID, of: $0.user) }
      session.fetched(message, at: LabClock.now)
      return .again
    case .update(let deleted):
      let isDone = held.map { held in
        mailboxes.remove(deleted.map { held.maildrop.messages[$0].uniqueID }, of: held.user)
      }
      end()
      session.updated(isDone ?? false, at: LabClock.now)
      return .again
    case .pause(let nanoseconds): return .until(context.wait(nanoseconds)) { self.session.resume(at: LabClock.now) }
    case .startTLS: return .protect { self.session.beginProtected(at: LabClock.now) }
    case .close:
      end()
      return .over
    }
  }
  func expire() { session.expire() }
  func shutDown() { session.shutDown() }
  /// Lets the maildrop go.
  func end() {
    if let held { mailboxes.releaseMaildrop(of: held.user) }
    held = nil
  }
}

/// The mailboxes of a server, as POP3 uses them (RFC 1939 §3, §4).
protocol Mailboxes {
  /// Gives a maildrop to one session alone; nil when another has it.
  func openMaildrop(of user: String) -> Maildrop?
  func releaseMaildrop(of user: String)
  func message(_ uniqueID: String, of user: String) -> [UInt8]?
  /// Removes messages; false when some remain.
  func remove(_ uniqueIDs: [String], of user: String) -> Bool
}
