import Glibc

/// The octets of a number, in network order or the other.
package func octets(_ number: some FixedWidthInteger, isBigEndian: Bool = true) -> [UInt8] {
  let count = number.bitWidth / 8
  let ordered = (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * ($0))) }
  return isBigEndian ? ordered.reversed() : ordered
}

/// An IPv4 or IPv6 address in network order.
package struct IPAddress: Equatable, Sendable, CustomStringConvertible {
  package var octets: [UInt8]
  package init(octets: [UInt8]) { self.octets = octets }

  /// Reads any text that the C library takes for an address; none at all is 0.0.0.0.
  package init(_ text: String) {
    var storage = [UInt8](repeating: 0, count: 16)
    let isIPv6 = text.contains(":")
    _ = unsafe storage.withUnsafeMutableBytes { unsafe inet_pton(isIPv6 ? AF_INET6 : AF_INET, text, $0.baseAddress) }
    octets = Array(storage.prefix(isIPv6 ? 16 : 4))
  }
  package var isIPv6: Bool { octets.count == 16 }
  package var description: String { "\(octets)" }
}

/// A variable of the environment.
package func environment(_ name: String) -> String? {
  guard let value = unsafe getenv(name) else { return nil }
  return unsafe String(cString: value)
}
