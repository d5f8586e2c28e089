package import Bytes

/// The first line of a server's reply (RFC 1939 §3; challenges: RFC 5034 §4).
///
///     S: +OK 2 messages (320 octets)
///     S: -ERR no such message
///     S: + VXNlcm5hbWU6
package struct POP3Reply: BitwiseCopyable, Equatable, Sendable {
  package enum Status: UInt8, BitwiseCopyable, Sendable { case ok, error, challenge }
  package var status: Status
  package var text: OctetRange

  package init(status: Status, text: OctetRange) {
    self.status = status
    self.text = text
  }
  /// Reads a line without its end of line; nil when it does not begin as a reply does.
  package static func parse(_ line: Span<UInt8>) -> POP3Reply? {
    if line.startsIgnoringCase(with: "+ok"), line.count == 3 || ASCII.isBlank(line[3]) {
      return POP3Reply(status: .ok, text: line.trimmed(OctetRange(3, line.count)))
    }
    if line.startsIgnoringCase(with: "-err"), line.count == 4 || ASCII.isBlank(line[4]) {
      return POP3Reply(status: .error, text: line.trimmed(OctetRange(4, line.count)))
    }
    if line.count >= 1, line[0] == UInt8(ascii: "+"), line.count == 1 || ASCII.isBlank(line[1]) {
      return POP3Reply(status: .challenge, text: line.trimmed(OctetRange(1, line.count)))
    }
    return nil
  }
  /// Writes a status line with its CRLF.
  package static func encode(_ status: Status, _ text: String, into writer: inout ByteWriter) {
    switch status {
    case .ok: writer.append(text.isEmpty ? "+OK" : "+OK ")
    case .error: writer.append(text.isEmpty ? "-ERR" : "-ERR ")
    case .challenge: writer.append("+ ")
    }
    writer.append(string: text)
    writer.append("\r\n")
  }
}
