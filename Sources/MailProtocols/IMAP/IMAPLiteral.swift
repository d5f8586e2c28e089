package import Bytes

/// The announcement of a literal at the end of a line (RFC 9051 §4.3; non-synchronizing: RFC 7888).
///
///     C: a1 LOGIN {5}        the next 5 octets are data, after the server's `+`
///     C: a1 LOGIN {5+}       …at once
///
///     S: * 1 FETCH (BINARY[1] ~{5}   …which may hold NULs (literal8)
///
///     literal  = "{" number64 ["+"] "}" CRLF *CHAR8
///     literal8 = "~{" number64 ["+"] "}" CRLF *OCTET
package struct IMAPLiteral: BitwiseCopyable, Equatable, Sendable {
  package var byteCount: UInt64
  /// Whether the client goes on without waiting.
  package var isNonSynchronizing: Bool
  /// The announcement within the line, a literal8's tilde included.
  package var range: OctetRange

  package init(byteCount: UInt64, isNonSynchronizing: Bool, range: OctetRange) {
    self.byteCount = byteCount
    self.isNonSynchronizing = isNonSynchronizing
    self.range = range
  }
  /// Reads the announcement at the end of `line` (without its end of line); nil when there is none.
  package static func parse(endOf line: Span<UInt8>) -> IMAPLiteral? {
    guard line.count >= 3, line[line.count - 1] == UInt8(ascii: "}") else { return nil }
    var offset = line.count - 2
    let isNonSynchronizing = line[offset] == UInt8(ascii: "+") || line[offset] == UInt8(ascii: "-")
    if isNonSynchronizing { offset -= 1 }
    let lastDigit = offset
    while offset >= 0, ASCII.isDigit(line[offset]), lastDigit - offset < 19 { offset -= 1 }
    guard offset >= 0, offset < lastDigit, line[offset] == UInt8(ascii: "{") else { return nil }
    var byteCount: UInt64 = 0
    for digit in offset + 1...lastDigit { byteCount = byteCount &* 10 &+ UInt64(line[digit] &- 48) }
    if offset > 0, line[offset - 1] == UInt8(ascii: "~") { offset -= 1 }
    return IMAPLiteral(
      byteCount: byteCount, isNonSynchronizing: isNonSynchronizing, range: OctetRange(offset, line.count))
  }
  /// Writes the announcement with its CRLF.
  package func encode(into writer: inout ByteWriter) {
    writer.append(UInt8(ascii: "{"))
    writer.append(decimal: UInt(byteCount))
    writer.append(isNonSynchronizing ? "+}\r\n" : "}\r\n")
  }
}
