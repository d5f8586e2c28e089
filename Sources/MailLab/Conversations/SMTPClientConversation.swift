internal import Bytes
internal import MailSystem
internal import NIOCore

/// An SMTP client's side, which brings one message to another server.
final class SMTPClientConversation: Conversation {
  /// RFC 5321 §4.5.3.2.
  static let patience = TimeAmount.minutes(5)
  private var session: SMTPClientSession
  private var outcome: EventLoopPromise<[SMTPClientSession.Fate]>?

  /// `outcome` is told the fate of each recipient, whatever happens.
  init(_ session: SMTPClientSession, outcome: EventLoopPromise<[SMTPClientSession.Fate]>) {
    self.session = session
    self.outcome = outcome
  }
  func begin() {}
  func receive(_ octets: Span<UInt8>) { session.receive(octets) }
  func takeOutput() -> [UInt8] { session.takeOutput() }
  func work(_ context: ChannelHandlerContext) -> Progress {
    switch session.takeAction() {
    case nil: return .listening
    case .startTLS, .close:
      end()
      return .over
    }
  }
  func expire() { session.lostConnection() }
  func shutDown() { session.lostConnection() }
  func end() {
    session.lostConnection()
    outcome?.succeed(session.fates)
    outcome = nil
  }
}
