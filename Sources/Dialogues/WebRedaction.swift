internal import Bytes

/// Passwords in what HTTP carries outside its forms: in queries, in cookies, and before a host's name.
///
///     GET /login?user=eve&password=******** HTTP/1.1
///     Referer: http://eve:********@mail.example/
enum WebRedaction {
  /// The text without the values whose names say that they are secret; nil where there is none.
  static func redacted(_ text: Span<UInt8>) -> String? {
    var written = ByteWriter(minimumCapacity: text.count + 16)
    var kept = 0
    var offset = 0
    while offset < text.count {
      let value: OctetRange? =
        switch text[offset] {
        case UInt8(ascii: "=") where isSecret(nameEndingAt: offset, in: text): value(from: offset + 1, in: text)
        case UInt8(ascii: ":") where text.starts(with: "://", at: offset): password(from: offset + 3, in: text)
        default: nil
        }
      guard let value, !value.isEmpty else {
        offset += 1
        continue
      }
      written.append(text.extracting(kept..<value.lower))
      written.append(Redaction.mask)
      kept = value.upper
      offset = value.upper
    }
    if kept == 0 { return nil }
    written.append(text.extracting(kept...))
    return written.withOctets { $0.text() }
  }
  /// The same of a body's text, `code` being the record's; of a form that holds a secret nothing is left,
  /// nor of one with a gap, which may have lost a name.
  static func redacted(body: Span<UInt8>, _ code: UInt16, hasGap: Bool = false) -> String? {
    var spelling = SubmittedForm.Spelling(rawValue: code) ?? .none
    // Whatever it is called, it may be JSON.
    if spelling == .none, !hasGap, body.count > 0, body[0] == UInt8(ascii: "{") { spelling = .json }
    let isHidden = spelling != .none && (hasGap || SubmittedForm.holdsSecret(SubmittedForm.fields(body, spelling)))
    return isHidden ? "\(Redaction.mask)" : redacted(body)
  }
  /// A field's value: all of it where its name says that it is secret, as `X-Auth-Token` does.
  static func redacted(value: Span<UInt8>, ofField name: Span<UInt8>) -> String? {
    SecretName.isSecret(name.text()) ? "\(Redaction.mask)" : redacted(value)
  }
  private static func isSecret(nameEndingAt end: Int, in text: Span<UInt8>) -> Bool {
    var start = end
    while start > 0, isNameOctet(text[start - 1]) { start -= 1 }
    return start < end && SecretName.isSecret(text.extracting(start..<end).text())
  }
  private static func isNameOctet(_ octet: UInt8) -> Bool {
    if ASCII.isLetter(octet) || ASCII.isDigit(octet) { return true }
    switch octet {
    case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "["), UInt8(ascii: "]"),
      UInt8(ascii: "%"), UInt8(ascii: "$"):
      return true
    default: return false
    }
  }
  private static func value(from start: Int, in text: Span<UInt8>) -> OctetRange {
    var end = start
    if end < text.count, text[end] == UInt8(ascii: "\"") {
      return OctetRange(start, min(text.count, (text.firstOffset(of: UInt8(ascii: "\""), from: end + 1) ?? end) + 1))
    }
    while end < text.count, !endsValue(text[end]) { end += 1 }
    return OctetRange(start, end)
  }
  private static func endsValue(_ octet: UInt8) -> Bool {
    switch octet {
    case 0...32, UInt8(ascii: "&"), UInt8(ascii: ";"), UInt8(ascii: "#"), UInt8(ascii: "\""), UInt8(ascii: "<"),
      UInt8(ascii: ">"):
      true
    default: false
    }
  }
  /// The password in `user:password@host` (RFC 3986 §3.2.1).
  private static func password(from start: Int, in text: Span<UInt8>) -> OctetRange? {
    var end = start
    var colon: Int?
    while end < text.count, !endsValue(text[end]), text[end] != UInt8(ascii: "/"), text[end] != UInt8(ascii: "@") {
      if text[end] == UInt8(ascii: ":"), colon == nil { colon = end }
      end += 1
    }
    guard let colon, end < text.count, text[end] == UInt8(ascii: "@") else { return nil }
    return OctetRange(colon + 1, end)
  }
}
