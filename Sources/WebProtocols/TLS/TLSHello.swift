internal import Bytes

/// What a hello says that keys depend on (RFC 8446 §4.1.2 and §4.1.3, RFC 5246 §7.4.1).
package struct TLSHello: Equatable, Sendable {
  package var random: [UInt8]
  /// Of a server: what was agreed on. Of a client: the highest that the old field names.
  package var version: TLSVersion
  /// Of a server: the suite that was agreed on, and how it compresses (0: not at all).
  package var cipherSuite: UInt16 = 0
  package var compression: UInt8 = 0
  /// RFC 7366: the digest is one of what was encrypted.
  package var encryptsThenAuthenticates = false
  /// Of a client: it says something before the server has answered (RFC 8446 §4.2.10).
  package var hasEarlyData = false

  /// A server that asks for another hello says so by this random (RFC 8446 §4.1.3).
  private static let retryRandom: [UInt8] = [
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
  ]
  package var isRetryRequest: Bool { random == Self.retryRandom }

  /// The hello that a side's first record holds, where `octets` hold all of it.
  package init?(firstRecord octets: Span<UInt8>, isServer: Bool) {
    let start = TLSRecordHeader.byteCount + 4
    guard octets.count > start, octets[0] == 22, octets[start - 4] == (isServer ? 2 : 1) else { return nil }
    let end = start + Int(octets.networkUInt16(at: start - 2))
    guard octets[start - 3] == 0, end <= octets.count else { return nil }
    self.init(octets.extracting(start..<end), isServer: isServer)
  }
  /// A hello without its handshake header; nil where it is cut or none.
  package init?(_ body: Span<UInt8>, isServer: Bool) {
    guard body.count >= 35 else { return nil }
    version = TLSVersion(rawValue: body.networkUInt16(at: 0))
    random = body.extracting(2..<34).copied()
    var offset = 35 + Int(body[34])
    if isServer {
      guard offset + 3 <= body.count else { return nil }
      cipherSuite = body.networkUInt16(at: offset)
      compression = body[offset + 2]
      offset += 3
    } else {
      guard offset + 2 <= body.count else { return nil }
      offset += 2 + Int(body.networkUInt16(at: offset))
      guard offset < body.count else { return nil }
      offset += 1 + Int(body[offset])
    }
    // Before TLS 1.2 there may be no extensions.
    offset += 2
    while offset + 4 <= body.count {
      let type = body.networkUInt16(at: offset)
      let count = Int(body.networkUInt16(at: offset + 2))
      offset += 4
      guard offset + count <= body.count else { return nil }
      switch type {
      case 22: encryptsThenAuthenticates = true
      case 42: hasEarlyData = true
      // supported_versions: of a server, the one.
      case 43 where isServer && count == 2: version = TLSVersion(rawValue: body.networkUInt16(at: offset))
      default: break
      }
      offset += count
    }
  }
}
