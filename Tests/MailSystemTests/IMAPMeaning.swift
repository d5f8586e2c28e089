/// What an IMAP response means, so that an RFC's line and our server's can be held against each other: the order of
/// flags and of pairs, the form of a string, and the words for people make no difference.
///
///     * LIST (\Noselect) "/" foo   →   [*, LIST, [\noselect], /, foo]
indirect enum IMAPMeaning: Hashable {
  case word(String)
  case list([IMAPMeaning])

  var word: String? { if case .word(let word) = self { word } else { nil } }
  var list: [IMAPMeaning] { if case .list(let list) = self { list } else { [] } }
  /// The words of a list without regard to their order.
  var words: Set<String> { Set(list.compactMap(\.word)) }
  /// Pairs of name and value; FETCH, STATUS.
  var pairs: [String: IMAPMeaning] { Self.pairs(list[...]) }
  static func pairs(_ list: ArraySlice<IMAPMeaning>) -> [String: IMAPMeaning] {
    var pairs: [String: IMAPMeaning] = [:]
    var rest = list
    while let name = rest.popFirst()?.word, let value = rest.popFirst() { pairs[name.uppercased()] = value }
    return pairs
  }

  /// The responses in what a server said, without their line ends.
  static func responses(in text: String) -> [String] {
    let octets = Array(text.utf8)
    var responses: [String] = []
    var start = 0
    var position = 0
    while position < octets.count {
      guard octets[position] == 10 else {
        position += 1
        continue
      }
      let line = octets[start..<position]
      let head = String(decoding: line.last == 13 ? line.dropLast() : line, as: UTF8.self)
      position += 1
      if head.hasSuffix("}"), let brace = head.lastIndex(of: "{"),
        let count = Int(head[head.index(after: brace)...].dropLast())
      {
        position = min(octets.count, position + count)
        continue
      }
      responses.append(head)
      start = position
    }
    if start < octets.count { responses.append(String(decoding: octets[start...], as: UTF8.self)) }
    return responses
  }
  /// The words and lists of a response.
  static func parse(_ response: String) -> [IMAPMeaning] {
    var octets = Array(response.utf8)[...]
    return list(&octets)
  }
  private static func list(_ octets: inout ArraySlice<UInt8>) -> [IMAPMeaning] {
    var items: [IMAPMeaning] = []
    while let octet = octets.first {
      switch octet {
      case UInt8(ascii: " "), 13, 10: octets.removeFirst()
      case UInt8(ascii: ")"):
        octets.removeFirst()
        return items
      case UInt8(ascii: "("):
        octets.removeFirst()
        items.append(.list(list(&octets)))
      case UInt8(ascii: "\""): items.append(.word(quoted(&octets)))
      case UInt8(ascii: "{"): items.append(.word(literal(&octets)))
      default: items.append(.word(atom(&octets)))
      }
    }
    return items
  }
  private static func quoted(_ octets: inout ArraySlice<UInt8>) -> String {
    octets.removeFirst()
    var value: [UInt8] = []
    while let octet = octets.popFirst(), octet != UInt8(ascii: "\"") {
      value.append(octet == UInt8(ascii: "\\") ? octets.popFirst() ?? octet : octet)
    }
    return name(String(decoding: value, as: UTF8.self))
  }
  private static func literal(_ octets: inout ArraySlice<UInt8>) -> String {
    let count = Int(String(decoding: octets.dropFirst().prefix { $0 != UInt8(ascii: "}") }, as: UTF8.self)) ?? 0
    octets = octets.drop { $0 != 10 }.dropFirst()
    defer { octets = octets.dropFirst(count) }
    return String(decoding: octets.prefix(count), as: UTF8.self)
  }
  /// Brackets hold an atom together: `BODY[HEADER.FIELDS (DATE FROM)]`.
  private static func atom(_ octets: inout ArraySlice<UInt8>) -> String {
    var value: [UInt8] = []
    var depth = 0
    while let octet = octets.first, depth > 0 || !" ()\r\n".utf8.contains(octet) {
      if octet == UInt8(ascii: "[") { depth += 1 }
      if octet == UInt8(ascii: "]") { depth -= 1 }
      value.append(octet)
      octets.removeFirst()
    }
    return name(String(decoding: value, as: UTF8.self))
  }
  /// INBOX and flags are the same in any case.
  private static func name(_ word: String) -> String {
    word.lowercased() == "inbox" ? "INBOX" : word.hasPrefix("\\") ? word.lowercased() : word
  }
}
