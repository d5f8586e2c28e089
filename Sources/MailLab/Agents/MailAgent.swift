internal import Bytes
package import MailSystem
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// What a user agent does on a real socket, with whatever server: submit, fetch, work in folders.
package enum MailAgent {
  /// How a conversation went, word by word.
  package struct Transcript: Sendable {
    package var events: [RecordedEvent]
    /// The event from which on TLS hid what was said from everybody else.
    package var firstHidden: Int?
  }

  /// Brings one message; the fates are its recipients'.
  package static func send(
    _ session: SMTPClientSession, to server: AgentServer
  ) async throws -> (fates: [SMTPClientSession.Fate], Transcript) {
    let (outcome, transcript) = try await run(server, of: SMTPClientConversation.Outcome.self) { over in
      SMTPClientConversation(session, outcome: over)
    }
    return (outcome.fates, transcript)
  }
  /// Fetches a mailbox; `keep` writes a message where no crash loses it.
  package static func fetch(
    _ session: POP3ClientSession, from server: AgentServer,
    keep: @escaping @Sendable (POP3ClientSession.Message) -> Bool
  ) async throws -> (POP3ClientSession, Transcript) {
    try await run(server, of: POP3ClientSession.self) { over in
      POP3ClientConversation(session, over: over, keep: keep)
    }
  }
  /// Does operations one after the other, and logs out.
  package static func work(
    _ session: IMAPClientSession, _ operations: [IMAPOperation], at server: AgentServer,
    tell: @escaping @Sendable (IMAPAgentNews) -> Void
  ) async throws -> (IMAPClientSession, Transcript) {
    try await run(server, of: IMAPClientSession.self) { over in
      IMAPClientConversation(session, operations, over: over, tell: tell)
    }
  }

  private static func run<Result: Sendable, Client: Conversation>(
    _ server: AgentServer, of: Result.Type, _ make: @escaping @Sendable (EventLoopPromise<Result>) -> Client
  ) async throws -> (Result, Transcript) {
    let eventLoop = MultiThreadedEventLoopGroup.singleton.any()
    let over = eventLoop.makePromise(of: Result.self)
    let context: NIOSSLContext?
    do { context = server.tls == .never ? nil : try clientContext(server) } catch {
      over.fail(error)
      throw LabError.failed("the certificates cannot be read: \(error)")
    }
    let talk = try await eventLoop.submit { NIOLoopBound(Talk(), eventLoop: eventLoop) }.get()
    let channel: any Channel
    do {
      channel = try await ClientBootstrap(group: eventLoop)
        .connectTimeout(.seconds(30))
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            let protect: ConversationHandler.Protection = { try handler(context, server) }
            if server.tls == .implicit { try channel.pipeline.syncOperations.addHandler(protect()) }
            try channel.pipeline.syncOperations.addHandler(
              ConversationHandler(HeardConversation(make(over), talk.value), protection: protect))
          }
        }
        .connect(host: server.host, port: server.port).get()
    } catch {
      over.fail(error)
      throw LabError.failed("no connection to \(server.host) port \(server.port): \(ConnectionFailure.text(error))")
    }
    let (client, peer) = (channel.localAddress, channel.remoteAddress)
    let result = try await over.futureResult.get()
    let transcript = try await eventLoop.submit {
      talk.value.open(
        client: (client?.ipAddress ?? "", client?.port ?? 0), server: (peer?.ipAddress ?? "", peer?.port ?? 0),
        isProtected: server.tls == .implicit)
      return Transcript(events: talk.value.events, firstHidden: talk.value.firstHidden)
    }.get()
    return (result, transcript)
  }
  private static func clientContext(_ server: AgentServer) throws -> NIOSSLContext {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv12
    if let authority = server.authority {
      configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(authority.utf8)))
    }
    if server.believesAnybody { configuration.certificateVerification = .none }
    return try NIOSSLContext(configuration: configuration)
  }
  private static func handler(_ context: NIOSSLContext?, _ server: AgentServer) throws -> any ChannelHandler {
    guard let context else { throw LabError.failed("TLS was asked for, and is switched off") }
    let name = server.name ?? server.host
    // An address is no name that could be asked for (RFC 6066 §3).
    let isAddress = (try? SocketAddress(ipAddress: name, port: 0)) != nil
    return try NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : name)
  }
}
