import Bytes
import Foundation
import Packets
import TestSupport
import Testing

@testable import Dialogues

/// A dialogue as it is said: who speaks, and what.
struct Script: Sendable, CustomTestStringConvertible {
  struct Turn: Sendable {
    var isFromClient: Bool
    var octets: [UInt8]
  }
  var name: String
  var port: UInt16
  var turns: [Turn]
  var testDescription: String { name }

  /// `C: ` and `S: ` begin a turn, `.` stands for a line end; turns may span lines.
  init(_ name: String, port: UInt16, _ turns: [(isFromClient: Bool, text: String)]) {
    self.name = name
    self.port = port
    self.turns = turns.map { Turn(isFromClient: $0.isFromClient, octets: Array($0.text.utf8)) }
  }
  init(_ name: String, port: UInt16, turns: [Turn]) {
    self.name = name
    self.port = port
    self.turns = turns
  }

  /// The packets, each turn cut as `cut` says.
  func dialogue(_ cut: ([UInt8]) -> [[UInt8]]) -> Dialogue {
    var dialogue = Dialogue(server: Host("192.0.2.1", port))
    dialogue.open()
    for turn in turns { for piece in cut(turn.octets) { dialogue.say(fromClient: turn.isFromClient, piece) } }
    dialogue.close()
    return dialogue
  }
}
func client(_ text: String) -> (isFromClient: Bool, text: String) { (true, text) }
func server(_ text: String) -> (isFromClient: Bool, text: String) { (false, text) }

/// `octets` cut behind every line feed.
func lines(_ octets: [UInt8]) -> [[UInt8]] {
  var lines: [[UInt8]] = [[]]
  for octet in octets {
    lines[lines.count - 1].append(octet)
    if octet == 10 { lines.append([]) }
  }
  return lines.filter { !$0.isEmpty }
}

/// Keeps every conversation's JSON.
final class JSONCollector: ConversationSink {
  var conversations: [[UInt8]] = []
  func receive(_ conversation: Span<UInt8>, _ protocol: DissectedProtocol) {
    conversations.append(conversation.copied())
  }
  func idle() {}
}
/// What the analysis says of a dialogue, as JSON; every line must decode as the schema's type.
func analyse(
  _ dialogue: Dialogue, options: DissectionOptions = DissectionOptions(), keys: (any TLSKeySource)? = nil
) throws -> [[UInt8]] {
  try analyse(capture: capture(dialogue.frames), options: options, keys: keys)
}
func analyse(
  capture: [UInt8], options: DissectionOptions, keys: (any TLSKeySource)? = nil
) throws -> [[UInt8]] {
  let sink = JSONCollector()
  let analysis = Analysis(options, sink: sink, keys: keys)
  try withFile(capture) { file in
    var reader = CaptureReader(fileDescriptor: file)
    try analysis.read(&reader)
  }
  _ = analysis.finish()
  for json in sink.conversations { _ = try JSONDecoder().decode(Conversation.self, from: Foundation.Data(json)) }
  return sink.conversations
}
/// Keeps every step.
final class StepCollector: ConversationSink {
  var steps: [Step] = []
  func receive(_ step: Step) { steps.append(step) }
  func receive(_ conversation: Span<UInt8>, _ protocol: DissectedProtocol) {}
  func idle() {}
}
/// The steps of a dialogue as they are spoken.
func steps(_ dialogue: Dialogue, masked: Bool = false, keys: (any TLSKeySource)? = nil) throws -> [Step] {
  var options = DissectionOptions()
  options.masksPasswords = masked
  let sink = StepCollector()
  let analysis = NarratedAnalysis(options, sink: sink, keys: keys)
  try withFile(capture(dialogue.frames)) { file in
    var reader = CaptureReader(fileDescriptor: file)
    try analysis.read(&reader)
  }
  _ = analysis.finish()
  return sink.steps
}
/// What is said of a dialogue when passwords are masked: its JSON, and all that its steps hold.
func masked(_ dialogue: Dialogue) throws -> String {
  var options = DissectionOptions()
  options.masksPasswords = true
  let json = try analyse(dialogue, options: options).map { String(decoding: $0, as: UTF8.self) }
  return (json + (try steps(dialogue, masked: true).map { "\($0)" })).joined(separator: "\n")
}
func conversations(_ dialogue: Dialogue, options: DissectionOptions = DissectionOptions()) throws -> [Conversation] {
  try analyse(dialogue, options: options).map { try JSONDecoder().decode(Conversation.self, from: Foundation.Data($0)) }
}
/// The JSON without what depends on how the octets were cut into packets.
func withoutEvidence(_ json: [UInt8]) throws -> String {
  func stripped(_ value: Any) -> Any {
    if let object = value as? [String: Any] {
      let evidence = [
        "frame", "frames", "frameRange", "frameRanges", "bytes", "pieces", "begin", "end", "packets", "fromFrames",
        "synFrame",
        "time",
      ]
      return object.filter { !evidence.contains($0.key) }.mapValues(stripped)
    }
    if let array = value as? [Any] { return array.map(stripped) }
    return value
  }
  let object = stripped(try JSONSerialization.jsonObject(with: Foundation.Data(json)))
  return String(
    decoding: try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .prettyPrinted]), as: UTF8.self)
}
