internal import Bytes

/// Why a text is no JSON.
package struct FactError: Error, Equatable, Sendable {
  package var offset: Int
  package var reason: String
}

/// Reads JSON (RFC 8259): the transcript's lines, and files of questions.
package struct FactParser {
  /// Lists and objects within one another; the transcript has six.
  private static let depthLimit = 64
  private var offset = 0
  private var depth = 0

  /// The value that `octets` spell.
  package static func parse(_ octets: Span<UInt8>) throws(FactError) -> Fact {
    var parser = FactParser()
    let fact = try parser.value(octets)
    parser.skipBlanks(octets)
    if parser.offset < octets.count { throw FactError(offset: parser.offset, reason: "something follows the value") }
    return fact
  }

  private mutating func value(_ octets: Span<UInt8>) throws(FactError) -> Fact {
    skipBlanks(octets)
    guard offset < octets.count else { throw failure("the text ends where a value should be") }
    switch octets[offset] {
    case UInt8(ascii: "{"): return try object(octets)
    case UInt8(ascii: "["): return try list(octets)
    case UInt8(ascii: "\""): return .text(try text(octets))
    case UInt8(ascii: "t") where octets.starts(with: "true", at: offset):
      offset += 4
      return .boolean(true)
    case UInt8(ascii: "f") where octets.starts(with: "false", at: offset):
      offset += 5
      return .boolean(false)
    case UInt8(ascii: "n") where octets.starts(with: "null", at: offset):
      offset += 4
      return .null
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return number(octets)
    default: throw failure("no value begins like this")
    }
  }
  private mutating func object(_ octets: Span<UInt8>) throws(FactError) -> Fact {
    try enter()
    var members: [Fact.Member] = []
    while try next(octets, closing: UInt8(ascii: "}"), isFirst: members.isEmpty) {
      skipBlanks(octets)
      guard offset < octets.count, octets[offset] == UInt8(ascii: "\"") else {
        throw failure("a name in quotes is missing")
      }
      let name = try text(octets)
      skipBlanks(octets)
      guard offset < octets.count, octets[offset] == UInt8(ascii: ":") else { throw failure("a colon is missing") }
      offset += 1
      members.append(Fact.Member(name: name, value: try value(octets)))
    }
    depth -= 1
    return .object(members)
  }
  private mutating func list(_ octets: Span<UInt8>) throws(FactError) -> Fact {
    try enter()
    var elements: [Fact] = []
    while try next(octets, closing: UInt8(ascii: "]"), isFirst: elements.isEmpty) { elements.append(try value(octets)) }
    depth -= 1
    return .list(elements)
  }
  private mutating func enter() throws(FactError) {
    depth += 1
    offset += 1
    if depth > Self.depthLimit { throw failure("too many lists within lists") }
  }
  /// Steps to the next element; false behind the closing bracket.
  private mutating func next(_ octets: Span<UInt8>, closing: UInt8, isFirst: Bool) throws(FactError) -> Bool {
    skipBlanks(octets)
    guard offset < octets.count else { throw failure("a closing bracket is missing") }
    if octets[offset] == closing {
      offset += 1
      return false
    }
    if isFirst { return true }
    guard octets[offset] == UInt8(ascii: ",") else { throw failure("a comma is missing") }
    offset += 1
    return true
  }
  private mutating func number(_ octets: Span<UInt8>) -> Fact {
    let start = offset
    while offset < octets.count, ASCII.isDigit(octets[offset]) || "+-.eE".utf8.contains(octets[offset]) { offset += 1 }
    return .number(octets.extracting(start..<offset).text())
  }
  private mutating func text(_ octets: Span<UInt8>) throws(FactError) -> String {
    offset += 1
    // Most texts hold no escape and are taken whole.
    let start = offset
    while offset < octets.count, octets[offset] != UInt8(ascii: "\""), octets[offset] != UInt8(ascii: "\\") {
      offset += 1
    }
    if offset < octets.count, octets[offset] == UInt8(ascii: "\"") {
      offset += 1
      return octets.extracting(start..<offset - 1).text()
    }
    var collected = octets.extracting(start..<offset).copied()
    while offset < octets.count, octets[offset] != UInt8(ascii: "\"") {
      if octets[offset] == UInt8(ascii: "\\") {
        try escape(octets, &collected)
      } else {
        collected.append(octets[offset])
        offset += 1
      }
    }
    guard offset < octets.count else { throw failure("a closing quote is missing") }
    offset += 1
    return collected.span.text()
  }
  private mutating func escape(_ octets: Span<UInt8>, _ collected: inout [UInt8]) throws(FactError) {
    guard offset + 1 < octets.count else { throw failure("a backslash stands last") }
    let letter = octets[offset + 1]
    offset += 2
    switch letter {
    case UInt8(ascii: "n"): collected.append(10)
    case UInt8(ascii: "r"): collected.append(13)
    case UInt8(ascii: "t"): collected.append(9)
    case UInt8(ascii: "b"): collected.append(8)
    case UInt8(ascii: "f"): collected.append(12)
    case UInt8(ascii: "u"):
      var unit = try hexadecimal(octets)
      if unit & 0xFC00 == 0xD800, octets.starts(with: "\\u", at: offset) {
        offset += 2
        let low = try hexadecimal(octets)
        unit = 0x10000 + (unit & 0x3FF) << 10 + (low & 0x3FF)
      }
      collected.append(contentsOf: String(Unicode.Scalar(unit) ?? "\u{FFFD}").utf8)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): collected.append(letter)
    default: throw failure("no such escape")
    }
  }
  private mutating func hexadecimal(_ octets: Span<UInt8>) throws(FactError) -> UInt32 {
    guard offset + 4 <= octets.count else { throw failure("four hexadecimal digits are missing") }
    var unit: UInt32 = 0
    for position in offset..<offset + 4 {
      guard let digit = ASCII.hexadecimalValue(octets[position]) else { throw failure("no hexadecimal digit") }
      unit = unit << 4 | UInt32(digit)
    }
    offset += 4
    return unit
  }
  private mutating func skipBlanks(_ octets: Span<UInt8>) {
    while offset < octets.count, ASCII.isBlank(octets[offset]) || octets[offset] == 10 || octets[offset] == 13 {
      offset += 1
    }
  }
  private func failure(_ reason: String) -> FactError { FactError(offset: offset, reason: reason) }
}
