package import Bytes

/// A message of NTLM, as SASL and HTTP carry it in base64 ([MS-NLMP] §2.2.1).
///
///     "NTLMSSP" NUL, then numbers of four octets, the lowest first: the message's type, 1 to 3
package enum NTLMMessage {
  /// 1 asks for a challenge, 2 is one, 3 answers it; nil where it is no message of NTLM.
  package static func type(of message: Span<UInt8>) -> Int? {
    message.starts(with: "NTLMSSP\0") ? number(message, at: 8, octetCount: 4) : nil
  }
  /// The user name in an authentication message (type 3), which stands in clear; nothing is appended for any other.
  ///
  /// Its length stands at offset 36, where it begins at 40, and whether it is UTF-16 in the flags at 60
  /// ([MS-NLMP] §2.2.1.3).
  package static func appendUserName(of message: Span<UInt8>, to writer: inout ByteWriter) {
    guard type(of: message) == 3, let byteCount = number(message, at: 36, octetCount: 2),
      let start = number(message, at: 40, octetCount: 4)
    else { return }
    let name = message.extracting(message.bounds(OctetRange(start, start + byteCount)))
    guard let flags = number(message, at: 60, octetCount: 4), flags & 1 == 1 else { return writer.append(name) }
    var units: [UInt16] = []
    for offset in stride(from: 0, to: name.count - 1, by: 2) {
      units.append(UInt16(name[offset]) | UInt16(name[offset + 1]) << 8)
    }
    writer.append(string: String(decoding: units, as: UTF16.self))
  }
  private static func number(_ message: Span<UInt8>, at offset: Int, octetCount: Int) -> Int? {
    guard offset + octetCount <= message.count else { return nil }
    var number = 0
    for place in 0..<octetCount { number |= Int(message[offset + place]) << (8 * place) }
    return number
  }
}
