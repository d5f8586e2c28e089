import Bytes

extension EncodedWord {
  /// The wire form of unstructured `text`: itself where it is plain ASCII, else encoded words in UTF-8, each at most 75
  /// octets and none cutting a character (RFC 2047 §5), with a space between for `HeaderField.encode` to fold at. The first leaves
  /// room for the `column` octets before it.
  package static func encode(_ text: String, column: Int = 0) -> String {
    needsEncoding(text) ? words(text, column: column) : text
  }

  static func needsEncoding(_ text: String) -> Bool {
    let octets = Array(text.utf8)
    if octets.contains(where: { !ASCII.isPrintable($0) }) { return true }
    if let first = octets.first, let last = octets.last, first == 32 || last == 32 { return true }
    return zip(octets, octets.dropFirst()).contains { $0 == 61 && $1 == 63 }  // =?
  }

  /// `text` as encoded words, in the encoding that is shorter.
  static func words(_ text: String, column: Int = 0) -> String {
    let escaped = text.utf8.reduce(0) { $0 &+ (isLiteral($1) ? 0 : 1) }
    let count = text.utf8.count
    let isQ = escaped &* 2 <= count / 3
    let fullRoom = MessageLimits.encodedWordOctets &- 12  // =?UTF-8?Q??=
    var room = column < 32 ? fullRoom &- column : fullRoom
    var result: [String] = []
    var piece: [UInt8] = []
    var cost = 0
    for scalar in text.unicodeScalars {
      let octets = Array(String(scalar).utf8)
      let more = isQ ? octets.reduce(0) { $0 &+ (isLiteral($1) || $1 == 32 ? 1 : 3) } : octets.count
      if isQ ? cost &+ more > room : (cost &+ more &+ 2) / 3 &* 4 > room {
        result.append(word(piece, isQ: isQ))
        piece = []
        cost = 0
        room = fullRoom
      }
      piece += octets
      cost &+= more
    }
    if !piece.isEmpty { result.append(word(piece, isQ: isQ)) }
    return result.joined(separator: " ")
  }

  private static func word(_ octets: [UInt8], isQ: Bool) -> String {
    var writer = ByteWriter(minimumCapacity: MessageLimits.encodedWordOctets)
    writer.append(isQ ? "=?UTF-8?Q?" : "=?UTF-8?B?")
    if isQ {
      for octet in octets {
        if octet == 32 {
          writer.append("_")
        } else if isLiteral(octet) {
          writer.append(octet)
        } else {
          writer.append("=")
          writer.append(ASCII.hexadecimalDigit(octet >> 4))
          writer.append(ASCII.hexadecimalDigit(octet))
        }
      }
    } else {
      Base64.encode(octets.span, into: &writer)
    }
    writer.append("?=")
    return writer.withOctets { $0.text() }
  }

  /// What may stand for itself in a Q word even within a phrase (RFC 2047 §5 rule 3).
  private static func isLiteral(_ octet: UInt8) -> Bool {
    ASCII.isLetter(octet) || ASCII.isDigit(octet) || [33, 42, 43, 45, 47].contains(octet)  // ! * + - /
  }

  /// Appends what the text of a Q word stands for (RFC 2047 §4.2); a broken `=XY` stays.
  static func decodeQ(_ text: Span<UInt8>, into writer: inout ByteWriter) {
    var position = 0
    while position < text.count {
      let octet = text[position]
      position &+= 1
      switch octet {
      case UInt8(ascii: "_"): writer.append(ASCII.space)
      case ASCII.carriageReturn, ASCII.lineFeed: break
      case UInt8(ascii: "="):
        guard position &+ 1 < text.count, let high = ASCII.hexadecimalValue(text[position]),
          let low = ASCII.hexadecimalValue(text[position &+ 1])
        else {
          writer.append(octet)
          break
        }
        writer.append(high << 4 | low)
        position &+= 2
      default: writer.append(octet)
      }
    }
  }
}
