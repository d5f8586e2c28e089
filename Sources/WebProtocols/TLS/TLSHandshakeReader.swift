internal import Bytes

/// Finds the hellos in one direction's handshake messages (RFC 8446 §4), which records cut as they like.
struct TLSHandshakeReader {
  /// A longer hello is none: post-quantum ones have some 2 KB.
  private static let helloByteCount = 1 << 16
  private var pending: [UInt8] = []
  /// Octets that are left of a message that nobody needs.
  private var skipped = 0

  enum Hello { case client(TLSHello), server(TLSHello) }

  /// The hellos that end in these octets.
  mutating func read(_ octets: Span<UInt8>) -> [Hello] {
    var found: [Hello] = []
    var offset = 0
    while offset < octets.count {
      if skipped > 0 {
        let taken = min(skipped, octets.count - offset)
        skipped -= taken
        offset += taken
        continue
      }
      // type (1) | length (3) | body
      let needed = pending.count < 4 ? 4 : 4 + length
      let taken = min(needed - pending.count, octets.count - offset)
      pending += octets.extracting(offset..<offset + taken).copied()
      offset += taken
      if pending.count == 4, pending[0] != 1 && pending[0] != 2 || length > Self.helloByteCount {
        skipped = length
        pending.removeAll()
      } else if pending.count >= 4, pending.count == 4 + length {
        let isServer = pending[0] == 2
        if let hello = TLSHello(pending.span.extracting(4...), isServer: isServer) {
          found.append(isServer ? .server(hello) : .client(hello))
        }
        pending.removeAll()
      }
    }
    return found
  }
  private var length: Int { Int(pending[1]) << 16 | Int(pending[2]) << 8 | Int(pending[3]) }
  /// Octets are missing: what is under way is lost.
  mutating func forget() {
    pending.removeAll()
    skipped = 0
  }
}
