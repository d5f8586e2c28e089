package import Bytes

/// One line of a server's reply (RFC 5321 §4.2).
///
///     S: 250-mail.example.org
///     S: 250 SIZE 1000000
///
///     Reply-line = *( Reply-code "-" [ textstring ] CRLF ) Reply-code [ SP textstring ] CRLF
package struct SMTPReply: BitwiseCopyable, Equatable, Sendable {
  /// Three digits, the first 2 to 5.
  package var code: UInt16
  /// Whether the reply ends with this line.
  package var isLast: Bool
  package var text: OctetRange

  package init(code: UInt16, isLast: Bool, text: OctetRange) {
    self.code = code
    self.isLast = isLast
    self.text = text
  }
  /// Reads a line without its end of line; nil when it does not begin as a reply does.
  package static func parse(_ line: Span<UInt8>) -> SMTPReply? {
    guard line.count >= 3, line[0] &- 50 < 4, ASCII.isDigit(line[1]), ASCII.isDigit(line[2]) else { return nil }
    guard line.count == 3 || line[3] == UInt8(ascii: "-") || ASCII.isBlank(line[3]) else { return nil }
    let code = UInt16(line[0] &- 48) * 100 + UInt16(line[1] &- 48) * 10 + UInt16(line[2] &- 48)
    return SMTPReply(
      code: code, isLast: line.count == 3 || line[3] != UInt8(ascii: "-"),
      text: OctetRange(min(4, line.count), line.count))
  }
  /// Writes a whole reply of one or more lines.
  package static func encode(code: UInt16, lines: [String], into writer: inout ByteWriter) {
    for (index, text) in lines.enumerated() {
      writer.append(decimal: UInt(code))
      writer.append(index == lines.count - 1 ? ASCII.space : UInt8(ascii: "-"))
      writer.append(string: text)
      writer.append("\r\n")
    }
  }
}
