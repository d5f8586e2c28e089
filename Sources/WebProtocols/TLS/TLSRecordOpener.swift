internal import Ciphers

/// Opens the records that one side protects with one set of keys (RFC 5246 §6.2.3, RFC 8446 §5.2).
struct TLSRecordOpener: ~Copyable {
  /// What a record holds.
  struct Content: Sendable {
    /// 20 change_cipher_spec, 21 alert, 22 handshake, 23 application_data.
    var type: UInt8
    var octets: [UInt8]
    /// Where the first of them stands, encrypted, in the record. Every cipher here keeps octets in their places.
    var offset: Int
  }
  private enum Cipher: ~Copyable {
    case authenticated(AuthenticatedCipher)
    case blocks(BlockCipher)
    case clear
  }
  private let version: TLSVersion
  private let cipher: Cipher
  /// What content is digested with where the cipher does not do it, and the key for it.
  private let digest: DigestAlgorithm
  private let digestKey: [UInt8]
  /// What nonces begin with, or are mixed with; of TLS 1.0 the vector of the next record.
  private var vector: [UInt8]
  private let encryptsThenAuthenticates: Bool
  /// How many records were protected with these keys before the next.
  private(set) var sequence: UInt64 = 0
  /// Records may be missing before the next: so many at most.
  private var missing: UInt64 = 0
  /// How many missing records are tried; each try costs as much as opening one.
  private static let missingLimit: UInt64 = 256

  /// Octets of each side's part of the key block.
  private static func sizes(_ suite: TLSCipherSuite, _ version: TLSVersion) -> (digest: Int, key: Int, vector: Int) {
    switch suite.protection {
    case .authenticated(let algorithm):
      // RFC 5288 §3 and RFC 6655 §3: four octets, and eight more in each record; RFC 7905 §2: all twelve.
      (0, algorithm.keyByteCount, algorithm == .chaCha20Poly1305 ? AuthenticatedCipher.nonceByteCount : 4)
    case .blocks(let algorithm, let digest):
      (digest.byteCount, algorithm.keyByteCount, version == .tls10 ? algorithm.blockByteCount : 0)
    case .clear(let digest): (digest.byteCount, 0, 0)
    }
  }

  /// Up to TLS 1.2: the keys are cut from a key block (RFC 5246 §6.3). `seed` is the server's random and the client's.
  init?(
    master: [UInt8], seed: [UInt8], ofClient: Bool, _ suite: TLSCipherSuite, _ version: TLSVersion,
    encryptsThenAuthenticates: Bool
  ) {
    let sizes = Self.sizes(suite, version)
    let block = TLSKeySchedule.expand(
      master, label: "key expansion", seed: seed, version: version, digest: suite.digest,
      byteCount: 2 * (sizes.digest + sizes.key + sizes.vector))
    var offset = 0
    func cut(_ byteCount: Int) -> [UInt8] {
      defer { offset += 2 * byteCount }
      let start = offset + (ofClient ? 0 : byteCount)
      return Array(block[start..<start + byteCount])
    }
    digestKey = cut(sizes.digest)
    let key = cut(sizes.key)
    vector = cut(sizes.vector)
    self.version = version
    self.encryptsThenAuthenticates = encryptsThenAuthenticates
    switch suite.protection {
    case .authenticated(let algorithm):
      guard let opened = AuthenticatedCipher(algorithm, key: key) else { return nil }
      cipher = .authenticated(opened)
      digest = suite.digest
    case .blocks(let algorithm, let digest):
      guard let opened = BlockCipher(algorithm, key: key) else { return nil }
      cipher = .blocks(opened)
      self.digest = digest
    case .clear(let digest):
      cipher = .clear
      self.digest = digest
    }
  }
  /// TLS 1.3: key and nonce come from a traffic secret (RFC 8446 §7.3).
  init?(trafficSecret: [UInt8], _ suite: TLSCipherSuite) {
    guard case .authenticated(let algorithm) = suite.protection,
      let opened = AuthenticatedCipher(
        algorithm,
        key: TLSKeySchedule.expandLabel(
          trafficSecret, "key", digest: suite.digest, byteCount: algorithm.keyByteCount))
    else { return nil }
    cipher = .authenticated(opened)
    vector = TLSKeySchedule.expandLabel(
      trafficSecret, "iv", digest: suite.digest, byteCount: AuthenticatedCipher.nonceByteCount)
    version = .tls13
    digest = suite.digest
    digestKey = []
    encryptsThenAuthenticates = false
  }

