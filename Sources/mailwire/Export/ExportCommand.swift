import ArgumentParser
import Capture
import Console
import Dialogues
import Glibc
import Lessons
import Packets

/// `mailwire export FILE --to DIR`: the messages of a capture, and what is attached to them, as files.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write the messages of a capture, and what is attached to them, to files.",
    discussion: """
      Messages that SMTP, POP3 and IMAP carry are written octet by octet as they were sent, dot-stuffing and chunks \
      undone: stream7-message1.eml is the first message of tcp.stream 7, and its attachments, decoded, lie in the \
      folder stream7-message1. Nothing is overwritten, and nothing is written outside of DIR. Memory does not grow with \
      the messages. What is written is listed on standard output; what was not captured whole is said to be so.

      EXAMPLES:
        mailwire export smtp.pcapng --to mail
        mailwire export big.pcap.gz --to mail --as mbox             one file for a mail program
        mailwire export smtp.pcapng --to mail --format ndjson       the list with SHA-256, for a program
        mailwire export imap.pcapng --to mail --stream 3 --pieces   what was fetched in pieces, too

      EXIT STATUS: 0 done; 2 unusable arguments or input (what could be read is written); 130 interrupted.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, ndjson }

  @OptionGroup var reading: ReadingOptions
  @Option(
    help: ArgumentHelp("The folder to write into; it is made where it is missing.", valueName: "dir"),
    completion: .directory)
  var to: String
  @Option(name: .customLong("as"), help: "eml, mbox or maildir.") var form: MessageExport.Form = .eml
  @Option(help: "Only this conversation, by its tcp.stream.") var stream: [UInt32] = []
  @Flag(name: .customLong("no-attachments"), help: "Write no files of attachments (mbox and maildir have none).")
  var noAttachments = false
  @Flag(help: "Also pieces of messages: what TOP, and FETCH of a section, brought.") var pieces = false
  @Option(help: "What the list of what was written is: text or ndjson.") var format: Format = .text

  mutating func validate() throws {
    if reading.maskPasswords {
      throw ValidationError("messages are written as they were sent, so --mask-passwords could not be kept")
    }
    if to.isEmpty { throw ValidationError("--to needs the name of a folder") }
  }
  func run() throws {
    var options = try reading.dissection()
    options.transcripts = false
    options.exchanges = false
    let keys = try reading.keyLog.open()
    let packetFilter = try CaptureInput.filter(reading.filter)
    let choice = MessageExport.Choice(
      form: form, attachments: form == .eml && !noAttachments, pieces: pieces, streams: Set(stream))
    let output = StandardOutput()
    let list = ExportList(isJSON: format == .ndjson, output)
    let folder = ExportFailure.orEnd(output) { () throws(ExportFailure) in try ExportFolder(path: to) }
    try reading.eachCapture(to: output) { input in
      let export = ExportFailure.orEnd(output) { () throws(ExportFailure) in
        // Streams are counted from 0 in every capture.
        let place =
          reading.files.count == 1 ? folder : try folder.folder(AttachmentName.safe(input.name, number: 1).stem)
        return try MessageExport(choice, to: place, list: list, output)
      }
      let analysis = Analysis(options, predicate: packetFilter, sink: export, tap: export, keys: keys?.reader())
      let (_, damage) = reading.read(input, into: analysis, output)
      let summary = analysis.finish()
      export.finish()
      output.flush()
      if !reading.quiet, summary.counts.total > 0 { export.remark(on: input.name) }
      return input.conclude(summary, damage, remarksThatThereIsNoMail: !reading.quiet)
    }
  }
}

extension MessageExport.Form: ExpressibleByArgument {}
