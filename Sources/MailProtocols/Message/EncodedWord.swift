import Bytes

/// Encoded words in header fields (RFC 2047 §2), with the language of RFC 2231 §5.
///
///     encoded-word = "=?" charset ["*" language] "?" encoding "?" encoded-text "?="
///
///     Subject: =?ISO-8859-1?Q?Andr=E9?= Pirard
package struct EncodedWord {
  let charset: OctetRange
  let isBase64: Bool
  let text: OctetRange
  /// The offset behind the closing `?=`.
  let end: Int

  /// The word that begins at `start`, or nil: then what stands there is plain text. Blanks in the encoded text are
  /// tolerated, since mailers write them.
  static func parse(_ value: Span<UInt8>, at start: Int) -> EncodedWord? {
    guard value.starts(with: "=?", at: start) else { return nil }
    var position = start &+ 2
    let nameLimit = min(value.count, position &+ MessageLimits.charsetNameOctets)
    while position < nameLimit, value[position] != questionMark {
      if value[position] <= 32 || value[position] >= 127 { return nil }
      position &+= 1
    }
    guard position > start &+ 2, position &+ 3 <= value.count, value[position] == questionMark,
      value[position &+ 2] == questionMark
    else { return nil }
    var charset = OctetRange(start &+ 2, position)
    for index in (start &+ 2)..<position where value[index] == UInt8(ascii: "*") {
      charset = OctetRange(start &+ 2, index)
      break
    }
    let encoding = ASCII.lowercased(value[position &+ 1])
    guard encoding == UInt8(ascii: "b") || encoding == UInt8(ascii: "q") else { return nil }
    let textStart = position &+ 3
    var end = textStart
    while end &+ 1 < value.count {
      if value[end] == questionMark, value[end &+ 1] == equals { break }
      // The next word begins: this one was never closed.
      if value[end] == equals, value[end &+ 1] == questionMark, end &+ 2 < value.count, value[end &+ 2] != equals {
        return nil
      }
      end &+= 1
    }
    guard end &+ 1 < value.count else { return nil }
    let text = OctetRange(textStart, end)
    if encoding == UInt8(ascii: "b"), !isBase64Text(value, text) { return nil }
    return EncodedWord(charset: charset, isBase64: encoding == UInt8(ascii: "b"), text: text, end: end &+ 2)
  }

  private static func isBase64Text(_ value: Span<UInt8>, _ range: OctetRange) -> Bool {
    for offset in range.lower..<range.upper {
      let octet = value[offset]
      let belongs = ASCII.isLetter(octet) || ASCII.isDigit(octet) || octet == 43 || octet == 47 || octet == equals
      if !belongs && !HeaderField.isWhiteSpace(octet) { return false }
    }
    return true
  }
  private static var questionMark: UInt8 { UInt8(ascii: "?") }
  private static var equals: UInt8 { UInt8(ascii: "=") }
}

extension EncodedWord {
  /// The text of an unstructured value: unfolded, encoded words decoded, the white space between two of them dropped
  /// (RFC 2047 §6.2). Raw octets are UTF-8 or else Latin-1; broken words stay as they are written.
  package static func decode(_ value: Span<UInt8>) -> String {
    var decoder = WordDecoder()
    var position = 0
    var mayHoldWords = true
    while position < value.count {
      if value[position] == equals, mayHoldWords, position &+ 1 < value.count, value[position &+ 1] == questionMark {
        if let word = parse(value, at: position) {
          decoder.receive(word, of: value)
          position = word.end
          continue
        }
        mayHoldWords = value.firstOffset(of: questionMark, from: position &+ 2) != nil
      }
      decoder.receive(value[position])
      position &+= 1
    }
    return decoder.finish()
  }
}

/// What `EncodedWord.decode` has put together so far.
private struct WordDecoder: ~Copyable {
  private var text = ""
  /// The octets of open words: words of one charset and encoding are converted together, as mailers cut characters.
  private var octets = ByteWriter(minimumCapacity: 64)
  private var charset: String?
  private var isBase64 = false
  /// Raw octets behind the open words, unfolded.
  private var raw: [UInt8] = []
  private var rawIsBlank = true

  mutating func receive(_ octet: UInt8) {
    if octet == 10 || octet == 13 { return }
    if !ASCII.isBlank(octet) { rawIsBlank = false }
    raw.append(octet)
  }
  mutating func receive(_ word: EncodedWord, of value: Span<UInt8>) {
    let name = value.extracting(value.bounds(word.charset)).text().lowercased()
    if charset != nil, rawIsBlank {
      raw = []
      if name != charset || word.isBase64 != isBase64 { closeWords() }
    } else {
      closeWords()
      closeRaw()
    }
    charset = name
    isBase64 = word.isBase64
    let encoded = value.extracting(value.bounds(word.text))
    if isBase64 {
      var decoder = Base64Decoder()
      decoder.decode(encoded, into: &octets)
    } else {
      EncodedWord.decodeQ(encoded, into: &octets)
    }
  }
  mutating func finish() -> String {
    closeWords()
    closeRaw()
    return text
  }
  private mutating func closeWords() {
    guard let name = charset else { return }
    text += octets.withOctets { Charset.decode($0, named: name) }
    octets.removeAll()
    charset = nil
  }
  private mutating func closeRaw() {
    if !raw.isEmpty { text += raw.span.text() }
    raw = []
    rawIsBlank = true
  }
}
