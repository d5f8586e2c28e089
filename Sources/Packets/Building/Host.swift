internal import Bytes

/// Where a segment comes from or goes to: an address and a port.
///
///     let server = Host("192.0.2.1", 25)
package struct Host: Hashable, Sendable {
  package var address: IPAddress
  package var port: UInt16

  package init(_ address: IPAddress, _ port: UInt16) {
    self.address = address
    self.port = port
  }
  /// The same host as the decoder says it.
  package var endpoint: Endpoint {
    let octets = address.octets.span
    return address.isIPv6
      ? Endpoint(high: octets.nativeUInt64(at: 0), low: octets.nativeUInt64(at: 8), isIPv6: true, port: port)
      : Endpoint(high: 0, low: UInt64(octets.nativeUInt32(at: 0)), isIPv6: false, port: port)
  }
}

extension Endpoint {
  /// The address as text: dotted decimal, or RFC 5952's form.
  package var addressText: String {
    var writer = ByteWriter(minimumCapacity: 48)
    appendAddress(to: &writer)
    return writer.withOctets { $0.text() }
  }
}
