internal import Foundation
internal import NIOCore
internal import NIOPosix

/// How a running lab is asked, from another terminal: a line of JSON each way, over a socket in its folder that belongs
/// to this user alone.
///
///     {"do":{"status":{}}}   →   {"hosts":[…],"machines":[…]}
package enum LabControl {
  package enum Request: Equatable, Codable, Sendable {
    case status, retry, down
    /// Gives somebody a mailbox; a name that has one, or that is of no domain of the lab, changes nothing.
    case add(name: String, password: String)
  }
  /// What a lab says of itself.
  package struct Answer: Codable, Sendable {
    package var processID: Int32
    package var isEphemeral: Bool
    /// The certificate of its authority, as PEM.
    package var authority: String
    package var machines: [LabDescription.Machine]
    package var hosts: [HostStatus]

    package init(
      processID: Int32, isEphemeral: Bool, authority: String, machines: [LabDescription.Machine], hosts: [HostStatus]
    ) {
      self.processID = processID
      self.isEphemeral = isEphemeral
      self.authority = authority
      self.machines = machines
      self.hosts = hosts
    }
  }
  fileprivate struct Line: Codable { var `do`: Request }
  /// The longest line either way.
  fileprivate static let byteLimit = 16 << 20

  /// A socket that answers until it is closed.
  package final class Server: Sendable {
    private let channel: any Channel
    private let path: String
    fileprivate init(_ channel: any Channel, _ path: String) {
      self.channel = channel
      self.path = path
    }
    package func close() async {
      // It may be closed already.
      try? await channel.close()
      try? Disk.remove(path)
    }
  }
  /// Answers by what `body` says. A socket that a killed lab left is taken over.
  package static func serve(
    at path: String, _ body: @escaping @Sendable (Request) async throws -> Answer
  ) async throws -> Server {
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            LineHandler { line, channel in
              let promise = channel.eventLoop.makePromise(of: [UInt8].self)
              promise.completeWithTask {
                let request = try JSONDecoder().decode(Line.self, from: Data(line)).do
                return Array(try JSONEncoder().encode(try await body(request)))
              }
              promise.futureResult.whenSuccess { answer in
                channel.writeAndFlush(channel.allocator.buffer(bytes: answer + [10]), promise: nil)
              }
              promise.futureResult.whenFailure { _ in channel.close(promise: nil) }
            })
        }
      }
      .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
    return Server(channel, path)
  }
  /// Asks a lab; nil when none runs.
  package static func ask(_ request: Request, at path: String) async throws -> Answer? {
    let eventLoop = MultiThreadedEventLoopGroup.singleton.any()
    let promise = eventLoop.makePromise(of: [UInt8].self)
    let channel: any Channel
    do {
      channel = try await ClientBootstrap(group: eventLoop)
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(LineHandler { line, _ in promise.succeed(line) })
          }
        }
        .connect(unixDomainSocketPath: path).get()
    } catch {
      promise.fail(error)
      return nil
    }
    channel.closeFuture.whenComplete { _ in promise.fail(LabError.failed("the lab hung up")) }
    let line = Array(try JSONEncoder().encode(Line(do: request))) + [10]
    try await channel.writeAndFlush(channel.allocator.buffer(bytes: line))
    let answer = try JSONDecoder().decode(Answer.self, from: Data(try await promise.futureResult.get()))
    channel.close(promise: nil)
    return answer
  }
}

/// Gathers a line, and gives it on.
private final class LineHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  private var line: [UInt8] = []
  private let body: ([UInt8], any Channel) -> Void

  init(_ body: @escaping ([UInt8], any Channel) -> Void) { self.body = body }
  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    line += Array(unwrapInboundIn(data).readableBytesView)
    if let end = line.firstIndex(of: 10) {
      body(Array(line[..<end]), context.channel)
      line.removeFirst(end + 1)
    } else if line.count > LabControl.byteLimit {
      context.close(promise: nil)
    }
  }
  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
