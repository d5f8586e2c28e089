internal import Bytes

/// The members of JSON (RFC 8259) that hold a text or a number, as a webmail's page sends what was typed in.
///
///     {"username": "bob", "password": "geheim1"}
///
/// Members are found however deep they lie, and in the beginning of a body, too, whose rest is missing.
package enum JSONForm {
  package static func decode(_ body: Span<UInt8>) -> [FormField] {
    var fields: [FormField] = []
    var name: String?
    var text: String?
    var offset = 0
    while offset < body.count, fields.count < HTTPLimits.formFieldCount {
      switch body[offset] {
      case UInt8(ascii: "\""):
        let string = string(body, &offset)
        if let named = name {
          fields.append(FormField(name: named, value: string))
          name = nil
        } else {
          text = string
        }
        continue
      case UInt8(ascii: ":"):
        name = text
        text = nil
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
        let start = offset
        while offset < body.count, ASCII.isDigit(body[offset]) || "+-.eE".utf8.contains(body[offset]) { offset += 1 }
        if let named = name { fields.append(FormField(name: named, value: body.extracting(start..<offset).text())) }
        name = nil
        continue
      // The first element of a list stands for it.
      case UInt8(ascii: "["), ASCII.space, ASCII.tab, ASCII.carriageReturn, ASCII.lineFeed: break
      default: (name, text) = (nil, nil)
      }
      offset += 1
    }
    return fields
  }
  /// The string whose opening quote stands at `offset`, which is moved behind it (RFC 8259 §7).
  private static func string(_ body: Span<UInt8>, _ offset: inout Int) -> String {
    var octets: [UInt8] = []
    offset += 1
    while offset < body.count, body[offset] != UInt8(ascii: "\"") {
      if body[offset] == UInt8(ascii: "\\"), offset + 1 < body.count {
        offset += 1
        escape(body, &offset, &octets)
      } else {
        octets.append(body[offset])
        offset += 1
      }
    }
    offset += 1
    return octets.span.text()
  }
  /// The escape whose letter stands at `offset`.
  private static func escape(_ body: Span<UInt8>, _ offset: inout Int, _ octets: inout [UInt8]) {
    let letter = body[offset]
    offset += 1
    switch letter {
    case UInt8(ascii: "n"): octets.append(10)
    case UInt8(ascii: "r"): octets.append(13)
    case UInt8(ascii: "t"): octets.append(9)
    case UInt8(ascii: "b"): octets.append(8)
    case UInt8(ascii: "f"): octets.append(12)
    case UInt8(ascii: "u"):
      var unit = hexadecimal(body, &offset)
      if unit & 0xFC00 == 0xD800, body.starts(with: "\\u", at: offset) {
        offset += 2
        unit = 0x10000 + (unit & 0x3FF) << 10 + (hexadecimal(body, &offset) & 0x3FF)
      }
      octets.append(contentsOf: String(Unicode.Scalar(unit) ?? "\u{FFFD}").utf8)
    default: octets.append(letter)
    }
  }
  private static func hexadecimal(_ body: Span<UInt8>, _ offset: inout Int) -> UInt32 {
    var unit: UInt32 = 0
    var count = 0
    while count < 4, offset < body.count, let digit = ASCII.hexadecimalValue(body[offset]) {
      unit = unit << 4 | UInt32(digit)
      offset += 1
      count += 1
    }
    return unit
  }
}
