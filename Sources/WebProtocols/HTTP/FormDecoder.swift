import Bytes

/// A field of a submitted form.
package struct FormField: Equatable, Sendable {
  package var name: String
  package var value: String

  package init(name: String, value: String) { (self.name, self.value) = (name, value) }
}

/// application/x-www-form-urlencoded (WHATWG URL §5), as forms and queries carry it.
///
///     to=bob%40example.org&subject=Two+words
package enum FormDecoder {
  /// The fields in `body`, in order, and whether `HTTPLimits` cut them short. Octets outside UTF-8 are Latin-1.
  package static func decode(_ body: Span<UInt8>) -> (fields: [FormField], reachedLimit: Bool) {
    var fields: [FormField] = []
    var reachedLimit = false
    var start = 0
    while start < body.count {
      let end = body.firstOffset(of: UInt8(ascii: "&"), from: start) ?? body.count
      if end > start {
        if fields.count == HTTPLimits.formFieldCount { return (fields, true) }
        var equals = start
        while equals < end, body[equals] != UInt8(ascii: "=") { equals &+= 1 }
        let limit = HTTPLimits.formFieldOctets
        if equals &- start > limit || end &- equals > limit &+ 1 { reachedLimit = true }
        fields.append(
          FormField(
            name: unescaped(body.extracting(start..<min(equals, start &+ limit))),
            value: equals < end ? unescaped(body.extracting((equals &+ 1)..<min(end, equals &+ 1 &+ limit))) : ""))
      }
      start = end &+ 1
    }
    return (fields, reachedLimit)
  }

  /// The wire form of `fields`.
  package static func encode(_ fields: [FormField]) -> String {
    fields.map { "\(escaped($0.name))=\(escaped($0.value))" }.joined(separator: "&")
  }

  private static func unescaped(_ text: Span<UInt8>) -> String {
    var octets: [UInt8] = []
    octets.reserveCapacity(text.count)
    var position = 0
    while position < text.count {
      let octet = text[position]
      position &+= 1
      if octet == UInt8(ascii: "%"), position &+ 1 < text.count, let high = ASCII.hexadecimalValue(text[position]),
        let low = ASCII.hexadecimalValue(text[position &+ 1])
      {
        octets.append(high << 4 | low)
        position &+= 2
      } else {
        octets.append(octet == UInt8(ascii: "+") ? ASCII.space : octet)
      }
    }
    return octets.span.text()
  }
  private static func escaped(_ text: String) -> String {
    var octets: [UInt8] = []
    for octet in text.utf8 {
      if ASCII.isLetter(octet) || ASCII.isDigit(octet) || [42, 45, 46, 95].contains(octet) {  // * - . _
        octets.append(octet)
      } else if octet == 32 {
        octets.append(UInt8(ascii: "+"))
      } else {
        octets += [UInt8(ascii: "%"), ASCII.hexadecimalDigit(octet >> 4), ASCII.hexadecimalDigit(octet)]
      }
    }
    return octets.span.text()
  }
}
