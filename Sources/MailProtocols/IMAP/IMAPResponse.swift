package import Bytes

/// The beginning of a server's line (RFC 9051 §7, §9).
///
///     S: * OK [CAPABILITY IMAP4rev2] ready        untagged
///     S: * 12 FETCH (FLAGS (\Seen))               untagged, with a number
///     S: + idling                                 continuation request
///     S: a1 OK done                               tagged
package struct IMAPResponse: BitwiseCopyable, Equatable, Sendable {
  package enum Kind: UInt8, BitwiseCopyable, Sendable { case untagged, continuation, tagged }
  package enum Status: UInt8, BitwiseCopyable, Sendable { case ok, no, bad, preauthenticated, bye, none }
  package var kind: Kind
  /// OK, NO, BAD, PREAUTH, BYE; none for data.
  package var status: Status
  package var tag: OctetRange
  /// The message number or count of `* 12 FETCH`; empty else.
  package var number: OctetRange
  /// The word that names the data, or the status.
  package var name: OctetRange
  package var text: OctetRange

  /// Reads a line without its end of line; nil when it does not begin as a response does.
  package static func parse(_ line: Span<UInt8>) -> IMAPResponse? {
    guard line.count >= 1 else { return nil }
    let none = OctetRange(0, 0)
    if line[0] == UInt8(ascii: "+"), line.count == 1 || ASCII.isBlank(line[1]) {
      return IMAPResponse(
        kind: .continuation, status: .none, tag: none, number: none, name: none,
        text: line.trimmed(OctetRange(1, line.count)))
    }
    let first = line.word(from: 0)
    let second = line.word(from: first.upper)
    guard first.lower == 0, !first.isEmpty, !second.isEmpty else { return nil }
    let status = self.status(line.extracting(line.bounds(second)))
    if first.count == 1, line[0] == UInt8(ascii: "*") {
      var number = none
      var name = second
      if status == .none, ASCII.isDigit(line[second.lower]) {
        number = second
        name = line.word(from: second.upper)
      }
      return IMAPResponse(
        kind: .untagged, status: status, tag: none, number: number, name: name,
        text: line.trimmed(OctetRange(name.upper, line.count)))
    }
    guard status == .ok || status == .no || status == .bad, first.count <= 64 else { return nil }
    return IMAPResponse(
      kind: .tagged, status: status, tag: first, number: none, name: second,
      text: line.trimmed(OctetRange(second.upper, line.count)))
  }
  /// Writes a tagged or untagged (`*`) status response with its CRLF.
  package static func encode(tag: String, status: Status, text: String, into writer: inout ByteWriter) {
    writer.append(string: tag)
    switch status {
    case .ok: writer.append(" OK ")
    case .no: writer.append(" NO ")
    case .bad: writer.append(" BAD ")
    case .preauthenticated: writer.append(" PREAUTH ")
    case .bye: writer.append(" BYE ")
    case .none: writer.append(ASCII.space)
    }
    writer.append(string: text)
    writer.append("\r\n")
  }
  private static func status(_ word: Span<UInt8>) -> Status {
    switch word.count {
    case 2: word.equalsIgnoringCase("ok") ? .ok : word.equalsIgnoringCase("no") ? .no : .none
    case 3: word.equalsIgnoringCase("bad") ? .bad : word.equalsIgnoringCase("bye") ? .bye : .none
    case 7: word.equalsIgnoringCase("preauth") ? .preauthenticated : .none
    default: .none
    }
  }
}
