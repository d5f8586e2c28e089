internal import Bytes

/// Mailbox names of IMAP4rev1 (RFC 3501 §5.1.3): ASCII, and between `&` and `-` UTF-16 in base64 with `,` for `/`.
///
///     Entwürfe    Entw&APw-rfe
package enum ModifiedUTF7 {
  package static func encode(_ text: String) -> String {
    var result = ""
    var run: [UInt8] = []
    func close() {
      guard !run.isEmpty else { return }
      let base64 = Base64.encode(run.span).span.text().replacing("/", with: ",")
      result += "&" + String(base64.prefix { $0 != "=" }) + "-"
      run = []
    }
    for scalar in text.unicodeScalars {
      if scalar.value >= 32, scalar.value < 127 {
        close()
        result += scalar == "&" ? "&-" : String(scalar)
      } else {
        for unit in String(scalar).utf16 { run += [UInt8(unit >> 8), UInt8(truncatingIfNeeded: unit)] }
      }
    }
    close()
    return result
  }
  /// The text; nil for what is not in this form, or not in its only one.
  package static func decode(_ octets: [UInt8]) -> String? {
    var result = ""
    var position = 0
    while position < octets.count {
      let octet = octets[position]
      guard octet < 128 else { return nil }
      position += 1
      guard octet == UInt8(ascii: "&") else {
        result.unicodeScalars.append(UnicodeScalar(octet))
        continue
      }
      guard let end = octets[position...].firstIndex(of: UInt8(ascii: "-")) else { return nil }
      let shifted = octets[position..<end]
      position = end + 1
      guard !shifted.isEmpty else {
        result += "&"
        continue
      }
      guard let text = unshifted(shifted) else { return nil }
      result += text
    }
    return encode(result).utf8.elementsEqual(octets) ? result : nil
  }
  private static func unshifted(_ shifted: ArraySlice<UInt8>) -> String? {
    var base64 = shifted.map { $0 == UInt8(ascii: ",") ? UInt8(ascii: "/") : $0 }
    while base64.count % 4 != 0 { base64.append(UInt8(ascii: "=")) }
    guard let octets = Base64.decode(base64.span), octets.count % 2 == 0 else { return nil }
    let units = stride(from: 0, to: octets.count, by: 2).map { UInt16(octets[$0]) << 8 | UInt16(octets[$0 + 1]) }
    return String(validating: units, as: UTF16.self)
  }
}
