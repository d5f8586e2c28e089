internal import Bytes
internal import MailProtocols

/// Literals (RFC 9051 §4.3): words of a line, or messages, as the line says that announces them.
extension IMAPDissector {
  /// What a line's end asks for.
  enum Continuation: BitwiseCopyable {
    case none
    /// The next octets are a word of the same line.
    case word(UInt64)
    /// The next octets are a message.
    case message(UInt64)
  }
  /// What a side's next octets are, besides lines.
  struct Literal: BitwiseCopyable {
    var rest: UInt64 = 0
    var isMessage = false
    /// The other side began a message before this one was over; the rest of it is passed over.
    var isAbandoned = false
  }

  /// The word before a literal's announcement: `BODY[HEADER]`.
  static func label(before end: Int, of content: Span<UInt8>) -> OctetRange {
    var upper = end
    while upper > 0, ASCII.isBlank(content[upper - 1]) { upper -= 1 }
    var lower = upper
    var depth = 0
    while lower > 0, upper - lower < DialogueLimits.literalLabelByteCount {
      let octet = content[lower - 1]
      if octet == UInt8(ascii: "]") { depth += 1 }
      if octet == UInt8(ascii: "["), depth > 0 { depth -= 1 }
      if depth == 0, ASCII.isBlank(octet) || octet == UInt8(ascii: "(") { break }
      lower -= 1
    }
    return OctetRange(lower, upper)
  }
  static func isMessage(_ label: Span<UInt8>) -> Bool {
    label.startsIgnoringCase(with: "body[") || label.startsIgnoringCase(with: "rfc822")
      || label.startsIgnoringCase(with: "binary[")
  }
  /// Whether APPEND's literal is the mailbox's name, as any astring may be one (RFC 9051 §6.3.12): nothing stands before it.
  static func isMailboxName(_ literal: IMAPLiteral, of command: IMAPCommand, in line: Span<UInt8>) -> Bool {
    line.trimmed(OctetRange(command.arguments.lower, max(command.arguments.lower, literal.range.lower))).isEmpty
  }
}
