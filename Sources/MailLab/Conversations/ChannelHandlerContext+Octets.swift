internal import Bytes
internal import NIOCore

extension ByteBuffer {
  /// Lends the octets that can be read to `body`.
  func withOctets(_ body: (Span<UInt8>) -> Void) {
    unsafe withUnsafeReadableBytes { raw in
      unsafe raw.withMemoryRebound(to: UInt8.self) { buffer in unsafe body(buffer.span) }
    }
  }
}

extension ChannelHandlerContext {
  /// Sends what a session said, if anything.
  func send(_ octets: [UInt8]) {
    if !octets.isEmpty { writeAndFlush(NIOAny(channel.allocator.buffer(bytes: octets)), promise: nil) }
  }
  /// Is over after so many nanoseconds.
  func wait(_ nanoseconds: Int64) -> EventLoopFuture<Void> {
    eventLoop.scheduleTask(in: .nanoseconds(nanoseconds)) {}.futureResult
  }
  /// Is over when what was sent has left our memory.
  func drain() -> EventLoopFuture<Void> { writeAndFlush(NIOAny(ByteBuffer())) }
}
