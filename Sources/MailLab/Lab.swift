internal import Bytes
internal import MailSystem
internal import NIOCore
internal import NIOPosix

/// Mail servers on this machine's loopback addresses, with everything between them.
package final class Lab: Sendable {
  /// The machines with the ports that they listen on.
  package let configuration: LabConfiguration
  private let group: MultiThreadedEventLoopGroup
  private let hosts: NIOLoopBound<[LabHost]>
  private let listeners: [any Channel]

  private init(
    _ configuration: LabConfiguration, _ group: MultiThreadedEventLoopGroup, _ hosts: NIOLoopBound<[LabHost]>,
    _ listeners: [any Channel]
  ) {
    self.configuration = configuration
    self.group = group
    self.hosts = hosts
    self.listeners = listeners
  }
  /// Starts every machine; throws, and nothing runs, where a port is not to be had.
  package static func start(
    _ configuration: LabConfiguration, tell: @escaping @Sendable (LabEvent) -> Void
  ) async throws -> Lab {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let eventLoop = group.next()
    var configuration = configuration
    var listeners: [any Channel] = []
    do {
      let hosts = try await eventLoop.submit { [configuration] in
        let names = NameTable()
        let hosts = configuration.machines.map { LabHost($0, names: names, eventLoop: eventLoop, tell: tell) }
        return NIOLoopBound((hosts, names), eventLoop: eventLoop)
      }.get()
      for (index, machine) in configuration.machines.enumerated() {
        for (service, port) in machine.ports.sorted(by: { $0.value < $1.value }) {
          let listener = try await listen(service, machine.address, port, group) { hosts.value.0[index] }
          listeners.append(listener)
          configuration.machines[index].ports[service] = listener.localAddress?.port ?? port
        }
        let address = NameTable.Address(
          host: machine.address, port: configuration.machines[index].ports[.relay] ?? 25)
        try await eventLoop.submit { hosts.value.1.set(machine.domain, to: address) }.get()
      }
      let bound = try await eventLoop.submit { NIOLoopBound(hosts.value.0, eventLoop: eventLoop) }.get()
      return Lab(configuration, group, bound, listeners)
    } catch {
      for listener in listeners { try? await listener.close() }
      try? await group.shutdownGracefully()
      throw error
    }
  }
  private static func listen(
    _ service: LabConfiguration.Service, _ address: String, _ port: Int, _ group: MultiThreadedEventLoopGroup,
    _ host: @escaping @Sendable () -> LabHost
  ) async throws -> any Channel {
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 1024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let host = host()
          host.hold(channel)
          try host.serve(service, on: channel)
        }
      }
    do {
      return try await bootstrap.bind(host: address, port: port).get()
    } catch {
      throw LabError.cannotListen(address: address, port: port, reason: "\(error)")
    }
  }
  package var description: LabDescription { LabDescription(configuration) }
  /// Tells every session that it is over, and ends when every channel is closed.
  package func shutDown() async {
    for listener in listeners { try? await listener.close() }
    try? await group.next().submit { [hosts] in for host in hosts.value { host.shutDown() } }.get()
    try? await group.shutdownGracefully()
  }
}

extension LabHost {
  /// Puts the session of a service on a channel.
  func serve(_ service: LabConfiguration.Service, on channel: any Channel) throws {
    let peer = channel.remoteAddress?.ipAddress ?? "unknown"
    switch service {
    case .relay, .submission:
      let configuration = SMTPServerConfiguration(service == .relay ? .relay : .submission, hostName: machine.hostName)
      let session = SMTPServerSession(configuration, directory: directory, clientAddress: peer)
      try channel.pipeline.syncOperations.addHandler(
        ConversationHandler(SMTPServerConversation(session, post: self)))
    case .pop3:
      let session = POP3ServerSession(POP3ServerConfiguration(hostName: machine.hostName), directory: directory)
      try channel.pipeline.syncOperations.addHandler(
        ConversationHandler(POP3ServerConversation(session, mailboxes: self)))
    case .imap:
      let session = IMAPServerSession(IMAPServerConfiguration(hostName: machine.hostName), directory: directory)
      let conversation = IMAPServerConversation(session, host: self)
      let handler = ConversationHandler(conversation)
      try channel.pipeline.syncOperations.addHandler(handler)
      let context = try channel.pipeline.syncOperations.context(handler: handler)
      remember(conversation) { [weak handler] in handler?.act(context) }
    }
  }
}

/// Why a lab does not run.
package enum LabError: Error, CustomStringConvertible {
  case cannotListen(address: String, port: Int, reason: String)

  package var description: String {
    switch self {
    case .cannotListen(let address, let port, let reason):
      "cannot listen on \(address) port \(port): \(reason); another lab may be running, or --base-port takes others"
    }
  }
}
