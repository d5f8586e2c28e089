import Bytes
import Console
import Dialogues
import Lessons
import Packets
import Streams

/// What becomes of the conversations of one capture: lines of JSON, one document, text or a page for a person, Zeek's log.
class Report: ConversationSink {
  let output: StandardOutput
  let name: String
  let questions: [Question]

  init(name: String, questions: [Question], output: StandardOutput) {
    self.name = name
    self.questions = questions
    self.output = output
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

  override func receive(_ conversation: Span<UInt8>, _ protocol: DissectedProtocol) {
    guard let (fact, answers) = answers(to: conversation) else { return }
    output.write(renderer.conversation(fact, answers: answers))
  }
  override func finish(_ summary: AnalysisSummary, byteCount: UInt64, damage: CaptureError?) {
    guard let lines = CaptureSummary.lines(summary, name: name, damage: damage) else { return }
    let absence = CaptureSummary.absence(summary)
    for line in absence { output.write(line + "\n") }
    output.write(renderer.summary(Array(lines.dropFirst(absence.count))))
  }
}
