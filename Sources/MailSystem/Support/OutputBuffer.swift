internal import Bytes

/// Octets that a role wants to send, put together until somebody takes them.
struct OutputBuffer: Sendable {
  private(set) var octets: [UInt8] = []

  var isEmpty: Bool { octets.isEmpty }

  /// Appends what `body` writes.
  mutating func write(_ body: (inout ByteWriter) -> Void) {
    var writer = ByteWriter()
    body(&writer)
    writer.withOctets { octets.append(contentsOf: $0.copied()) }
  }
  mutating func append(_ more: some Sequence<UInt8>) { octets.append(contentsOf: more) }

  mutating func take() -> [UInt8] {
    defer { octets = [] }
    return octets
  }
}
