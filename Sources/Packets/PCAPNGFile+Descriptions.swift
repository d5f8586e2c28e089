internal import Bytes

/// The blocks that describe: sections, interfaces, names, secrets, statistics.
extension PCAPNGFile {
  /// Reads the byte-order magic of a section header block (§4.1), whose own length needs it already.
  @usableFromInline mutating func takeByteOrder(
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
  /// Reads the rest of a section header block (§4.1).
  @usableFromInline func beginSection<Sink: PacketSink & ~Copyable>(
    _ body: Span<UInt8>, at offset: UInt64, into sink: inout Sink
  ) throws(CaptureError) {
    guard body.count >= 16 else { throw .damaged(offset: offset, reason: "a section header without its header") }
    let major = shortNumber(body, at: 4)
    guard major == 1 else {
      throw .damaged(offset: offset, reason: "a section of version \(major).\(shortNumber(body, at: 6)); 1.0 is known")
    }
    sink.receive(.section, body.extracting(0..<0))
    noteOptions(body, from: 16, of: .section, into: &sink)
  }
  /// Reads an interface description block (§4.2).
  @usableFromInline mutating func describeInterface<Sink: PacketSink & ~Copyable>(
    _ body: Span<UInt8>, at offset: UInt64, into sink: inout Sink
  ) throws(CaptureError) {
    guard body.count >= 8 else { throw .damaged(offset: offset, reason: "an interface without its description") }
    guard interfaces.count < PacketLimits.interfaceCount else {
      throw .damaged(offset: offset, reason: "more than \(PacketLimits.interfaceCount) interfaces")
    }
    let number = UInt32(interfaces.count)
    var interface = PCAPNGInterface(
      linkType: LinkType(rawValue: UInt32(shortNumber(body, at: 0))), snapLength: self.number(body, at: 4))
    var options = PCAPNGOptionList(from: 8, isSwapped: isSwapped)
    while let (code, value) = options.next(in: body) {
      if code == .timeResolution, value.count >= 1 { interface.setResolution(body[value.lowerBound]) }
      if code == .timeOffset, let seconds = longNumber(body, value) {
        interface.setOffset(seconds: Int64(bitPattern: seconds))
      }
    }
    interfaces.append(interface)
    sink.receive(
      .interface(number, interface.linkType, snapLength: interface.snapLength), body.extracting(0..<0))
    noteOptions(body, from: 8, of: .interface(number), into: &sink)
  }
  /// Passes over a block that is too large to be held, where blocks of its kind may be, and no packet needs them: names,
  /// journal entries, secrets (a browser's of some months), and custom ones.
  @usableFromInline @inline(never) mutating func beginPassing(
    _ type: UInt32, byteCount: Int, at offset: UInt64
  ) throws(CaptureError) {
    switch type {
    case 4, 9, 10, 0x0BAD, 0x4000_0BAD:
      if byteCount & 3 == 0, (12...PacketLimits.passedBlockByteCount).contains(byteCount) {
        passedByteCount = byteCount
        return
      }
    default: break
    }
    throw .damaged(offset: offset, reason: "a block claims a length of \(byteCount) bytes")
  }
  /// How many of the next `count` octets belong to the block that is passed over.
  @usableFromInline mutating func passOver(_ count: Int) -> Int {
    let taken = min(count, passedByteCount)
    passedByteCount -= taken
    return taken
  }
  /// Reads any block that holds neither packets nor what they need. One that is too short for what its type says is
  /// handed on as one that is not read: no packet depends on it.
  @usableFromInline @inline(never) func note<Sink: PacketSink & ~Copyable>(
    _ type: UInt32, _ body: Span<UInt8>, at offset: UInt64, into sink: inout Sink
  ) {
    switch type {
    case 4 where body.count >= 4: noteNames(body, into: &sink)
    case 5 where body.count >= 12: noteStatistics(body, into: &sink)
    case 10 where body.count >= 8 && Int(number(body, at: 4)) <= body.count - 8:
      let end = 8 + Int(number(body, at: 4))
      sink.receive(.secrets(kind: number(body, at: 0)), body.extracting(8..<end))
      noteOptions(body, from: (end + 3) & ~3, of: .secrets, into: &sink)
    case 0x0BAD where body.count >= 4, 0x4000_0BAD where body.count >= 4:
      sink.receive(
        .custom(enterprise: number(body, at: 0), mayBeCopied: type == 0x0BAD), body.extracting(4..<body.count))
    default: sink.receive(.unread(type: type), body)
    }
  }
  /// A name resolution block (§4.5): records of an address and its names, then options.
  private func noteNames<Sink: PacketSink & ~Copyable>(_ body: Span<UInt8>, into sink: inout Sink) {
    sink.receive(.names, body.extracting(0..<0))
    var records = PCAPNGOptionList(from: 0, isSwapped: isSwapped)
    var end = 0
    while let (type, value) = records.next(in: body) {
      end = (value.upperBound + 3) & ~3
      let addressByteCount = type.rawValue == 1 ? 4 : type.rawValue == 2 ? 16 : 0
      guard addressByteCount > 0, value.count > addressByteCount else { continue }
      let address =
        addressByteCount == 4
        ? Endpoint(high: 0, low: UInt64(body.nativeUInt32(at: value.lowerBound)), isIPv6: false, port: 0)
        : Endpoint(
          high: body.nativeUInt64(at: value.lowerBound), low: body.nativeUInt64(at: value.lowerBound + 8),
          isIPv6: true, port: 0)
      var start = value.lowerBound + addressByteCount
      for position in start...value.upperBound where position == value.upperBound || body[position] == 0 {
        if position > start { sink.receive(.name(of: address), body.extracting(start..<position)) }
        start = position + 1
      }
    }
    if records.isDamaged { return sink.receive(.damagedOptions(of: .names), body.extracting(0..<0)) }
    // The end of the records takes four octets as that of options does.
    noteOptions(body, from: end + 4, of: .names, into: &sink)
  }
  /// An interface statistics block (§4.6).
  private func noteStatistics<Sink: PacketSink & ~Copyable>(_ body: Span<UInt8>, into sink: inout Sink) {
    let interface = number(body, at: 0)
    sink.receive(
      .statistics(interface: interface, at: timestamp(body, at: 4, interface: interface)), body.extracting(0..<0))
    noteOptions(body, from: 12, of: .statistics(interface: interface), into: &sink)
  }

  /// A moment in the unit of an interface; of one that was never described, in microseconds.
  func timestamp(_ body: Span<UInt8>, at position: Int, interface: UInt32) -> Timestamp {
    let description =
      Int(interface) < interfaces.count
      ? interfaces[Int(interface)] : PCAPNGInterface(linkType: LinkType(rawValue: 0), snapLength: 0)
    return description.timestamp(high: number(body, at: position), low: number(body, at: position + 4))
  }
  /// A number of 64 bits; nil when the value has another length.
  func longNumber(_ body: Span<UInt8>, _ value: Range<Int>) -> UInt64? {
    guard value.count == 8 else { return nil }
    let number = body.nativeUInt64(at: value.lowerBound)
    return isSwapped ? number.byteSwapped : number
  }
}
