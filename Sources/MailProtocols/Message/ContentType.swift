import Bytes

/// The value of a Content-Type field (RFC 2045 §5.1).
///
///     content := type "/" subtype *(";" parameter)
///
///     Content-Type: text/plain; charset=us-ascii (Plain text)
package struct ContentType: Equatable, Sendable {
  /// In lower case.
  package var type: String
  /// In lower case; empty where the value has none.
  package var subtype: String
  package var parameters: ParameterList

  package init(type: String, subtype: String, parameters: ParameterList = ParameterList()) {
    self.type = type
    self.subtype = subtype
    self.parameters = parameters
  }

  /// The type in `value`; nil where there is none, which means text/plain in US-ASCII (RFC 2045 §5.2).
  package static func parse(_ value: Span<UInt8>) -> ContentType? {
    let media = MediaTokens.parse(value)
    if media.first.isEmpty { return nil }
    return ContentType(
      type: value.extracting(value.bounds(media.first)).text().lowercased(),
      subtype: value.extracting(value.bounds(media.second)).text().lowercased(),
      parameters: ParameterList.parse(value, from: media.end))
  }
  /// The wire form of the value, for `HeaderField.encode`.
  package func encode() -> String { (subtype.isEmpty ? type : "\(type)/\(subtype)") + parameters.encode() }

  package var boundary: String? { parameters["boundary"] }
  package var charset: String? { parameters["charset"] }
  package var name: String? { parameters["name"] }
}

/// The value of a Content-Disposition field (RFC 2183 §2).
///
///     Content-Disposition: attachment; filename=genome.jpeg
package struct ContentDisposition: Equatable, Sendable {
  /// `inline`, `attachment` or another, in lower case.
  package var type: String
  package var parameters: ParameterList

  package init(type: String, parameters: ParameterList = ParameterList()) {
    self.type = type
    self.parameters = parameters
  }
  /// The disposition in `value`; nil where there is none.
  package static func parse(_ value: Span<UInt8>) -> ContentDisposition? {
    let tokens = MediaTokens.parse(value)
    if tokens.first.isEmpty { return nil }
    return ContentDisposition(
      type: value.extracting(value.bounds(tokens.first)).text().lowercased(),
      parameters: ParameterList.parse(value, from: tokens.end))
  }
  /// The wire form of the value, for `HeaderField.encode`.
  package func encode() -> String { type + parameters.encode() }

  package var filename: String? { parameters["filename"] }
}

/// The one or two tokens before the parameters.
struct MediaTokens: BitwiseCopyable {
  let first: OctetRange
  let second: OctetRange
  let end: Int

  static func parse(_ value: Span<UInt8>) -> MediaTokens {
    var position = 0
    let first = token(value, &position)
    var second = OctetRange(0, 0)
    if position < value.count, value[position] == UInt8(ascii: "/") {
      position &+= 1
      second = token(value, &position)
    }
    while position < value.count, value[position] != UInt8(ascii: ";") {
      // Without a semicolon, as in `text/plain charset=utf-8`, what follows is a parameter all the same.
      if value[position] == UInt8(ascii: "=") { return MediaTokens(first: first, second: second, end: second.upper) }
      position &+= 1
    }
    return MediaTokens(first: first, second: second, end: position)
  }
  private static func token(_ value: Span<UInt8>, _ position: inout Int) -> OctetRange {
    position = Comment.skip(value, from: position)
    let start = position
    while position < value.count, !isDelimiter(value[position]) { position &+= 1 }
    let end = position
    position = Comment.skip(value, from: position)
    return OctetRange(start, end)
  }
  private static func isDelimiter(_ octet: UInt8) -> Bool {
    HeaderField.isWhiteSpace(octet) || octet == UInt8(ascii: "/") || octet == UInt8(ascii: ";")
      || octet == UInt8(ascii: "(") || octet == UInt8(ascii: "=")
  }
}
