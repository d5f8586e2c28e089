internal import Bytes
internal import NIOCore

/// Carries octets between a channel and a conversation.
final class ConversationHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let conversation: any Conversation
  private let patience: TimeAmount
  private let deadline = Deadline()
  /// What was asked for has not happened yet.
  private var isWaiting = false
  private var isReading = true

  private let protection: Protection?
  /// What puts TLS on a connection.
  typealias Protection = () throws -> any ChannelHandler

  init(_ conversation: some Conversation, protection: Protection? = nil) {
    self.conversation = conversation
    self.protection = protection
    patience = type(of: conversation).patience
  }
  func channelActive(context: ChannelHandlerContext) {
    conversation.begin()
    act(context)
  }
  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    unwrapInboundIn(data).withOctets { conversation.receive($0) }
    act(context)
  }
  func channelInactive(context: ChannelHandlerContext) {
    deadline.cancel()
    conversation.end()
    context.fireChannelInactive()
  }
  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is ShutDown {
      conversation.shutDown()
      act(context)
    }
    context.fireUserInboundEventTriggered(event)
  }

  /// Sends what is to be sent, and does what is to be done behind it.
  func act(_ context: ChannelHandlerContext) {
    while true {
      context.send(conversation.takeOutput())
      switch conversation.work(context) {
      case .again: continue
      case .listening:
        return deadline.restart(patience, context.eventLoop) {
          self.conversation.expire()
          self.act(context)
        }
      case .until(let future, let body): return wait(for: future, context, then: body)
      case .protect(let body):
        guard protect(context) else { return context.close(promise: nil) }
        body()
      case .over: return finish(context)
      }
    }
  }
  /// Says no more, behind what was sent; the connection is over when the peer has said its last word, too, or has taken
  /// too long for it.
  private func finish(_ context: ChannelHandlerContext) {
    deadline.restart(Self.leavePatience, context.eventLoop) { context.close(promise: nil) }
    context.close(mode: .output, promise: nil)
  }
  private static let leavePatience = TimeAmount.seconds(2)
  private func protect(_ context: ChannelHandlerContext) -> Bool {
    guard let handler = try? protection?() else { return false }
    return (try? context.pipeline.syncOperations.addHandler(handler, position: .before(self))) != nil
  }
  private func wait(
    for future: EventLoopFuture<Void>, _ context: ChannelHandlerContext, then body: @escaping () -> Void
  ) {
    isWaiting = true
    // It is us who are slow now.
    deadline.cancel()
    future.assumeIsolated().whenComplete { _ in
      self.isWaiting = false
      self.setReading(true, context)
      body()
      self.act(context)
    }
    // What happens at once needs no stop.
    if isWaiting { setReading(false, context) }
  }
  private func setReading(_ isReading: Bool, _ context: ChannelHandlerContext) {
    guard isReading != self.isReading else { return }
    self.isReading = isReading
    try? context.channel.syncOptions?.setOption(.autoRead, value: isReading)
  }
}
