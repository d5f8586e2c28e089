package import Bytes

/// The first line of a response (RFC 9112 §4).
///
///     status-line = HTTP-version SP status-code SP [ reason-phrase ]
///
///     HTTP/1.1 200 OK
package struct HTTPStatusLine: BitwiseCopyable, Equatable, Sendable {
  package let version: OctetRange
  /// 100 to 999.
  package let code: Int
  package let reason: OctetRange

  /// The parts of `line`, which may carry its line end; nil where no version and three-digit code are. The reason and
  /// the blank before it may be missing.
  package static func parse(_ line: Span<UInt8>) -> HTTPStatusLine? {
    let whole = HTTPLine.trimmed(line)
    guard line.startsIgnoringCase(with: "http/", at: whole.lower) else { return nil }
    var position = whole.lower
    while position < whole.upper, !ASCII.isBlank(line[position]) { position &+= 1 }
    let version = OctetRange(whole.lower, position)
    while position < whole.upper, ASCII.isBlank(line[position]) { position &+= 1 }
    let start = position
    var code = 0
    while position < whole.upper, position &- start < 3, ASCII.isDigit(line[position]) {
      code = code * 10 + Int(line[position] - 48)
      position &+= 1
    }
    guard position &- start == 3, code >= 100, position == whole.upper || ASCII.isBlank(line[position]) else {
      return nil
    }
    return HTTPStatusLine(version: version, code: code, reason: line.trimmed(OctetRange(position, whole.upper)))
  }

  /// Writes a status line; line ends in the reason become spaces.
  package static func encode(code: Int, reason: String, into writer: inout ByteWriter) {
    writer.append("HTTP/1.1 ")
    writer.append(decimal: min(999, max(100, code)))
    writer.append(" ")
    for octet in reason.utf8 { writer.append(octet == 10 || octet == 13 ? ASCII.space : octet) }
    writer.append("\r\n")
  }
}
