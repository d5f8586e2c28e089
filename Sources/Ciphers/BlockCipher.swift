internal import COpenSSL

/// Undoes a block cipher in CBC mode (NIST SP 800-38A §6.2) under one key, over OpenSSL's libcrypto.
@safe public struct BlockCipher: ~Copyable {
  public enum Algorithm: Sendable {
    case aes128, aes256
    case camellia128, camellia256
    case tripleDES

    /// Octets of a key.
    public var keyByteCount: Int {
      switch self {
      case .aes128, .camellia128: 16
      case .aes256, .camellia256: 32
      case .tripleDES: 24
      }
    }
    /// Octets of a block, and of an initialization vector.
    public var blockByteCount: Int { self == .tripleDES ? 8 : 16 }

    fileprivate var implementation: OpaquePointer? {
      switch self {
      case .aes128: unsafe EVP_aes_128_cbc()
      case .aes256: unsafe EVP_aes_256_cbc()
      case .camellia128: unsafe EVP_camellia_128_cbc()
      case .camellia256: unsafe EVP_camellia_256_cbc()
      case .tripleDES: unsafe EVP_des_ede3_cbc()
      }
    }
  }
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

  /// What whole blocks hold, padding and all; nil when they are none, or the vector is no block.
  public func decrypt(_ blocks: ArraySlice<UInt8>, vector: [UInt8]) -> [UInt8]? {
    let size = algorithm.blockByteCount
    guard blocks.count > 0, blocks.count % size == 0, vector.count == size else { return nil }
    // The library may use a block more while it works.
    var decrypted = [UInt8](repeating: 0, count: blocks.count + size)
    var written: Int32 = 0
    let isDone = unsafe blocks.withUnsafeBufferPointer { source in
      guard unsafe EVP_DecryptInit_ex(context, algorithm.implementation, nil, key, vector) == 1,
        unsafe EVP_CIPHER_CTX_set_padding(context, 0) == 1
      else { return false }
      return unsafe EVP_DecryptUpdate(context, &decrypted, &written, source.baseAddress, Int32(source.count)) == 1
    }
    guard isDone, written == blocks.count else { return nil }
    decrypted.removeLast(size)
    return decrypted
  }
}
