internal import Foundation
internal import MailSystem

/// What a running lab offers, for people and for programs.
package struct LabDescription: Sendable, Codable, Equatable {
  package struct User: Sendable, Codable, Equatable {
    package var name: String
    package var password: String
  }
  package struct Machine: Sendable, Codable, Equatable {
    package var host: String
    package var domain: String
    package var address: String
    /// By the names of `LabConfiguration.Service`.
    package var ports: [String: Int]
    package var users: [User]

    package func port(_ service: LabConfiguration.Service) -> Int { ports[service.rawValue] ?? 0 }
  }
  package var version = 1
  package var machines: [Machine]

  package init(machines: [Machine]) { self.machines = machines }
  package init(_ configuration: LabConfiguration) {
    machines = configuration.machines.map { machine in
      Machine(
        host: machine.hostName, domain: machine.domain, address: machine.address,
        ports: Dictionary(uniqueKeysWithValues: machine.ports.map { ($0.rawValue, $1) }),
        users: machine.accounts.map { User(name: $0.name, password: $0.passwordText) })
    }
  }

  /// A few lines for each machine.
  package var text: String {
    machines.map { machine in
      let ports = LabConfiguration.Service.allCases.filter { machine.ports[$0.rawValue] != nil }
      func line(_ isProtected: Bool) -> String {
        ports.filter { $0.isProtected == isProtected }.map { "\($0.title) \(machine.port($0))" }
          .joined(separator: " · ")
      }
      let head = [
        "\(machine.host), mail server of \(machine.domain), on \(machine.address)", "  ports      \(line(false))",
        "  with TLS   \(line(true))",
      ]
      let users = machine.users.flatMap { ["  user       \($0.name)", "  password   \($0.password)"] }
      return (head + users).map { "\($0)\n" }.joined()
    }.joined(separator: "\n")
  }
  /// The two steps of the lesson's scenario with a program that everybody has.
  package var hints: String {
    guard let first = machines.first, let last = machines.last, let sender = first.users.first,
      let reader = last.users.first
    else { return "" }
    let sent = "--mail-from \(sender.name) --mail-rcpt \(reader.name) --upload-file message.txt"
    return """
      Send a message and read it:
        curl smtp://\(first.address):\(first.port(.submission)) --user '\(sender.name):\(sender.password)' \(sent)
        curl pop3://\(last.address):\(last.port(.pop3))/1 --user '\(reader.name):\(reader.password)'

      """
  }
  /// One line of JSON.
  package var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Text and numbers always encode.
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }
}

extension LabConfiguration.Service {
  /// How people call it.
  package var title: String {
    switch self {
    case .relay: "SMTP"
    case .submission, .submissions: "submission"
    case .pop3, .pop3s: "POP3"
    case .imap, .imaps: "IMAP"
    }
  }
}
