internal import Bytes
internal import MailSystem
internal import NIOCore

/// An IMAP server's side, over a host's store.
final class IMAPServerConversation: Conversation {
  /// RFC 9051 §5.4 asks for half an hour at least.
  static let patience = TimeAmount.minutes(30)
  private var session: IMAPServerSession
  private let host: LabHost

  init(_ session: IMAPServerSession, host: LabHost) {
    self.session = session
    self.host = host
  }
  func begin() { session.begin(at: LabClock.now) }
  func receive(_ octets: Span<UInt8>) {
    host.change(by: self) { session.receive(octets, at: LabClock.now, store: &host.store) }
  }
  func takeOutput() -> [UInt8] { session.takeOutput() }
  func work(_ context: ChannelHandlerContext) -> Progress {
    switch session.takeAction() {
    case nil: .listening
    case .pause(let nanoseconds): .until(context.wait(nanoseconds), then: resume)
    case .drain: .until(context.drain(), then: resume)
    case .startTLS: .protect(then: beginProtected)
    case .close: .over
    }
  }
  private func beginProtected() {
    host.change(by: self) { session.beginProtected(at: LabClock.now, store: &host.store) }
  }
  private func resume() {
    host.change(by: self) { session.resume(at: LabClock.now, store: &host.store) }
  }
  /// Somebody else has changed the store: a client that idles hears of it.
  func poll() { session.poll(at: LabClock.now, store: &host.store) }
  func expire() { session.expire() }
  func shutDown() { session.shutDown() }
  func end() { host.forget(self) }
}
