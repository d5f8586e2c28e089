public import Bytes

/// Turns packets into TCP segments: link layer, VLAN tags, tunnels, IPv4 or IPv6, fragments, TCP.
///
/// Ethernet with a plain IPv4 or IPv6 header takes the short way; everything else the walk in `FrameDecoder+Layers`,
/// header by header with `LayerWalk`.
public struct FrameDecoder<Sink: SegmentSink & ~Copyable>: PacketSink, ~Copyable {
  public var sink: Sink
  @usableFromInline var fragments = FragmentTable()
  /// The paths that were told to the sink.
  @usableFromInline var knownPaths: Set<UInt32> = []
  /// What was seen of packets that gave no segment.
  public var tally = PacketTally()
  /// Which TCP checksums are verified, and what becomes of segments whose checksum is wrong.
  public var checksums = ChecksumPolicy.sampled { didSet { longestVerified = checksums.longestByteCount } }
  /// TCP segments of at most this length are verified.
  @usableFromInline var longestVerified = ChecksumPolicy.sampled.longestByteCount

  @inlinable public init(sink: consuming Sink) { self.sink = sink }

  @inlinable @inline(__always) public mutating func receive(_ packet: Span<UInt8>, _ header: PacketHeader) {
    tally.packets &+= 1
    if header.linkType == .ethernet, packet.count >= 54 {
      let typeAndVersion = packet.networkUInt32(at: 12)
      if typeAndVersion & 0xFFFF_FF00 == 0x0800_4500, packet.networkUInt32(at: 20) & 0x3FFF_00FF == 6 {
        // IPv4 with a header of 20 octets, no fragment, TCP.
        let length = Int(packet.networkUInt16(at: 16))
        if length >= 40 {
          return deliver(
            packet, header, start: 34, end: 14 &+ length, sourceHigh: 0,
            sourceLow: UInt64(packet.nativeUInt32(at: 26)), destinationHigh: 0,
            destinationLow: UInt64(packet.nativeUInt32(at: 30)), path: 0, isInFrame: true)
        }
      } else if typeAndVersion & 0xFFFF_F000 == 0x86DD_6000, packet.count >= 74, packet[20] == 6 {
        // IPv6 without extension headers, TCP.
        let length = Int(packet.networkUInt16(at: 18))
        if length >= 20 {
          return deliver(
            packet, header, start: 54, end: 54 &+ length, sourceHigh: packet.nativeUInt64(at: 22),
            sourceLow: packet.nativeUInt64(at: 30), destinationHigh: packet.nativeUInt64(at: 38),
            destinationLow: packet.nativeUInt64(at: 46), path: 1, isInFrame: true)
        }
      }
    }
    receiveLayers(packet, header)
  }
  @inlinable public mutating func advance(to now: Timestamp) { sink.advance(to: now) }
  @inlinable public mutating func idle() { sink.idle() }

