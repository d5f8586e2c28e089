import Ciphers
import Testing

@testable import WebProtocols

/// Keys from secrets, with the values that others published.
@Suite struct TLSKeyScheduleTests {
  static func octets(_ digits: String) -> [UInt8] {
    let digits = digits.filter { !$0.isWhitespace }
    return stride(from: 0, to: digits.count, by: 2).map { place in
      let start = digits.index(digits.startIndex, offsetBy: place)
      return UInt8(digits[start..<digits.index(start, offsetBy: 2)], radix: 16) ?? 0
    }
  }

  /// The test vector for P_SHA256 that the TLS working group's list has (message 03416).
  @Test func thePseudorandomFunctionOfTLS12() {
    let found = TLSKeySchedule.expand(
      Self.octets("9bbe436ba940f017b17652849a71db35"), label: "test label",
      seed: Self.octets("a0ba9f936cda311827a6f796ffd5198c"), version: .tls12, digest: .sha256, byteCount: 100)
    #expect(
      found
        == Self.octets(
          """
          e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17
          abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff70187347b66
          """))
  }
  /// RFC 8448 §3: the server's handshake and the client's application traffic keys.
  @Test(arguments: [
    (
      "b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38", "3fce516009c21727d0f2e4e86ee403bc",
      "5d313eb2671276ee13000b30"
    ),
    (
      "9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5", "17422dda596ed5d9acd890e3c63f5051",
      "5b78923dee08579033e523d9"
    ),
  ])
  func theKeysOfTLS13(_ secret: String, _ key: String, _ vector: String) {
    let secret = Self.octets(secret)
    #expect(TLSKeySchedule.expandLabel(secret, "key", digest: .sha256, byteCount: 16) == Self.octets(key))
    #expect(TLSKeySchedule.expandLabel(secret, "iv", digest: .sha256, byteCount: 12) == Self.octets(vector))
  }
  /// A suite's name says all that is done with it.
  @Test func suitesAreWhatTheirNamesSay() throws {
    let chosen: [(UInt16, TLSCipherSuite.Protection, DigestAlgorithm)] = [
      (0x1301, .authenticated(.aes128GCM), .sha256), (0x1302, .authenticated(.aes256GCM), .sha384),
      (0x1303, .authenticated(.chaCha20Poly1305), .sha256), (0x1305, .authenticated(.aes128CCM8), .sha256),
      (0xc030, .authenticated(.aes256GCM), .sha384), (0xcca8, .authenticated(.chaCha20Poly1305), .sha256),
      (0xc0a1, .authenticated(.aes256CCM8), .sha256), (0xc09d, .authenticated(.aes256CCM), .sha256),
      (0x002f, .blocks(.aes128, .sha1), .sha256), (0xc028, .blocks(.aes256, .sha384), .sha384),
      (0x000a, .blocks(.tripleDES, .sha1), .sha256), (0x0088, .blocks(.camellia256, .sha1), .sha256),
      (0x0001, .clear(.md5), .sha256),
    ]
    for (code, protection, digest) in chosen {
      let suite = try #require(TLSCipherSuite(code: code))
      #expect(suite.protection == protection && suite.digest == digest, "\(suite.name)")
    }
    // Every suite that has a name is read.
    var count = 0
    for code in UInt16.min...UInt16.max where TLSCipherSuite.name(code) != nil {
      #expect(TLSCipherSuite(code: code) != nil, "\(code)")
      count += 1
    }
    #expect(count == 87)
    // RC4, and one that nobody registered.
    #expect(TLSCipherSuite(code: 5) == nil && TLSCipherSuite(code: 0xfefe) == nil)
  }
}
