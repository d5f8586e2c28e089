internal import Bytes
internal import MailSystem
internal import NIOCore

/// Carries octets between a channel and an IMAP session, and does what the session asks for.
final class IMAPServerHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private var session: IMAPServerSession
  private let host: LabHost
  private var context: ChannelHandlerContext?
  /// RFC 9051 §5.4 asks for half an hour at least.
  private let deadline = Deadline(.minutes(30))

  init(_ session: IMAPServerSession, host: LabHost) {
    self.session = session
    self.host = host
  }
  func channelActive(context: ChannelHandlerContext) {
    self.context = context
    session.begin(at: LabClock.now)
    act(context)
  }
  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let before = host.changeCount
    unwrapInboundIn(data).withOctets { session.receive($0, at: LabClock.now, store: &host.store) }
    act(context)
    host.announceChanges(since: before, except: self)
  }
  func channelInactive(context: ChannelHandlerContext) {
    deadline.cancel()
    self.context = nil
    host.forget(self)
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
  /// Somebody else has changed the store: a client that idles hears of it.
  func poll() {
    guard let context else { return }
    session.poll(at: LabClock.now, store: &host.store)
    act(context)
  }

  private func act(_ context: ChannelHandlerContext) {
    context.send(session.takeOutput())
    switch session.takeAction() {
    case nil: break
    case .startTLS: return context.close(promise: nil)
    case .pause(let nanoseconds):
      context.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(nanoseconds)) {
        self.session.resume(at: LabClock.now, store: &self.host.store)
        self.act(context)
      }
    case .drain:
      context.writeAndFlush(NIOAny(ByteBuffer())).assumeIsolated().whenComplete { _ in
        self.session.resume(at: LabClock.now, store: &self.host.store)
        self.act(context)
      }
    case .close:
      deadline.cancel()
      return context.finish()
    }
    deadline.restart(context.eventLoop) {
      self.session.expire()
      self.act(context)
    }
  }
}
