internal import Bytes
internal import MailProtocols

/// How well a part says what its message has to say, the best last: the same may be told in several forms (RFC 2046
/// §5.1.4), one of which may be left empty, and a text may be a file (RFC 2183 §2.3).
enum TextRank: UInt8, BitwiseCopyable, Comparable {
  case none, blank, file, otherText, html, plain

  init(_ kind: ContentType.Summary.Kind) {
    self =
      switch kind {
      case .textPlain: .plain
      case .textHTML: .html
      case .otherText: .otherText
      case .multipart, .messageRFC822, .other: .none
      }
  }
  static func < (first: TextRank, second: TextRank) -> Bool { first.rawValue < second.rawValue }

  /// Whether a part has a file name, by its Content-Type and, behind a NUL, its Content-Disposition.
  static func isFile(_ description: Span<UInt8>) -> Bool {
    let end = description.firstOffset(of: 0) ?? description.count
    if !ContentType.Summary.parse(description.extracting(0..<end)).name.isEmpty { return true }
    let disposition = description.extracting(min(end + 1, description.count)...)
    return disposition.count > 0 && !ContentType.Summary.parse(disposition).filename.isEmpty
  }
  /// Whether there is nothing to read in a text.
  static func isBlank(_ text: Span<UInt8>) -> Bool {
    for offset in text.indices {
      let octet = text[offset]
      guard ASCII.isBlank(octet) || octet == ASCII.carriageReturn || octet == ASCII.lineFeed else { return false }
    }
    return true
  }
}
