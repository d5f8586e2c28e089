package import Bytes
internal import NIOCore

/// What passed through the lab's own sockets, for who may not capture packets.
package struct RecordedEvent: Sendable {
  package enum Kind: Sendable {
    /// The client's and the server's address and port.
    case opened(client: (String, Int), server: (String, Int))
    case said([UInt8], byClient: Bool)
    case finished(byClient: Bool)
    case reset(byClient: Bool)
  }
  package var timestamp: Timestamp
  /// The connection's number, from 0.
  package var connection: Int
  package var kind: Kind
}

/// Keeps what passes; lives on the lab's event loop.
final class ConnectionRecording {
  private(set) var events: [RecordedEvent] = []
  private var connectionCount = 0

  func handler() -> RecordingHandler {
    defer { connectionCount += 1 }
    return RecordingHandler(self, connection: connectionCount)
  }
  func note(_ kind: RecordedEvent.Kind, _ connection: Int) {
    events.append(RecordedEvent(timestamp: LabClock.now, connection: connection, kind: kind))
  }
}

/// Stands first on an accepted channel, and notes what comes and goes there, in clear or not.
final class RecordingHandler: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let recording: ConnectionRecording
  private let connection: Int
  private var hasServerFinished = false
  private var isOver = false

  init(_ recording: ConnectionRecording, connection: Int) {
    self.recording = recording
    self.connection = connection
  }
  func channelActive(context: ChannelHandlerContext) {
    let (client, server) = (context.channel.remoteAddress, context.channel.localAddress)
    note(
      .opened(
        client: (client?.ipAddress ?? "", client?.port ?? 0), server: (server?.ipAddress ?? "", server?.port ?? 0)))
    context.fireChannelActive()
  }
  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    unwrapInboundIn(data).withOctets { note(.said($0.copied(), byClient: true)) }
    context.fireChannelRead(data)
  }
  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    let octets = unwrapOutboundIn(data)
    if octets.readableBytes > 0 { octets.withOctets { note(.said($0.copied(), byClient: false)) } }
    context.write(data, promise: promise)
  }
  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    finishServer()
    context.close(mode: mode, promise: promise)
  }
  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if !isOver { note(.reset(byClient: true)) }
    isOver = true
    context.fireErrorCaught(error)
  }
  func channelInactive(context: ChannelHandlerContext) {
    if !isOver {
      note(.finished(byClient: true))
      finishServer()
    }
    isOver = true
    context.fireChannelInactive()
  }
  private func finishServer() {
    if hasServerFinished || isOver { return }
    hasServerFinished = true
    note(.finished(byClient: false))
  }
  private func note(_ kind: RecordedEvent.Kind) { recording.note(kind, connection) }
}
