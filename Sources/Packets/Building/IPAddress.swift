internal import Glibc

/// An IPv4 or IPv6 address of a packet that is being made: 4 or 16 octets in network order.
///
///     let address: IPAddress = "2001:db8::1"
package struct IPAddress: Hashable, Sendable {
  /// The octets as they stand in a packet.
  package let octets: [UInt8]

  /// Takes 4 octets for IPv4, 16 for IPv6; nil for any other number.
  package init?(octets: [UInt8]) {
    guard octets.count == 4 || octets.count == 16 else { return nil }
    self.octets = octets
  }
  /// Reads dotted decimal, or RFC 4291 §2.2's forms; nil when `text` is neither.
  package init?(_ text: String) {
    let isIPv6 = text.utf8.contains(UInt8(ascii: ":"))
    var storage = [UInt8](repeating: 0, count: isIPv6 ? 16 : 4)
    let isAddress = unsafe storage.withUnsafeMutableBytes { room in
      unsafe inet_pton(isIPv6 ? AF_INET6 : AF_INET, text, room.baseAddress) == 1
    }
    guard isAddress else { return nil }
    octets = storage
  }
  package var isIPv6: Bool { octets.count == 16 }
}

extension IPAddress: ExpressibleByStringInterpolation {
  /// An address that stands in the source, also put together there; one that is none is a bug there.
  package init(stringLiteral text: String) {
    guard let address = IPAddress(text) else { preconditionFailure("no address: \(text)") }
    self = address
  }
}

extension IPAddress: CustomStringConvertible {
  /// Dotted decimal, or RFC 5952's form.
  package var description: String { Host(self, 0).endpoint.addressText }
}
