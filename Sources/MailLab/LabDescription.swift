internal import MailSystem

/// What a running lab offers, for people and for programs.
package struct LabDescription: Sendable {
  package let configuration: LabConfiguration

  package init(_ configuration: LabConfiguration) { self.configuration = configuration }

  /// A few lines for each machine, and what to try first.
  package var text: String {
    var lines: [String] = []
    for machine in configuration.machines {
      lines.append("\(machine.hostName), mail server of \(machine.domain), on \(machine.address)")
      let ports = [
        "SMTP \(port(.relay, machine))", "submission \(port(.submission, machine))", "POP3 \(port(.pop3, machine))",
        "IMAP \(port(.imap, machine))",
      ]
      lines.append("  ports      \(ports.joined(separator: " · "))")
      for account in machine.accounts {
        lines.append("  user       \(account.name)")
        lines.append("  password   \(account.passwordText)")
      }
      lines.append("")
    }
    return (lines + hints + ["Ctrl-C ends it, and nothing is kept. What happens:", ""]).joined(separator: "\n")
  }
  /// The two steps of the lesson's scenario with a program that everybody has.
  private var hints: [String] {
    guard let first = configuration.machines.first, let last = configuration.machines.last,
      let sender = first.accounts.first, let reader = last.accounts.first
    else { return [] }
    let sent = "--mail-from \(sender.name) --mail-rcpt \(reader.name) --upload-file message.txt"
    return [
      "Send a message and read it:",
      "  curl smtp://\(first.address):\(port(.submission, first)) --user '\(user(sender))' \(sent)",
      "  curl pop3://\(last.address):\(port(.pop3, last))/1 --user '\(user(reader))'",
      "",
    ]
  }
  private func user(_ account: MailAccount) -> String { "\(account.name):\(account.passwordText)" }
  private func port(_ service: LabConfiguration.Service, _ machine: LabConfiguration.Machine) -> Int {
    machine.ports[service] ?? 0
  }
  /// One line of JSON.
  package var json: String {
    let machines = configuration.machines.map { machine in
      let ports = LabConfiguration.Service.allCases.map { "\"\($0.rawValue)\":\(port($0, machine))" }
      let users = machine.accounts.map { "{\"name\":\"\($0.name)\",\"password\":\"\($0.passwordText)\"}" }
      return "{\"host\":\"\(machine.hostName)\",\"domain\":\"\(machine.domain)\",\"address\":\"\(machine.address)\","
        + "\"ports\":{\(ports.joined(separator: ","))},\"users\":[\(users.joined(separator: ","))]}"
    }
    return "{\"version\":1,\"machines\":[\(machines.joined(separator: ","))]}"
  }
}
