internal import Bytes

/// A parameter of MAIL or RCPT (RFC 5321 §4.1.2).
///
///     C: MAIL FROM:<alice@example.org> SIZE=1000 BODY=8BITMIME
///
///     esmtp-param   = esmtp-keyword ["=" esmtp-value]
///     esmtp-keyword = (ALPHA / DIGIT) *(ALPHA / DIGIT / "-")
///     esmtp-value   = 1*(%d33-60 / %d62-126)
package struct SMTPParameter: Equatable, Sendable {
  /// In upper case.
  package var keyword: String
  package var value: String?

  package init(_ keyword: String, _ value: String? = nil) {
    self.keyword = keyword
    self.value = value
  }
  /// The parameters in what stands behind a path; nil where the grammar forbids it.
  package static func parseList(_ text: Span<UInt8>) -> [SMTPParameter]? {
    var parameters: [SMTPParameter] = []
    var position = 0
    while true {
      let word = text.word(from: position)
      if word.isEmpty { return parameters }
      guard let parameter = parse(text.extracting(text.bounds(word))) else { return nil }
      parameters.append(parameter)
      position = word.upper
    }
  }
  private static func parse(_ word: Span<UInt8>) -> SMTPParameter? {
    let end = word.firstOffset(of: UInt8(ascii: "=")) ?? word.count
    guard end > 0, word[0] != UInt8(ascii: "-") else { return nil }
    for offset in 0..<end {
      guard ASCII.isLetter(word[offset]) || ASCII.isDigit(word[offset]) || word[offset] == UInt8(ascii: "-") else {
        return nil
      }
    }
    let keyword = word.extracting(0..<end).text().uppercased()
    guard end < word.count else { return SMTPParameter(keyword) }
    let value = word.extracting((end + 1)...)
    guard value.count > 0 else { return nil }
    for offset in value.indices {
      let octet = value[offset]
      guard octet > 32, octet != 127, octet != UInt8(ascii: "=") else { return nil }
    }
    return SMTPParameter(keyword, value.text())
  }
}

/// Text in which all but visible ASCII is written as `+` and two hexadecimal digits (RFC 3461 §4).
///
///     xtext   = *( xchar / hexchar )
///     hexchar = "+" 2(%x30-39 / %x41-46)
package enum XText {
  package static func encode(_ text: String) -> String {
    var writer = ByteWriter()
    for octet in text.utf8 {
      if octet > 32, octet < 127, octet != UInt8(ascii: "+"), octet != UInt8(ascii: "=") {
        writer.append(octet)
      } else {
        writer.append("+")
        for digit in [octet >> 4, octet & 15] { writer.append(digit < 10 ? 48 + digit : 55 + digit) }
      }
    }
    return writer.withOctets { $0.text() }
  }
  /// What `text` stands for; nil where it is no xtext.
  package static func decode(_ text: String) -> String? {
    var octets: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let octet = rest.popFirst() {
      guard octet == UInt8(ascii: "+") else {
        guard octet > 32, octet < 127, octet != UInt8(ascii: "=") else { return nil }
        octets.append(octet)
        continue
      }
      guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else { return nil }
      octets.append(high << 4 | low)
    }
    return String(validating: octets, as: UTF8.self)
  }
  private static func digit(_ octet: UInt8) -> UInt8? {
    if ASCII.isDigit(octet) { return octet - 48 }
    return octet >= 65 && octet <= 70 ? octet - 55 : nil
  }
}
