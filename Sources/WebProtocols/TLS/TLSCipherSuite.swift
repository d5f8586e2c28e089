package import Ciphers

/// A cipher suite by which records can be opened once their secrets are known: what IANA's register of TLS parameters
/// names, but those with RC4, DES, ARIA, SEED and IDEA, which libcrypto has no more or which nobody offers for mail.
package struct TLSCipherSuite: Sendable {
  /// How a record's content is hidden.
  package enum Protection: Equatable, Sendable {
    case authenticated(AuthenticatedCipher.Algorithm)
    /// CBC, with a keyed digest of the content.
    case blocks(BlockCipher.Algorithm, DigestAlgorithm)
    /// In clear, with a keyed digest of it.
    case clear(DigestAlgorithm)
  }
  package let code: UInt16
  /// As IANA spells it.
  package let name: StaticString
  package let protection: Protection
  /// Of the keys' derivation, from TLS 1.2 on.
  package let digest: DigestAlgorithm

  /// nil for a suite that is not known.
  package init?(code: UInt16) {
    guard let name = Self.name(code), let protection = Self.protection("\(name)") else { return nil }
    self.code = code
    self.name = name
    self.protection = protection
    digest = "\(name)".hasSuffix("SHA384") ? .sha384 : .sha256
  }

  /// What a suite's name says behind how keys are agreed on: `AES_128_CBC_SHA`.
  private static func protection(_ name: String) -> Protection? {
    let words = name.split(separator: "_").map(String.init)
    // TLS_RSA_WITH_AES_128_CBC_SHA, and since TLS 1.3 TLS_AES_128_GCM_SHA256.
    let cipher = words[((words.firstIndex(of: "WITH") ?? 0) + 1)...].joined(separator: "_")
    for (beginning, algorithm) in authenticated where cipher.hasPrefix(beginning) { return .authenticated(algorithm) }
    guard let mac = words.last.flatMap({ digests[$0] }) else { return nil }
    if cipher.hasPrefix("NULL_") { return .clear(mac) }
    for (beginning, algorithm) in blocks where cipher.hasPrefix(beginning) { return .blocks(algorithm, mac) }
    return nil
  }
  private static let authenticated: [(String, AuthenticatedCipher.Algorithm)] = [
    ("AES_128_GCM", .aes128GCM), ("AES_256_GCM", .aes256GCM), ("CHACHA20_POLY1305", .chaCha20Poly1305),
    ("AES_128_CCM_8", .aes128CCM8), ("AES_256_CCM_8", .aes256CCM8), ("AES_128_CCM", .aes128CCM),
    ("AES_256_CCM", .aes256CCM),
  ]
  private static let blocks: [(String, BlockCipher.Algorithm)] = [
    ("AES_128_CBC", .aes128), ("AES_256_CBC", .aes256), ("CAMELLIA_128_CBC", .camellia128),
    ("CAMELLIA_256_CBC", .camellia256), ("3DES_EDE_CBC", .tripleDES),
  ]
  private static let digests: [String: DigestAlgorithm] = [
    "MD5": .md5, "SHA": .sha1, "SHA256": .sha256, "SHA384": .sha384,
  ]
}
