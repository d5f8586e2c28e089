internal import Bytes
internal import MailSystem
internal import NIOCore

/// An SMTP server's side, whose messages go to a post.
final class SMTPServerConversation: Conversation {
  /// RFC 5321 §4.5.3.2.7.
  static let patience = TimeAmount.minutes(5)
  private var session: SMTPServerSession
  private let post: any MailPost

  init(_ session: SMTPServerSession, post: any MailPost) {
    self.session = session
    self.post = post
  }
  func begin() { session.begin(at: LabClock.now) }
  func receive(_ octets: Span<UInt8>) { session.receive(octets, at: LabClock.now) }
  func takeOutput() -> [UInt8] { session.takeOutput() }
  func work(_ context: ChannelHandlerContext) -> Progress {
    switch session.takeAction() {
    case nil: return .listening
    case .take(let envelope, let message, let id):
      switch post.take(envelope, message, id: id) {
      case .known(let custody):
        session.custody(custody, at: LabClock.now)
        return .again
      case .awaited(let future):
        var custody = SMTPServerSession.Custody.failed
        let taking = future.assumeIsolated().map { custody = $0 }.nonisolated()
        return .until(taking) { self.session.custody(custody, at: LabClock.now) }
      }
    case .pause(let nanoseconds): return .until(context.wait(nanoseconds)) { self.session.resume(at: LabClock.now) }
    case .startTLS: return .protect { self.session.beginProtected(at: LabClock.now) }
    case .close: return .over
    }
  }
  func expire() { session.expire() }
  func shutDown() { session.shutDown() }
  func end() {}
}

/// Where an SMTP server's messages go: into mailboxes here, or into the queue.
protocol MailPost {
  /// Takes a message over, so that what is promised for it is kept.
  func take(_ envelope: Envelope, _ message: [UInt8], id: String) -> Taking
}

/// What becomes of a message that is to be taken over.
enum Taking {
  case known(SMTPServerSession.Custody)
  /// A disk has to be waited for.
  case awaited(EventLoopFuture<SMTPServerSession.Custody>)
}
