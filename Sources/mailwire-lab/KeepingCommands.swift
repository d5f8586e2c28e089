import ArgumentParser
import Console
import Foundation
import MailLab
import MailSystem

/// `mailwire lab users`: who has a mailbox, with passwords; or one more.
struct UsersCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "users", abstract: "Tell who has a mailbox, or give somebody one.",
    discussion: """
      EXAMPLES:
        mailwire lab users
        mailwire lab users --add carol@someschool.edu    at once, where a lab runs
      """)
  @OptionGroup var homeOptions: HomeOptions
  @Option(help: ArgumentHelp("Somebody who is to have a mailbox.", valueName: "address")) var add: String?
  @Option(help: "Her password; without it, one is made.") var password: String?

  func run() async throws {
    let home = homeOptions.home
    // A lab that keeps nothing has users of its own.
    let running = try await LabControl.ask(.status, at: home.controlPath)
    guard let add else {
      if let running { return print(running.machines) }
      guard let configuration = try home.configuration() else {
        Terminal.complain("there are no users yet in \(home.path); 'mailwire lab up' makes them")
        throw ExitCode(2)
      }
      return print(LabDescription(configuration).machines)
    }
    if let running {
      let account = try account(add, beside: running.machines)
      let request = LabControl.Request.add(name: account.name, password: account.passwordText)
      print(try await LabControl.ask(request, at: home.controlPath)?.machines ?? [])
    } else {
      var configuration = try home.configuration() ?? .standard()
      _ = configuration.add(try account(add, beside: LabDescription(configuration).machines))
      try home.save(configuration)
      print(LabDescription(configuration).machines)
    }
  }
  private func account(_ address: String, beside machines: [LabDescription.Machine]) throws -> MailAccount {
    let name = address.lowercased()
    let parts = name.split(separator: "@", omittingEmptySubsequences: false)
    let allowed = Set("abcdefghijklmnopqrstuvwxyz0123456789._-+")
    guard parts.count == 2, !parts[0].isEmpty, parts[0].allSatisfy(allowed.contains), parts[0].first != ".",
      machines.contains(where: { $0.domain == parts[1] })
    else {
      Terminal.complain("\(address) is no address at \(machines.map(\.domain).joined(separator: " or "))")
      throw ExitCode(2)
    }
    guard !machines.flatMap(\.users).contains(where: { $0.name == name }) else {
      Terminal.complain("\(name) has a mailbox already")
      throw ExitCode(2)
    }
    return MailAccount(name: name, password: password ?? LabConfiguration.makePassword())
  }
  private func print(_ machines: [LabDescription.Machine]) {
    for user in machines.flatMap(\.users) {
      Terminal.print("\(user.name.padding(toLength: 34, withPad: " ", startingAt: 0))\(user.password)")
    }
  }
}

/// `mailwire lab ca`: the certificate that mail programs have to trust.
struct AuthorityCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ca", abstract: "Give the certificate of the lab's authority, for mail programs to trust.",
    discussion: """
      EXAMPLES:
        mailwire lab ca > lab-ca.pem
        curl --cacert lab-ca.pem imaps://127.0.0.3:2993/ …
      """)
  @OptionGroup var homeOptions: HomeOptions

  func run() async throws {
    // A lab that keeps nothing has an authority of its own.
    if let answer = try await LabControl.ask(.status, at: homeOptions.home.controlPath) {
      return FileHandle.standardOutput.write(Data(answer.authority.utf8))
    }
    guard let pem = FileManager.default.contents(atPath: homeOptions.home.authorityPath) else {
      Terminal.complain("there is no certificate yet in \(homeOptions.home.path); the lab's first start makes it")
      throw ExitCode(2)
    }
    FileHandle.standardOutput.write(pem)
  }
}

/// `mailwire lab reset`: everything that a lab has kept is gone.
struct ResetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reset", abstract: "Remove mailboxes, queues, users and certificates of the lab.",
    discussion: "The lab must not be running. New users and passwords are made at its next start.")
  @OptionGroup var homeOptions: HomeOptions

  func run() throws {
    let lock = try homeOptions.home.lock()
    try homeOptions.home.reset()
    withExtendedLifetime(lock) {}
    Terminal.print("\(homeOptions.home.path) is as new")
  }
}
