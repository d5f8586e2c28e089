import ArgumentParser
import Console

/// The second program's command line; `mailwire lab …` leads here.
@main struct MailwireLab: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mailwire", abstract: "The lab of mailwire.", version: Release.version,
    subcommands: [LabCommand.self, SendCommand.self, FetchCommand.self, IMAPCommand.self])

  /// Unusable arguments end with status 2, as those of the first program do.
  static func main() async {
    HeapArena.share()
    do {
      try await runFromArguments()
    } catch {
      // A port that is taken, a disk that cannot be read: such errors have their words.
      end(after: error, help: "mailwire lab --help") { "\($0)" }
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
