import ArgumentParser
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
        mailwire lab users --add carol@someschool.edu    from the lab's next start on
      """)
  @OptionGroup var homeOptions: HomeOptions
  @Option(help: ArgumentHelp("Somebody who is to have a mailbox.", valueName: "address")) var add: String?
  @Option(help: "Her password; without it, one is made.") var password: String?

  func run() async throws {
    let home = homeOptions.home
    if let add {
      var configuration = try home.configuration() ?? .standard()
      try give(add, in: &configuration)
      try home.save(configuration)
      if try await LabControl.ask(.status, at: home.controlPath) != nil {
        Terminal.complain("the running lab knows \(add) from its next start on")
      }
      return print(LabDescription(configuration).machines)
    }
    // A lab that keeps nothing has users of its own.
    if let answer = try await LabControl.ask(.status, at: home.controlPath) { return print(answer.machines) }
    guard let configuration = try home.configuration() else {
      Terminal.complain("there are no users yet in \(home.path); 'mailwire lab up' makes them")
      throw ExitCode(2)
    }
    print(LabDescription(configuration).machines)
  }
  private func give(_ address: String, in configuration: inout LabConfiguration) throws {
    let parts = address.lowercased().split(separator: "@", omittingEmptySubsequences: false)
    let allowed = Set("abcdefghijklmnopqrstuvwxyz0123456789._-+")
    guard parts.count == 2, !parts[0].isEmpty, parts[0].allSatisfy(allowed.contains), parts[0].first != ".",
      let index = configuration.machines.firstIndex(where: { $0.domain == parts[1] })
    else {
      let domains = configuration.machines.map(\.domain).joined(separator: " or ")
      Terminal.complain("\(address) is no address at \(domains)")
      throw ExitCode(2)
    }
    let name = address.lowercased()
    guard !configuration.machines[index].accounts.contains(where: { $0.name == name }) else {
      Terminal.complain("\(name) has a mailbox already")
      throw ExitCode(2)
    }
    configuration.machines[index].accounts.append(
      MailAccount(name: name, password: password ?? LabConfiguration.makePassword()))
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
