package import Bytes
internal import Dialogues

extension Answer {
  /// The answer as the schema's `answers` carry it.
  package func write(to writer: inout ByteWriter) {
    writer.append("{\"question\":")
    writer.append(json: question.name)
    writer.append(",\"ask\":")
    writer.append(json: question.ask)
    writer.append(",\"answer\":[")
    for (index, line) in lines.enumerated() {
      if index > 0 { writer.append(UInt8(ascii: ",")) }
      writer.append(json: line.label.isEmpty ? line.text : "\(line.label): \(line.text)")
    }
    writer.append(UInt8(ascii: "]"))
    if let cannotTell {
      writer.append(",\"cannotTell\":")
      writer.append(json: cannotTell)
    }
    writer.append(",\"why\":")
    writer.append(json: question.why)
    writer.append(",\"rfc\":")
    writer.append(json: rfc)
    let evidence = evidence
    writer.append(",\"frames\":")
    Self.write(evidence.frames, to: &writer)
    if !evidence.ranges.isEmpty {
      writer.append(",\"frameRanges\":[")
      for (index, range) in evidence.ranges.enumerated() {
        if index > 0 { writer.append(UInt8(ascii: ",")) }
        Self.write(range, to: &writer)
      }
      writer.append(UInt8(ascii: "]"))
    }
    writer.append(",\"bytes\":[")
    for (index, range) in evidence.bytes.enumerated() {
      if index > 0 { writer.append(UInt8(ascii: ",")) }
      Self.write(range, to: &writer)
    }
    writer.append("]}")
  }
  private static func write(_ numbers: [Int], to writer: inout ByteWriter) {
    writer.append(UInt8(ascii: "["))
    for (index, number) in numbers.enumerated() {
      if index > 0 { writer.append(UInt8(ascii: ",")) }
      writer.append(decimal: number)
    }
    writer.append(UInt8(ascii: "]"))
  }
}
