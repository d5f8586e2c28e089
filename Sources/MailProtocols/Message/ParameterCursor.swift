import Bytes

/// One parameter as it stands in a value, before RFC 2231 sections are joined.
struct RawParameter: BitwiseCopyable, Equatable {
  /// The attribute, with its section number and asterisks if it has them.
  let attribute: OctetRange
  /// The value; of a quoted one, what is between the quotes.
  let value: OctetRange
  let isQuoted: Bool
}

/// Walks the parameters of a value without allocating (RFC 2045 §5.1).
///
///     parameter := attribute "=" value
///     value     := token / quoted-string
///
/// Lenient: blanks, comments, folding and empty parameters anywhere; a missing closing quote ends with the value; an
/// unquoted value runs to the semicolon, blanks included.
struct ParameterCursor: BitwiseCopyable {
  private(set) var position: Int

  init(from position: Int) { self.position = position }

  /// The next parameter; nil at the end.
  mutating func next(in value: Span<UInt8>) -> RawParameter? {
    while true {
      position = Comment.skip(value, from: position)
      guard position < value.count else { return nil }
      if value[position] == semicolon {
        position &+= 1
        continue
      }
      let start = position
      while position < value.count, value[position] != UInt8(ascii: "="), value[position] != semicolon {
        position &+= 1
      }
      guard position < value.count, value[position] == UInt8(ascii: "=") else { continue }
      let attribute = Self.trimmed(value, start, position)
      position &+= 1
      position = Comment.skip(value, from: position)
      let parameter = readValue(value, attribute)
      if !attribute.isEmpty { return parameter }
    }
  }

  private mutating func readValue(_ value: Span<UInt8>, _ attribute: OctetRange) -> RawParameter {
    if position < value.count, value[position] == quote {
      let start = position &+ 1
      position = start
      while position < value.count, value[position] != quote {
        position &+= value[position] == backslash && position &+ 1 < value.count ? 2 : 1
      }
      let content = OctetRange(start, position)
      while position < value.count, value[position] != semicolon { position &+= 1 }
      return RawParameter(attribute: attribute, value: content, isQuoted: true)
    }
    let start = position
    while position < value.count, value[position] != semicolon { position &+= 1 }
    var content = Self.trimmed(value, start, position)
    // A comment behind the value: `charset=us-ascii (Plain text)`. One inside is part of a file's unquoted name.
    if content.count > 2, value[content.upper &- 1] == UInt8(ascii: ")") {
      var open = content.lower
      while open < content.upper, value[open] != UInt8(ascii: "(") { open &+= 1 }
      if open < content.upper, open > content.lower, HeaderField.isWhiteSpace(value[open &- 1]) {
        content = Self.trimmed(value, content.lower, open)
      }
    }
    return RawParameter(attribute: attribute, value: content, isQuoted: false)
  }

  static func trimmed(_ value: Span<UInt8>, _ lower: Int, _ upper: Int) -> OctetRange {
    var (lower, upper) = (lower, upper)
    while lower < upper, HeaderField.isWhiteSpace(value[lower]) { lower &+= 1 }
    while upper > lower, HeaderField.isWhiteSpace(value[upper &- 1]) { upper &-= 1 }
    return OctetRange(lower, upper)
  }
  private var semicolon: UInt8 { UInt8(ascii: ";") }
  private var quote: UInt8 { UInt8(ascii: "\"") }
  private var backslash: UInt8 { UInt8(ascii: "\\") }
}

/// Comments (RFC 5322 §3.2.2), which may nest and may stand between any two tokens.
///
///     comment = "(" *([FWS] ccontent) [FWS] ")"
enum Comment {
  /// The offset behind the white space and comments that begin at `start`.
  static func skip(_ value: Span<UInt8>, from start: Int) -> Int {
    var position = start
    while position < value.count {
      if HeaderField.isWhiteSpace(value[position]) {
        position &+= 1
      } else if value[position] == UInt8(ascii: "(") {
        position = end(value, from: position)
      } else {
        break
      }
    }
    return position
  }
  /// The offset behind the comment that begins at `start`; an unclosed one ends with the value. Depth is counted, not
  /// recursed into, and beyond the limit an opening parenthesis is text.
  static func end(_ value: Span<UInt8>, from start: Int) -> Int {
    var depth = 0
    var position = start
    while position < value.count {
      switch value[position] {
      case UInt8(ascii: "("): depth = min(depth &+ 1, MessageLimits.commentDepth)
      case UInt8(ascii: ")"):
        depth &-= 1
        if depth == 0 { return position &+ 1 }
      case UInt8(ascii: "\\"): position &+= 1
      default: break
      }
      position &+= 1
    }
    return value.count
  }
}
