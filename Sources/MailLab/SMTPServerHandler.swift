internal import Bytes
internal import MailSystem
internal import NIOCore

/// Carries octets between a channel and an SMTP session, and does what the session asks for.
final class SMTPServerHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private var session: SMTPServerSession
  private let post: any MailPost
  private let deadline: Deadline

  /// `post` takes messages over.
  init(_ session: SMTPServerSession, post: any MailPost) {
    self.session = session
    self.post = post
    deadline = Deadline(.minutes(5))
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

  /// Sends what is to be sent, and does what is to be done behind it.
  private func act(_ context: ChannelHandlerContext) {
    context.send(session.takeOutput())
    switch session.takeAction() {
    case nil: break
    case .take(let envelope, let message, let id):
      post.take(envelope, message, id: id).assumeIsolated().whenComplete { result in
        let isTaken = (try? result.get()) ?? false
        self.session.custody(isTaken ? .taken : .failed, at: LabClock.now)
        self.act(context)
      }
    case .pause(let nanoseconds):
      context.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(nanoseconds)) {
        self.session.resume(at: LabClock.now)
        self.act(context)
      }
    case .startTLS: context.close(promise: nil)
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
