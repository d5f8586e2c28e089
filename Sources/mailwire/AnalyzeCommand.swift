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
      Reads pcap, pcapng, snoop and ERF, also compressed by gzip, zstd or lz4, from files or from standard input (-). SMTP, \
      POP3, IMAP and HTTP are recognised by what is said, on any port.

      --format html writes one page to keep or to hand in, which needs nothing but itself.
      --format zeek writes the smtp.log that Zeek would: a line for each mail transaction of SMTP, none for other protocols.

      EXAMPLES:
        mailwire analyze mail.pcapng
        mailwire analyze --format html mail.pcapng > mail.html
        mailwire analyze --key-log keys.txt tls.pcapng    what was said inside TLS, too
        mailwire analyze --format zeek mail.pcapng > smtp.log

      EXIT STATUS: 0 done; 2 unusable arguments or input (what could be read is answered); 130 interrupted.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, ndjson, html, zeek }

  @OptionGroup var reading: ReadingOptions
  @Option(help: "text, json, ndjson, html: a page to keep, or zeek: the smtp.log that Zeek would write.")
  var format: Format = .text
  @Flag(help: "Short for --format json.") var json = false
  @OptionGroup var own: QuestionOptions
  @Flag(name: .customLong("no-hashes"), help: "Leave message digests out.") var noHashes = false
  @Flag(help: "With --format ndjson: every exchange, not only what answers the questions.") var dialogue = false
  @Flag(help: "List every irregularity of packets and connections instead of the conversations.") var anomalies = false

  mutating func validate() throws {
    if json { format = .json }
    if format == .html, anomalies {
      throw ValidationError("--anomalies is a list, not a page for a browser: it wants text, json or ndjson")
    }
    if format == .zeek, anomalies {
      throw ValidationError("--anomalies has no place in zeek's smtp.log: it wants text, json or ndjson")
    }
    if format == .zeek, !own.questions.isEmpty {
      throw ValidationError("zeek's smtp.log has no place for answers: --questions wants text, html or json")
    }
  }
  func run() throws {
    var options = try reading.dissection()
    options.hashes = !noHashes && format != .zeek
    options.exchanges = format != .ndjson || dialogue
    options.listsRemarks = anomalies
    let keys = try reading.keyLog.open()
    let packetFilter = try CaptureInput.filter(reading.filter)
    let questions = try own.asked() + (format == .ndjson ? [] : LessonQuestions.all)
    let output = StandardOutput()
    let series = ReportSeries(
      format, listsAnomalies: anomalies, questions: questions, files: reading.files, output: output)
    defer {
      series.finish()
      output.flush()
    }
    try reading.eachCapture(to: output, refused: series.refuse) { input in
      let report = series.report(input.name)
      let analysis = Analysis(options, predicate: packetFilter, sink: report, keys: keys?.reader())
      let (byteCount, damage) = reading.read(input, into: analysis, output)
      let summary = analysis.finish()
      report.finish(summary, byteCount: byteCount, damage: damage)
      output.flush()
      return input.conclude(
        summary, damage, remarksThatThereIsNoMail: !reading.quiet && format != .text && format != .html)
    }
  }
}