  /// Octets of the stream were not captured: records may be missing before the next, one for every 22 octets at most.
  mutating func noteLoss(byteCount: Int) {
    missing = min(Self.missingLimit, missing + UInt64(max(0, byteCount)) / 22 + 1)
  }
  /// What the next whole record holds; nil where its keys or its digest do not fit.
  mutating func open(_ record: [UInt8]) -> Content? {
    let bound = sequence + missing
    var attempt = sequence
    while attempt <= bound {
      if let content = open(record, at: attempt) {
        sequence = attempt + 1
        missing = 0
        chain(record)
        return content
      }
      attempt += 1
    }
    // The next record's vector in TLS 1.0, be this one whole or not.
    if missing > 0 { chain(record) }
    return nil
  }
  private func open(_ record: [UInt8], at sequence: UInt64) -> Content? {
    switch cipher {
    case .authenticated(let cipher): openAuthenticated(record, cipher, at: sequence)
    case .clear:
      check(record[0], Array(record[TLSRecordHeader.byteCount...]), at: sequence, offset: TLSRecordHeader.byteCount)
    case .blocks(let cipher): openBlocks(record, cipher, at: sequence)
    }
  }

  private func openAuthenticated(
    _ record: [UInt8], _ cipher: borrowing AuthenticatedCipher, at sequence: UInt64
  ) -> Content? {
    let isExplicit = version < .tls13 && vector.count < AuthenticatedCipher.nonceByteCount
    let start = TLSRecordHeader.byteCount + (isExplicit ? 8 : 0)
    let count = record.count - start - cipher.algorithm.tagByteCount
    guard count >= 0 else { return nil }
    var nonce = vector
    if isExplicit {
      nonce += record[TLSRecordHeader.byteCount..<start]
    } else {
      for (index, octet) in sequence.networkOctets.enumerated() { nonce[nonce.count - 8 + index] ^= octet }
    }
    let associated = version < .tls13 ? header(record[0], count, at: sequence) : Array(record[..<5])
    guard var octets = cipher.open(record[start...], nonce: nonce, associatedData: associated) else { return nil }
    guard version >= .tls13 else { return Content(type: record[0], octets: octets, offset: start) }
    // The true type stands behind the content, and padding behind that (RFC 8446 §5.4).
    while octets.last == 0 { octets.removeLast() }
    guard let type = octets.popLast() else { return nil }
    return Content(type: type, octets: octets, offset: start)
  }

  private func openBlocks(_ record: [UInt8], _ cipher: borrowing BlockCipher, at sequence: UInt64) -> Content? {
    let size = cipher.algorithm.blockByteCount
    var end = record.count
    if encryptsThenAuthenticates {
      end -= digest.byteCount
      guard end >= TLSRecordHeader.byteCount else { return nil }
      let sealed = Array(record[TLSRecordHeader.byteCount..<end])
      let expected = digest.authenticationCode(header(record[0], sealed.count, at: sequence) + sealed, key: digestKey)
      guard DigestAlgorithm.areEqual(expected, Array(record[end...])) else { return nil }
    }
    let isExplicit = version > .tls10
    let start = TLSRecordHeader.byteCount + (isExplicit ? size : 0)
    guard end > start else { return nil }
    let vector = isExplicit ? Array(record[TLSRecordHeader.byteCount..<start]) : vector
    guard var octets = cipher.decrypt(record[start..<end], vector: vector), let padding = octets.last,
      octets.suffix(Int(padding) + 1).count == Int(padding) + 1,
      octets.suffix(Int(padding) + 1).allSatisfy({ $0 == padding })
    else { return nil }
    octets.removeLast(Int(padding) + 1)
    if encryptsThenAuthenticates { return Content(type: record[0], octets: octets, offset: start) }
    return check(record[0], octets, at: sequence, offset: start)
  }
  /// Keeps what TLS 1.0 encrypts the next record's first block with: the last block of this one.
  private mutating func chain(_ record: [UInt8]) {
    guard version == .tls10, !vector.isEmpty else { return }
    let end = record.count - (encryptsThenAuthenticates ? digestKey.count : 0)
    if end >= TLSRecordHeader.byteCount + vector.count { vector = Array(record[end - vector.count..<end]) }
  }
  /// Content with its digest behind it (RFC 5246 §6.2.3.1).
  private func check(_ type: UInt8, _ octets: [UInt8], at sequence: UInt64, offset: Int) -> Content? {
    let count = octets.count - digest.byteCount
    guard count >= 0 else { return nil }
    let content = Array(octets[..<count])
    let expected = digest.authenticationCode(header(type, count, at: sequence) + content, key: digestKey)
    guard DigestAlgorithm.areEqual(expected, Array(octets[count...])) else { return nil }
    return Content(type: type, octets: content, offset: offset)
  }
  /// What is authenticated before a record's content: sequence (8) | type | version (2) | length (2).
  private func header(_ type: UInt8, _ count: Int, at sequence: UInt64) -> [UInt8] {
    sequence.networkOctets + [type] + version.rawValue.networkOctets + UInt16(truncatingIfNeeded: count).networkOctets
  }
}

extension FixedWidthInteger {
  /// The octets of a number, the highest first.
  fileprivate var networkOctets: [UInt8] {
    (0..<Self.bitWidth / 8).reversed().map { UInt8(truncatingIfNeeded: self >> Self($0 * 8)) }
  }
}
