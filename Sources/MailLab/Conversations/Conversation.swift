internal import NIOCore

/// One side of a conversation, together with the work that its session asks for: what a channel's handler needs.
///
///     begin → receive* ⇄ takeOutput, work → … → end
protocol Conversation: AnyObject {
  /// How long the peer may be silent.
  static var patience: TimeAmount { get }

  /// The connection stands.
  func begin()
  func receive(_ octets: Span<UInt8>)
  /// What is to be sent.
  func takeOutput() -> [UInt8]
  /// Does what is to be done behind what was sent.
  func work(_ context: ChannelHandlerContext) -> Progress
  /// The peer has been silent for too long.
  func expire()
  /// The lab goes down.
  func shutDown()
  /// The connection is over, by whomever.
  func end()
}

/// What comes next in a conversation.
enum Progress {
  /// The peer speaks.
  case listening
  /// Something was done at once, and there may be more to send and to do.
  case again
  /// This happens first, then `body`; until then nothing is read, so that nobody fills our memory meanwhile.
  case until(EventLoopFuture<Void>, then: () -> Void)
  /// From here on TLS stands between the two; then `body`.
  case protect(then: () -> Void)
  /// We have nothing more to say.
  case over
}

/// Told to every channel when the lab goes down.
struct ShutDown: Sendable {}
