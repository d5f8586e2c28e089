public import Bytes

/// The newer capture format (draft-ietf-opsawg-pcapng): sections of blocks, each with interfaces of its own.
@usableFromInline struct PCAPNGFile: RecordFormat {
  /// The type of a section header block; it reads the same in both byte orders.
  @usableFromInline static var sectionHeader: UInt32 { 0x0A0D_0D0A }

  /// What an interface description block says.
  @usableFromInline struct Interface: BitwiseCopyable {
    @usableFromInline var linkType: LinkType
    @usableFromInline var snapLength: UInt32
    /// if_tsresol: the exponent, of 2 if the high bit is set, else of 10.
    @usableFromInline var resolution: UInt8 = 6
    /// if_tsoffset in seconds.
    @usableFromInline var offsetSeconds: Int64 = 0

    init(linkType: LinkType, snapLength: UInt32) {
      self.linkType = linkType
      self.snapLength = snapLength
    }
    /// A timestamp in this interface's unit, as nanoseconds.
    @usableFromInline func timestamp(high: UInt32, low: UInt32) -> Timestamp {
      let units = UInt64(high) << 32 | UInt64(low)
      let nanoseconds: UInt64
      let exponent = Int(resolution & 0x7F)
      if resolution & 0x80 != 0 {
        let whole = exponent < 64 ? units >> UInt64(exponent) : 0
        let rest = exponent < 64 ? units & ((1 << UInt64(exponent)) &- 1) : units
        let product = rest.multipliedFullWidth(by: 1_000_000_000)
        let part =
          exponent == 0 || exponent >= 64
          ? 0 : product.high << UInt64(64 - exponent) | product.low >> UInt64(exponent)
        nanoseconds = whole &* 1_000_000_000 &+ part
      } else if exponent <= 9 {
        var scale: UInt64 = 1
        for _ in exponent..<9 { scale &*= 10 }
        nanoseconds = units &* scale
      } else {
        var scale: UInt64 = 1
        for _ in 9..<min(exponent, 28) { scale = scale &* 10 }
        nanoseconds = exponent > 28 ? 0 : units / max(1, scale)
      }
      return Timestamp(nanoseconds: Int64(truncatingIfNeeded: nanoseconds) &+ offsetSeconds &* 1_000_000_000)
    }
  }

