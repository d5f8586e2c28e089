/// Base64 of whole values (RFC 4648 §4), for credentials, encoded words and MIME bodies (RFC 2045 §6.8).
///
///     base64-char = ALPHA / DIGIT / "+" / "/"
public enum Base64 {
  /// The longest line a MIME body may have, without its line end (RFC 2045 §6.8).
  @inlinable public static var mimeLineOctets: Int { 76 }

  /// The octets that `text` stands for, or nil where RFC 4648 §3 forbids it: foreign octets, a length that is no
  /// multiple of four, padding anywhere but at the end. What SASL needs (RFC 4954 §4, RFC 5034 §4).
  public static func decode(_ text: Span<UInt8>) -> [UInt8]? {
    var writer = ByteWriter(minimumCapacity: text.count / 4 &* 3 &+ 16)
    guard decode(text, into: &writer) else { return nil }
    return writer.withOctets { $0.copied() }
  }
  /// Appends the octets that `text` stands for; false, and nothing is appended, where RFC 4648 §3 forbids it.
  public static func decode(_ text: Span<UInt8>, into writer: inout ByteWriter) -> Bool {
    guard text.count & 3 == 0 else { return false }
    var end = text.count
    if end > 0, text[end &- 1] == padding { end &-= 1 }
    if end > 0, end < text.count, text[end &- 1] == padding { end &-= 1 }
    let before = writer.count
    var offset = 0
    while end &- offset >= Base64Word.octetCount {
      let word = Base64Word(text, at: offset)
      if !word.isClean { break }
      writer.append(base64: word.value, quanta: 2)
      offset &+= Base64Word.octetCount
    }
    for place in offset..<end where sextet(text[place]) == foreign {
      writer.truncate(to: before)
      return false
    }
    var decoder = Base64Decoder()
    decoder.decode(text.extracting(offset...), into: &writer)
    return true
  }

  /// The octets that `text` stands for, skipping what is not base64 and ending at the padding (RFC 2045 §6.8).
  public static func decodeLenient(_ text: Span<UInt8>) -> [UInt8] {
    var decoder = Base64Decoder()
    var writer = ByteWriter(minimumCapacity: text.count / 4 &* 3 &+ 16)
    decoder.decode(text, into: &writer)
    return writer.withOctets { $0.copied() }
  }

  /// Writes `octets` in base64, padded; with `lineOctets`, a CRLF comes after each that many octets (and none at the
  /// end).
  public static func encode(_ octets: Span<UInt8>, lineOctets: Int? = nil, into writer: inout ByteWriter) {
    let quantaPerLine = lineOctets.map { Swift.max(1, $0 / 4) } ?? Int.max
    var quanta = 0
    var offset = 0
    while offset < octets.count {
      if quanta == quantaPerLine {
        writer.append("\r\n")
        quanta = 0
      }
      let left = octets.count &- offset
      var bits = UInt32(octets[offset]) << 16
      if left > 1 { bits |= UInt32(octets[offset &+ 1]) << 8 }
      if left > 2 { bits |= UInt32(octets[offset &+ 2]) }
      writer.append(character(bits >> 18))
      writer.append(character(bits >> 12))
      writer.append(left > 1 ? character(bits >> 6) : padding)
      writer.append(left > 2 ? character(bits) : padding)
      offset &+= 3
      quanta &+= 1
    }
  }
  /// `octets` in base64, on one line.
  public static func encode(_ octets: Span<UInt8>) -> [UInt8] {
    var writer = ByteWriter(minimumCapacity: (octets.count &+ 2) / 3 &* 4)
    encode(octets, into: &writer)
    return writer.withOctets { $0.copied() }
  }

  @inlinable @inline(__always) static var padding: UInt8 { UInt8(ascii: "=") }
  @inlinable @inline(__always) static var foreign: UInt8 { 0xFF }

  /// The six bits `octet` stands for, or `foreign`.
  @inlinable @inline(__always) static func sextet(_ octet: UInt8) -> UInt8 {
    let letter = (octet | 0x20) &- 97
    if letter < 26 { return octet & 0x20 == 0 ? letter : letter &+ 26 }
    if ASCII.isDigit(octet) { return octet &+ 4 }
    return octet == UInt8(ascii: "+") ? 62 : octet == UInt8(ascii: "/") ? 63 : foreign
  }
  static func character(_ bits: UInt32) -> UInt8 {
    let sextet = UInt8(truncatingIfNeeded: bits & 63)
    if sextet < 26 { return sextet &+ 65 }
    if sextet < 52 { return sextet &+ 71 }
    if sextet < 62 { return sextet &- 4 }
    return sextet == 62 ? UInt8(ascii: "+") : UInt8(ascii: "/")
  }
}
