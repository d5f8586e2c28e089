internal import NIOCore
internal import NIOSSL

/// TLS for one machine: its certificate when others come, and what it believes when it goes to others.
struct LabProtection: Sendable {
  private let server: NIOSSLContext
  private let client: NIOSSLContext

  init(_ machine: LabConfiguration.Machine, _ authority: LabAuthority, keyLog: KeyLog?) throws {
    let issued = try authority.issue(for: machine)
    let chain = try NIOSSLCertificate.fromPEMBytes(Array((issued.certificate + "\n" + authority.pem).utf8))
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) },
      privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(issued.key.utf8), format: .pem)))
    // RFC 8997: older versions are not offered to anybody.
    configuration.minimumTLSVersion = .tlsv12
    if let keyLog { configuration.keyLogCallback = { keyLog.append($0) } }
    server = try NIOSSLContext(configuration: configuration)
    client = try Self.clientContext(authority, keyLog: keyLog)
  }
  /// What a client of the lab believes: its authority, and nobody else.
  static func clientContext(_ authority: LabAuthority, keyLog: KeyLog?) throws -> NIOSSLContext {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv12
    configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(authority.pem.utf8)))
    if let keyLog { configuration.keyLogCallback = { keyLog.append($0) } }
    return try NIOSSLContext(configuration: configuration)
  }
  func serverHandler() -> any ChannelHandler { NIOSSLServerHandler(context: server) }
  /// For a connection to the machine that is responsible for a name.
  func clientHandler(for name: String) throws -> any ChannelHandler {
    try NIOSSLClientHandler(context: client, serverHostname: name)
  }
}
