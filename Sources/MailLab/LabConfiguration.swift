internal import Ciphers
package import MailSystem

/// The machines of a lab, before they run.
package struct LabConfiguration: Sendable {
  /// What a port is for.
  package enum Service: String, CaseIterable, Sendable, Codable {
    /// SMTP for other servers.
    case relay
    /// SMTP for the server's own users.
    case submission
    case pop3, imap
  }
  /// A mail server machine.
  package struct Machine: Sendable {
    package var hostName: String
    package var domain: String
    package var address: String
    package var ports: [Service: Int]
    package var accounts: [MailAccount]
  }
  package var machines: [Machine]

  /// Alice's machine and Bob's. The ports of both follow each other from `basePort` on; 0 leaves them to the system.
  package static func standard(basePort: Int?) -> LabConfiguration {
    LabConfiguration(machines: [
      machine("mail.example.org", "example.org", "127.0.0.2", "alice", basePort),
      machine("mail.someschool.edu", "someschool.edu", "127.0.0.3", "bob", basePort),
    ])
  }
  private static func machine(
    _ hostName: String, _ domain: String, _ address: String, _ user: String, _ basePort: Int?
  ) -> Machine {
    let usual: [Service: Int] = [.relay: 2525, .submission: 2587, .pop3: 2110, .imap: 2143]
    var ports = usual
    if let basePort {
      for (index, service) in Service.allCases.enumerated() { ports[service] = basePort == 0 ? 0 : basePort + index }
    }
    return Machine(
      hostName: hostName, domain: domain, address: address, ports: ports,
      accounts: [MailAccount(name: "\(user)@\(domain)", password: Password.make())])
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
