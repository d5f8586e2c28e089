internal import Bytes

/// What SEARCH looks for (RFC 9051 §6.4.4; NEW, OLD and RECENT: RFC 3501 §6.4.4; MODSEQ: RFC 7162 §3.1.5).
///
///     C: A282 SEARCH RETURN (MIN COUNT) FLAGGED SINCE 1-Feb-1994 NOT FROM "Smith"
package indirect enum IMAPSearchKey: Equatable, Sendable {
  /// How a date must lie to the day that is named.
  package enum Order: Equatable, Sendable { case before, on, since }
  /// Where a text must stand.
  package enum Place: Equatable, Sendable {
    case header(String), body, anywhere
  }
  case all, new, old, recent
  /// The flag or keyword by its name.
  case flag(String)
  case arrived(Order, day: Int64)
  case sent(Order, day: Int64)
  case text([UInt8], Place)
  case larger(UInt64)
  case smaller(UInt64)
  case uid(IMAPSequenceSet)
  case numbers(IMAPSequenceSet)
  case changedSince(UInt64)
  case not(IMAPSearchKey)
  case or(IMAPSearchKey, IMAPSearchKey)
  case every([IMAPSearchKey])

  /// Keys within keys, and keys of one command: each looks at each message.
  package static var depthLimit: Int { 32 }
  package static var countLimit: Int { 256 }

  /// search-key *(SP search-key): all must hold.
  package static func parseList(_ arguments: inout IMAPArguments) throws(IMAPSyntaxError) -> IMAPSearchKey {
    var count = 0
    var keys = [try parse(&arguments, 0, &count)]
    while arguments.skip(ASCII.space) { keys.append(try parse(&arguments, 0, &count)) }
    return keys.count == 1 ? keys[0] : .every(keys)
  }
  private static func parse(
    _ arguments: inout IMAPArguments, _ depth: Int, _ count: inout Int
  ) throws(IMAPSyntaxError) -> IMAPSearchKey {
    count += 1
    guard depth < depthLimit, count <= countLimit else { throw arguments.failure("fewer search keys") }
    if arguments.next == UInt8(ascii: "(") {
      var keys: [IMAPSearchKey] = []
      try arguments.list(atLeast: 1) { (arguments) throws(IMAPSyntaxError) in
        keys.append(try parse(&arguments, depth + 1, &count))
      }
      return .every(keys)
    }
    if let octet = arguments.next, ASCII.isDigit(octet) || octet == UInt8(ascii: "*") || octet == UInt8(ascii: "$") {
      return .numbers(try IMAPSequenceSet.parse(&arguments))
    }
    let failure = arguments.failure("a search key")
    let word = arguments.keyword()
    if let key = flagKey(word) { return key }
    switch word {
    case "NOT":
      try arguments.space()
      return .not(try parse(&arguments, depth + 1, &count))
    case "OR":
      try arguments.space()
      let first = try parse(&arguments, depth + 1, &count)
      try arguments.space()
      return .or(first, try parse(&arguments, depth + 1, &count))
    default: break
    }
    guard takesArgument(word) else { throw failure }
    try arguments.space()
    return try parseArgument(of: word, &arguments) ?? .all
  }
  private static func flagKey(_ word: String) -> IMAPSearchKey? {
    switch word {
    case "ALL": .all
    case "ANSWERED": .flag("\\Answered")
    case "DELETED": .flag("\\Deleted")
    case "DRAFT": .flag("\\Draft")
    case "FLAGGED": .flag("\\Flagged")
    case "SEEN": .flag("\\Seen")
    case "UNANSWERED": .not(.flag("\\Answered"))
    case "UNDELETED": .not(.flag("\\Deleted"))
    case "UNDRAFT": .not(.flag("\\Draft"))
    case "UNFLAGGED": .not(.flag("\\Flagged"))
    case "UNSEEN": .not(.flag("\\Seen"))
    case "NEW": .new
    case "OLD": .old
    case "RECENT": .recent
    default: nil
    }
  }
  private static func takesArgument(_ word: String) -> Bool {
    switch word {
    case "BCC", "BEFORE", "BODY", "CC", "FROM", "HEADER", "KEYWORD", "LARGER", "MODSEQ", "ON", "SENTBEFORE", "SENTON",
      "SENTSINCE", "SINCE", "SMALLER", "SUBJECT", "TEXT", "TO", "UID", "UNKEYWORD":
      true
    default: false
    }
  }
  private static func parseArgument(
    of word: String, _ arguments: inout IMAPArguments
  ) throws(IMAPSyntaxError) -> IMAPSearchKey? {
    switch word {
    case "BCC", "CC", "FROM", "SUBJECT", "TO": return .text(try arguments.astring(), .header(word))
    case "BODY": return .text(try arguments.astring(), .body)
    case "TEXT": return .text(try arguments.astring(), .anywhere)
    case "HEADER":
      let name = try arguments.astring()
      try arguments.space()
      return .text(try arguments.astring(), .header(name.span.text()))
    case "KEYWORD": return .flag(try arguments.atom())
    case "UNKEYWORD": return .not(.flag(try arguments.atom()))
    case "LARGER": return .larger(try arguments.number())
    case "SMALLER": return .smaller(try arguments.number())
    case "BEFORE": return .arrived(.before, day: try IMAPDate.parseDay(&arguments))
    case "ON": return .arrived(.on, day: try IMAPDate.parseDay(&arguments))
    case "SINCE": return .arrived(.since, day: try IMAPDate.parseDay(&arguments))
    case "SENTBEFORE": return .sent(.before, day: try IMAPDate.parseDay(&arguments))
    case "SENTON": return .sent(.on, day: try IMAPDate.parseDay(&arguments))
    case "SENTSINCE": return .sent(.since, day: try IMAPDate.parseDay(&arguments))
    case "UID": return .uid(try IMAPSequenceSet.parse(&arguments))
    case "MODSEQ": return .changedSince(try modificationSequence(&arguments))
    default: return nil
    }
  }
  /// search-modsequence = "MODSEQ" [search-modseq-ext] SP mod-sequence-valzer; whose entry is meant makes no difference
  /// where there is one sequence for all.
  private static func modificationSequence(_ arguments: inout IMAPArguments) throws(IMAPSyntaxError) -> UInt64 {
    if arguments.next == UInt8(ascii: "\"") {
      _ = try arguments.string()
      try arguments.space()
      let failure = arguments.failure("priv, shared or all")
      guard ["PRIV", "SHARED", "ALL"].contains(arguments.keyword()) else { throw failure }
      try arguments.space()
    }
    return try arguments.number()
  }
  /// Whether MODSEQ is among the keys: then the answer tells the highest one found.
  package var asksForModificationSequence: Bool {
    switch self {
    case .changedSince: true
    case .not(let key): key.asksForModificationSequence
    case .or(let one, let other): one.asksForModificationSequence || other.asksForModificationSequence
    case .every(let keys): keys.contains { $0.asksForModificationSequence }
    case .all, .new, .old, .recent, .flag, .arrived, .sent, .text, .larger, .smaller, .uid, .numbers: false
    }
  }
}
