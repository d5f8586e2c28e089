import Bytes
import Dialogues
import Packets

/// What becomes of the conversations of one capture: lines of JSON, one document, or text for a person.
class Report: ConversationSink {
  let output: StandardOutput
  let name: String

  init(name: String, output: StandardOutput) {
    self.name = name
    self.output = output
  }
  static func make(
    _ format: AnalyzeCommand.Format, name: String, output: StandardOutput, masksPasswords: Bool
  ) -> Report {
    switch format {
    case .ndjson: NDJSONReport(name: name, output: output)
    case .json: NDJSONReport(name: name, output: output)
    case .text: NDJSONReport(name: name, output: output)
    }
  }
  func receive(_ conversation: Span<UInt8>, _ protocol: DissectedProtocol) {}
  func idle() { output.flush() }
  func finish(_ summary: AnalysisSummary, packets: Int, byteCount: UInt64, damage: CaptureError?) {}
}

/// One conversation a line, written as it ends.
final class NDJSONReport: Report {
  private static let lineFeed: [UInt8] = [10]
  override func receive(_ conversation: Span<UInt8>, _ protocol: DissectedProtocol) {
    output.write(conversation)
    output.write("\n")
  }
}

enum Printable {
  static func line(_ text: String) -> String { text }
}
