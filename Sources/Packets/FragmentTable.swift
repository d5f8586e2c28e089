internal import Bytes

/// What fragments of one datagram have in common (RFC 791 §3.2, RFC 8200 §4.5).
struct FragmentKey: Hashable {
  var sourceHigh: UInt64
  var sourceLow: UInt64
  var destinationHigh: UInt64
  var destinationLow: UInt64
  var identification: UInt32
  /// The VLANs and tunnels, and the address family in the lowest bit.
  var path: UInt32
  /// What the datagram carries.
  var protocolNumber: UInt8
}

/// Datagrams that wait for fragments; the oldest give way when there are too many.
///
/// First data wins where IPv4 fragments overlap; an IPv6 datagram with overlapping fragments is dropped (RFC 5722).
@usableFromInline struct FragmentTable {
  enum Outcome {
    case waiting
    case dropped
    /// The datagram's payload, whole.
    case complete([UInt8])
  }
  /// What is unusual about a fragment or its datagram, and the frame that shows it.
  struct Remark {
    var irregularity: Irregularity
    var frame: UInt32
    var timestamp: Timestamp
    init(_ irregularity: Irregularity, _ frame: UInt32, _ timestamp: Timestamp) {
      self.irregularity = irregularity
      self.frame = frame
      self.timestamp = timestamp
    }
  }
  private struct Datagram {
    /// In the order of their places, and never overlapping: of two octets for one place the first to arrive is kept.
    var pieces: [(offset: Int, octets: [UInt8])] = []
    var byteCount = 0
    /// The payload's length, once the last fragment is here.
    var length: Int?
    var isPoisoned = false
    var serial: UInt64
    /// Where and when its first fragment came.
    var firstFrame: UInt32
    var firstTimestamp: Timestamp
    /// What is remarked when the others did not come.
    var missing: Remark { Remark(.fragmentsMissing, firstFrame, firstTimestamp) }
    /// What it takes in memory.
    var cost: Int { byteCount + pieces.count * PacketLimits.fragmentOverheadByteCount }
  }

  private var datagrams: [FragmentKey: Datagram] = [:]
  private var heldByteCount = 0
  private var serial: UInt64 = 0
  /// Fragments given up to keep memory bounded, since they were last asked for.
  private var evictedCount = 0
  private var remarks: [Remark] = []

  @usableFromInline init() {}

  mutating func receive(
    _ octets: Span<UInt8>, key: FragmentKey, offset: Int, isLast: Bool, _ header: PacketHeader
  ) -> Outcome {
    var datagram = datagrams.removeValue(forKey: key) ?? begin(header)
    heldByteCount -= datagram.cost
    let age = header.timestamp.nanoseconds &- datagram.firstTimestamp.nanoseconds
    if age > PacketLimits.fragmentNanoseconds {
      // The identification is in use again: these fragments are another datagram's.
      if !datagram.isPoisoned { remarks.append(datagram.missing) }
      datagram = begin(header)
    }
    let outcome = add(
      octets, to: &datagram, isIPv6: key.path & 1 != 0, offset: offset, isLast: isLast, header)
    if case .complete = outcome { return outcome }
    heldByteCount += datagram.cost
    datagrams[key] = datagram
    while heldByteCount > PacketLimits.fragmentByteCount { evict() }
    return outcome
  }
  /// How many fragments were given up since the last call.
  mutating func takeEvictedCount() -> Int {
    defer { evictedCount = 0 }
    return evictedCount
  }
  /// What was unusual about the fragments since the last call.
  mutating func takeRemarks() -> [Remark] {
    defer { remarks.removeAll() }
    return remarks
  }
  /// No more fragments will come: the datagrams that are not whole, in the order of their frames.
  mutating func finish() -> [Remark] {
    defer { datagrams.removeAll() }
    return datagrams.values.filter { !$0.isPoisoned }.map(\.missing)
      .sorted { $0.frame < $1.frame }
  }

  private mutating func begin(_ header: PacketHeader) -> Datagram {
    if datagrams.count >= PacketLimits.fragmentedDatagramCount { evict() }
    serial += 1
    return Datagram(serial: serial, firstFrame: header.frame, firstTimestamp: header.timestamp)
  }
  /// Drops the older half, so that the cost of looking for the oldest is shared by many.
  private mutating func evict() {
    let serials = datagrams.values.map(\.serial).sorted()
    let median = serials.isEmpty ? 0 : serials[serials.count / 2]
    for (key, datagram) in datagrams where datagram.serial <= median {
      evictedCount += datagram.pieces.count
      heldByteCount -= datagram.cost
      datagrams[key] = nil
    }
  }
  private mutating func add(
    _ octets: Span<UInt8>, to datagram: inout Datagram, isIPv6: Bool, offset: Int, isLast: Bool,
    _ header: PacketHeader
  ) -> Outcome {
    let end = offset + octets.count
    if datagram.isPoisoned { return .dropped }
    guard end <= 65_535, datagram.pieces.count < PacketLimits.fragmentsPerDatagram else {
      remarks.append(Remark(end > 65_535 ? .fragmentTooLong : .fragmentLimit, header.frame, header.timestamp))
      return .dropped
    }
    if datagram.pieces.contains(where: { offset < $0.offset + $0.octets.count && $0.offset < end }) {
      // The network may deliver a fragment twice.
      let isRepeated = datagram.pieces.contains { piece in
        guard piece.offset == offset, piece.octets.count == octets.count else { return false }
        return piece.octets.indices.allSatisfy { piece.octets[$0] == octets[$0] }
      }
      if !isRepeated {
        remarks.append(
          Remark(isIPv6 ? .fragmentOverlapDropped : .fragmentOverlap, header.frame, header.timestamp))
      }
      if isIPv6, !isRepeated {
        datagram.isPoisoned = true
        datagram.pieces = []
        datagram.byteCount = 0
      }
      if isIPv6 { return .dropped }
    }
    insert(octets, into: &datagram, offset: offset)
    if isLast, datagram.length == nil { datagram.length = end }
    guard let length = datagram.length, datagram.byteCount >= length else { return .waiting }
    return assemble(datagram, length: length)
  }
  /// Keeps the octets whose places are free yet.
  private func insert(_ octets: Span<UInt8>, into datagram: inout Datagram, offset: Int) {
    var position = offset
    // The last piece that begins at or before the first octet; a search by halves, since there may be many.
    var (index, later) = (0, datagram.pieces.count)
    while later - index > 1 {
      let middle = (index + later) / 2
      if datagram.pieces[middle].offset <= offset { index = middle } else { later = middle }
    }
    while position < offset + octets.count {
      var stop = offset + octets.count
      if index < datagram.pieces.count {
        let piece = datagram.pieces[index]
        if piece.offset <= position {
          position = max(position, piece.offset + piece.octets.count)
          index += 1
          continue
        }
        stop = min(stop, piece.offset)
      }
      let fresh = octets.extracting(position - offset..<stop - offset).copied()
      datagram.pieces.insert((position, fresh), at: index)
      datagram.byteCount += fresh.count
      position = stop
      index += 1
    }
  }
  /// Joins the pieces, unless there is a hole before one of them.
  private func assemble(_ datagram: Datagram, length: Int) -> Outcome {
    var payload: [UInt8] = []
    for piece in datagram.pieces {
      if payload.count >= length { break }
      if piece.offset != payload.count { return .waiting }
      payload += piece.octets
    }
    if payload.count < length { return .waiting }
    payload.removeLast(payload.count - length)
    return .complete(payload)
  }
}
