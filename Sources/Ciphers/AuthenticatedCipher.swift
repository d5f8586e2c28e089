internal import COpenSSL

/// Opens what an authenticated cipher sealed under one key (RFC 5116), over OpenSSL's libcrypto.
@safe public struct AuthenticatedCipher: ~Copyable {
  public enum Algorithm: Sendable {
    /// NIST SP 800-38D, with a tag of 16 octets.
    case aes128GCM, aes256GCM
    /// RFC 3610, with a tag of 16 octets, or of 8.
    case aes128CCM, aes256CCM, aes128CCM8, aes256CCM8
    /// RFC 8439.
    case chaCha20Poly1305

    /// Octets of a key.
    public var keyByteCount: Int {
      switch self {
      case .aes128GCM, .aes128CCM, .aes128CCM8: 16
      case .aes256GCM, .aes256CCM, .aes256CCM8, .chaCha20Poly1305: 32
      }
    }
    /// Octets of the tag that stands behind what is sealed.
    public var tagByteCount: Int {
      switch self {
      case .aes128CCM8, .aes256CCM8: 8
      default: 16
      }
    }
    /// CCM must know how much comes before it begins.
    fileprivate var isCounted: Bool {
      switch self {
      case .aes128CCM, .aes256CCM, .aes128CCM8, .aes256CCM8: true
      case .aes128GCM, .aes256GCM, .chaCha20Poly1305: false
      }
    }
    fileprivate var implementation: OpaquePointer? {
      switch self {
      case .aes128GCM: unsafe EVP_aes_128_gcm()
      case .aes256GCM: unsafe EVP_aes_256_gcm()
      case .aes128CCM, .aes128CCM8: unsafe EVP_aes_128_ccm()
      case .aes256CCM, .aes256CCM8: unsafe EVP_aes_256_ccm()
      case .chaCha20Poly1305: unsafe EVP_chacha20_poly1305()
      }
    }
  }
  /// Octets of every nonce here (RFC 5116 §3.2).
  public static let nonceByteCount = 12

  public let algorithm: Algorithm
  private let key: [UInt8]
  private let context: OpaquePointer?

  /// nil when `key` has not as many octets as the algorithm takes.
  public init?(_ algorithm: Algorithm, key: [UInt8]) {
    guard key.count == algorithm.keyByteCount else { return nil }
    self.algorithm = algorithm
    self.key = key
    unsafe context = EVP_CIPHER_CTX_new()
  }
  deinit { unsafe EVP_CIPHER_CTX_free(context) }

  /// What `sealed`, with its tag at the end, holds; nil where the tag does not fit, and when it is shorter than a tag.
  public func open(_ sealed: ArraySlice<UInt8>, nonce: [UInt8], associatedData: [UInt8]) -> [UInt8]? {
    let tagCount = algorithm.tagByteCount
    guard sealed.count >= tagCount, nonce.count == Self.nonceByteCount else { return nil }
    let count = sealed.count - tagCount
    var tag = Array(sealed.suffix(tagCount))
    var opened = [UInt8](repeating: 0, count: count)
    var written: Int32 = 0
    let isCounted = algorithm.isCounted
    let isOpen = unsafe sealed.withUnsafeBufferPointer { source in
      guard unsafe EVP_DecryptInit_ex(context, algorithm.implementation, nil, nil, nil) == 1,
        unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_IVLEN, Int32(nonce.count), nil) == 1,
        unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tagCount), &tag) == 1,
        unsafe EVP_DecryptInit_ex(context, nil, nil, key, nonce) == 1
      else { return false }
      if isCounted, unsafe EVP_DecryptUpdate(context, nil, &written, nil, Int32(count)) != 1 { return false }
      guard
        unsafe EVP_DecryptUpdate(context, nil, &written, associatedData, Int32(associatedData.count)) == 1,
        unsafe EVP_DecryptUpdate(context, &opened, &written, source.baseAddress, Int32(count)) == 1
      else { return false }
      // CCM has looked at the tag already.
      var rest: Int32 = 0
      return unsafe isCounted || EVP_DecryptFinal_ex(context, nil, &rest) == 1
    }
    return isOpen ? opened : nil
  }
}
