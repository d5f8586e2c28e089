import Bytes
import Console
import Dialogues
import Packets
import Streams

/// Every irregularity of packets and connections, a line each, as it is met; then how often each was.
final class AnomalyReport: Report {
  private let format: AnalyzeCommand.Format
  private var count = 0

  init(_ format: AnalyzeCommand.Format, name: String, output: StandardOutput) {
    self.format = format
    super.init(name: name, questions: [], output: output)
  }
  override func receive(_ remark: StreamRemark) {
    count += 1
    switch format {
    case .text: output.write(Self.line(remark))
    case .ndjson: output.write(Self.json(remark) + "\n")
    case .zeek, .html: break
    case .json: output.write((count == 1 ? Self.opening : ",\n") + Self.json(remark))
    }
  }
  override func finish(_ summary: AnalysisSummary, byteCount: UInt64, damage: CaptureError?) {
    switch format {
    case .ndjson, .zeek, .html: break
    case .json:
      if count == 0 { output.write(Self.opening) }
      let met = summary.irregularities.met.map { "\"\($0.irregularity.name)\":\($0.count)" }
      var writer = ByteWriter()
      writer.append("\n],")
      append(summary, byteCount: byteCount, damage: damage, to: &writer)
      writer.append(string: ",\"counts\":{\(met.joined(separator: ","))}}\n")
      writer.withOctets { output.write($0) }
    case .text:
      if count > 0 { output.write("\n") }
      for (irregularity, count) in summary.irregularities.met {
        output.write("\(Self.padded(String(count), to: 8, atLeft: true))  \(irregularity.name): \(irregularity.text)\n")
      }
      if count == 0 { output.write("Nothing irregular in \(summary.packets.packets) packets.\n") }
    }
  }

  /// How the document begins (`Documentation/anomalies.schema.json`).
  private static let opening = "{\"version\":1,\"generator\":\"\(Release.generator)\",\"anomalies\":[\n"

  private static func line(_ remark: StreamRemark) -> String {
    let frame = padded("frame \(remark.frame)", to: 14)
    let stream = padded(remark.streamNumber.map { "tcp.stream \($0)" } ?? "", to: 18)
    var text = "\(frame)\(stream)\(padded("\(remark.irregularity.name)", to: 26))\(remark.irregularity.text)"
    if remark.earlierFrame > 0 { text += ", first in frame \(remark.earlierFrame)" }
    if remark.byteCount > 0 { text += " (\(remark.byteCount) octet\(remark.byteCount == 1 ? "" : "s"))" }
    return text + "\n"
  }
  private static func json(_ remark: StreamRemark) -> String {
    var json = "{\"anomaly\":\"\(remark.irregularity.name)\",\"frame\":\(remark.frame)"
    if let streamNumber = remark.streamNumber { json += ",\"stream\":\(streamNumber)" }
    if remark.earlierFrame > 0 { json += ",\"earlierFrame\":\(remark.earlierFrame)" }
    if remark.byteCount > 0 { json += ",\"byteCount\":\(remark.byteCount)" }
    return json + "}"
  }
  private static func padded(_ text: String, to width: Int, atLeft: Bool = false) -> String {
    let blanks = String(repeating: " ", count: max(0, width - text.count))
    return atLeft ? blanks + text : text + blanks
  }
}
