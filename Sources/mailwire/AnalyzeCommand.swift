import ArgumentParser
import Bytes
import Capture
import Console
import Dialogues
import Glibc
import Lessons
import Packets
import Streams

/// `mailwire analyze FILE…`: the lesson's questions answered for every mail conversation.
struct AnalyzeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analyze", abstract: "Answer the lesson's questions for every mail conversation of a capture.",
    discussion: """
      Reads pcap, pcapng, snoop and ERF, also gzip-compressed, from files or from standard input (-). SMTP, POP3, IMAP and HTTP \
      are recognised by what is said, on any port.

      EXIT STATUS: 0 done; 2 unusable arguments or input (what could be read is answered); 130 interrupted.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, ndjson }

  @OptionGroup var reading: ReadingOptions
  @Option(help: "text, json or ndjson.") var format: Format = .text
  @Flag(help: "Short for --format json.") var json = false
  @OptionGroup var own: QuestionOptions
  @Flag(name: .customLong("no-hashes"), help: "Leave message digests out.") var noHashes = false
  @Flag(help: "With --format ndjson: every exchange, not only what answers the questions.") var dialogue = false
  @Flag(help: "List every irregularity of packets and connections instead of the conversations.") var anomalies = false

  mutating func validate() throws {
    if json { format = .json }
  }
  func run() throws {
    var options = try reading.dissection()
    options.hashes = !noHashes
    options.exchanges = format != .ndjson || dialogue
    options.listsRemarks = anomalies
    let packetFilter = try CaptureInput.filter(reading.filter)
    let questions = try own.asked() + (format == .ndjson ? [] : LessonQuestions.all)
    let output = StandardOutput()
    try reading.eachCapture(to: output) { input in
      let report = Report.make(
        format, listsAnomalies: anomalies, name: input.name, questions: questions, output: output)
      let analysis = Analysis(options, predicate: packetFilter, sink: report)
      let (byteCount, damage) = reading.read(input, into: analysis, output)
      let summary = analysis.finish()
      report.finish(summary, byteCount: byteCount, damage: damage)
      output.flush()
      return input.conclude(summary, damage, remarksThatThereIsNoMail: !reading.quiet && format != .text)
    }
  }
}
