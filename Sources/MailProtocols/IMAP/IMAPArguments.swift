internal import Bytes

/// A command's arguments, read strictly from left to right as a server must (RFC 9051 §9); `IMAPTokens` is the lenient
/// reader of what others say.
///
///     C: a1 STATUS blurdybloop (UIDNEXT MESSAGES)
///
/// Literals stand whole within the octets: announcement, end of line, and their octets. Each method takes what it
/// names, or throws and says what it expected.
package struct IMAPArguments: Sendable {
  package let octets: [UInt8]
  package private(set) var offset: Int

  package init(_ octets: [UInt8], from offset: Int = 0) {
    self.octets = octets
    self.offset = min(max(0, offset), octets.count)
  }
  /// The next octet, or nil at the end.
  package var next: UInt8? { offset < octets.count ? octets[offset] : nil }
  package func failure(_ expected: String) -> IMAPSyntaxError { IMAPSyntaxError(offset: offset, expected: expected) }

  /// Takes `octet` if it comes next.
  package mutating func skip(_ octet: UInt8) -> Bool {
    guard next == octet else { return false }
    offset += 1
    return true
  }
  package mutating func expect(_ octet: UInt8) throws(IMAPSyntaxError) {
    guard skip(octet) else { throw failure("\"\(Character(UnicodeScalar(octet)))\"") }
  }
  /// SP: exactly one.
  package mutating func space() throws(IMAPSyntaxError) {
    guard skip(ASCII.space) else { throw failure("a space") }
  }
  package func end() throws(IMAPSyntaxError) {
    guard offset == octets.count else { throw failure("the end of the command") }
  }
  /// atom = 1*ATOM-CHAR
  package mutating func atom() throws(IMAPSyntaxError) -> String {
    let atom = take(while: Self.isAtomOctet)
    if atom.isEmpty { throw failure("an atom") }
    return atom.span.text()
  }
  /// A word of the grammar in upper case: letters, digits, dots and hyphens. Empty where none comes.
  package mutating func keyword() -> String {
    take { ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == ASCII.dot || $0 == UInt8(ascii: "-") }.span.text()
      .uppercased()
  }
  /// number = 1*DIGIT, below 2⁶³ (number64).
  package mutating func number() throws(IMAPSyntaxError) -> UInt64 {
    let start = offset
    let digits = take(while: ASCII.isDigit)
    guard digits.count >= 1, digits.count <= 19, let number = UInt64(digits.span.text()), number < 1 << 63 else {
      throw IMAPSyntaxError(offset: start, expected: "a number")
    }
    return number
  }
  /// nz-number: 1 to 2³² - 1.
  package mutating func positiveNumber() throws(IMAPSyntaxError) -> UInt32 {
    let start = offset
    guard let number = UInt32(exactly: try number()), number > 0 else {
      throw IMAPSyntaxError(offset: start, expected: "a number from 1 to 4294967295")
    }
    return number
  }
  /// A list in parentheses of what `element` takes, spaces between.
  package mutating func list(
    atLeast minimum: Int = 0, _ element: (inout IMAPArguments) throws(IMAPSyntaxError) -> Void
  ) throws(IMAPSyntaxError) {
    try expect(UInt8(ascii: "("))
    var count = 0
    while next != UInt8(ascii: ")") {
      if count > 0 { try space() }
      try element(&self)
      count += 1
    }
    guard count >= minimum else { throw failure("something in the parentheses") }
    try expect(UInt8(ascii: ")"))
  }
  /// Takes the octets from here on that `belongs` accepts.
  package mutating func take(while belongs: (UInt8) -> Bool) -> [UInt8] {
    let start = offset
    while offset < octets.count, belongs(octets[offset]) { offset += 1 }
    return Array(octets[start..<offset])
  }
  mutating func move(to offset: Int) { self.offset = offset }

  /// ATOM-CHAR = <any CHAR except atom-specials>; atom-specials = "(" / ")" / "{" / SP / CTL / list-wildcards /
  /// quoted-specials / resp-specials
  static func isAtomOctet(_ octet: UInt8) -> Bool {
    switch octet {
    case 0...32, 127...255, 34, 37, 40, 41, 42, 92, 93, 123: false  // " % ( ) * \ ] {
    default: true
    }
  }
}
