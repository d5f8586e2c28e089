internal import Ciphers
package import MailSystem

/// The machines of a lab, before they run.
package struct LabConfiguration: Sendable, Equatable {
  /// What a port is for.
  package enum Service: String, CaseIterable, Sendable, Codable {
    /// SMTP for other servers.
    case relay
    /// SMTP for the server's own users.
    case submission
    case pop3, imap
    /// The same with TLS from the first octet on (RFC 8314 §3).
    case submissions, pop3s, imaps

    package var isProtected: Bool {
      switch self {
      case .submissions, .pop3s, .imaps: true
      case .relay, .submission, .pop3, .imap: false
      }
    }
    /// The port that is known for it (RFC 6409 §3.1, RFC 8314 §7).
    package var wellKnownPort: Int {
      switch self {
      case .relay: 25
      case .submission: 587
      case .pop3: 110
      case .imap: 143
      case .submissions: 465
      case .pop3s: 995
      case .imaps: 993
      }
    }
    /// The port where it listens without privileges.
    package var usualPort: Int { wellKnownPort + 2_000 + (self == .relay ? 500 : 0) }
  }
  /// How the machines get their ports.
  package enum Ports: Sendable {
    /// 2525, 2587, 2110 …
    case usual
    /// 25, 587, 110 …
    case wellKnown
    /// One after the other from this one on, the same on each machine; 0 leaves them to the system.
    case from(Int)

    package func port(of service: Service) -> Int {
      switch self {
      case .usual: service.usualPort
      case .wellKnown: service.wellKnownPort
      case .from(0): 0
      case .from(let base): base + (Service.allCases.firstIndex(of: service) ?? 0)
      }
    }
  }
  /// A mail server machine.
  package struct Machine: Sendable, Equatable {
    package var hostName: String
    package var domain: String
    package var address: String
    package var ports: [Service: Int]
    package var accounts: [MailAccount]

    package init(
      hostName: String, domain: String, address: String, ports: [Service: Int] = [:], accounts: [MailAccount]
    ) {
      self.hostName = hostName
      self.domain = domain
      self.address = address
      self.ports = ports
      self.accounts = accounts
    }
  }
  package var machines: [Machine]

  package init(machines: [Machine]) { self.machines = machines }
  /// Gives somebody a mailbox at the machine of her domain, and tells which that is; nil where there is none, or the name
  /// has a mailbox already.
  package mutating func add(_ account: MailAccount) -> Int? {
    let domain = account.name.split(separator: "@").last.map(String.init)
    guard let index = machines.firstIndex(where: { $0.domain == domain }),
      !machines[index].accounts.contains(where: { $0.name == account.name })
    else { return nil }
    machines[index].accounts.append(account)
    return index
  }

  /// Alice's machine and Bob's, with new passwords.
  package static func standard() -> LabConfiguration {
    LabConfiguration(machines: [
      machine("mail.example.org", "example.org", "127.0.0.2", "alice"),
      machine("mail.someschool.edu", "someschool.edu", "127.0.0.3", "bob"),
    ])
  }
  private static func machine(_ hostName: String, _ domain: String, _ address: String, _ user: String) -> Machine {
    Machine(
      hostName: hostName, domain: domain, address: address,
      accounts: [MailAccount(name: "\(user)@\(domain)", password: Password.make())])
  }
  /// A password that can be read out and typed.
  package static func makePassword() -> String { Password.make() }
  package mutating func setPorts(_ ports: Ports) {
    for index in machines.indices {
      machines[index].ports = Dictionary(
        uniqueKeysWithValues: Service.allCases.map { ($0, ports.port(of: $0)) })
    }
  }
}

/// Passwords that can be read out and typed, and that nobody guesses within a lesson.
enum Password {
  private static let syllables = Array(
    "ba be bi bo da de di do fa fe ga go ka ke ki ko la le li lo ma me mi mo na ne ni no pa pe po ra re ri ro sa se si so ta te ti to va ve vi vo za ze zo"
      .split(separator: " "))

  static func make() -> String {
    let octets = RandomOctets.make(9)
    let words = stride(from: 0, to: 8, by: 2).map { place in
      syllables[Int(octets[place]) % syllables.count] + syllables[Int(octets[place + 1]) % syllables.count]
    }
    return words.joined(separator: "-") + "-\(octets[8] % 90 + 10)"
  }
}
