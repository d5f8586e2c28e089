internal import Bytes

/// The mailbox in a reverse-path or forward-path, read as strictly as a server must (RFC 5321 §4.1.2; RFC 6531 §3.3).
///
///     C: MAIL FROM:<alice@example.org>
///     C: RCPT TO:<@relay.example:"Bob B."@[192.0.2.1]>
///
///     Path       = "<" [ A-d-l ":" ] Mailbox ">"
///     Mailbox    = Local-part "@" ( Domain / address-literal )
///     Local-part = Dot-string / Quoted-string
package struct SMTPPath: Equatable, Hashable, Sendable, Codable {
  /// What a quoted one says, without quotes and escapes.
  package var localPart: String
  /// A domain, or an address literal with its brackets, as it was written.
  package var domain: String

  package init(localPart: String, domain: String) {
    self.localPart = localPart
    self.domain = domain
  }
  /// The domain in the form in which domains are compared (RFC 5321 §2.3.5).
  package var canonicalDomain: String { domain.lowercased() }
  /// Whether it can be said only to a server that offers SMTPUTF8.
  package var isInternationalized: Bool {
    !localPart.utf8.allSatisfy { $0 < 128 } || !domain.utf8.allSatisfy { $0 < 128 }
  }

  /// The longest local part, domain and path (RFC 5321 §4.5.3.1.1 to §4.5.3.1.3).
  package static var localPartLimit: Int { 64 }
  package static var domainLimit: Int { 255 }
  package static var pathLimit: Int { 256 }

  /// The mailbox in what stands between the angle brackets; a source route before it is dropped (RFC 5321 appendix C).
  /// Nil where the grammar forbids it.
  package static func parse(_ text: Span<UInt8>, allowsUTF8: Bool = false) -> SMTPPath? {
    guard text.count + 2 <= pathLimit else { return nil }
    var parser = SMTPPathParser(allowsUTF8: allowsUTF8)
    return parser.path(text)
  }
  /// The wire form, without the angle brackets: the local part is quoted where it is no Dot-string.
  package var text: String {
    let needsQuotes = !SMTPPathParser.isDotString(localPart)
    guard needsQuotes else { return "\(localPart)@\(domain)" }
    let escaped = localPart.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
    return "\"\(escaped)\"@\(domain)"
  }
}

/// Walks a path from left to right.
private struct SMTPPathParser {
  let allowsUTF8: Bool
  var position = 0

  mutating func path(_ text: Span<UInt8>) -> SMTPPath? {
    guard skipRoute(text), let localPart = localPart(text), take(UInt8(ascii: "@"), text), let domain = domain(text),
      position == text.count, localPart.utf8.count <= SMTPPath.localPartLimit
    else { return nil }
    return SMTPPath(localPart: localPart, domain: domain)
  }
  /// A-d-l = At-domain *( "," At-domain )
  private mutating func skipRoute(_ text: Span<UInt8>) -> Bool {
    guard position < text.count, text[position] == UInt8(ascii: "@") else { return true }
    repeat {
      guard take(UInt8(ascii: "@"), text), domain(text) != nil else { return false }
    } while take(UInt8(ascii: ","), text)
    return take(UInt8(ascii: ":"), text)
  }
  private mutating func take(_ octet: UInt8, _ text: Span<UInt8>) -> Bool {
    guard position < text.count, text[position] == octet else { return false }
    position += 1
    return true
  }
  private mutating func localPart(_ text: Span<UInt8>) -> String? {
    if take(UInt8(ascii: "\""), text) { return quotedString(text) }
    let start = position
    while position < text.count, Self.isAtomOctet(text[position], allowsUTF8) || text[position] == ASCII.dot {
      position += 1
    }
    guard let word = word(text, start..<position), Self.isDotString(word) else { return nil }
    return word
  }
  /// QcontentSMTP = qtextSMTP / quoted-pairSMTP; the opening quotation mark has been taken.
  private mutating func quotedString(_ text: Span<UInt8>) -> String? {
    var octets: [UInt8] = []
    while position < text.count, text[position] != UInt8(ascii: "\"") {
      var octet = text[position]
      position += 1
      if octet == UInt8(ascii: "\\") {
        guard position < text.count else { return nil }
        octet = text[position]
        position += 1
        guard ASCII.isPrintable(octet) else { return nil }
      } else {
        guard ASCII.isPrintable(octet) || allowsUTF8 && octet >= 128 else { return nil }
      }
      octets.append(octet)
    }
    guard take(UInt8(ascii: "\""), text) else { return nil }
    return String(validating: octets, as: UTF8.self)
  }
  /// Domain = sub-domain *("." sub-domain); address-literal = "[" … "]"
  private mutating func domain(_ text: Span<UInt8>) -> String? {
    let start = position
    if take(UInt8(ascii: "["), text) {
      while position < text.count, text[position] != UInt8(ascii: "]") {
        let octet = text[position]
        guard octet > 32, octet < 127, octet != UInt8(ascii: "["), octet != UInt8(ascii: "\\") else { return nil }
        position += 1
      }
      guard take(UInt8(ascii: "]"), text), position - start > 2 else { return nil }
      return word(text, start..<position)
    }
    var labelStart = position
    while position < text.count {
      let octet = text[position]
      if octet == ASCII.dot {
        guard Self.isLabel(text, labelStart..<position) else { return nil }
        labelStart = position + 1
      } else if !(ASCII.isLetter(octet) || ASCII.isDigit(octet) || octet == UInt8(ascii: "-")
        || allowsUTF8 && octet >= 128)
      {
        break
      }
      position += 1
    }
    guard Self.isLabel(text, labelStart..<position), position - start <= SMTPPath.domainLimit else { return nil }
    return word(text, start..<position)
  }
  private static func isLabel(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard !range.isEmpty, range.count <= 63 else { return false }
    return text[range.lowerBound] != UInt8(ascii: "-") && text[range.upperBound - 1] != UInt8(ascii: "-")
  }
  private func word(_ text: Span<UInt8>, _ range: Range<Int>) -> String? {
    range.isEmpty ? nil : String(validating: text.extracting(range).copied(), as: UTF8.self)
  }
  /// Dot-string = Atom *("." Atom)
  static func isDotString(_ text: String) -> Bool {
    var isAtomBegun = false
    for octet in text.utf8 {
      guard octet != ASCII.dot else {
        guard isAtomBegun else { return false }
        isAtomBegun = false
        continue
      }
      guard isAtomOctet(octet, true) else { return false }
      isAtomBegun = true
    }
    return isAtomBegun
  }
  /// atext (RFC 5322 §3.2.3), with UTF-8 where SMTPUTF8 allows it.
  static func isAtomOctet(_ octet: UInt8, _ allowsUTF8: Bool) -> Bool {
    switch octet {
    case _ where ASCII.isLetter(octet) || ASCII.isDigit(octet): true
    case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
      UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "/"),
      UInt8(ascii: "="), UInt8(ascii: "?"), UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"),
      UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"), UInt8(ascii: "~"):
      true
    case 128...: allowsUTF8
    default: false
    }
  }
}
