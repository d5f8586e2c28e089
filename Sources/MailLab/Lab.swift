internal import Bytes
package import MailSystem
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// Mail servers on this machine's loopback addresses, with everything between them.
package final class Lab: Sendable {
  private let state: Mutex<LabConfiguration>
  /// The certificate of the lab's authority, as PEM.
  package let authorityCertificate: String
  private let group: MultiThreadedEventLoopGroup
  private let pool: NIOThreadPool
  private let hosts: NIOLoopBound<[LabHost]>
  /// By machine.
  private let listeners: NIOLoopBoundBox<[[any Channel]]>

  private init(
    _ configuration: LabConfiguration, _ authorityCertificate: String, _ group: MultiThreadedEventLoopGroup,
    _ pool: NIOThreadPool, _ hosts: NIOLoopBound<[LabHost]>, _ listeners: NIOLoopBoundBox<[[any Channel]]>
  ) {
    state = Mutex(configuration)
    self.authorityCertificate = authorityCertificate
    self.group = group
    self.pool = pool
    self.hosts = hosts
    self.listeners = listeners
  }
  /// Starts every machine; throws, and nothing runs, where a port is not to be had, or the disk cannot be read.
  package static func start(
    _ configuration: LabConfiguration, _ options: LabOptions = LabOptions(),
    tell: (@Sendable (LabEvent) -> Void)? = nil
  ) async throws -> Lab {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    // One writes the queue while another fills mailboxes.
    let pool = NIOThreadPool(numberOfThreads: 2)
    pool.start()
    let eventLoop = group.next()
    var configuration = configuration
    var listeners: [[any Channel]] = []
    do {
      let authority = try makeAuthority(options)
      let keyLog = try options.keyLogPath.map { path throws(DiskError) in try KeyLog(path: path) }
      let bound = try await eventLoop.submit { [configuration] in
        let routes = MailRoutes(usesDNS: options.usesDNS, pool: pool, eventLoop: eventLoop)
        for route in options.routes { routes.set(route.domain, to: .init(host: route.host, port: route.port)) }
        let hosts = try configuration.machines.map { machine in
          try LabHost(
            machine, options, routes: routes, protection: try LabProtection(machine, authority, keyLog: keyLog),
            pool: pool, eventLoop: eventLoop, tell: tell)
        }
        return NIOLoopBound((hosts: hosts, routes: routes), eventLoop: eventLoop)
      }.get()
      for (index, machine) in configuration.machines.enumerated() {
        listeners.append([])
        for (service, port) in machine.ports.sorted(by: { $0.value < $1.value }) {
          let listener = try await listen(service, machine.address, port, group) { bound.value.hosts[index] }
          listeners[index].append(listener)
          configuration.machines[index].ports[service] = listener.localAddress?.port ?? port
        }
        let server = MailRoutes.Server(
          host: machine.address, port: configuration.machines[index].ports[.relay] ?? 25)
        try await eventLoop.submit { bound.value.routes.set(machine.domain, to: server) }.get()
      }
      let hosts = try await eventLoop.submit {
        let recording = options.recordsSockets ? ConnectionRecording() : nil
        for host in bound.value.hosts { host.recording = recording }
        // What waited when the last one ended goes on.
        for host in bound.value.hosts { host.goUp() }
        return NIOLoopBound(bound.value.hosts, eventLoop: eventLoop)
      }.get()
      let doors = NIOLoopBoundBox.makeBoxSendingValue(
        listeners, as: [[any Channel]].self, eventLoop: eventLoop)
      return Lab(configuration, try authority.pem, group, pool, hosts, doors)
    } catch {
      for listener in listeners.joined() { try? await listener.close() }
      try? await group.shutdownGracefully()
      try? await pool.shutdownGracefully()
      throw LabError(error)
    }
  }
  private static func makeAuthority(_ options: LabOptions) throws -> LabAuthority {
    switch options.storage {
    case .memory: try LabAuthority()
    case .disk(let path): try LabAuthority(folder: path)
    }
  }
  private static func listen(
    _ service: LabConfiguration.Service, _ address: String, _ port: Int, _ group: MultiThreadedEventLoopGroup,
    _ host: @escaping @Sendable () -> LabHost
  ) async throws -> any Channel {
    do {
      return try await bootstrap(service, group, host).bind(host: address, port: port).get()
    } catch {
      throw LabError.cannotListen(address: address, port: port, reason: ConnectionFailure.text(error))
    }
  }
  private static func bootstrap(
    _ service: LabConfiguration.Service, _ group: MultiThreadedEventLoopGroup,
    _ host: @escaping @Sendable () -> LabHost
  ) -> ServerBootstrap {
    ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 1024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let host = host()
          host.hold(channel)
          try host.serve(service, on: channel)
        }
      }
  }
  /// The machines with the ports that they listen on.
  package var configuration: LabConfiguration { state.withLock { $0 } }
  package var description: LabDescription { LabDescription(configuration) }
  /// Gives somebody a mailbox, from now on; false where nobody's domain this is, or the name has one.
  package func add(_ account: MailAccount) async throws -> Bool {
    let index = state.withLock { $0.add(account) }
    guard let index else { return false }
    try await group.next().submit { [hosts] in hosts.value[index].add(account) }.get()
    return true
  }
  /// What every machine holds now.
  package func status() async throws -> [HostStatus] {
    try await group.next().submit { [hosts] in hosts.value.map(\.status) }.get()
  }
  /// Tries at once everything that waits.
  package func retry() async throws {
    try await group.next().submit { [hosts] in for host in hosts.value { host.retry() } }.get()
  }
  /// Tells every session that it is over, and ends when every channel is closed.
  package func shutDown() async {
    let listeners = try? await group.next().submit { [listeners] in listeners.value.flatMap(\.self) }.get()
    for listener in listeners ?? [] { try? await listener.close() }
    try? await group.next().submit { [hosts] in for host in hosts.value { host.shutDown() } }.get()
    try? await group.shutdownGracefully()
    try? await pool.shutdownGracefully()
  }
}

