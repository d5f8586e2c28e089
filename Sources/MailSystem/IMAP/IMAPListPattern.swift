/// A pattern of LIST (RFC 9051 §6.3.9): `*` stands for anything, `%` for anything within one level.
struct IMAPListPattern: Sendable {
  private let pattern: [UInt8]

  init(_ pattern: String) { self.pattern = Array(pattern.utf8) }

  /// Whether a name fits; INBOX does so in any case. Each wildcard goes through the name once, so that no pattern takes
  /// longer than its length times the name's.
  func matches(_ name: String) -> Bool {
    if name == FolderName.inbox { return matches(Array(name.utf8), pattern.map { $0 &- 97 < 26 ? $0 - 32 : $0 }) }
    return matches(Array(name.utf8), pattern)
  }
  private func matches(_ name: [UInt8], _ pattern: [UInt8]) -> Bool {
    // reached[n]: what was read of the pattern fits the first n octets of the name.
    var reached = [true] + [Bool](repeating: false, count: name.count)
    for octet in pattern {
      var next = [Bool](repeating: false, count: name.count + 1)
      let isWildcard = octet == 42 || octet == 37
      for count in reached.indices {
        if isWildcard {
          let goesOn = count > 0 && next[count - 1] && (octet == 42 || name[count - 1] != 47)
          next[count] = reached[count] || goesOn
        } else if count > 0 {
          next[count] = reached[count - 1] && name[count - 1] == octet
        }
      }
      reached = next
    }
    return reached[name.count]
  }
}
