package import Bytes

/// A client's command (RFC 1939 §5–7; CAPA: RFC 2449, STLS: RFC 2595, AUTH: RFC 5034).
///
///     C: RETR 1
///
/// `Text` is what an argument is held as: a range of the line while reading, text while writing.
package enum POP3Command<Text> {
  case user(name: Text)
  case password(Text)
  /// The name, and the digest of time stamp and secret.
  case apop(name: Text, digest: Text)
  case status
  case list(message: Text?)
  case retrieve(message: Text)
  case delete(message: Text)
  case top(message: Text, lines: Text)
  case uniqueIDListing(message: Text?)
  case capability
  case startTLS
  case authenticate(mechanism: Text?, initialResponse: Text?)
  case noOperation
  case reset
  case quit
  case unknown(verb: Text)
}

extension POP3Command: BitwiseCopyable where Text: BitwiseCopyable {}
extension POP3Command: Equatable where Text: Equatable {}
extension POP3Command: Sendable where Text: Sendable {}

extension POP3Command {
  /// The same command with its arguments held in another way.
  package func map<Other>(_ transform: (Text) -> Other) -> POP3Command<Other> {
    switch self {
    case .user(let name): .user(name: transform(name))
    case .password(let text): .password(transform(text))
    case .apop(let name, let digest): .apop(name: transform(name), digest: transform(digest))
    case .status: .status
    case .list(let message): .list(message: message.map(transform))
    case .retrieve(let message): .retrieve(message: transform(message))
    case .delete(let message): .delete(message: transform(message))
    case .top(let message, let lines): .top(message: transform(message), lines: transform(lines))
    case .uniqueIDListing(let message): .uniqueIDListing(message: message.map(transform))
    case .capability: .capability
    case .startTLS: .startTLS
    case .authenticate(let mechanism, let response):
      .authenticate(mechanism: mechanism.map(transform), initialResponse: response.map(transform))
    case .noOperation: .noOperation
    case .reset: .reset
    case .quit: .quit
    case .unknown(let verb): .unknown(verb: transform(verb))
    }
  }
}

/// Reading and writing commands, side by side (RFC 1939 §3, §9): a keyword and arguments, parted by single spaces.
extension POP3Command where Text == OctetRange {
  /// Reads a line without its end of line. Never fails: what is not known is `unknown`.
  package static func parse(_ line: Span<UInt8>) -> POP3Command {
    let verb = line.word(from: 0)
    let first = line.word(from: verb.upper)
    let second = line.word(from: first.upper)
    guard verb.count == 3 || verb.count == 4 else { return .unknown(verb: verb) }
    var code: UInt32 = 0
    for offset in verb.lower..<verb.upper { code = code << 8 | UInt32(line[offset] & 0xDF) }
    switch code {
    case 0x5553_4552: return .user(name: line.trimmed(OctetRange(verb.upper, line.count)))
    case 0x5041_5353: return .password(OctetRange(min(verb.upper + 1, line.count), line.count))
    case 0x4150_4F50: return apop(first, of: line)
    case 0x5354_4154: return .status
    case 0x4C49_5354: return .list(message: first.isEmpty ? nil : first)
    case 0x5245_5452: return .retrieve(message: first)
    case 0x4445_4C45: return .delete(message: first)
    case 0x0054_4F50 where verb.count == 3: return .top(message: first, lines: second)
    case 0x5549_444C: return .uniqueIDListing(message: first.isEmpty ? nil : first)
    case 0x4341_5041: return .capability
    case 0x5354_4C53: return .startTLS
    case 0x4155_5448:
      return .authenticate(mechanism: first.isEmpty ? nil : first, initialResponse: second.isEmpty ? nil : second)
    case 0x4E4F_4F50: return .noOperation
    case 0x5253_4554: return .reset
    case 0x5155_4954: return .quit
    default: return .unknown(verb: verb)
    }
  }
}

extension POP3Command where Text == OctetRange {
  /// APOP, whose name may hold blanks: the digest is the last word, 16 octets of MD5 in hexadecimal (RFC 1939 §7), and what
  /// stands before it is the name.
  private static func apop(_ first: OctetRange, of line: Span<UInt8>) -> POP3Command {
    var digest = OctetRange(first.upper, first.upper)
    var word = line.word(from: first.upper)
    while !word.isEmpty {
      // Nobody is to see a digest, also where something follows it.
      if isDigest(line.extracting(line.bounds(word))) || !isDigest(line.extracting(line.bounds(digest))) {
        digest = word
      }
      word = line.word(from: word.upper)
    }
    return .apop(name: line.trimmed(OctetRange(first.lower, digest.lower)), digest: digest)
  }
  private static func isDigest(_ word: Span<UInt8>) -> Bool {
    guard word.count == 32 else { return false }
    for offset in 0..<word.count where ASCII.hexadecimalValue(word[offset]) == nil { return false }
    return true
  }
}

extension POP3Command where Text == String {
  /// Writes the command with its CRLF.
  package func encode(into writer: inout ByteWriter) {
    let words: [String?] =
      switch self {
      case .user(let name): ["USER", name]
      case .password(let text): ["PASS", text]
      case .apop(let name, let digest): ["APOP", name, digest]
      case .status: ["STAT"]
      case .list(let message): ["LIST", message]
      case .retrieve(let message): ["RETR", message]
      case .delete(let message): ["DELE", message]
      case .top(let message, let lines): ["TOP", message, lines]
      case .uniqueIDListing(let message): ["UIDL", message]
      case .capability: ["CAPA"]
      case .startTLS: ["STLS"]
      case .authenticate(let mechanism, let response): ["AUTH", mechanism, response]
      case .noOperation: ["NOOP"]
      case .reset: ["RSET"]
      case .quit: ["QUIT"]
      case .unknown(let verb): [verb]
      }
    writer.append(withinLine: words.compactMap { $0 }.joined(separator: " "))
    writer.append("\r\n")
  }
}
