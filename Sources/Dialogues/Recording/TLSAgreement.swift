internal import WebProtocols

/// The version and the cipher suite that a server has chosen, as a record's number keeps them; 0 where that is not known.
struct TLSAgreement: BitwiseCopyable {
  let number: UInt64

  init(_ version: TLSVersion, _ cipherSuite: UInt16) { number = UInt64(version.rawValue) << 16 | UInt64(cipherSuite) }
  init(number: UInt64) { self.number = number }

  /// As people call it.
  var version: StaticString? { TLSVersion(rawValue: UInt16(truncatingIfNeeded: number >> 16)).name }
  /// As IANA spells it.
  var cipherSuite: StaticString? { TLSCipherSuite.name(UInt16(truncatingIfNeeded: number)) }
  /// Both, for a person; empty where neither is known.
  var text: String { [version, cipherSuite].compactMap { $0.map { "\($0)" } }.joined(separator: ", ") }
}
