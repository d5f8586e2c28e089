internal import Bytes

/// The layers of a packet that is not plain Ethernet, IP and TCP, one after the other.
extension FrameDecoder where Sink: ~Copyable {
  /// Where the walk stands: the next header's place, and the path so far.
  @usableFromInline struct Walk {
    @usableFromInline var offset = 0
    /// VLAN identifiers mixed into one number; the lowest bit is kept free for the address family.
    @usableFromInline var path: UInt32 = 0
    @usableFromInline init() {}
  }

  @usableFromInline @inline(never) mutating func receiveLayers(_ packet: Span<UInt8>, _ header: PacketHeader) {
    var walk = Walk()
    switch header.linkType {
    case .ethernet: receiveEthernet(packet, header, &walk)
    case .raw, .rawBSD, .rawOpenBSD, .ipv4, .ipv6: receiveIP(packet, header, walk)
    case .null, .loop: receiveLoopback(packet, header, &walk)
    case .linuxSLL: receiveEtherType(packet, header, &walk, typeOffset: 14, next: 16)
    case .linuxSLL2: receiveEtherType(packet, header, &walk, typeOffset: 0, next: 20)
    default:
      tally.undecodedLinkType &+= 1
      tally.lastUndecodedLinkType = header.linkType
    }
  }
  mutating func receiveEthernet(_ packet: Span<UInt8>, _ header: PacketHeader, _ walk: inout Walk) {
    receiveEtherType(packet, header, &walk, typeOffset: 12, next: 14)
  }
  /// The header behind an EtherType; VLAN tags (IEEE 802.1Q) are walked through, however many.
  mutating func receiveEtherType(
    _ packet: Span<UInt8>, _ header: PacketHeader, _ walk: inout Walk, typeOffset: Int, next: Int
  ) {
    guard packet.count >= next else { return tally.truncated &+= 1 }
    var type = packet.networkUInt16(at: typeOffset)
    var offset = next
    for _ in 0..<PacketLimits.layerCount {
      switch type {
      case 0x8100, 0x88A8, 0x9100, 0x9200, 0x9300:
        guard packet.count >= offset + 4 else { return tally.truncated &+= 1 }
        let identifier = UInt32(packet.networkUInt16(at: offset) & 0x0FFF)
        walk.path = (walk.path &* 0x1003) &+ (identifier &+ 1) << 1
        type = packet.networkUInt16(at: offset + 2)
        offset += 4
      case 0x0800, 0x86DD:
        walk.offset = offset
        return receiveIP(packet, header, walk)
      default: return
      }
    }
  }
  /// BSD loopback: an address family of 4 octets, in either byte order; IPv6's number differs from system to system.
  mutating func receiveLoopback(_ packet: Span<UInt8>, _ header: PacketHeader, _ walk: inout Walk) {
    guard packet.count >= 4 else { return tally.truncated &+= 1 }
    let family = packet.nativeUInt32(at: 0)
    switch family < 0x10000 ? family : family.byteSwapped {
    case 2, 10, 23, 24, 28, 30:
      walk.offset = 4
      receiveIP(packet, header, walk)
    default: break
    }
  }
  mutating func receiveIP(_ packet: Span<UInt8>, _ header: PacketHeader, _ walk: Walk) {
    guard packet.count > walk.offset else { return tally.truncated &+= 1 }
    switch packet[walk.offset] >> 4 {
    case 4: receiveIPv4(packet, header, walk)
    case 6: receiveIPv6(packet, header, walk)
    default: tally.malformed &+= 1
    }
  }
  /// RFC 791 §3.1. A total length of 0 is what segmentation offload leaves: the frame's length counts then.
  mutating func receiveIPv4(_ packet: Span<UInt8>, _ header: PacketHeader, _ walk: Walk) {
    let start = walk.offset
    guard packet.count >= start + 20 else { return tally.truncated &+= 1 }
    let headerByteCount = Int(packet[start] & 15) * 4
    let totalLength = Int(packet.networkUInt16(at: start + 2))
    let end = totalLength == 0 ? max(packet.count, Int(header.originalByteCount)) : start + totalLength
    guard headerByteCount >= 20, end >= start + headerByteCount else { return tally.malformed &+= 1 }
    let fragment = packet.networkUInt16(at: start + 6)
    let source = UInt64(packet.nativeUInt32(at: start + 12))
    let destination = UInt64(packet.nativeUInt32(at: start + 16))
    guard packet[start + 9] == 6 else { return }
    if fragment & 0x3FFF != 0 {
      return receiveFragment(
        packet, header,
        FragmentKey(
          sourceHigh: 0, sourceLow: source, destinationHigh: 0, destinationLow: destination,
          identification: UInt32(packet.networkUInt16(at: start + 4)), path: walk.path),
        start: start + headerByteCount, end: end, offset: Int(fragment & 0x1FFF) * 8, isLast: fragment & 0x2000 == 0)
    }
    deliver(
      packet, header, start: start + headerByteCount, end: end, sourceHigh: 0, sourceLow: source, destinationHigh: 0,
      destinationLow: destination, path: walk.path, isInFrame: true)
  }
  /// RFC 8200 §3, and the extension headers of §4 until TCP.
  mutating func receiveIPv6(_ packet: Span<UInt8>, _ header: PacketHeader, _ walk: Walk) {
    let start = walk.offset
    guard packet.count >= start + 40 else { return tally.truncated &+= 1 }
    let payloadLength = Int(packet.networkUInt16(at: start + 4))
    let end = payloadLength == 0 ? max(packet.count, Int(header.originalByteCount)) : start + 40 + payloadLength
    let source = (packet.nativeUInt64(at: start + 8), packet.nativeUInt64(at: start + 16))
    let destination = (packet.nativeUInt64(at: start + 24), packet.nativeUInt64(at: start + 32))
    var next = packet[start + 6]
    var offset = start + 40
    for _ in 0..<PacketLimits.layerCount {
      switch next {
      case 6:
        return deliver(
          packet, header, start: offset, end: end, sourceHigh: source.0, sourceLow: source.1,
          destinationHigh: destination.0, destinationLow: destination.1, path: walk.path | 1, isInFrame: true)
      case 0, 43, 60, 135:
        guard packet.count >= offset + 8 else { return tally.truncated &+= 1 }
        next = packet[offset]
        offset += (Int(packet[offset + 1]) + 1) * 8
      case 51:
        guard packet.count >= offset + 8 else { return tally.truncated &+= 1 }
        next = packet[offset]
        offset += (Int(packet[offset + 1]) + 2) * 4
      case 44:
        guard packet.count >= offset + 8 else { return tally.truncated &+= 1 }
        let fragment = packet.networkUInt16(at: offset + 2)
        next = packet[offset]
        if fragment & 0xFFF9 == 0 {
          offset += 8
          continue
        }
        guard next == 6 else { return }
        return receiveFragment(
          packet, header,
          FragmentKey(
            sourceHigh: source.0, sourceLow: source.1, destinationHigh: destination.0, destinationLow: destination.1,
            identification: packet.nativeUInt32(at: offset + 4), path: walk.path | 1),
          start: offset + 8, end: end, offset: Int(fragment & 0xFFF8), isLast: fragment & 1 == 0)
      default: return
      }
    }
  }
  mutating func receiveFragment(
    _ packet: Span<UInt8>, _ header: PacketHeader, _ key: FragmentKey, start: Int, end: Int, offset: Int, isLast: Bool
  ) {
    guard start <= packet.count, end <= packet.count, start < end else { return tally.truncated &+= 1 }
    let outcome = fragments.receive(
      packet.extracting(start..<end), key: key, offset: offset, isLast: isLast)
    tally.droppedFragments &+= fragments.takeEvictedCount()
    switch outcome {
    case .waiting: break
    case .dropped: tally.droppedFragments &+= 1
    case .complete(let datagram):
      deliver(
        datagram.span, header, start: 0, end: datagram.count, sourceHigh: key.sourceHigh, sourceLow: key.sourceLow,
        destinationHigh: key.destinationHigh, destinationLow: key.destinationLow, path: key.path, isInFrame: false)
    }
  }
}
