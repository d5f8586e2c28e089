internal import Bytes

/// What a server says once and never again, in the form of a Message-ID: the challenge of CRAM-MD5 (RFC 2195 §2) and of
/// APOP (RFC 1939 §7).
///
///     <1896.697170952@postoffice.example.net>
enum MessageTimestamp {
  static func make(host: String, nonce: [UInt8], now: Timestamp) -> [UInt8] {
    let number = nonce.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Array("<\(number).\(now.nanoseconds / 1_000_000_000)@\(host)>".utf8)
  }
}
