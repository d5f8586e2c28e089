import ArgumentParser
import Console

/// The command line: `mailwire analyze` is what happens when no command is named.
@main struct Mailwire: ParsableCommand {

  static let configuration = CommandConfiguration(
    commandName: "mailwire",
    abstract: "See e-mail on the wire: who talks to whom, what is said, and what it means.",
    discussion: """
      EXAMPLES:
        mailwire analyze smtp.pcapng           the lesson's five answers
        mailwire analyze --json smtp.pcapng    the same as one JSON document
        mailwire follow smtp.pcapng            who said what, decoded and explained
        mailwire export smtp.pcapng --to mail  its messages and attachments, as files
        mailwire annotate a.pcap -w b.pcapng   the answers as comments on its packets, for Wireshark
        mailwire capture -i lo                 the same live, as it is spoken
        mailwire interfaces                    where, and what to do about permission
        mailwire lab up                        mail servers for two users, to send and fetch with
        mailwire exercise list                 exercises, each student with a capture of their own
        dumpcap -w - | mailwire analyze -      while packets still arrive
        mailwire analyze -f 'port 25' big.pcap.gz --format ndjson
        mailwire analyze --format html smtp.pcapng > smtp.html
      """,
    version: Release.version,
    subcommands: [
      AnalyzeCommand.self, FollowCommand.self, ExportCommand.self, AnnotateCommand.self, CaptureCommand.self,
      InterfacesCommand.self,
      LabCommand.self, SendCommand.self, FetchCommand.self, IMAPCommand.self, ExerciseCommand.self, GradeCommand.self,
    ],
    defaultSubcommand: AnalyzeCommand.self)

  /// Unusable arguments end with status 2, as tshark's and tcpdump's do.
  static func main() {
    Terminal.keepPlaces()
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      end(after: error, help: "mailwire --help")
    }
  }
}
