import ArgumentParser
import Capture
import Dialogues
import Glibc
import Lessons
import Packets

/// `mailwire follow FILE`: who said what to whom, line by line, decoded and explained.
struct FollowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "follow", abstract: "Show each mail conversation as a ladder: who said what, decoded and explained.",
    discussion: """
      Every line stands with its time in milliseconds since the connection began, its frame in Wireshark, and what it \
      means. Base64 is decoded beneath it. Messages are named with their size, sender and subject.

      EXAMPLES:
        mailwire follow smtp.pcapng
        mailwire follow smtp.pcapng --stream 3 --tcp    with SYN, FIN, RST
        mailwire follow smtp.pcapng --format mermaid    a diagram for a web page
        tcpdump -w - port 25 | mailwire follow -

      EXIT STATUS: 0 done; 2 unusable arguments or input (what could be read is shown); 130 interrupted.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, mermaid }

  @Argument(help: ArgumentHelp("The capture; - for standard input.", valueName: "file")) var files: [String] = []
  @Option(name: [.customShort("r"), .customLong("read-file")], help: "The capture, as tshark and tcpdump spell it.")
  var readFile: String?
  @Option(name: [.customShort("f"), .long], help: "Only packets that pass this BPF filter.") var filter: String?
  @Option(
    name: [.customShort("d"), .customLong("decode-as")], help: "Force a protocol on a port: tcp.port==2525,smtp.")
  var decodeAs: [String] = []
  @Option(help: "Only this conversation, by its tcp.stream.") var stream: [Int] = []
  @Flag(name: .customLong("tcp"), help: "Show what TCP does, too: SYN, FIN, RST, repetitions.") var showsTransport =
    false
  @Flag(help: "Long lines, every header field of HTTP and the beginning of each message.") var full = false
  @Option(help: "text or mermaid.") var format: Format = .text
  @Flag(name: .customLong("mask-passwords"), help: "Show no password in any form.") var maskPasswords = false
  @Flag(name: .shortAndLong, help: "No remarks on standard error.") var quiet = false

  mutating func validate() throws {
    if let readFile { files.insert(readFile, at: 0) }
    if files.isEmpty { throw ValidationError("a capture is needed: mailwire follow FILE (or - for standard input)") }
    _ = try DecodeRule.parse(decodeAs)
  }
  func run() throws {
    signal(SIGPIPE, SIG_IGN)
    Interruption.install()
    var options = DissectionOptions()
    options.hashes = false
    options.exchanges = false
    options.masksPasswords = maskPasswords
    options.forced = try DecodeRule.parse(decodeAs)
    let packetFilter = try CaptureInput.filter(filter)
    let output = StandardOutput()
    var status: Int32 = 0
    for file in files {
      status = max(status, follow(file, options, packetFilter, output))
      if Interruption.isRequested { break }
    }
    output.flush()
    if Interruption.isRequested {
      complain("interrupted: what was found until then is shown")
      throw ExitCode(130)
    }
    if status != 0 { throw ExitCode(status) }
  }
  private func follow(
    _ file: String, _ options: DissectionOptions, _ packetFilter: PacketFilter?, _ output: StandardOutput
  ) -> Int32 {
    let input: CaptureInput
    switch CaptureInput.open(file) {
    case .success(let opened): input = opened
    case .failure(let refusal):
      complain(refusal.text)
      return 2
    }
    defer { input.close() }
    let ladders = LadderReport(
      format == .mermaid
        ? .mermaid(MermaidRenderer(isFull: full, showsTransport: showsTransport))
        : .text(
          LadderRenderer(
            LadderRenderer.Look(
              width: output.columns, usesColor: output.usesColor, isFull: full, showsTransport: showsTransport))),
      streams: Set(stream), output: output)
    let analysis = NarratedAnalysis(options, predicate: packetFilter, sink: ladders)
    var reader = CaptureReader(fileDescriptor: input.descriptor)
    reader.isInterrupted = { Interruption.isRequested }
    let bar = ProgressBar(file: input.descriptor, isQuiet: quiet)
    reader.progress = { bar.advance($0) }
    output.willWrite = { bar.erase() }
    var damage: CaptureError?
    do throws(CaptureError) { try analysis.read(&reader) } catch { damage = error }
    bar.erase()
    let summary = analysis.finish()
    output.flush()
    let status = input.conclude(summary, damage, remarksThatThereIsNoMail: !quiet)
    if status == 0, summary.counts.total > 0, ladders.shownCount == 0, !quiet {
      complain(
        "\(Printable.line(input.name)): no mail conversation is tcp.stream \(stream.map(String.init).joined(separator: ", "))"
      )
    }
    return status
  }
}
