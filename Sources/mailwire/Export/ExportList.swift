import Bytes
import Dialogues
import Lessons
import Packets

/// What was exported, a line for each message and attachment, or a JSON object for each message
/// (`Documentation/export.schema.json`).
final class ExportList {
  struct Entry {
    struct Part {
      var file: String
      var contentType: String
      var byteCount: UInt64
    }
    var file: String
    var head: MessageHead
    var tail: MessageTail
    var attachments: [Part]
  }
  private let isJSON: Bool
  private let output: StandardOutput

  init(isJSON: Bool, _ output: StandardOutput) {
    self.isJSON = isJSON
    self.output = output
  }
  func add(_ entry: Entry) {
    if isJSON { addObject(entry) } else { addLines(entry) }
  }
  private func addLines(_ entry: Entry) {
    let (head, tail) = (entry.head, entry.tail)
    let frames = tail.lastFrame > head.frame ? "frames \(head.frame)–\(tail.lastFrame)" : "frame \(head.frame)"
    var line = "\(Printable.line(entry.file))  \(Self.octets(tail.byteCount)), \(head.via.name), \(frames)"
    if tail.gapByteCount > 0 {
      line += ", not all of it: \(Self.octets(tail.gapByteCount)) were not captured"
    } else if !tail.isComplete {
      line += ", not all of it: its beginning or its end was not captured"
    } else if head.isSection {
      line += ", a piece of a message"
    }
    output.write(line + "\n")
    for part in entry.attachments {
      output.write(
        "\(Printable.line(part.file))  \(Self.octets(part.byteCount)), \(Printable.line(part.contentType))\n")
    }
  }
  private static func octets(_ count: UInt64) -> String { count == 1 ? "1 octet" : "\(count) octets" }

  private func addObject(_ entry: Entry) {
    var writer = ByteWriter(minimumCapacity: 512)
    writer.append("{\"version\":1,\"file\":")
    writer.append(json: entry.file)
    writer.append(string: ",\"stream\":\(entry.head.streamNumber),\"message\":\(entry.head.ordinal)")
    writer.append(string: ",\"via\":\"\(entry.head.via.name)\",\"isSection\":\(entry.head.isSection)")
    writer.append(string: ",\"frameRange\":[\(entry.head.frame),\(max(entry.head.frame, entry.tail.lastFrame))]")
    writer.append(string: ",\"byteCount\":\(entry.tail.byteCount),\"gapByteCount\":\(entry.tail.gapByteCount)")
    writer.append(string: ",\"isComplete\":\(entry.tail.isComplete),\"sha256\":\"")
    for index in entry.tail.digest.indices {
      writer.append(hexadecimalDigit: entry.tail.digest[index] >> 4)
      writer.append(hexadecimalDigit: entry.tail.digest[index] & 15)
    }
    writer.append("\",\"attachments\":[")
    for (index, part) in entry.attachments.enumerated() {
      if index > 0 { writer.append(UInt8(ascii: ",")) }
      writer.append("{\"file\":")
      writer.append(json: part.file)
      writer.append(",\"contentType\":")
      writer.append(json: part.contentType)
      writer.append(string: ",\"byteCount\":\(part.byteCount)}")
    }
    writer.append("]}\n")
    writer.withOctets { output.write($0) }
  }
}
