import Bytes
import Packets

/// Takes segments, and stops the fuzzer at the first that cannot be of the packet that is decoded.
struct SegmentChecks: SegmentSink, ~Copyable {
  private var header = PacketHeader(
    frame: 0, linkType: .ethernet, timestamp: Timestamp(nanoseconds: 0), originalByteCount: 0)
  /// Where the packet begins in memory, and its octets at hand.
  private var packetAddress: UInt = 0
  private var packetByteCount = 0
  private var isInPacket = false
  private var segmentCount = 0
  private var noteCount = 0
  /// When each packet came: the first is frame 1.
  private var timestamps: [Timestamp] = []

  /// What comes until the next `enter` or `leave` is of `packet`.
  mutating func enter(_ packet: Span<UInt8>, _ header: PacketHeader) {
    packetAddress = Self.address(of: packet)
    packetByteCount = packet.count
    self.header = header
    timestamps.append(header.timestamp)
    isInPacket = true
  }
  mutating func leave() { isInPacket = false }

  mutating func receive(_ segment: borrowing TCPSegment, payload: Span<UInt8>) {
    segmentCount += 1
    check(copy segment, payload)
  }
  private func check(_ segment: TCPSegment, _ payload: Span<UInt8>) {
    precondition(isInPacket, "a segment without a packet")
    precondition(
      segment.frame == header.frame && segment.timestamp == header.timestamp, "a segment of another packet")
    precondition(segment.direction <= 1, "direction \(segment.direction)")
    let sender = segment.key.endpoint(Int(segment.direction))
    let receiver = segment.key.endpoint(Int(segment.direction ^ 1))
    precondition(
      sender.port == segment.sourcePort && receiver.port == segment.destinationPort, "the ports are of other endpoints")
    precondition(segment.hasTimestampValue || segment.timestampValue == 0, "a timestamp that is not there")
    // A datagram is no longer than its length can say, or than the frame where that says nothing.
    let longest = max(Self.longestDatagram, Int(header.originalByteCount))
    precondition(
      payload.count + Int(segment.uncapturedByteCount) <= longest,
      "\(payload.count) octets of payload, \(segment.uncapturedByteCount) more on the wire")
    if segment.frameOffset < 0 {
      precondition(segment.frameOffset == -1, "frame offset \(segment.frameOffset)")
      precondition(payload.count <= Self.longestDatagram, "a datagram of \(payload.count) octets")
    } else {
      let offset = Int(segment.frameOffset)
      precondition(
        offset >= 20 && offset + payload.count <= packetByteCount,
        "\(payload.count) octets at \(offset) of a packet of \(packetByteCount)")
      precondition(
        payload.count == 0 || Self.address(of: payload) == packetAddress + UInt(offset), "the payload lies elsewhere")
    }
    precondition(
      segment.uncapturedByteCount == 0 || segment.frameOffset >= 0, "octets missing from a datagram that is whole")
  }
  mutating func note(_ irregularity: Irregularity, frame: UInt32, at timestamp: Timestamp) {
    noteCount += 1
    precondition(frame >= 1 && frame <= header.frame, "a note on frame \(frame), at frame \(header.frame)")
    precondition(timestamp == timestamps[Int(frame) - 1], "a note of another time than its frame's")
  }
  mutating func idle() {}

  /// What the decoder counted must be what came.
  func check(_ tally: PacketTally, packetCount: Int) {
    precondition(tally.packets == packetCount, "\(tally.packets) packets of \(packetCount) counted")
    precondition(tally.segments == segmentCount, "\(tally.segments) segments of \(segmentCount) counted")
    precondition(tally.wrongChecksums + tally.offloadedChecksums <= tally.verifiedChecksums, "more than was verified")
    precondition(
      tally.truncated + tally.malformed + tally.wrongChecksums + tally.offloadedChecksums <= noteCount,
      "something was counted and not told")
  }

  /// What IP's length fields can say: 65,535 octets behind an IPv6 header.
  private static let longestDatagram = 65_535

  private static func address(of octets: Span<UInt8>) -> UInt {
    unsafe octets.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) }
  }
}
