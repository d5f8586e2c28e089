internal import Bytes
internal import TransportSecurity

/// TLS on the virtual wire: an authority whose certificates and keys, and the records of all connections, follow from the
/// seed.
final class VirtualSecurity {
  private let seed: UInt64
  private let beginning: Timestamp
  private var authority: TLSAuthority?
  /// By the machine's name.
  private var credentials: [String: TLSCredential] = [:]
  private var clients: [TLSConnection] = []

  init(seed: UInt64, beginning: Timestamp) {
    self.seed = seed
    self.beginning = beginning
  }
  /// The secrets of all connections, in the order in which they began.
  var keyLog: [String] { clients.flatMap(\.keyLog) }

  private func theAuthority() throws(TLSError) -> TLSAuthority {
    if let authority { return authority }
    let octets = Octets(seed)
    let made = try TLSAuthority(at: Int(beginning.nanoseconds / 1_000_000_000)) { octets.take($0) }
    authority = made
    return made
  }
  /// A client's side of a connection to a machine.
  func client(of hostName: String) throws(TLSError) -> TLSConnection {
    let client = try theAuthority().connection(to: hostName)
    clients.append(client)
    return client
  }
  /// A machine's side of a connection.
  func server(_ hostName: String) throws(TLSError) -> TLSConnection {
    if let credential = credentials[hostName] { return try credential.connection() }
    let credential = try theAuthority().issue(to: [hostName])
    credentials[hostName] = credential
    return try credential.connection()
  }

  /// The octets that take the place of chance.
  private final class Octets {
    private var source: OctetSource
    init(_ seed: UInt64) { source = .seeded(seed ^ 0x71_5EC0_0000) }
    func take(_ count: Int) -> [UInt8] { source.take(count) }
  }
}
