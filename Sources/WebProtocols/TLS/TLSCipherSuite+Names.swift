/// The suites' names (IANA, TLS Cipher Suites).
extension TLSCipherSuite {
  package static func name(_ code: UInt16) -> StaticString? {
    switch code >> 8 {
    case 0x00: nameOfFirst(code)
    case 0x13: nameOfTLS13(code)
    case 0xc0: nameOfEllipticCurves(code)
    case 0xcc: nameOfChaCha(code)
    default: nil
    }
  }
  private static func nameOfTLS13(_ code: UInt16) -> StaticString? {
    switch code {
    case 0x1301: "TLS_AES_128_GCM_SHA256"
    case 0x1302: "TLS_AES_256_GCM_SHA384"
    case 0x1303: "TLS_CHACHA20_POLY1305_SHA256"
    case 0x1304: "TLS_AES_128_CCM_SHA256"
    case 0x1305: "TLS_AES_128_CCM_8_SHA256"
    default: nil
    }
  }
  private static func nameOfChaCha(_ code: UInt16) -> StaticString? {
    switch code {
    case 0xcca8: "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"
    case 0xcca9: "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"
    case 0xccaa: "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256"
    default: nil
    }
  }
  private static func nameOfFirst(_ code: UInt16) -> StaticString? {
    switch code {
    case 0x0001: "TLS_RSA_WITH_NULL_MD5"
    case 0x0002: "TLS_RSA_WITH_NULL_SHA"
    case 0x000a: "TLS_RSA_WITH_3DES_EDE_CBC_SHA"
    case 0x0013: "TLS_DHE_DSS_WITH_3DES_EDE_CBC_SHA"
    case 0x0016: "TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA"
    case 0x001b: "TLS_DH_anon_WITH_3DES_EDE_CBC_SHA"
    case 0x002f: "TLS_RSA_WITH_AES_128_CBC_SHA"
    case 0x0032: "TLS_DHE_DSS_WITH_AES_128_CBC_SHA"
    case 0x0033: "TLS_DHE_RSA_WITH_AES_128_CBC_SHA"
    case 0x0034: "TLS_DH_anon_WITH_AES_128_CBC_SHA"
    case 0x0035: "TLS_RSA_WITH_AES_256_CBC_SHA"
    case 0x0038: "TLS_DHE_DSS_WITH_AES_256_CBC_SHA"
    case 0x0039: "TLS_DHE_RSA_WITH_AES_256_CBC_SHA"
    case 0x003a: "TLS_DH_anon_WITH_AES_256_CBC_SHA"
    case 0x003b: "TLS_RSA_WITH_NULL_SHA256"
    case 0x003c: "TLS_RSA_WITH_AES_128_CBC_SHA256"
    case 0x003d: "TLS_RSA_WITH_AES_256_CBC_SHA256"
    case 0x0040: "TLS_DHE_DSS_WITH_AES_128_CBC_SHA256"
    case 0x0041: "TLS_RSA_WITH_CAMELLIA_128_CBC_SHA"
    case 0x0044: "TLS_DHE_DSS_WITH_CAMELLIA_128_CBC_SHA"
    case 0x0045: "TLS_DHE_RSA_WITH_CAMELLIA_128_CBC_SHA"
    case 0x0046: "TLS_DH_anon_WITH_CAMELLIA_128_CBC_SHA"
    case 0x0067: "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256"
    case 0x006a: "TLS_DHE_DSS_WITH_AES_256_CBC_SHA256"
    case 0x006b: "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256"
    case 0x006c: "TLS_DH_anon_WITH_AES_128_CBC_SHA256"
    case 0x006d: "TLS_DH_anon_WITH_AES_256_CBC_SHA256"
    case 0x0084: "TLS_RSA_WITH_CAMELLIA_256_CBC_SHA"
    case 0x0087: "TLS_DHE_DSS_WITH_CAMELLIA_256_CBC_SHA"
    case 0x0088: "TLS_DHE_RSA_WITH_CAMELLIA_256_CBC_SHA"
    case 0x0089: "TLS_DH_anon_WITH_CAMELLIA_256_CBC_SHA"
    case 0x009c: "TLS_RSA_WITH_AES_128_GCM_SHA256"
    case 0x009d: "TLS_RSA_WITH_AES_256_GCM_SHA384"
    case 0x009e: "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"
    case 0x009f: "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384"
    case 0x00a2: "TLS_DHE_DSS_WITH_AES_128_GCM_SHA256"
    case 0x00a3: "TLS_DHE_DSS_WITH_AES_256_GCM_SHA384"
    case 0x00a6: "TLS_DH_anon_WITH_AES_128_GCM_SHA256"
    case 0x00a7: "TLS_DH_anon_WITH_AES_256_GCM_SHA384"
    case 0x00ba: "TLS_RSA_WITH_CAMELLIA_128_CBC_SHA256"
    case 0x00be: "TLS_DHE_RSA_WITH_CAMELLIA_128_CBC_SHA256"
    case 0x00c0: "TLS_RSA_WITH_CAMELLIA_256_CBC_SHA256"
    case 0x00c4: "TLS_DHE_RSA_WITH_CAMELLIA_256_CBC_SHA256"
    default: nil
    }
  }
  private static func nameOfEllipticCurves(_ code: UInt16) -> StaticString? {
    switch code {
    case 0xc006: "TLS_ECDHE_ECDSA_WITH_NULL_SHA"
    case 0xc008: "TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA"
    case 0xc009: "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"
    case 0xc00a: "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"
    case 0xc010: "TLS_ECDHE_RSA_WITH_NULL_SHA"
    case 0xc012: "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA"
    case 0xc013: "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"
    case 0xc014: "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"
    case 0xc015: "TLS_ECDH_anon_WITH_NULL_SHA"
    case 0xc017: "TLS_ECDH_anon_WITH_3DES_EDE_CBC_SHA"
    case 0xc018: "TLS_ECDH_anon_WITH_AES_128_CBC_SHA"
    case 0xc019: "TLS_ECDH_anon_WITH_AES_256_CBC_SHA"
    case 0xc023: "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"
    case 0xc024: "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384"
    case 0xc027: "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256"
    case 0xc028: "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384"
    case 0xc02b: "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"
    case 0xc02c: "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"
    case 0xc02f: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
    case 0xc030: "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"
    case 0xc072: "TLS_ECDHE_ECDSA_WITH_CAMELLIA_128_CBC_SHA256"
    case 0xc073: "TLS_ECDHE_ECDSA_WITH_CAMELLIA_256_CBC_SHA384"
    case 0xc076: "TLS_ECDHE_RSA_WITH_CAMELLIA_128_CBC_SHA256"
    case 0xc077: "TLS_ECDHE_RSA_WITH_CAMELLIA_256_CBC_SHA384"
    case 0xc09c: "TLS_RSA_WITH_AES_128_CCM"
    case 0xc09d: "TLS_RSA_WITH_AES_256_CCM"
    case 0xc09e: "TLS_DHE_RSA_WITH_AES_128_CCM"
    case 0xc09f: "TLS_DHE_RSA_WITH_AES_256_CCM"
    case 0xc0a0: "TLS_RSA_WITH_AES_128_CCM_8"
    case 0xc0a1: "TLS_RSA_WITH_AES_256_CCM_8"
    case 0xc0a2: "TLS_DHE_RSA_WITH_AES_128_CCM_8"
    case 0xc0a3: "TLS_DHE_RSA_WITH_AES_256_CCM_8"
    case 0xc0ac: "TLS_ECDHE_ECDSA_WITH_AES_128_CCM"
    case 0xc0ad: "TLS_ECDHE_ECDSA_WITH_AES_256_CCM"
    case 0xc0ae: "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8"
    case 0xc0af: "TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8"
    default: nil
    }
  }
}