// MARK: - For who plays with it, on its event loop

extension Lab {
  var eventLoop: any EventLoop { group.next() }
  var hostsOnLoop: [LabHost] { hosts.value }
  var recordedEvents: [RecordedEvent] { hosts.value.first?.recording?.events ?? [] }

  /// Stops a machine, so that connections to it are refused and every session is told; or starts it again, with the
  /// same ports and all that it had.
  func turn(_ index: Int, isUp: Bool) {
    guard isUp else {
      for listener in listeners.value[index] { listener.close(promise: nil) }
      listeners.value[index] = []
      return hosts.value[index].shutDown()
    }
    let machine = configuration.machines[index]
    for (service, port) in machine.ports {
      Self.bootstrap(service, group) { [hosts] in hosts.value[index] }
        .bind(host: machine.address, port: port)
        .whenSuccess { [listeners] listener in listeners.value[index].append(listener) }
    }
    hosts.value[index].goUp()
  }
}

/// Why a lab does not run.
package enum LabError: Error, CustomStringConvertible {
  case cannotListen(address: String, port: Int, reason: String)
  case failed(String)

  init(_ error: any Error) { self = error as? LabError ?? .failed("\(error)") }

  package var description: String {
    switch self {
    case .cannotListen(let address, let port, let reason) where port < 1024 && reason.contains("ermission"):
      "cannot listen on \(address) port \(port): \(reason); well-known ports need root, or: "
        + "sudo sysctl net.ipv4.ip_unprivileged_port_start=0"
    case .cannotListen(let address, let port, let reason):
      "cannot listen on \(address) port \(port): \(reason); another lab may be running, or --base-port takes others"
    case .failed(let reason): reason
    }
  }
}
