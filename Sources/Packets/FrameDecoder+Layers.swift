internal import Bytes

/// The layers of a packet that is not plain Ethernet, IP and TCP, one after the other.
extension FrameDecoder where Sink: ~Copyable {
  @usableFromInline @inline(never) mutating func receiveLayers(_ packet: Span<UInt8>, _ header: PacketHeader) {
    sink.advance(to: header.timestamp)
    guard let layer = Layer(header.linkType) else {
      tally.undecodedLinkType &+= 1
      tally.lastUndecodedLinkType = header.linkType
      return
    }
    let originalByteCount = min(Int(header.originalByteCount), PacketLimits.originalByteCount)
    var walk = LayerWalk(end: max(packet.count, originalByteCount))
    receive(layer, packet, header, &walk)
  }
  /// Reads header after header, from `layer` on, until a TCP segment or something that cannot carry one.
  private mutating func receive(
    _ layer: Layer, _ packet: Span<UInt8>, _ header: PacketHeader, _ walk: inout LayerWalk
  ) {
    var layer = layer
    while true {
      // What lies behind the end of an outer header's datagram is padding, and no part of an inner one.
      let known = packet.extracting(0..<min(packet.count, walk.end))
      switch layer {
      case .payload(6):
        if walk.path != 0 { tell(walk) }
        return deliver(
          known, header, start: walk.offset, end: walk.datagramEnd, sourceHigh: walk.source.high,
          sourceLow: walk.source.low, destinationHigh: walk.destination.high, destinationLow: walk.destination.low,
          path: walk.path | (walk.isIPv6 ? 1 : 0), isInFrame: walk.isInFrame)
      case .other: return
      case .truncated: return refuse(.packetCut, header)
      case .malformed: return refuse(.headerMalformed, header)
      default: break
      }
      guard walk.layerCount < PacketLimits.layerCount else { return refuse(.headerMalformed, header) }
      walk.layerCount &+= 1
      layer = layer == .ip ? receiveIP(known, header, &walk) : walk.step(layer, known)
    }
  }
  /// Tells the sink of a path when it is met for the first time.
  private mutating func tell(_ walk: LayerWalk) {
    guard !knownPaths.contains(walk.path), knownPaths.count < PacketLimits.pathCount else { return }
    knownPaths.insert(walk.path)
    sink.receive(walk.steps, number: walk.path)
  }
  /// Reads an IP header; what it carries follows, unless it is a fragment.
  private mutating func receiveIP(_ packet: Span<UInt8>, _ header: PacketHeader, _ walk: inout LayerWalk) -> Layer {
    guard packet.count > walk.offset else { return .truncated }
    switch packet[walk.offset] >> 4 {
    case 4: return receiveIPv4(packet, header, &walk)
    case 6: return receiveIPv6(packet, header, &walk)
    default: return .malformed
    }
  }
  /// RFC 791 §3.1. A total length of 0 is what segmentation offload leaves: the frame's length counts then.
  private mutating func receiveIPv4(_ packet: Span<UInt8>, _ header: PacketHeader, _ walk: inout LayerWalk) -> Layer {
    let start = walk.offset
    guard packet.count >= start + 20 else { return .truncated }
    let headerByteCount = Int(packet[start] & 15) * 4
    let totalLength = Int(packet.networkUInt16(at: start + 2))
    let end = totalLength == 0 ? walk.end : start + totalLength
    if totalLength == 0 { sink.note(.lengthZero, frame: header.frame, at: header.timestamp) }
    guard headerByteCount >= 20, end >= start + headerByteCount else { return .malformed }
    let protocolNumber = packet[start + 9]
    let fragment = packet.networkUInt16(at: start + 6)
    walk.enterDatagram(
      from: IPAddressHalves(low: UInt64(packet.nativeUInt32(at: start + 12))),
      to: IPAddressHalves(low: UInt64(packet.nativeUInt32(at: start + 16))), isIPv6: false,
      payload: start + headerByteCount, end: end)
    guard fragment & 0x3FFF != 0 else { return .payload(protocolNumber) }
    return receiveFragment(
      packet, header, walk, protocolNumber, identification: UInt32(packet.networkUInt16(at: start + 4)),
      offset: Int(fragment & 0x1FFF) * 8, isLast: fragment & 0x2000 == 0)
  }
  /// RFC 8200 §3, and the extension headers of §4.
  private mutating func receiveIPv6(_ packet: Span<UInt8>, _ header: PacketHeader, _ walk: inout LayerWalk) -> Layer {
    let start = walk.offset
    guard packet.count >= start + 40 else { return .truncated }
    let payloadLength = Int(packet.networkUInt16(at: start + 4))
    walk.enterDatagram(
      from: IPAddressHalves(high: packet.nativeUInt64(at: start + 8), low: packet.nativeUInt64(at: start + 16)),
      to: IPAddressHalves(high: packet.nativeUInt64(at: start + 24), low: packet.nativeUInt64(at: start + 32)),
      isIPv6: true, payload: start + 40, end: payloadLength == 0 ? walk.end : start + 40 + payloadLength)
    var next = packet[start + 6]
    for _ in 0..<PacketLimits.layerCount {
      let offset = walk.offset
      switch next {
      case 0, 43, 60, 135:
        guard packet.count >= offset + 8 else { return .truncated }
        if next == 0, payloadLength == 0, packet.networkUInt16(at: offset + 2) == 0xC204 {
          walk.endJumbogram(at: start + 40 + Int(packet.networkUInt32(at: offset + 4)))
        }
        next = packet[offset]
        walk.offset += (Int(packet[offset + 1]) + 1) * 8
      case 51:
        guard packet.count >= offset + 8 else { return .truncated }
        next = packet[offset]
        walk.offset += (Int(packet[offset + 1]) + 2) * 4
      case 44:
        guard packet.count >= offset + 8 else { return .truncated }
        let fragment = packet.networkUInt16(at: offset + 2)
        next = packet[offset]
        walk.offset += 8
        if fragment & 0xFFF9 == 0 { continue }
        return receiveFragment(
          packet, header, walk, next, identification: packet.nativeUInt32(at: offset + 4),
          offset: Int(fragment & 0xFFF8), isLast: fragment & 1 == 0)
      default: return .payload(next)
      }
    }
    return .malformed
  }
  /// Keeps a fragment that stands at the walk's offset; goes on with the datagram, once it is whole. That nests no
  /// deeper than headers do: the walk's count of them is carried on.
  private mutating func receiveFragment(
    _ packet: Span<UInt8>, _ header: PacketHeader, _ walk: LayerWalk, _ protocolNumber: UInt8, identification: UInt32,
    offset: Int, isLast: Bool
  ) -> Layer {
    guard Layer.carriesTCP(protocolNumber) else { return .other }
    let start = walk.offset
    let end = walk.datagramEnd
    guard start <= packet.count, end <= packet.count, start < end else { return .truncated }
    let key = FragmentKey(
      sourceHigh: walk.source.high, sourceLow: walk.source.low, destinationHigh: walk.destination.high,
      destinationLow: walk.destination.low, identification: identification, path: walk.path | (walk.isIPv6 ? 1 : 0),
      protocolNumber: protocolNumber)
    let outcome = fragments.receive(
      packet.extracting(start..<end), key: key, offset: offset, isLast: isLast, header)
    let evictedCount = fragments.takeEvictedCount()
    if evictedCount > 0 {
      tally.droppedFragments &+= evictedCount
      sink.note(.fragmentLimit, frame: header.frame, at: header.timestamp)
    }
    for remark in fragments.takeRemarks() {
      sink.note(remark.irregularity, frame: remark.frame, at: remark.timestamp)
    }
    switch outcome {
    case .waiting: break
    case .dropped: tally.droppedFragments &+= 1
    case .complete(let datagram):
      var inner = walk
      inner.enterReassembled(byteCount: datagram.count)
      receive(.payload(protocolNumber), datagram.span, header, &inner)
    }
    return .other
  }
  /// The capture is over: datagrams that wait for fragments are remarked on.
  public mutating func finish() {
    for remark in fragments.finish() {
      sink.note(remark.irregularity, frame: remark.frame, at: remark.timestamp)
    }
  }
}
