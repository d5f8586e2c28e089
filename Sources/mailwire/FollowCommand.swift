import ArgumentParser
import Capture
import Console
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

  @OptionGroup var reading: ReadingOptions
  @Option(help: "Only this conversation, by its tcp.stream.") var stream: [Int] = []
  @Flag(name: .customLong("tcp"), help: "Show what TCP does, too: SYN, FIN, RST, repetitions.") var showsTransport =
    false
  @Flag(help: "Long lines, every header field of HTTP and the beginning of each message.") var full = false
  @Option(help: "text or mermaid.") var format: Format = .text

  func run() throws {
    var options = try reading.dissection()
    options.hashes = false
    options.exchanges = false
    let keys = try reading.keyLog.open()
    let packetFilter = try CaptureInput.filter(reading.filter)
    let output = StandardOutput()
    try reading.eachCapture(to: output) { input in
      let ladders = LadderReport(
        form(output), streams: Set(stream), write: { output.write($0) }, flush: { output.flush() })
      let analysis = NarratedAnalysis(options, predicate: packetFilter, sink: ladders, keys: keys?.reader())
      let (_, damage) = reading.read(input, into: analysis, output)
      let summary = analysis.finish()
      output.flush()
      let status = input.conclude(summary, damage, remarksThatThereIsNoMail: !reading.quiet)
      if status == 0, summary.counts.total > 0, ladders.shownCount == 0, !reading.quiet {
        let streams = stream.map(String.init).joined(separator: ", ")
        Terminal.complain("\(Printable.line(input.name)): no mail conversation is tcp.stream \(streams)")
      }
      return status
    }
  }
  private func form(_ output: StandardOutput) -> LadderReport.Form {
    if format == .mermaid { return .mermaid(MermaidRenderer(isFull: full, showsTransport: showsTransport)) }
    return .text(
      LadderRenderer(
        LadderRenderer.Look(
          width: output.columns, usesColor: output.usesColor, isFull: full, showsTransport: showsTransport)))
  }
}
