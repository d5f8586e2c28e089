internal import COpenSSL

/// A running SHA-256 (FIPS 180-4) over OpenSSL's libcrypto.
@safe public struct SHA256: ~Copyable {
  /// The octets of a digest.
  public typealias Digest = InlineArray<32, UInt8>

  let context: OpaquePointer?

  public init() {
    unsafe context = EVP_MD_CTX_new()
    unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil)
  }
  deinit { unsafe EVP_MD_CTX_free(context) }

  /// Forgets what was added.
  public mutating func begin() {
    // Without a type the context begins anew in the memory that it has.
    unsafe EVP_DigestInit_ex(context, nil, nil)
  }
  /// Adds octets to what is digested.
  public mutating func add(_ octets: Span<UInt8>) {
    unsafe octets.withUnsafeBufferPointer { source in
      if source.count > 0 { _ = unsafe EVP_DigestUpdate(context, source.baseAddress, source.count) }
    }
  }
  /// The digest of all that was added; `begin` must follow before more is added.
  public mutating func finish() -> Digest {
    var digest = Digest(repeating: 0)
    var span = digest.mutableSpan
    unsafe span.withUnsafeMutableBufferPointer { buffer in
      _ = unsafe EVP_DigestFinal_ex(context, buffer.baseAddress, nil)
    }
    return digest
  }
}
