package import Ciphers

/// How keys come from secrets.
package enum TLSKeySchedule {
  /// TLS 1.0 to 1.2: so many octets of the pseudorandom function (RFC 5246 §5, RFC 2246 §5).
  package static func expand(
    _ secret: [UInt8], label: String, seed: [UInt8], version: TLSVersion, digest: DigestAlgorithm, byteCount: Int
  ) -> [UInt8] {
    let seed = Array(label.utf8) + seed
    if version >= .tls12 { return expand(secret, seed, digest, byteCount) }
    // Either half of the secret with a digest of its own; an octet in the middle belongs to both.
    let half = (secret.count + 1) / 2
    var octets = expand(Array(secret.prefix(half)), seed, .md5, byteCount)
    let others = expand(Array(secret.suffix(half)), seed, .sha1, byteCount)
    for index in octets.indices { octets[index] ^= others[index] }
    return octets
  }
  private static func expand(
    _ secret: [UInt8], _ seed: [UInt8], _ digest: DigestAlgorithm, _ byteCount: Int
  ) -> [UInt8] {
    var octets: [UInt8] = []
    var chain = seed
    while octets.count < byteCount {
      chain = digest.authenticationCode(chain, key: secret)
      octets += digest.authenticationCode(chain + seed, key: secret)
    }
    return Array(octets.prefix(byteCount))
  }

  /// TLS 1.3: HKDF-Expand-Label with an empty context (RFC 8446 §7.1, RFC 5869 §2.3).
  package static func expandLabel(
    _ secret: [UInt8], _ label: String, digest: DigestAlgorithm, byteCount: Int
  ) -> [UInt8] {
    let label = "tls13 " + label
    let information =
      [UInt8(truncatingIfNeeded: byteCount >> 8), UInt8(truncatingIfNeeded: byteCount)]
      + [UInt8(truncatingIfNeeded: label.utf8.count)] + Array(label.utf8) + [0]
    var octets: [UInt8] = []
    var block: [UInt8] = []
    var counter: UInt8 = 1
    while octets.count < byteCount {
      block = digest.authenticationCode(block + information + [counter], key: secret)
      octets += block
      counter &+= 1
    }
    return Array(octets.prefix(byteCount))
  }
}
