internal import Bytes
internal import MailSystem
internal import NIOCore

/// An SMTP client's side, which brings one message to another server.
final class SMTPClientConversation: Conversation {
  /// RFC 5321 §4.5.3.2.
  static let patience = TimeAmount.minutes(5)
  private var session: SMTPClientSession
  private var outcome: EventLoopPromise<Outcome>?
  /// What became of the message for each recipient, and whether the server tells the sender of it itself.
  struct Outcome: Sendable {
    var fates: [SMTPClientSession.Fate]
    var offersDSN = false
    /// What would become of any other message, too.
    var connectionFailure: SMTPClientSession.Fate?
  }

  /// `outcome` is told the fate of each recipient, whatever happens.
  init(_ session: SMTPClientSession, outcome: EventLoopPromise<Outcome>) {
    self.session = session
    self.outcome = outcome
  }
  func begin() {}
  func receive(_ octets: Span<UInt8>) { session.receive(octets) }
  func takeOutput() -> [UInt8] { session.takeOutput() }
  func work(_ context: ChannelHandlerContext) -> Progress {
    switch session.takeAction() {
    case nil: return .listening
    case .startTLS: return .protect { self.session.beginProtected() }
    case .close:
      end()
      return .over
    }
  }
  func expire() { session.lostConnection() }
  func shutDown() { session.lostConnection() }
  func end() {
    session.lostConnection()
    outcome?.succeed(Outcome(fates: session.fates, offersDSN: session.serverOffersDSN))
    outcome = nil
  }
}
