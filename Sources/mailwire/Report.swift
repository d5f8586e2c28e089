import Bytes
import Console
import Dialogues
import Lessons
import Packets
import Streams

/// What becomes of the conversations of one capture: lines of JSON, one document, text for a person, or Zeek's log.
class Report: ConversationSink {
  let output: StandardOutput
  let name: String
  let questions: [Question]

  init(name: String, questions: [Question], output: StandardOutput) {
    self.name = name
    self.questions = questions
    self.output = output
  }
  static func make(
    _ format: AnalyzeCommand.Format, listsAnomalies: Bool, name: String, questions: [Question], output: StandardOutput
  ) -> Report {
    if listsAnomalies { return AnomalyReport(format, name: name, output: output) }
    return switch format {
    case .ndjson: NDJSONReport(name: name, questions: questions, output: output)
    case .json: JSONReport(name: name, questions: questions, output: output)
    case .text: TextReport(name: name, questions: questions, output: output)
    case .zeek: ZeekReport(name: name, questions: [], output: output)
    }
  }
  func receive(_ conversation: Span<UInt8>, _ protocol: DissectedProtocol) {}
  func receive(_ remark: StreamRemark) {}
  func idle() { output.flush() }
  /// The capture is over; `damage` says why it could not be read to its end.
  func finish(_ summary: AnalysisSummary, byteCount: UInt64, damage: CaptureError?) {}

  /// What a document says of its capture: `"capture":{…}`.
  func append(
    _ summary: AnalysisSummary, byteCount: UInt64, damage: CaptureError?, to writer: inout ByteWriter
  ) {
    writer.append("\"capture\":{\"file\":")
    writer.append(json: name)
    writer.append(string: ",\"packets\":\(summary.packets.packets),\"byteCount\":\(byteCount)")
    if let damage {
      writer.append(",\"damage\":")
      writer.append(json: damage.description)
    }
    writer.append("}")
  }
  /// A conversation's facts, and the answers to all questions that are asked of it.
  func answers(to conversation: Span<UInt8>) -> (Fact, [Answer])? {
    guard let fact = try? FactParser.parse(conversation) else { return nil }
    return (fact, questions.compactMap { $0.answer(from: fact) })
  }
}

/// One conversation a line, written as it ends.
final class NDJSONReport: Report {
  override func receive(_ conversation: Span<UInt8>, _ protocol: DissectedProtocol) {
    output.write(conversation)
    output.write("\n")
  }
}

/// One document: the capture, its conversations with their answers, and a summary.
final class JSONReport: Report {
  private var hasBegun = false

  override func receive(_ conversation: Span<UInt8>, _ protocol: DissectedProtocol) {
    begin()
    guard let (_, answers) = answers(to: conversation), conversation.count > 0 else { return }
    output.write(conversation.extracting(0..<conversation.count - 1))
    var writer = ByteWriter(minimumCapacity: 4096)
    writer.append(",\"answers\":[")
    for (index, answer) in answers.enumerated() {
      if index > 0 { writer.append(UInt8(ascii: ",")) }
      answer.write(to: &writer)
    }
    writer.append("]}")
    writer.withOctets { output.write($0) }
  }
  private func begin() {
    output.write(
      hasBegun ? ",\n" : "{\"version\":1,\"generator\":\"\(Release.generator)\",\"conversations\":[\n")
    hasBegun = true
  }
  override func finish(_ summary: AnalysisSummary, byteCount: UInt64, damage: CaptureError?) {
    if !hasBegun { output.write("{\"version\":1,\"generator\":\"\(Release.generator)\",\"conversations\":[") }
    var writer = ByteWriter(minimumCapacity: 1024)
    writer.append("\n],")
    append(summary, byteCount: byteCount, damage: damage, to: &writer)
    let counts = summary.counts
    writer.append(string: ",\"summary\":{\"conversations\":{\"smtp\":\(counts.smtp),\"pop3\":\(counts.pop3),")
    writer.append(string: "\"imap\":\(counts.imap),\"http\":\(counts.http),\"tls\":\(counts.tls)},")
    writer.append(string: "\"otherConnections\":\(max(0, summary.connections - counts.total)),")
    writer.append(
      string: "\"evictedConnections\":\(summary.evictedCount),\"droppedFragments\":\(summary.packets.droppedFragments),"
    )
    writer.append(string: "\"segments\":\(summary.packets.segments),\"truncatedPackets\":\(summary.packets.truncated),")
    writer.append(
      string: "\"malformedPackets\":\(summary.packets.malformed),\"omittedFacts\":\(summary.omittedFactCount),")
    writer.append(string: "\"undecodedPackets\":\(summary.packets.undecodedLinkType),\"irregularities\":{")
    for (index, met) in summary.irregularities.met.enumerated() {
      writer.append(string: "\(index > 0 ? "," : "")\"\(met.irregularity.name)\":\(met.count)")
    }
    let checksums = summary.packets
    writer.append(string: "},\"checksums\":{\"verified\":\(checksums.verifiedChecksums),")
    writer.append(
      string: "\"wrong\":\(checksums.wrongChecksums),\"offloaded\":\(checksums.offloadedChecksums)}}}\n")
    writer.withOctets { output.write($0) }
  }
}

/// A page for a person.
final class TextReport: Report {
  private lazy var renderer = TextRenderer(usesColor: output.usesColor)
  private var shown = 0

  override func receive(_ conversation: Span<UInt8>, _ protocol: DissectedProtocol) {
    guard let (fact, answers) = answers(to: conversation) else { return }
    output.write(renderer.conversation(fact, answers: answers))
    shown += 1
  }
  override func finish(_ summary: AnalysisSummary, byteCount: UInt64, damage: CaptureError?) {
    // What could not be read at all says nothing about mail; standard error tells why.
    let packets = summary.packets
    if packets.packets == 0, damage != nil { return }
    if packets.packets > 0, packets.undecodedLinkType == packets.packets { return }
    let counts = summary.counts
    var pieces = [Self.counted(packets.packets, "packet"), Self.counted(summary.connections, "TCP connection")]
    if counts.total == 0 {
      output.write("No mail conversation in this capture.\n")
      let lacksOctets = summary.irregularities.met.contains { [.segmentLost, .packetCut].contains($0.irregularity) }
      if lacksOctets { output.write("Packets were cut or lost when it was made: not all that was said is in it.\n") }
    }
    for (count, name) in [
      (counts.smtp, "SMTP"), (counts.pop3, "POP3"), (counts.imap, "IMAP"), (counts.http, "HTTP"), (counts.tls, "TLS"),
    ] where count > 0 { pieces.append("\(count) \(name)") }
    if summary.evictedCount > 0 { pieces.append("\(summary.evictedCount) given up to keep memory bounded") }
    if packets.undecodedLinkType > 0 {
      pieces.append("\(Self.counted(packets.undecodedLinkType, "packet")) of a link type that is not read")
    }
    if packets.droppedFragments > 0 {
      pieces.append("\(Self.counted(packets.droppedFragments, "IP fragment")) dropped")
    }
    var lines = ["\(Printable.line(name)): " + pieces.joined(separator: " · ")]
    lines += Irregularities.sentences(summary)
    output.write(renderer.summary(lines))
  }
  private static func counted(_ count: Int, _ thing: String) -> String { "\(count) \(thing)\(count == 1 ? "" : "s")" }
}