  /// Reads the TCP header at `start` and hands the segment on. `end` is where the datagram ends by its own length,
  /// which may lie behind what was captured.
  @inlinable @inline(__always) mutating func deliver(
    _ packet: Span<UInt8>, _ header: PacketHeader, start: Int, end: Int, sourceHigh: UInt64, sourceLow: UInt64,
    destinationHigh: UInt64, destinationLow: UInt64, path: UInt32, isInFrame: Bool
  ) {
    guard start &+ 20 <= packet.count else { return refuse(.packetCut, header) }
    let headerByteCount = Int(packet[start &+ 12] >> 4) &* 4
    let payloadStart = start &+ headerByteCount
    guard headerByteCount >= 20, payloadStart <= end else { return refuse(.headerMalformed, header) }
    let payloadEnd = min(end, packet.count)
    guard payloadStart <= payloadEnd else { return refuse(.packetCut, header) }
    if end &- start <= longestVerified, end == payloadEnd {
      let addresses = Checksum.sum(ofAddresses: sourceHigh, sourceLow, destinationHigh, destinationLow)
      if !passes(packet.extracting(start..<end), addresses: addresses, header) { return }
    }
    var hasTimestampValue = false
    var timestampValue: UInt32 = 0
    if headerByteCount > 20 {
      // The order in which nearly everyone writes it: two no-operations, kind 8, length 10.
      if headerByteCount >= 32, packet.networkUInt32(at: start &+ 20) == 0x0101_080A {
        hasTimestampValue = true
        timestampValue = packet.networkUInt32(at: start &+ 24)
      } else if let value = TCPOptions.timestamp(packet.extracting(start &+ 20..<payloadStart)) {
        hasTimestampValue = true
        timestampValue = value
      }
    }
    let ports = packet.networkUInt32(at: start)
    let turned = ports << 16 | ports >> 16
    // Of equal addresses the ports decide: the sender's is the high half of one number, the receiver's of the other.
    let sourceIsLower = (sourceLow, sourceHigh, ports) < (destinationLow, destinationHigh, turned)
    let key =
      sourceIsLower
      ? FlowKey(
        lowerHigh: sourceHigh, lowerLow: sourceLow, upperHigh: destinationHigh, upperLow: destinationLow,
        ports: ports, path: path)
      : FlowKey(
        lowerHigh: destinationHigh, lowerLow: destinationLow, upperHigh: sourceHigh, upperLow: sourceLow,
        ports: turned, path: path)
    tally.segments &+= 1
    sink.receive(
      TCPSegment(
        key: key, sequenceNumber: packet.networkUInt32(at: start &+ 4),
        acknowledgementNumber: packet.networkUInt32(at: start &+ 8), frame: header.frame,
        frameOffset: isInFrame ? Int32(truncatingIfNeeded: payloadStart) : -1,
        uncapturedByteCount: UInt32(truncatingIfNeeded: end &- payloadEnd), direction: sourceIsLower ? 0 : 1,
        flags: packet[start &+ 13], window: packet.networkUInt16(at: start &+ 14),
        hasTimestampValue: hasTimestampValue, timestampValue: timestampValue, timestamp: header.timestamp),
      payload: packet.extracting(payloadStart..<payloadEnd))
  }
  /// Counts a packet that gives no segment.
  @usableFromInline @inline(never) mutating func refuse(_ irregularity: Irregularity, _ header: PacketHeader) {
    if irregularity == .packetCut { tally.truncated &+= 1 }
    if irregularity == .headerMalformed { tally.malformed &+= 1 }
    sink.note(irregularity, frame: header.frame, at: header.timestamp)
  }
  /// Verifies a segment's checksum; false when the segment is to be left out.
  @usableFromInline @inline(never) mutating func passes(
    _ segment: Span<UInt8>, addresses: UInt64, _ header: PacketHeader
  ) -> Bool {
    tally.verifiedChecksums &+= 1
    if checksums == .sampled, tally.verifiedChecksums == PacketLimits.sampledChecksumCount { longestVerified = -1 }
    switch Checksum.verdict(ofTCP: segment, addresses: addresses) {
    case .right: return true
    case .offloaded:
      tally.offloadedChecksums &+= 1
      sink.note(.checksumOffloaded, frame: header.frame, at: header.timestamp)
      return true
    case .wrong:
      tally.wrongChecksums &+= 1
      sink.note(.checksumWrong, frame: header.frame, at: header.timestamp)
      return checksums != .enforced
    }
  }
}

/// Counts of what the decoder met.
public struct PacketTally: BitwiseCopyable, Sendable {
  public var packets = 0
  public var segments = 0
  /// Packets that end within a header.
  public var truncated = 0
  /// Packets whose headers contradict themselves, or nest deeper than `PacketLimits.layerCount`.
  public var malformed = 0
  /// Packets of a link type that is not decoded, and the last such type.
  public var undecodedLinkType = 0
  public var lastUndecodedLinkType = LinkType(rawValue: 0)
  /// Fragments dropped because a limit was reached or because they overlapped (RFC 5722).
  public var droppedFragments = 0
  /// TCP checksums that were verified, and of these the wrong ones and those that were left to a network card.
  public var verifiedChecksums = 0
  public var wrongChecksums = 0
  public var offloadedChecksums = 0

  @inlinable public init() {}
}