  @usableFromInline var isSwapped = false
  @usableFromInline var hasSection = false
  @usableFromInline var interfaces: [Interface] = []
  @usableFromInline var neededByteCount = 12
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
    var position = 0
    let end = octets.count
    while position &+ 12 <= end, frame < limit {
      let here = offset &+ UInt64(position)
      var type = octets.nativeUInt32(at: position)
      if type == Self.sectionHeader {
        try beginSection(octets, position, at: here)
      } else if !hasSection {
        throw .damaged(offset: here, reason: "a block stands before any section header")
      } else if isSwapped {
        type = type.byteSwapped
      }
      let length = Int(number(octets, at: position &+ 4))
      if length < 12 || length & 3 != 0 || length > PacketLimits.blockByteCount {
        throw .damaged(offset: here, reason: "a block claims a length of \(length) bytes")
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
      case 1: try describeInterface(body, at: here)
      default: break
      }
      position = next
    }
    neededByteCount = 12
    return position
  }

  /// `ts` and lengths of an enhanced packet block (§4.3).
  @inlinable @inline(__always) func deliverEnhanced<Sink: PacketSink & ~Copyable>(
    _ body: Span<UInt8>, at offset: UInt64, frame: inout UInt32, into sink: inout Sink
  ) throws(CaptureError) {
    guard body.count >= 20 else { throw .damaged(offset: offset, reason: "a packet block without its header") }
    try deliver(
      body, dataStart: 20, captured: number(body, at: 12), original: number(body, at: 16),
      interface: Int(number(body, at: 0)), high: number(body, at: 4), low: number(body, at: 8), at: offset,
      frame: &frame, into: &sink)
  }
  /// A packet block of the obsolete kind (§ A).
  @inlinable @inline(never) func deliverObsolete<Sink: PacketSink & ~Copyable>(
    _ body: Span<UInt8>, at offset: UInt64, frame: inout UInt32, into sink: inout Sink
  ) throws(CaptureError) {
    guard body.count >= 20 else { throw .damaged(offset: offset, reason: "a packet block without its header") }
    try deliver(
      body, dataStart: 20, captured: number(body, at: 12), original: number(body, at: 16),
      interface: Int(shortNumber(body, at: 0)), high: number(body, at: 4), low: number(body, at: 8), at: offset,
      frame: &frame, into: &sink)
  }
  /// A simple packet block (§4.4): the first interface, no time.
  @inlinable @inline(never) func deliverSimple<Sink: PacketSink & ~Copyable>(
    _ body: Span<UInt8>, at offset: UInt64, frame: inout UInt32, into sink: inout Sink
  ) throws(CaptureError) {
    guard body.count >= 4, let first = interfaces.first else {
      throw .damaged(offset: offset, reason: "a simple packet block without an interface")
    }
    let original = number(body, at: 0)
    var captured = min(Int(original), body.count - 4)
    if first.snapLength > 0 { captured = min(captured, Int(first.snapLength)) }
    try deliver(
      body, dataStart: 4, captured: UInt32(captured), original: original, interface: 0, high: 0, low: 0, at: offset,
      frame: &frame, into: &sink)
  }
  @inlinable @inline(__always) func deliver<Sink: PacketSink & ~Copyable>(
    _ body: Span<UInt8>, dataStart: Int, captured: UInt32, original: UInt32, interface: Int, high: UInt32, low: UInt32,
    at offset: UInt64, frame: inout UInt32, into sink: inout Sink
  ) throws(CaptureError) {
    guard interface < interfaces.count else {
      throw .damaged(offset: offset, reason: "a packet of interface \(interface), which was never described")
    }
    guard Int(captured) <= body.count &- dataStart, Int(captured) <= PacketLimits.capturedByteCount else {
      throw .damaged(
        offset: offset,
        reason: "a packet claims \(captured) captured bytes in a block that holds \(body.count - dataStart)")
    }
    let description = interfaces[interface]
    frame &+= 1
    sink.receive(
      body.extracting(dataStart..<dataStart &+ Int(captured)),
      PacketHeader(
        frame: frame, linkType: description.linkType, timestamp: description.timestamp(high: high, low: low),
        originalByteCount: original))
  }

  /// Reads a section header block (§4.1): from here on its byte order and interfaces of its own.
  @usableFromInline mutating func beginSection(
    _ octets: Span<UInt8>, _ position: Int, at offset: UInt64
  ) throws(CaptureError) {
    switch octets.nativeUInt32(at: position + 8) {
    case 0x1A2B_3C4D: isSwapped = false
    case 0x4D3C_2B1A: isSwapped = true
    case let magic: throw .damaged(offset: offset, reason: "a section header with byte-order magic \(magic)")
    }
    hasSection = true
    interfaces.removeAll(keepingCapacity: true)
  }
  /// Reads an interface description block (§4.2) and its time options.
  @usableFromInline mutating func describeInterface(_ body: Span<UInt8>, at offset: UInt64) throws(CaptureError) {
    guard body.count >= 8 else { throw .damaged(offset: offset, reason: "an interface without its description") }
    guard interfaces.count < PacketLimits.interfaceCount else {
      throw .damaged(offset: offset, reason: "more than \(PacketLimits.interfaceCount) interfaces")
    }
    var interface = Interface(
      linkType: LinkType(rawValue: UInt32(shortNumber(body, at: 0))), snapLength: number(body, at: 4))
    var position = 8
    while position + 4 <= body.count {
      let code = shortNumber(body, at: position)
      let length = Int(shortNumber(body, at: position + 2))
      position += 4
      if code == 0 || position + length > body.count { break }
      if code == 9, length >= 1 { interface.resolution = body[position] }
      if code == 14, length >= 8 {
        let offset = body.nativeUInt64(at: position)
        interface.offsetSeconds = Int64(bitPattern: isSwapped ? offset.byteSwapped : offset)
      }
      position += (length + 3) & ~3
    }
    interfaces.append(interface)
  }
}
