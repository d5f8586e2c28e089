package import Bytes

/// Strings as a server writes them (RFC 9051 §4.3).
///
/// A literal has no NULs (CHAR8): 0x80, which is no character either, stands for them, so that lengths stay true.
package enum IMAPString {
  /// What is short and plain is quoted.
  private static var quotedByteCount: Int { 256 }

  /// Writes a string: quoted where it is short and visible ASCII, else a literal.
  package static func encode(_ octets: ArraySlice<UInt8>, into writer: inout ByteWriter) {
    guard octets.count <= quotedByteCount, octets.allSatisfy(ASCII.isPrintable) else {
      return encodeLiteral(octets, into: &writer)
    }
    writer.append(UInt8(ascii: "\""))
    for octet in octets {
      if octet == UInt8(ascii: "\"") || octet == UInt8(ascii: "\\") { writer.append(UInt8(ascii: "\\")) }
      writer.append(octet)
    }
    writer.append(UInt8(ascii: "\""))
  }
  package static func encode(_ text: String, into writer: inout ByteWriter) {
    encode(Array(text.utf8)[...], into: &writer)
  }
  /// nstring = string / nil
  package static func encode(nilOr text: String?, into writer: inout ByteWriter) {
    if let text { encode(text, into: &writer) } else { writer.append("NIL") }
  }
  /// Writes a literal; a literal8 (RFC 3516 §4.4) where `octets` holds NULs and the answer may have one.
  package static func encodeLiteral(
    _ octets: ArraySlice<UInt8>, mayBeLiteral8: Bool = false, into writer: inout ByteWriter
  ) {
    let octets = mayBeLiteral8 || !octets.contains(0) ? octets : octets.map { $0 == 0 ? 0x80 : $0 }[...]
    if octets.contains(0) { writer.append(UInt8(ascii: "~")) }
    IMAPLiteral(byteCount: UInt64(octets.count), isNonSynchronizing: false, range: OctetRange(0, 0)).encode(
      into: &writer)
    writer.append(octets.span)
  }
}
