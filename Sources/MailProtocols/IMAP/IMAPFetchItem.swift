internal import Bytes

/// What FETCH asks of each message (RFC 9051 §6.4.5; RFC 3501 §6.4.5 for RFC822; RFC 7162 §3.1.4.2 for MODSEQ).
///
///     C: a1 FETCH 1:3 (FLAGS BODY.PEEK[1.2]<0.1024> BINARY.SIZE[2])
package enum IMAPFetchItem: Equatable, Sendable {
  /// Some octets of a section: from the first, at most so many.
  package struct Partial: Equatable, Sendable {
    package var first: UInt64
    package var byteCount: UInt64
  }
  case flags, uid, internalDate, byteCount, envelope, body, bodyStructure, modificationSequence
  /// RFC822, RFC822.HEADER, RFC822.TEXT.
  case message, messageHeader, messageText
  case section(IMAPSection, Partial?, isPeek: Bool)
  case binary([UInt32], Partial?, isPeek: Bool)
  case binarySize([UInt32])

  /// Whether fetching it sets \Seen.
  package var setsSeen: Bool {
    switch self {
    case .message, .messageText, .section(_, _, isPeek: false), .binary(_, _, isPeek: false): true
    case .flags, .uid, .internalDate, .byteCount, .envelope, .body, .bodyStructure, .modificationSequence,
      .messageHeader, .section, .binary, .binarySize:
      false
    }
  }
  /// Items of one command; each may be as long as the message.
  package static var countLimit: Int { 128 }

  /// fetch-att or one of the macros, or a list of fetch-att; none comes twice.
  package static func parseList(_ arguments: inout IMAPArguments) throws(IMAPSyntaxError) -> [IMAPFetchItem] {
    var items: [IMAPFetchItem] = []
    func add(_ item: IMAPFetchItem, _ arguments: IMAPArguments) throws(IMAPSyntaxError) {
      if items.contains(item) { return }
      guard items.count < countLimit else { throw arguments.failure("fewer items") }
      items.append(item)
    }
    if arguments.next == UInt8(ascii: "(") {
      try arguments.list(atLeast: 1) { (arguments) throws(IMAPSyntaxError) in
        try add(try parse(&arguments), arguments)
      }
      return items
    }
    var ahead = arguments
    switch ahead.keyword() {
    case "ALL": items = [.flags, .internalDate, .byteCount, .envelope]
    case "FAST": items = [.flags, .internalDate, .byteCount]
    case "FULL": items = [.flags, .internalDate, .byteCount, .envelope, .body]
    default: return [try parse(&arguments)]
    }
    arguments = ahead
    return items
  }
  private static func parse(_ arguments: inout IMAPArguments) throws(IMAPSyntaxError) -> IMAPFetchItem {
    let failure = arguments.failure("a data item of FETCH")
    let word = arguments.keyword()
    let hasSection = arguments.skip(UInt8(ascii: "["))
    switch (word, hasSection) {
    case ("FLAGS", false): return .flags
    case ("UID", false): return .uid
    case ("INTERNALDATE", false): return .internalDate
    case ("RFC822.SIZE", false): return .byteCount
    case ("ENVELOPE", false): return .envelope
    case ("BODY", false): return .body
    case ("BODYSTRUCTURE", false): return .bodyStructure
    case ("MODSEQ", false): return .modificationSequence
    case ("RFC822", false): return .message
    case ("RFC822.HEADER", false): return .messageHeader
    case ("RFC822.TEXT", false): return .messageText
    case ("BODY", true), ("BODY.PEEK", true):
      let section = try IMAPSection.parse(&arguments)
      return .section(section, try partial(&arguments), isPeek: word == "BODY.PEEK")
    case ("BINARY", true), ("BINARY.PEEK", true):
      let part = try IMAPSection.parsePart(&arguments)
      try arguments.expect(UInt8(ascii: "]"))
      return .binary(part, try partial(&arguments), isPeek: word == "BINARY.PEEK")
    case ("BINARY.SIZE", true):
      let part = try IMAPSection.parsePart(&arguments)
      try arguments.expect(UInt8(ascii: "]"))
      return .binarySize(part)
    default: throw failure
    }
  }
  /// partial = "<" number64 "." nz-number64 ">"
  private static func partial(_ arguments: inout IMAPArguments) throws(IMAPSyntaxError) -> Partial? {
    guard arguments.skip(UInt8(ascii: "<")) else { return nil }
    let first = try arguments.number()
    try arguments.expect(ASCII.dot)
    let byteCount = try arguments.number()
    guard byteCount > 0 else { throw arguments.failure("a length above 0") }
    try arguments.expect(UInt8(ascii: ">"))
    return Partial(first: first, byteCount: byteCount)
  }
  /// The name in a FETCH response (RFC 9051 §7.5.2): without PEEK, and of a partial only the first octet.
  package func encode() -> String {
    switch self {
    case .flags: "FLAGS"
    case .uid: "UID"
    case .internalDate: "INTERNALDATE"
    case .byteCount: "RFC822.SIZE"
    case .envelope: "ENVELOPE"
    case .body: "BODY"
    case .bodyStructure: "BODYSTRUCTURE"
    case .modificationSequence: "MODSEQ"
    case .message: "RFC822"
    case .messageHeader: "RFC822.HEADER"
    case .messageText: "RFC822.TEXT"
    case .section(let section, let partial, _): "BODY[\(section.encode())]" + Self.origin(partial)
    case .binary(let part, let partial, _): "BINARY[\(IMAPSection(part: part).encode())]" + Self.origin(partial)
    case .binarySize(let part): "BINARY.SIZE[\(IMAPSection(part: part).encode())]"
    }
  }
  private static func origin(_ partial: Partial?) -> String { partial.map { "<\($0.first)>" } ?? "" }
}
