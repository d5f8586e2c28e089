package import Bytes

/// The end of a message sent as lines: a dot alone, and a dot more before each line that begins with one (RFC 5321
/// §4.5.2, RFC 1939 §3).
package enum DotStuffing {
  /// Writes a message with its end. A last line without CRLF gets one.
  package static func encode(_ message: Span<UInt8>, into writer: inout ByteWriter) {
    var start = 0
    while start < message.count {
      let end = message.firstOffset(of: ASCII.lineFeed, from: start).map { $0 + 1 } ?? message.count
      if message[start] == ASCII.dot { writer.append(ASCII.dot) }
      writer.append(message.extracting(start..<end))
      start = end
    }
    let hasEnd =
      message.count >= 2 && message[message.count - 1] == ASCII.lineFeed
      && message[message.count - 2] == ASCII.carriageReturn
    if message.count > 0, !hasEnd { writer.append("\r\n") }
    writer.append(".\r\n")
  }
}

/// The lines of a message.
enum MessageLines {
  /// The header, the empty line, and at most so many lines of the body (RFC 1939 §7, TOP).
  static func top(of message: [UInt8], bodyLines: Int) -> [UInt8] {
    if bodyLines == Int.max { return message }
    var start = 0
    var isBody = false
    var taken = 0
    while start < message.count {
      if isBody {
        if taken == bodyLines { break }
        taken += 1
      }
      let end = message.span.firstOffset(of: ASCII.lineFeed, from: start).map { $0 + 1 } ?? message.count
      if !isBody, end - start == 2, message[start] == ASCII.carriageReturn { isBody = true }
      start = end
    }
    return Array(message[..<start])
  }
}

/// Octets as two digits each, with the letters in lower case, as CRAM-MD5 and APOP write a digest.
enum LowerHexadecimal {
  static func encode(_ octets: [UInt8]) -> [UInt8] {
    octets.flatMap { octet in [octet >> 4, octet & 15].map { $0 < 10 ? 48 + $0 : 87 + $0 } }
  }
}
