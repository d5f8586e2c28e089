internal import Bytes
internal import MailProtocols

/// A message's text as a reader sees it, encoded words and transfer encodings undone, in lower case, so that case makes
/// no difference (RFC 9051 §6.4.4).
enum SearchableText {
  /// Whether `needle`, in lower case, stands there. Of a field, the empty needle asks only for the field.
  static func contains(_ needle: [UInt8], in octets: [UInt8], _ place: IMAPSearchKey.Place) -> Bool {
    let structure = MIMEStructure.parse(octets.span)
    switch place {
    case .header(let name):
      return HeaderFields(octets.span, structure.header).all(name.lowercased()).contains {
        isFound(needle, EncodedWord.decode(octets.span.extracting($0.value)))
      }
    case .body: return isInBody(needle, structure, octets)
    case .anywhere:
      let header = EncodedWord.decode(octets.span.extracting(structure.header))
      let raw = octets.span.extracting(structure.header).text()
      return isFound(needle, header) || isFound(needle, raw) || isInBody(needle, structure, octets)
        || isInHeaders(needle, structure.parts, octets)
    }
  }
  /// The header fields of parts count as the message's (RFC 9051 §6.4.4).
  private static func isInHeaders(_ needle: [UInt8], _ parts: [MIMEStructure], _ octets: [UInt8]) -> Bool {
    parts.contains { part in
      isFound(needle, octets.span.extracting(part.header).text()) || isInHeaders(needle, part.parts, octets)
    }
  }
  /// Texts are searched decoded; messages within with their headers; other parts are no text.
  private static func isInBody(_ needle: [UInt8], _ entity: MIMEStructure, _ octets: [UInt8]) -> Bool {
    if needle.isEmpty { return true }
    if entity.isMultipart { return entity.parts.contains { isInBody(needle, $0, octets) } }
    if entity.isMessage, let message = entity.parts.first {
      return isFound(needle, octets.span.extracting(message.header).text()) || isInBody(needle, message, octets)
    }
    guard entity.isText else { return false }
    guard let decoded = entity.decodedBody(octets.span) else { return false }
    return isFound(needle, Charset.decode(decoded.span, named: entity.contentType.charset ?? "utf-8"))
  }
  private static func isFound(_ needle: [UInt8], _ text: String) -> Bool {
    guard let first = needle.first else { return true }
    let text = Array(text.lowercased().utf8)
    var start = 0
    while let hit = text.span.firstOffset(of: first, from: start) {
      if text.count - hit < needle.count { return false }
      if text[hit...].starts(with: needle) { return true }
      start = hit + 1
    }
    return false
  }
}
