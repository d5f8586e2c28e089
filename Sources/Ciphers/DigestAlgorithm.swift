internal import COpenSSL

/// A digest of whole values, plain and with a key, over OpenSSL's libcrypto.
public enum DigestAlgorithm: Sendable {
  /// RFC 1321; broken as a digest, and still what CRAM-MD5 and APOP are made of.
  case md5
  /// FIPS 180-4; SHA-1 is broken as a digest, and still what old TLS keys its records with.
  case sha1, sha256, sha384

  /// Octets of a digest.
  public var byteCount: Int {
    switch self {
    case .md5: 16
    case .sha1: 20
    case .sha256: 32
    case .sha384: 48
    }
  }
  private var implementation: OpaquePointer? {
    switch self {
    case .md5: unsafe EVP_md5()
    case .sha1: unsafe EVP_sha1()
    case .sha256: unsafe EVP_sha256()
    case .sha384: unsafe EVP_sha384()
    }
  }

  /// The digest of some octets.
  public func digest(_ octets: [UInt8]) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: byteCount)
    unsafe EVP_Digest(octets, octets.count, &result, nil, implementation, nil)
    return result
  }
  /// The keyed digest of some octets (RFC 2104).
  public func authenticationCode(_ octets: [UInt8], key: [UInt8]) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: byteCount)
    unsafe HMAC(implementation, key, Int32(key.count), octets, octets.count, &result, nil)
    return result
  }
  /// A key derived from a password (PBKDF2, RFC 8018 §5.2), as long as a digest: SCRAM's `Hi` (RFC 5802 §2.2).
  public func derivedKey(password: [UInt8], salt: [UInt8], iterations: Int) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: byteCount)
    let characters = password.map { CChar(bitPattern: $0) }
    unsafe PKCS5_PBKDF2_HMAC(
      characters, Int32(characters.count), salt, Int32(salt.count), Int32(iterations), implementation,
      Int32(byteCount), &result)
    return result
  }
  /// Whether two secrets are equal, in a time that does not tell where they differ.
  public static func areEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    guard a.count == b.count else { return false }
    return unsafe CRYPTO_memcmp(a, b, a.count) == 0
  }
}

/// Octets that nobody can guess.
public enum RandomOctets {
  public static func make(_ count: Int) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: count)
    unsafe RAND_bytes(&result, Int32(count))
    return result
  }
}
