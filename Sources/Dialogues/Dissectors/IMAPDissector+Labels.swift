internal import Bytes
internal import MailProtocols

/// What a literal holds, told by the words around it.
extension IMAPDissector {
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
  /// Where in its message a part of it begins (RFC 9051 §7.5.2); 0 where the label names no such place.
  ///
  ///     S: * 1 FETCH (BODY[]<1000> {24}
  static func origin(of label: Span<UInt8>) -> UInt64 {
    guard label.count > 0, label[label.count - 1] == UInt8(ascii: ">") else { return 0 }
    var lower = label.count - 1
    while lower > 0, ASCII.isDigit(label[lower - 1]) { lower -= 1 }
    return number(label, from: lower)
  }
  /// How many octets from the beginning on a command asks for at most; 0 where it asks for all.
  ///
  ///     C: a1 FETCH 1 BODY.PEEK[]<0.1000>
  static func partialByteCount(_ command: Span<UInt8>) -> UInt64 {
    guard let start = command.firstOffsetIgnoringCase(of: "]<0.") else { return 0 }
    return number(command, from: start + 4)
  }
  private static func number(_ text: Span<UInt8>, from start: Int) -> UInt64 {
    var number: UInt64 = 0
    var offset = start
    while offset < text.count, ASCII.isDigit(text[offset]), offset - start < 19 {
      number = number &* 10 &+ UInt64(text[offset] &- 48)
      offset += 1
    }
    return number
  }
  /// Whether APPEND's literal is the mailbox's name, as any astring may be one (RFC 9051 §6.3.12): nothing stands before it.
  static func isMailboxName(_ literal: IMAPLiteral, of command: IMAPCommand, in line: Span<UInt8>) -> Bool {
    line.trimmed(OctetRange(command.arguments.lower, max(command.arguments.lower, literal.range.lower))).isEmpty
  }
}
