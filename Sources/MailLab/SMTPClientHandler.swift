internal import Bytes
internal import MailSystem
internal import NIOCore

/// Carries octets between a channel and an SMTP client that brings one message to another server.
final class SMTPClientHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private var session: SMTPClientSession
  private var outcome: EventLoopPromise<[SMTPClientSession.Fate]>?
  private let deadline = Deadline(.minutes(5))

  /// `outcome` is told the fate of each recipient, whatever happens.
  init(_ session: SMTPClientSession, outcome: EventLoopPromise<[SMTPClientSession.Fate]>) {
    self.session = session
    self.outcome = outcome
  }
  func channelActive(context: ChannelHandlerContext) { act(context) }
  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    unwrapInboundIn(data).withOctets { session.receive($0) }
    act(context)
  }
  func channelInactive(context: ChannelHandlerContext) {
    session.lostConnection()
    end()
    context.fireChannelInactive()
  }
  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is ShutDown { context.close(promise: nil) }
    context.fireUserInboundEventTriggered(event)
  }

  private func act(_ context: ChannelHandlerContext) {
    context.send(session.takeOutput())
    switch session.takeAction() {
    case nil:
      let channel = context.channel
      deadline.restart(context.eventLoop) { channel.close(promise: nil) }
    case .startTLS: context.close(promise: nil)
    case .close:
      end()
      context.finish()
    }
  }
  private func end() {
    deadline.cancel()
    outcome?.succeed(session.fates)
    outcome = nil
  }
}
