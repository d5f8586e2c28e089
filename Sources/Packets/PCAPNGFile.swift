public import Bytes

/// The newer capture format (draft-ietf-opsawg-pcapng): sections of blocks, each with interfaces of its own.
@usableFromInline struct PCAPNGFile: RecordFormat {
  /// The type of a section header block; it reads the same in both byte orders.
  @usableFromInline static var sectionHeader: UInt32 { 0x0A0D_0D0A }

  @usableFromInline var isSwapped = false
  @usableFromInline var hasSection = false
  @usableFromInline var interfaces: [PCAPNGInterface] = []
  @usableFromInline var neededByteCount = 12
  /// What has not come yet of a block that is passed over.
  @usableFromInline var passedByteCount = 0
  @usableFromInline init() {}

  @inlinable @inline(__always) func number(_ octets: Span<UInt8>, at offset: Int) -> UInt32 {
    let number = octets.nativeUInt32(at: offset)
    return isSwapped ? number.byteSwapped : number
  }
  @inlinable @inline(__always) func shortNumber(_ octets: Span<UInt8>, at offset: Int) -> UInt16 {
    let number = octets.nativeUInt16(at: offset)
    return isSwapped ? number.byteSwapped : number
  }

  @inlinable mutating func walk<Sink: PacketSink & ~Copyable>(
    _ octets: Span<UInt8>, at offset: UInt64, frame: inout UInt32, limit: UInt32, into sink: inout Sink
  ) throws(CaptureError) -> Int {
    let end = octets.count
    var position = passOver(end)
    while position &+ 12 <= end, frame < limit {
      let here = offset &+ UInt64(position)
      var type = octets.nativeUInt32(at: position)
      if type == Self.sectionHeader {
        try takeByteOrder(octets, position, at: here)
      } else if !hasSection {
        throw .damaged(offset: here, reason: "a block stands before any section header")
      } else if isSwapped {
        type = type.byteSwapped
      }
      let length = Int(number(octets, at: position &+ 4))
      if length < 12 || length & 3 != 0 || length > PacketLimits.blockByteCount {
        try beginPassing(type, byteCount: length, at: here)
        position &+= passOver(end &- position)
        continue
      }
      let next = position &+ length
      if next > end {
        neededByteCount = length
        return position
      }
      if Int(number(octets, at: next &- 4)) != length {
        throw .damaged(
          offset: here, reason: "the two lengths of a block differ (\(length) and \(number(octets, at: next &- 4)))")
      }
      let body = octets.extracting(position &+ 8..<next &- 4)
      switch type {
      case 6: try deliverEnhanced(body, at: here, frame: &frame, into: &sink)
      case 3: try deliverSimple(body, at: here, frame: &frame, into: &sink)
      case 2: try deliverObsolete(body, at: here, frame: &frame, into: &sink)
      case 1: try describeInterface(body, at: here, into: &sink)
      case Self.sectionHeader: try beginSection(body, at: here, into: &sink)
      default: note(type, body, at: here, into: &sink)
      }
      position = next
    }
    neededByteCount = 12
    return position
  }

  /// An enhanced packet block (§4.3).
  @inlinable @inline(__always) func deliverEnhanced<Sink: PacketSink & ~Copyable>(
    _ body: Span<UInt8>, at offset: UInt64, frame: inout UInt32, into sink: inout Sink
  ) throws(CaptureError) {
    guard body.count >= 20 else { throw .damaged(offset: offset, reason: "a packet block without its header") }
    try deliver(
      body, captured: number(body, at: 12), interface: number(body, at: 0), droppedCount: 0, at: offset, frame: &frame,
      into: &sink)
  }
  /// A packet block of the obsolete kind (§ A): an interface of 16 bits, then packets dropped before, all ones where
  /// that is not known.
  @inlinable @inline(never) func deliverObsolete<Sink: PacketSink & ~Copyable>(
    _ body: Span<UInt8>, at offset: UInt64, frame: inout UInt32, into sink: inout Sink
  ) throws(CaptureError) {
    guard body.count >= 20 else { throw .damaged(offset: offset, reason: "a packet block without its header") }
    let dropped = shortNumber(body, at: 2)
    try deliver(
      body, captured: number(body, at: 12), interface: UInt32(shortNumber(body, at: 0)),
      droppedCount: dropped == 0xFFFF ? 0 : dropped, at: offset, frame: &frame, into: &sink)
  }
  /// A packet with its time and lengths, 20 octets before its own, and options behind it.
  @inlinable @inline(__always) func deliver<Sink: PacketSink & ~Copyable>(
    _ body: Span<UInt8>, captured: UInt32, interface: UInt32, droppedCount: UInt16, at offset: UInt64,
    frame: inout UInt32, into sink: inout Sink
  ) throws(CaptureError) {
    guard interface < UInt32(truncatingIfNeeded: interfaces.count) else {
      throw .damaged(offset: offset, reason: "a packet of interface \(interface), which was never described")
    }
    let end = 20 &+ Int(captured)
    guard end <= body.count, Int(captured) <= PacketLimits.capturedByteCount else {
      throw .damaged(
        offset: offset,
        reason: "a packet claims \(captured) captured bytes in a block that holds \(body.count - 20)")
    }
    let description = interfaces[Int(interface)]
    frame &+= 1
    if droppedCount > 0 {
      sink.receive(.count(.droppedBefore, UInt64(droppedCount), of: .packet(frame)), body.extracting(0..<0))
    }
    if (end &+ 3) & ~3 < body.count { noteOptions(body, from: (end &+ 3) & ~3, of: .packet(frame), into: &sink) }
    sink.receive(
      body.extracting(20..<end),
      PacketHeader(
        frame: frame, linkType: description.linkType,
        timestamp: description.timestamp(high: number(body, at: 4), low: number(body, at: 8)),
        originalByteCount: number(body, at: 16)))
  }
  /// A simple packet block (§4.4): the first interface, no time, no captured length but what the snap length allows.
  @inlinable @inline(never) func deliverSimple<Sink: PacketSink & ~Copyable>(
    _ body: Span<UInt8>, at offset: UInt64, frame: inout UInt32, into sink: inout Sink
  ) throws(CaptureError) {
    guard body.count >= 4, let first = interfaces.first else {
      throw .damaged(offset: offset, reason: "a simple packet block without an interface")
    }
    let original = number(body, at: 0)
    var captured = min(Int(original), body.count - 4)
    if first.snapLength > 0 { captured = min(captured, Int(first.snapLength)) }
    guard captured <= PacketLimits.capturedByteCount else {
      throw .damaged(
        offset: offset,
        reason: "a packet claims \(captured) captured bytes; at most \(PacketLimits.capturedByteCount) are possible")
    }
    frame &+= 1
    sink.receive(.untimed(frame: frame), body.extracting(0..<0))
    sink.receive(
      body.extracting(4..<4 &+ captured),
      PacketHeader(
        frame: frame, linkType: first.linkType, timestamp: Timestamp(nanoseconds: 0), originalByteCount: original))
  }
}
