import ArgumentParser
import Glibc

/// The second program's command line; `mailwire lab …` leads here.
@main struct MailwireLab: AsyncParsableCommand {
  static let version = "0.1.0"
  /// As captures name their maker.
  static let generator = "mailwire \(version)"
  static let configuration = CommandConfiguration(
    commandName: "mailwire", abstract: "The lab of mailwire.", version: version,
    subcommands: [LabCommand.self, SendCommand.self, FetchCommand.self, IMAPCommand.self])

  /// Unusable arguments end with status 2, as those of the first program do.
  static func main() async {
    HeapArena.share()
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      let status = exitCode(for: error)
      if status == .validationFailure {
        Terminal.complain(message(for: error) + "\nSee 'mailwire lab --help'.")
        Glibc.exit(2)
      }
      // What no command has told itself: a port that is taken, a disk that cannot be read.
      if status == .failure, !(error is ExitCode) {
        Terminal.complain("\(error)")
        Glibc.exit(2)
      }
      exit(withError: error)
    }
  }
}

/// `mailwire lab …`
struct LabCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lab", abstract: "The mail servers, mailboxes and agents of the lesson, on this machine.",
    discussion: """
      EXAMPLES:
        mailwire lab up                  Alice's and Bob's mail servers, until Ctrl-C
        mailwire lab status              what they hold, from another terminal
        mailwire lab run alice-to-bob    the lesson's scenario, played and captured
      """,
    subcommands: [
      UpCommand.self, StatusCommand.self, QueueCommand.self, UsersCommand.self, AuthorityCommand.self,
      DownCommand.self, ResetCommand.self, RunCommand.self,
    ])
}
