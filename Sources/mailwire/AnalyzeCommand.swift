import ArgumentParser
import Bytes
import Capture
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
      Reads pcap and pcapng, also gzip-compressed, from files or from standard input (-). SMTP, POP3, IMAP and HTTP \
      are recognised by what is said, on any port.

      EXIT STATUS: 0 done; 2 unusable arguments or input (what could be read is answered); 130 interrupted.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, ndjson }

  @Argument(help: ArgumentHelp("The capture; - for standard input.", valueName: "file")) var files: [String] = []
  @Option(name: [.customShort("r"), .customLong("read-file")], help: "The capture, as tshark and tcpdump spell it.")
  var readFile: String?
  @Option(name: [.customShort("f"), .long], help: "Only packets that pass this BPF filter.") var filter: String?
  @Option(name: [.customShort("c"), .long], help: "Stop after this many packets.") var count: UInt32?
  @Option(
    name: [.customShort("d"), .customLong("decode-as")], help: "Force a protocol on a port: tcp.port==2525,smtp.")
  var decodeAs: [String] = []
  @Option(help: "text, json or ndjson.") var format: Format = .text
  @Flag(help: "Short for --format json.") var json = false
  @Option(help: ArgumentHelp("Ask further questions, from a file (see Documentation/questions.md).", valueName: "file"))
  var questions: [String] = []
  @Flag(name: .customLong("no-hashes"), help: "Leave message digests out.") var noHashes = false
  @Flag(help: "With --format ndjson: every exchange, not only what answers the questions.") var dialogue = false
  @Flag(name: .customLong("mask-passwords"), help: "Show no password in any form.") var maskPasswords = false
  @Flag(help: "Verify every TCP checksum, and leave out segments whose checksum is wrong.") var checksums = false
  @Option(
    help: ArgumentHelp(
      "Of octets that came twice with different content, which count: \(OverlapPolicy.names).", valueName: "policy"),
    transform: OverlapPolicy.named)
  var overlap = OverlapPolicy.first
  @Flag(help: "List every irregularity of packets and connections instead of the conversations.") var anomalies = false
  @Flag(name: .shortAndLong, help: "No remarks on standard error.") var quiet = false

  mutating func validate() throws {
    if let readFile { files.insert(readFile, at: 0) }
    if files.isEmpty { throw ValidationError("a capture is needed: mailwire analyze FILE (or - for standard input)") }
    if json { format = .json }
    _ = try DecodeRule.parse(decodeAs)
  }
  func run() throws {
    signal(SIGPIPE, SIG_IGN)
    Interruption.install()
    var options = DissectionOptions()
    options.hashes = !noHashes
    options.masksPasswords = maskPasswords
    options.exchanges = format != .ndjson || dialogue
    options.forced = try DecodeRule.parse(decodeAs)
    options.checksums = checksums ? .enforced : .sampled
    options.overlapPolicy = overlap
    options.listsRemarks = anomalies
    let packetFilter = try CaptureInput.filter(filter)
    let questions = try ownQuestions() + (format == .ndjson ? [] : LessonQuestions.all)
    let output = StandardOutput()
    var status: Int32 = 0
    for file in files {
      status = max(status, analyze(file, options, packetFilter, questions, output))
      if Interruption.isRequested { break }
    }
    output.flush()
    if Interruption.isRequested {
      complain("interrupted: what was found until then is shown")
      throw ExitCode(130)
    }
    if status != 0 { throw ExitCode(status) }
  }

  /// The questions of `--questions` files.
  private func ownQuestions() throws -> [Question] {
    var questions: [Question] = []
    for file in self.questions {
      guard let text = TextFile.read(file) else {
        complain("\(Printable.line(file)): \(unsafe String(cString: strerror(errno)))")
        throw ExitCode(2)
      }
      do { questions += try QuestionFile.parse(text) } catch {
        complain("\(Printable.line(file)): \(Printable.line(error.description))")
        throw ExitCode(2)
      }
    }
    return questions
  }

  /// Analyses one capture; returns the exit status that it asks for.
  private func analyze(
    _ file: String, _ options: DissectionOptions, _ packetFilter: PacketFilter?, _ questions: [Question],
    _ output: StandardOutput
  ) -> Int32 {
    let input: CaptureInput
    switch CaptureInput.open(file) {
    case .success(let opened): input = opened
    case .failure(let refusal):
      complain(refusal.text)
      return 2
    }
    defer { input.close() }
    let name = input.name
    let report = Report.make(
      format, listsAnomalies: anomalies, name: name, questions: questions, output: output)
    let analysis = Analysis(options, predicate: packetFilter, sink: report)
    var reader = CaptureReader(fileDescriptor: input.descriptor)
    if let count { reader.packetLimit = count }
    reader.isInterrupted = { Interruption.isRequested }
    let bar = ProgressBar(file: input.descriptor, isQuiet: quiet)
    reader.progress = { bar.advance($0) }
    output.willWrite = { bar.erase() }
    var damage: CaptureError?
    do throws(CaptureError) { try analysis.read(&reader) } catch { damage = error }
    bar.erase()
    let summary = analysis.finish()
    report.finish(summary, byteCount: reader.byteCount, damage: damage)
    output.flush()
    return input.conclude(summary, damage, remarksThatThereIsNoMail: !quiet && format != .text)
  }
}

extension OverlapPolicy {
  static let names = allCases.map(\.rawValue).joined(separator: ", ")

  static func named(_ name: String) throws -> OverlapPolicy {
    guard let policy = OverlapPolicy(rawValue: name) else { throw ValidationError("it is one of \(names)") }
    return policy
  }
}
