import ArgumentParser
import Glibc
import MailLab
import UnixSignals

/// `mailwire lab up`: Alice's and Bob's mail servers, until somebody stops them.
struct UpCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "up", abstract: "Run Alice's and Bob's mail servers until Ctrl-C.",
    discussion: """
      Alice's server listens on 127.0.0.2 and Bob's on 127.0.0.3, each with SMTP for other servers and for its own
      users, POP3 and IMAP. Nothing is kept when it ends.
      """)

  @Option(
    help: ArgumentHelp("The first of four ports: SMTP relay, submission, POP3, IMAP; 0 takes any.", valueName: "port"))
  var basePort: Int?
  @Flag(help: "Tell what is there as one line of JSON, for programs.") var json = false
  @Flag(name: .shortAndLong, help: "Do not tell what happens.") var quiet = false

  func run() async throws {
    let isQuiet = quiet
    let lab: Lab
    do {
      lab = try await Lab.start(LabConfiguration.standard(basePort: basePort)) { event in
        if !isQuiet { Terminal.print(event.line) }
      }
    } catch let error as LabError {
      Terminal.complain(error.description)
      throw ExitCode(2)
    }
    Terminal.print(json ? lab.description.json : lab.description.text)
    await Interruption.first()
    await lab.shutDown()
  }
}

/// Ctrl-C, or a polite `kill`.
enum Interruption {
  /// Returns when the first comes.
  static func first() async {
    for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { return }
  }
}
