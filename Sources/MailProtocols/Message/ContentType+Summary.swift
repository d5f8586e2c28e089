package import Bytes

extension ContentType {
  /// What the analyzer needs of a Content-Type while bytes pass by, found without allocating.
  package struct Summary: BitwiseCopyable, Equatable, Sendable {
    /// The media types that are treated differently.
    package enum Kind: UInt8, BitwiseCopyable, Sendable {
      case textPlain, textHTML, otherText, multipart, messageRFC822, other
    }
    package var kind = Kind.other
    /// The boundary within the value, without its quotes (RFC 2046 §5.1.1); empty when absent. So the others.
    package var boundary = OctetRange(0, 0)
    /// Whether the boundary comes in sections, or encoded (RFC 2231 §3, §4): then only `ContentType` tells it.
    package var isBoundaryExtended = false
    package var charset = OctetRange(0, 0)
    package var name = OctetRange(0, 0)
    /// The file name of a Content-Disposition (RFC 2183 §2.3), whose value can be summarised just so.
    package var filename = OctetRange(0, 0)
    /// The type, and the subtype behind the slash; of a disposition, its type alone.
    package var type = OctetRange(0, 0)
    package var subtype = OctetRange(0, 0)
    /// Whether the value says what it says without escapes, comments, encodings or continuations: then its ranges are
    /// the very words.
    package var isLiteral = false

    /// The summary of `value`; its ranges are offsets in it, of sections only the first (RFC 2231 §3).
    package static func parse(_ value: Span<UInt8>) -> Summary {
      let media = MediaTokens.parse(value)
      var summary = Summary()
      summary.kind = kind(value, media)
      summary.type = media.first
      summary.subtype = media.second
      summary.isLiteral = isLiteral(value)
      var cursor = ParameterCursor(from: media.end)
      var count = 0
      while count < MessageLimits.parameterCount, let parameter = cursor.next(in: value) {
        count &+= 1
        let attribute = parameter.attribute
        if summary.boundary.isEmpty, isNamed(value, attribute, "boundary") {
          summary.boundary = parameter.value
          summary.isBoundaryExtended = attribute.count > "boundary".utf8.count
        }
        if summary.charset.isEmpty, isNamed(value, attribute, "charset") { summary.charset = parameter.value }
        if summary.name.isEmpty, isNamed(value, attribute, "name") { summary.name = parameter.value }
        if summary.filename.isEmpty, isNamed(value, attribute, "filename") { summary.filename = parameter.value }
      }
      return summary
    }

    /// The media type that `value` names.
    package static func kind(of value: Span<UInt8>) -> Kind { kind(value, MediaTokens.parse(value)) }

    private static func isLiteral(_ value: Span<UInt8>) -> Bool {
      let literal = literalOctets
      for offset in value.indices {
        let octet = value[offset]
        let half = octet & 64 == 0 ? literal.low : literal.high
        if octet >= 128 || (half >> UInt64(octet & 63)) & 1 == 0 { return false }
      }
      return true
    }
    /// A bit for each octet below 64, and for each from 64 to 127, that stands for itself: what is printable but
    /// `\ * ( ?`, and what stands between the lines of a folded field.
    private static let literalOctets: (low: UInt64, high: UInt64) = {
      var halves: (low: UInt64, high: UInt64) = (0, 0)
      for octet: UInt8 in 0..<128 {
        let isSpace = octet == ASCII.carriageReturn || octet == ASCII.lineFeed || octet == ASCII.tab
        let isSpecial =
          octet == UInt8(ascii: "\\") || octet == UInt8(ascii: "*") || octet == UInt8(ascii: "(")
          || octet == UInt8(ascii: "?")
        guard isSpace || ASCII.isPrintable(octet) && !isSpecial else { continue }
        if octet < 64 { halves.low |= 1 << UInt64(octet) } else { halves.high |= 1 << UInt64(octet - 64) }
      }
      return halves
    }()
    private static func kind(_ value: Span<UInt8>, _ media: MediaTokens) -> Kind {
      let type = value.extracting(value.bounds(media.first))
      let subtype = value.extracting(value.bounds(media.second))
      if type.equalsIgnoringCase("text") {
        if subtype.equalsIgnoringCase("plain") || subtype.isEmpty { return .textPlain }
        return subtype.equalsIgnoringCase("html") ? .textHTML : .otherText
      }
      if type.equalsIgnoringCase("multipart") { return .multipart }
      let isMessage = type.equalsIgnoringCase("message")
      return isMessage && (subtype.equalsIgnoringCase("rfc822") || subtype.equalsIgnoringCase("global"))
        ? .messageRFC822 : .other
    }
    private static func isNamed(_ value: Span<UInt8>, _ range: OctetRange, _ name: StaticString) -> Bool {
      guard value.startsIgnoringCase(with: name, at: range.lower) else { return false }
      let length = name.utf8CodeUnitCount
      return range.count == length || (range.count > length && value[range.lower &+ length] == UInt8(ascii: "*"))
    }
  }
}

/// The value of a Content-Transfer-Encoding field (RFC 2045 §6.1), and what mailers used before there was MIME.
package enum TransferEncoding: UInt8, BitwiseCopyable, Sendable {
  case sevenBit, eightBit, binary, base64, quotedPrintable, uuencode, unknown

  /// The encoding that `value` names, in any case, blanks and comments around it ignored.
  package static func parse(_ value: Span<UInt8>) -> TransferEncoding {
    let tokens = MediaTokens.parse(value)
    let name = value.extracting(value.bounds(tokens.first))
    if name.equalsIgnoringCase("7bit") || name.equalsIgnoringCase("7-bit") || name.isEmpty { return .sevenBit }
    if name.equalsIgnoringCase("base64") { return .base64 }
    if name.equalsIgnoringCase("quoted-printable") { return .quotedPrintable }
    if name.equalsIgnoringCase("8bit") || name.equalsIgnoringCase("8-bit") { return .eightBit }
    if name.equalsIgnoringCase("binary") { return .binary }
    if name.startsIgnoringCase(with: "x-") { return isUuencode(name.extracting(2...)) ? .uuencode : .unknown }
    return isUuencode(name) ? .uuencode : .unknown
  }
  /// No standard names it: mailers write `x-uuencode`, `x-uue`, or the same without `x-`.
  private static func isUuencode(_ name: Span<UInt8>) -> Bool {
    name.equalsIgnoringCase("uuencode") || name.equalsIgnoringCase("uue")
  }
  /// Whether the octets stand for themselves (RFC 2045 §6.2).
  package var isIdentity: Bool {
    switch self {
    case .sevenBit, .eightBit, .binary, .unknown: true
    case .base64, .quotedPrintable, .uuencode: false
    }
  }
  /// Whether line ends are part of the content.
  package var keepsLineEnds: Bool { isIdentity || self == .quotedPrintable }
  /// The name on the wire; of an unknown encoding, that of identity.
  package var name: String {
    switch self {
    case .sevenBit, .unknown: "7bit"
    case .eightBit: "8bit"
    case .binary: "binary"
    case .base64: "base64"
    case .quotedPrintable: "quoted-printable"
    case .uuencode: "x-uuencode"
    }
  }
}
