package import Bytes

/// Quoted-printable of whole values (RFC 2045 §6.7).
package enum QuotedPrintable {
  /// The longest line, the soft break's `=` included (RFC 2045 §6.7 rule 5).
  package static let lineOctets = 76

  /// What `text` decodes to.
  package static func decode(_ text: Span<UInt8>) -> [UInt8] {
    var decoder = QuotedPrintableDecoder()
    var writer = ByteWriter(minimumCapacity: text.count)
    decoder.decode(text, into: &writer)
    decoder.finish(into: &writer)
    return writer.withOctets { $0.copied() }
  }

  /// Writes `octets`; CRLF stays a line break, while a lone CR or LF is escaped, so that any octets come back.
  package static func encode(_ octets: Span<UInt8>, into writer: inout ByteWriter) {
    var column = 0
    var offset = 0
    while offset < octets.count {
      let octet = octets[offset]
      if isLineEnd(octets, offset) {
        writer.append("\r\n")
        column = 0
        offset &+= 2
        continue
      }
      let endsLine = offset &+ 1 == octets.count || isLineEnd(octets, offset &+ 1)
      let isLiteral = ASCII.isBlank(octet) ? !endsLine : octet > 32 && octet < 127 && octet != UInt8(ascii: "=")
      let cost = isLiteral ? 1 : 3
      if column &+ cost > (endsLine ? lineOctets : lineOctets &- 1) {
        writer.append("=\r\n")
        column = 0
      }
      if isLiteral {
        writer.append(octet)
      } else {
        writer.append("=")
        writer.append(ASCII.hexadecimalDigit(octet >> 4))
        writer.append(ASCII.hexadecimalDigit(octet))
      }
      column &+= cost
      offset &+= 1
    }
  }
  private static func isLineEnd(_ octets: Span<UInt8>, _ offset: Int) -> Bool {
    offset &+ 1 < octets.count && octets[offset] == 13 && octets[offset &+ 1] == 10
  }
}
