/// A fatal alert in clear (RFC 8446 §6, RFC 5246 §7.2): TLS was begun and broken off before anything was sent inside.
package enum TLSAlert {
  /// The alert's description where `bytes` begin with such a record; encrypted ones are longer, or of another type.
  ///
  ///     21 | version (2) | length = 2 | level = fatal (2) | description
  package static func fatal(at start: Int, of bytes: Span<UInt8>) -> UInt8? {
    guard bytes.count &- start >= 7, bytes[start] == 21, bytes[start + 1] == 3, bytes[start + 3] == 0,
      bytes[start + 4] == 2, bytes[start + 5] == 2
    else { return nil }
    return bytes[start + 6]
  }
  /// As the RFCs call it (RFC 8446 §6.2, RFC 5246 §7.2.2).
  package static func name(_ description: UInt8) -> StaticString {
    switch description {
    case 10: "unexpected_message"
    case 20: "bad_record_mac"
    case 22: "record_overflow"
    case 40: "handshake_failure"
    case 42: "bad_certificate"
    case 43: "unsupported_certificate"
    case 44: "certificate_revoked"
    case 45: "certificate_expired"
    case 46: "certificate_unknown"
    case 47: "illegal_parameter"
    case 48: "unknown_ca"
    case 49: "access_denied"
    case 50: "decode_error"
    case 51: "decrypt_error"
    case 70: "protocol_version"
    case 71: "insufficient_security"
    case 80: "internal_error"
    case 86: "inappropriate_fallback"
    case 90: "user_canceled"
    case 109: "missing_extension"
    case 110: "unsupported_extension"
    case 112: "unrecognized_name"
    case 113: "bad_certificate_status_response"
    case 115: "unknown_psk_identity"
    case 116: "certificate_required"
    case 120: "no_application_protocol"
    default: "unknown alert"
    }
  }
}
