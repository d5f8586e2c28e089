/// An option of the TCP header (RFC 9293 §3.2): a kind, a length, and what the kind wants.
///
///     02 04 05 b4     maximum segment size 1460
package enum TCPOption: Equatable, Sendable {
  /// Octets that arrived: the number of the first, and the number behind the last (RFC 2018 §3).
  package struct SequenceRange: Equatable, Sendable {
    package var first: UInt32
    package var next: UInt32
    package init(first: UInt32, next: UInt32) {
      self.first = first
      self.next = next
    }
  }

  /// One octet that only takes room.
  case noOperation
  /// The largest segment that the sender can receive, in octets; in SYN segments (RFC 9293 §3.7.1).
  case maximumSegmentSize(UInt16)
  /// The window is to be shifted left by so many bits, 0 to 14; in SYN segments (RFC 7323 §2.2).
  case windowScale(UInt8)
  /// Selective acknowledgements are understood; in SYN segments (RFC 2018 §2).
  case selectiveAcknowledgementPermitted
  /// What arrived beyond the acknowledgement number, one to four blocks (RFC 2018 §3).
  case selectiveAcknowledgement([SequenceRange])
  /// The sender's clock, and the peer's as it was last heard (RFC 7323 §3.2).
  case timestamps(value: UInt32, echo: UInt32)
  /// Any other kind with its value.
  case other(kind: UInt8, value: [UInt8])
  /// Octets as they are, right or wrong.
  case octets([UInt8])

  /// The options as they stand in the header, filled with end-of-option octets to whole words.
  package static func encoded(_ options: [TCPOption]) -> [UInt8] {
    let octets = options.flatMap(\.octets)
    return octets + [UInt8](repeating: 0, count: -octets.count & 3)
  }
  /// The option alone.
  package var octets: [UInt8] {
    switch self {
    case .noOperation: [1]
    case .maximumSegmentSize(let byteCount): Self.field(2, byteCount.networkOctets)
    case .windowScale(let shift): Self.field(3, [shift])
    case .selectiveAcknowledgementPermitted: Self.field(4, [])
    case .selectiveAcknowledgement(let blocks):
      Self.field(5, blocks.flatMap { $0.first.networkOctets + $0.next.networkOctets })
    case .timestamps(let value, let echo): Self.field(8, value.networkOctets + echo.networkOctets)
    case .other(let kind, let value): Self.field(kind, value)
    case .octets(let octets): octets
    }
  }
  private static func field(_ kind: UInt8, _ value: [UInt8]) -> [UInt8] {
    [kind, UInt8(truncatingIfNeeded: value.count + 2)] + value
  }
}
