internal import Bytes

/// Strings (RFC 9051 §4.3).
extension IMAPArguments {
  /// astring = 1*ASTRING-CHAR / string; ASTRING-CHAR = ATOM-CHAR / "]"
  package mutating func astring() throws(IMAPSyntaxError) -> [UInt8] {
    if next == UInt8(ascii: "\"") || next == UInt8(ascii: "{") { return try string() }
    let octets = take { Self.isAtomOctet($0) || $0 == UInt8(ascii: "]") }
    if octets.isEmpty { throw failure("an atom or a string") }
    return octets
  }
  /// list-mailbox = 1*list-char / string; list-char = ATOM-CHAR / "%" / "*" / "]"
  package mutating func pattern() throws(IMAPSyntaxError) -> [UInt8] {
    if next == UInt8(ascii: "\"") || next == UInt8(ascii: "{") { return try string() }
    let octets = take { Self.isAtomOctet($0) || $0 == UInt8(ascii: "]") || $0 == 37 || $0 == 42 }
    if octets.isEmpty { throw failure("a mailbox pattern") }
    return octets
  }
  /// string = quoted / literal
  package mutating func string() throws(IMAPSyntaxError) -> [UInt8] {
    switch next {
    case UInt8(ascii: "\""): return try quoted()
    case UInt8(ascii: "{"): return try literal(mayHoldNUL: false)
    default: throw failure("a string")
    }
  }
  /// nil / string
  package mutating func nilOrString() throws(IMAPSyntaxError) -> [UInt8]? {
    if next == UInt8(ascii: "\"") || next == UInt8(ascii: "{") { return try string() }
    guard keyword() == "NIL" else { throw failure("NIL or a string") }
    return nil
  }
  /// literal / literal8, as APPEND takes a message (RFC 9051 §6.3.12; RFC 3516 §4.4).
  package mutating func literalOrLiteral8() throws(IMAPSyntaxError) -> [UInt8] {
    let mayHoldNUL = skip(UInt8(ascii: "~"))
    return try literal(mayHoldNUL: mayHoldNUL)
  }

  /// quoted = DQUOTE *QUOTED-CHAR DQUOTE; what is not ASCII must be UTF-8.
  private mutating func quoted() throws(IMAPSyntaxError) -> [UInt8] {
    let start = offset
    var value: [UInt8] = []
    var position = offset + 1
    while position < octets.count, octets[position] != UInt8(ascii: "\"") {
      var octet = octets[position]
      if octet == UInt8(ascii: "\\") {
        position += 1
        guard position < octets.count, octets[position] == 34 || octets[position] == 92 else {
          throw IMAPSyntaxError(offset: position, expected: "\\\" or \\\\")
        }
        octet = octets[position]
      }
      guard octet != 0, octet != 10, octet != 13 else {
        throw IMAPSyntaxError(offset: position, expected: "no NUL, CR or LF in a quoted string")
      }
      value.append(octet)
      position += 1
    }
    guard position < octets.count else {
      throw IMAPSyntaxError(offset: position, expected: "the quote that ends the string")
    }
    guard value.span.isASCII || String(validating: value, as: UTF8.self) != nil else {
      throw IMAPSyntaxError(offset: start, expected: "UTF-8 in a quoted string")
    }
    move(to: position + 1)
    return value
  }
  /// literal = "{" number64 ["+"] "}" CRLF *CHAR8; CHAR8 is no NUL, literal8's OCTET is anything.
  private mutating func literal(mayHoldNUL: Bool) throws(IMAPSyntaxError) -> [UInt8] {
    guard next == UInt8(ascii: "{"), let close = octets.span.firstOffset(of: UInt8(ascii: "}"), from: offset),
      close - offset <= 24, octets[close - 1] != UInt8(ascii: "-"),
      let announced = IMAPLiteral.parse(endOf: octets.span.extracting(offset..<close + 1)), announced.range.lower == 0
    else { throw failure("a literal") }
    var start = close + 1
    if start < octets.count, octets[start] == ASCII.carriageReturn { start += 1 }
    guard start < octets.count, octets[start] == ASCII.lineFeed else { throw failure("a literal") }
    start += 1
    guard announced.byteCount <= UInt64(octets.count - start) else { throw failure("all octets of the literal") }
    let end = start + Int(announced.byteCount)
    let value = Array(octets[start..<end])
    if !mayHoldNUL, value.contains(0) { throw failure("no NUL in a literal") }
    move(to: end)
    return value
  }
}
