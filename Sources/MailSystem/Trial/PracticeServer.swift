package import Bytes
internal import MailProtocols

/// A mail server machine to try a client's program on: one service with its mailboxes and its faults, and any number of
/// connections one after the other or at once. No I/O and no clock.
///
///     connect → receive* … disconnect        behind each call: take(connection)
package struct PracticeServer: Sendable {
  /// What the server is.
  package struct Configuration: Equatable, Sendable {
    package var service: MailService
    package var hostName: String
    package var domain: String
    package var accounts: [MailAccount] = []
    /// SMTP's greeting in lines; empty for the usual one.
    package var greeting: [String] = []
    package var offersPipelining = false
    /// Whether STARTTLS is offered, and nobody logs in without it (RFC 3207).
    package var offersTLS = false
    package var mechanisms: [SASLMechanism] = SASLMechanism.allCases
    package var faults: [Fault] = []
    /// What lies in the first account's INBOX.
    package var messages: [[UInt8]] = []

    package init(_ service: MailService, hostName: String, domain: String) {
      self.service = service
      self.hostName = hostName
      self.domain = domain
    }
  }
  /// What is to be done on a connection, in order.
  package enum Deed: Equatable, Sendable {
    /// Send this, so late behind what was sent before, in nanoseconds.
    case send([UInt8], delay: Int64)
    /// Begin TLS behind what was to be sent; then call `beginProtected`.
    case startTLS
    /// Call `resume` after so many nanoseconds.
    case pause(Int64)
    /// Hang up, behind what was to be sent.
    case close
    /// Break off at once.
    case abort
  }
  private let configuration: Configuration
  private var machine: VirtualMachine
  private var servers: [Int: VirtualServer] = [:]

  package init(_ configuration: Configuration, octetSource: OctetSource = .system, at now: Timestamp) {
    self.configuration = configuration
    let names = configuration.accounts.map { String($0.name.prefix { $0 != "@" }) }
    let cast = ScenarioCast.Machine(
      name: "server", title: "the mail server", hostName: configuration.hostName, domain: configuration.domain,
      users: names, address: nil)
    machine = VirtualMachine(
      cast, accounts: configuration.accounts,
      faults: [configuration.service: FaultPlan(configuration.faults)], uidValidity: 1, octetSource: octetSource)
    for message in configuration.messages {
      guard let account = configuration.accounts.first?.name else { continue }
      // What does not fit into the mailbox is not there.
      do throws(DeliveryFault) { try machine.store.keep(message, for: account, at: now) } catch { continue }
    }
  }
  /// Messages that it has taken by SMTP.
  package var takenCount: Int { machine.takenCount }

  /// A client has connected; the server greets.
  package mutating func connect(_ connection: Int, clientAddress: String, at now: Timestamp) {
    var server = machine.serve(configuration.service, clientAddress: clientAddress, offersTLS: configuration.offersTLS)
    if configuration.service == .relay || configuration.service == .submission {
      var smtp = SMTPServerConfiguration(
        configuration.service == .relay ? .relay : .submission, hostName: configuration.hostName)
      smtp.greeting = configuration.greeting
      smtp.offersPipelining = configuration.offersPipelining
      smtp.offersTLS = configuration.offersTLS
      smtp.requiresTLSForLogin = configuration.offersTLS
      smtp.mechanisms = configuration.mechanisms
      server.session = .smtp(
        SMTPServerSession(smtp, directory: machine.host.directory, clientAddress: clientAddress))
    }
    server.begin(&machine, at: now)
    servers[connection] = server
  }
  /// Octets came.
  package mutating func receive(_ octets: [UInt8], on connection: Int, at now: Timestamp) {
    servers[connection]?.receive(octets, &machine, at: now)
  }
  /// A pause is over.
  package mutating func resume(_ connection: Int, at now: Timestamp) { servers[connection]?.resume(&machine, at: now) }
  /// TLS stands on a connection: what comes from now on is what was said inside.
  package mutating func beginProtected(_ connection: Int, at now: Timestamp) {
    servers[connection]?.beginProtected(&machine, at: now)
  }
  /// The connection is over, by whomever.
  package mutating func disconnect(_ connection: Int) {
    servers[connection]?.end(&machine)
    servers[connection] = nil
  }
  /// What is to be done on a connection now.
  package mutating func take(_ connection: Int) -> [Deed] {
    guard var server = servers[connection] else { return [] }
    let deeds =
      server.takePieces().map { Deed.send($0.octets, delay: $0.delay) }
      + server.takeActions().map { action -> Deed in
        switch action {
        case .startTLS: .startTLS
        case .close: .close
        case .abort: .abort
        case .pause(let nanoseconds): .pause(nanoseconds)
        }
      }
    servers[connection] = server
    return deeds
  }
}
