internal import Packets

/// A TCP segment on the virtual wire.
struct VirtualSegment: Equatable, Sendable {
  var flags: TCPFlags
  var sequenceNumber: UInt32
  var acknowledgementNumber: UInt32 = 0
  var window: UInt16 = 65_535
  /// In SYN segments.
  var maximumSegmentSize: UInt16?
  var payload: [UInt8] = []

  /// What it takes of the sequence space: SYN and FIN count as one octet each (RFC 9293 §3.4).
  var sequenceLength: UInt32 {
    UInt32(truncatingIfNeeded: payload.count) + (flags.contains(.syn) ? 1 : 0) + (flags.contains(.fin) ? 1 : 0)
  }
}
