public import Bytes

/// Turns packets into TCP segments: link layer, VLAN tags, tunnels, IPv4 or IPv6, fragments, TCP.
///
/// Ethernet with a plain IPv4 or IPv6 header takes the short way; everything else the walk in `FrameDecoder+Layers`,
/// header by header with `LayerWalk`.
public struct FrameDecoder<Sink: SegmentSink & ~Copyable>: PacketSink, ~Copyable {
  public var sink: Sink
  @usableFromInline var fragments = FragmentTable()
  /// What was seen of packets that gave no segment.
  public var tally = PacketTally()

  @inlinable public init(sink: consuming Sink) { self.sink = sink }

  @inlinable public mutating func receive(_ packet: Span<UInt8>, _ header: PacketHeader) {
    tally.packets &+= 1
    if header.linkType == .ethernet, packet.count >= 54 {
      let etherType = packet.networkUInt16(at: 12)
      if etherType == 0x0800, packet[14] == 0x45, packet[23] == 6, packet.networkUInt16(at: 20) & 0x3FFF == 0 {
        let length = Int(packet.networkUInt16(at: 16))
        if length >= 40 {
          return deliver(
            packet, header, start: 34, end: 14 &+ length, sourceHigh: 0,
            sourceLow: UInt64(packet.nativeUInt32(at: 26)), destinationHigh: 0,
            destinationLow: UInt64(packet.nativeUInt32(at: 30)), path: 0, isInFrame: true)
        }
      } else if etherType == 0x86DD, packet.count >= 74, packet[20] == 6 {
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
  @inlinable public mutating func idle() { sink.idle() }

  /// Reads the TCP header at `start` and hands the segment on. `end` is where the datagram ends by its own length,
  /// which may lie behind what was captured.
  @inlinable @inline(__always) mutating func deliver(
    _ packet: Span<UInt8>, _ header: PacketHeader, start: Int, end: Int, sourceHigh: UInt64, sourceLow: UInt64,
    destinationHigh: UInt64, destinationLow: UInt64, path: UInt32, isInFrame: Bool
  ) {
    guard start &+ 20 <= packet.count else {
      tally.truncated &+= 1
      return
    }
    let source = packet.networkUInt16(at: start)
    let destination = packet.networkUInt16(at: start &+ 2)
    let headerByteCount = Int(packet[start &+ 12] >> 4) &* 4
    let payloadStart = start &+ headerByteCount
    guard headerByteCount >= 20, payloadStart <= end else {
      tally.malformed &+= 1
      return
    }
    let payloadEnd = min(end, packet.count)
    guard payloadStart <= payloadEnd else {
      tally.truncated &+= 1
      return
    }
    let sourceIsLower = (sourceLow, sourceHigh, source) < (destinationLow, destinationHigh, destination)
    let key =
      sourceIsLower
      ? FlowKey(
        lowerHigh: sourceHigh, lowerLow: sourceLow, upperHigh: destinationHigh, upperLow: destinationLow,
        ports: UInt32(source) << 16 | UInt32(destination), path: path)
      : FlowKey(
        lowerHigh: destinationHigh, lowerLow: destinationLow, upperHigh: sourceHigh, upperLow: sourceLow,
        ports: UInt32(destination) << 16 | UInt32(source), path: path)
    tally.segments &+= 1
    sink.receive(
      TCPSegment(
        key: key, sequenceNumber: packet.networkUInt32(at: start &+ 4),
        acknowledgementNumber: packet.networkUInt32(at: start &+ 8), frame: header.frame,
        frameOffset: isInFrame ? Int32(truncatingIfNeeded: payloadStart) : -1,
        uncapturedByteCount: UInt32(truncatingIfNeeded: end &- payloadEnd), sourcePort: source,
        destinationPort: destination, direction: sourceIsLower ? 0 : 1, flags: packet[start &+ 13],
        timestamp: header.timestamp),
      payload: packet.extracting(payloadStart..<payloadEnd))
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

  @inlinable public init() {}
}
