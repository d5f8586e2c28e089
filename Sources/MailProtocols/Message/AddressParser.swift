import Bytes

/// Reads an address list word by word. What a word was for, name or addr-spec, is known only at the comma behind it.
struct AddressParser {
  private(set) var list = AddressList()
  /// The words since the last separator, as they stand in names (quotes resolved) and in addresses (quotes kept).
  private var words: [Word] = []
  private var comment: [UInt8]?
  /// The content of angle brackets.
  private var angle: [UInt8]?
  private var group: (name: String, members: [Mailbox])?
  private var count = 0
  private let decodesNames: Bool

  init(decodesNames: Bool) { self.decodesNames = decodesNames }

  private struct Word {
    var name: [UInt8]
    var address: [UInt8]
  }

  mutating func run(_ value: Span<UInt8>) {
    var position = 0
    var afterBlank = true
    while position < value.count {
      let octet = value[position]
      switch octet {
      case 9, 10, 13, 32:
        afterBlank = true
        position &+= 1
      case UInt8(ascii: "("):
        let end = Comment.end(value, from: position)
        comment = Self.unquoted(value, position &+ 1, value[end &- 1] == UInt8(ascii: ")") ? end &- 1 : end)
        position = end
        afterBlank = true
      case UInt8(ascii: "\""):
        let end = Self.quoteEnd(value, from: position)
        let isClosed = end &- position >= 2 && value[end &- 1] == octet
        add(
          name: Self.unquoted(value, position &+ 1, isClosed ? end &- 1 : end),
          address: value.extracting(position..<end).copied(), afterBlank)
        position = end
        afterBlank = false
      case UInt8(ascii: "<"): position = readAngle(value, from: position)
      case UInt8(ascii: ","):
        finishMailbox()
        position &+= 1
      case UInt8(ascii: ";"):
        finishMailbox()
        finishGroup()
        position &+= 1
      case UInt8(ascii: ":") where group == nil && angle == nil && !words.isEmpty && !holdsAt:
        group = (text(phrase), [])
        (words, comment) = ([], nil)
        position &+= 1
      default:
        let start = position
        position &+= 1
        while position < value.count, !Self.isDelimiter(value[position]) { position &+= 1 }
        let atom = value.extracting(start..<position).copied()
        add(name: atom, address: atom, afterBlank)
        afterBlank = false
      }
      if octet == 44 || octet == 59 || octet == 58 || octet == 62 { afterBlank = true }
    }
    finishMailbox()
    finishGroup()
  }

  private func text(_ name: [UInt8]) -> String {
    decodesNames ? EncodedWord.decode(name.span) : name.span.text()
  }
  private var holdsAt: Bool { words.contains { $0.address.contains(64) } }
  private var phrase: [UInt8] { Array(words.map(\.name).joined(separator: [32])) }

  /// Words without a blank between are one; so are those around a dot or an at sign (RFC 5322 §4.4).
  private mutating func add(name: [UInt8], address: [UInt8], _ afterBlank: Bool) {
    if !words.isEmpty, !afterBlank {
      words[words.count - 1].name += name
      words[words.count - 1].address += address
    } else {
      words.append(Word(name: name, address: address))
    }
  }

  private mutating func readAngle(_ value: Span<UInt8>, from start: Int) -> Int {
    var end = start &+ 1
    var comma: Int?
    while end < value.count, value[end] != UInt8(ascii: ">"), value[end] != UInt8(ascii: "<") {
      if value[end] == UInt8(ascii: "\"") {
        end = Self.quoteEnd(value, from: end)
        continue
      }
      if value[end] == UInt8(ascii: ","), comma == nil { comma = end }
      end &+= 1
    }
    let isClosed = end < value.count && value[end] == UInt8(ascii: ">")
    if !isClosed { end = comma ?? end }
    var content: [UInt8] = []
    var position = start &+ 1
    while position < end {
      if value[position] == UInt8(ascii: "\"") {
        let close = min(end, Self.quoteEnd(value, from: position))
        content += value.extracting(position..<close).copied()
        position = close
      } else if value[position] == UInt8(ascii: "(") {
        position = Comment.end(value.extracting(0..<end), from: position)
      } else {
        if !HeaderField.isWhiteSpace(value[position]) { content.append(value[position]) }
        position &+= 1
      }
    }
    // obs-route = obs-domain-list ":"
    if content.first == UInt8(ascii: "@"), let colon = content.firstIndex(of: UInt8(ascii: ":")) {
      content.removeSubrange(...colon)
    }
    if angle == nil { angle = content }
    return isClosed ? end &+ 1 : end
  }

  private mutating func finishMailbox() {
    defer { (words, comment, angle) = ([], nil, nil) }
    if words.isEmpty && angle == nil { return }
    if count == MessageLimits.addressCount {
      list.reachedLimit = true
      return
    }
    count += 1
    let mailbox = mailbox()
    if group != nil { group?.members.append(mailbox) } else { list.addresses.append(.mailbox(mailbox)) }
  }
  private mutating func mailbox() -> Mailbox {
    var address = angle
    if address == nil {
      joinAroundDots()
      let index = words.lastIndex { $0.address.contains(64) } ?? (words.count == 1 ? 0 : nil)
      address = index.map { words.remove(at: $0).address } ?? []
    }
    let name = phrase.isEmpty ? comment ?? [] : phrase
    let text = text(name)
    return Mailbox(displayName: text.isEmpty ? nil : text, address: address?.span.text() ?? "")
  }
  private mutating func joinAroundDots() {
    var joined: [Word] = []
    for word in words {
      if !joined.isEmpty, Self.binds(joined.last?.address.last) || Self.binds(word.address.first) {
        joined[joined.count - 1].name += word.name
        joined[joined.count - 1].address += word.address
      } else {
        joined.append(word)
      }
    }
    words = joined
  }
  private mutating func finishGroup() {
    if let group { list.addresses.append(.group(name: group.name, mailboxes: group.members)) }
    group = nil
  }

  private static func binds(_ octet: UInt8?) -> Bool { octet == UInt8(ascii: ".") || octet == UInt8(ascii: "@") }
  private static func isDelimiter(_ octet: UInt8) -> Bool {
    switch octet {
    case 9, 10, 13, 32, 34, 40, 44, 58, 59, 60: true  // blanks " ( , : ; <
    default: false
    }
  }
  /// The offset behind the quoted string that begins at `start`; an unclosed one ends with the value.
  private static func quoteEnd(_ value: Span<UInt8>, from start: Int) -> Int {
    var position = start &+ 1
    while position < value.count, value[position] != UInt8(ascii: "\"") {
      position &+= value[position] == UInt8(ascii: "\\") ? 2 : 1
    }
    return min(value.count, position &+ 1)
  }
  /// The octets without line ends, quoted pairs resolved (RFC 5322 §3.2.1).
  private static func unquoted(_ value: Span<UInt8>, _ lower: Int, _ upper: Int) -> [UInt8] {
    var octets: [UInt8] = []
    var position = lower
    while position < upper {
      var octet = value[position]
      position &+= 1
      if octet == 10 || octet == 13 { continue }
      if octet == UInt8(ascii: "\\"), position < upper {
        octet = value[position]
        position &+= 1
      }
      octets.append(octet)
    }
    return octets
  }
}
