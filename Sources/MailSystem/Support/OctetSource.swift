internal import Ciphers

/// Where a role takes octets from that must not repeat: the system's, or a seed's, so that a virtual wire plays the
/// same twice.
package enum OctetSource: Sendable {
  case system
  /// Not for secrets: whoever knows the seed knows what comes (SplitMix64).
  case seeded(UInt64)

  package mutating func take(_ count: Int) -> [UInt8] {
    guard case .seeded(var state) = self else { return RandomOctets.make(count) }
    var octets: [UInt8] = []
    while octets.count < count {
      state &+= 0x9E37_79B9_7F4A_7C15
      var word = state
      word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
      word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
      word ^= word >> 31
      for shift in stride(from: UInt64(0), to: 64, by: 8) where octets.count < count {
        octets.append(UInt8(truncatingIfNeeded: word >> shift))
      }
    }
    self = .seeded(state)
    return octets
  }
  private static let alphabet = Array("ABCDEFGHJKLMNPQRSTUVWXYZ23456789".utf8)
  /// A name of `count` letters and digits.
  package mutating func takeName(_ count: Int) -> String {
    var octets = take(count)
    for index in octets.indices { octets[index] = Self.alphabet[Int(octets[index]) % Self.alphabet.count] }
    return String(decoding: octets, as: UTF8.self)
  }
}
