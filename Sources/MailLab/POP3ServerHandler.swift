internal import Bytes
internal import MailSystem
internal import NIOCore

/// Carries octets between a channel and a POP3 session, and does what the session asks for.
final class POP3ServerHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private var session: POP3ServerSession
  private let mailboxes: any Mailboxes
  /// Whose maildrop this session holds, and the messages that were there.
  private var held: (user: String, maildrop: Maildrop)?
  private let deadline = Deadline(.minutes(10))

  init(_ session: POP3ServerSession, mailboxes: any Mailboxes) {
    self.session = session
    self.mailboxes = mailboxes
  }
  func channelActive(context: ChannelHandlerContext) {
    session.begin(at: LabClock.now)
    act(context)
  }
  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    unwrapInboundIn(data).withOctets { session.receive($0, at: LabClock.now) }
    act(context)
  }
  func channelInactive(context: ChannelHandlerContext) {
    deadline.cancel()
    release()
    context.fireChannelInactive()
  }
  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is ShutDown {
      session.shutDown()
      act(context)
    }
    context.fireUserInboundEventTriggered(event)
  }

  private func act(_ context: ChannelHandlerContext) {
    while true {
      context.send(session.takeOutput())
      switch session.takeAction() {
      case nil:
        return deadline.restart(context.eventLoop) {
          self.session.expire()
          self.act(context)
        }
      case .open(let user):
        let maildrop = mailboxes.openMaildrop(of: user)
        if let maildrop { held = (user, maildrop) }
        session.opened(maildrop.map { .opened($0) } ?? .inUse, at: LabClock.now)
      case .fetch(let index):
        let message = held.flatMap { mailboxes.message($0.maildrop.messages[index].uniqueID, of: $0.user) }
        session.fetched(message, at: LabClock.now)
      case .update(let deleted):
        let isDone = held.map { held in
          mailboxes.remove(deleted.map { held.maildrop.messages[$0].uniqueID }, of: held.user)
        }
        release()
        session.updated(isDone ?? false, at: LabClock.now)
      case .pause(let nanoseconds):
        context.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(nanoseconds)) {
          self.session.resume(at: LabClock.now)
          self.act(context)
        }
        return
      case .startTLS: return context.close(promise: nil)
      case .close:
        deadline.cancel()
        release()
        return context.finish()
      }
    }
  }
  private func release() {
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
