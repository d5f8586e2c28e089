internal import Bytes
internal import MailProtocols
internal import MailSystem

/// How long the lines of a client may be.
extension WireGround {
  func limits() -> Finding {
    if let nothing = hasSaidNothing { return nothing }
    for talk in talks {
      let messages = talk.exchanges.filter { $0.kind == .message }.map(\.range)
      for line in talk.client.lines {
        let isText = messages.contains { $0.contains(line.range.lowerBound) }
        // The dot of the stuffing does not count.
        let most = isText ? 1_000 + (line.octets.first == ASCII.dot ? 1 : 0) : 512
        guard line.range.count > most else { continue }
        return .failed(
          expected: "at most \(most) octets with the end of the line", found: "\(line.range.count) octets",
          isText ? "A line of the message is too long." : "A command is too long.",
          at: talk.place(line, marked: most..<line.octets.count))
      }
      if let finding = longBase64(talk) { return finding }
    }
    return .passed
  }
  private static let base64LineLength = 76

  /// A line of a part in base64 that is longer than such lines are (RFC 2045 §6.8).
  private func longBase64(_ talk: Talk) -> Finding? {
    let most = Self.base64LineLength
    for exchange in talk.exchanges where exchange.kind == .message {
      let message = talk.message(exchange)
      for part in MIMEStructure.parse(message.span).leaves where part.isBase64(message.span) {
        let lines = message[part.body].split(separator: ASCII.lineFeed).map { $0.filter { $0 != ASCII.carriageReturn } }
        guard let long = lines.first(where: { $0.count > most }) else { continue }
        let line = talk.client.lines.first { exchange.range.contains($0.range.lowerBound) && $0.octets == Array(long) }
        return .failed(
          expected: "at most \(most) characters in a line of base64", found: "\(long.count) characters",
          "A line of base64 is too long (RFC 2045 §6.8).",
          at: line.map { talk.place($0, marked: most..<$0.octets.count) })
      }
    }
    return nil
  }
}

extension MIMEStructure {
  /// The parts that have no parts themselves.
  var leaves: [MIMEStructure] { parts.isEmpty ? [self] : parts.flatMap(\.leaves) }
  func isBase64(_ octets: Span<UInt8>) -> Bool {
    let encoding = HeaderFields(octets, header).first("content-transfer-encoding")
    return encoding.map { octets.extracting($0).text().lowercased().contains("base64") } ?? false
  }
}
