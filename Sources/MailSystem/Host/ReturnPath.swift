internal import Bytes
internal import MailProtocols

/// The reverse-path as the last server writes it down (RFC 5321 §4.4).
///
///     Return-Path: <alice@a.example>
enum ReturnPath {
  /// The message with the reverse-path on top. What a sender wrote in its place is taken away.
  static func add(_ reversePath: SMTPPath?, to message: [UInt8]) -> [UInt8] {
    Array("Return-Path: <\(reversePath?.text ?? "")>\r\n".utf8) + removed(from: message)
  }
  private static func removed(from message: [UInt8]) -> [UInt8] {
    guard TraceFields.has("return-path", message) else { return message }
    var kept: [UInt8] = []
    kept.reserveCapacity(message.count)
    var isReturnPath = false
    var start = 0
    while start < message.count {
      let end = message.span.firstOffset(of: ASCII.lineFeed, from: start).map { $0 + 1 } ?? message.count
      let line = message.span.extracting(start..<end)
      // The header ends with an empty line, or with what is no field.
      if !ASCII.isBlank(line[0]) {
        guard let field = HeaderField.parse(line) else { break }
        isReturnPath = line.extracting(line.bounds(field.name)).equalsIgnoringCase("return-path")
      }
      if !isReturnPath { kept += message[start..<end] }
      start = end
    }
    return kept + message[start...]
  }
}
