internal import Bytes
package import MailSystem
internal import NIOCore

/// A POP3 client's side, which keeps what it fetches.
final class POP3ClientConversation: Conversation {
  /// RFC 1939 §3.
  static let patience = TimeAmount.minutes(10)
  private var session: POP3ClientSession
  private let keep: (POP3ClientSession.Message) -> Bool
  private let over: EventLoopPromise<POP3ClientSession>

  /// `keep` writes a message where no crash loses it, or says that it could not.
  init(
    _ session: POP3ClientSession, over: EventLoopPromise<POP3ClientSession>,
    keep: @escaping (POP3ClientSession.Message) -> Bool
  ) {
    self.session = session
    self.over = over
    self.keep = keep
  }
  func begin() {}
  func receive(_ octets: Span<UInt8>) { session.receive(octets) }
  func takeOutput() -> [UInt8] { session.takeOutput() }
  func work(_ context: ChannelHandlerContext) -> Progress {
    switch session.takeAction() {
    case nil: return .listening
    case .startTLS: return .protect { self.session.beginProtected() }
    case .keep(let message):
      session.kept(keep(message))
      return .again
    case .close: return .over
    }
  }
  func expire() { session.expire() }
  func shutDown() { session.lostConnection() }
  func end() {
    session.lostConnection()
    over.succeed(session)
  }
}

/// An IMAP client's side, which does what it was given and tells what comes of it.
final class IMAPClientConversation: Conversation {
  /// RFC 9051 §5.4.
  static let patience = TimeAmount.minutes(30)
  private var session: IMAPClientSession
  private let tell: (IMAPAgentNews) -> Void
  private let over: EventLoopPromise<IMAPClientSession>
  private var isLeaving = false

  init(
    _ session: IMAPClientSession, _ operations: [IMAPOperation], over: EventLoopPromise<IMAPClientSession>,
    tell: @escaping (IMAPAgentNews) -> Void
  ) {
    self.session = session
    self.over = over
    self.tell = tell
    self.session.perform(operations)
  }
  func begin() {}
  func receive(_ octets: Span<UInt8>) { session.receive(octets) }
  func takeOutput() -> [UInt8] { session.takeOutput() }
  func work(_ context: ChannelHandlerContext) -> Progress {
    for outcome in session.takeOutcomes() { tell(.outcome(outcome)) }
    for news in session.takeNews() { tell(.news(news)) }
    switch session.takeAction() {
    case .startTLS: return .protect { self.session.beginProtected() }
    case .close: return .over
    case nil: break
    }
    guard session.isAtRest, !isLeaving, session.step != .over else { return .listening }
    isLeaving = true
    session.perform([.logout])
    return .again
  }
  func expire() { session.expire() }
  func shutDown() { session.lostConnection() }
  func end() {
    session.lostConnection()
    over.succeed(session)
  }
}

/// What an IMAP agent hears of.
package enum IMAPAgentNews: Sendable {
  /// What came of an operation.
  case outcome(IMAPOutcome)
  /// What somebody else did.
  case news(IMAPNews)
}
