public import Bytes
public import Packets

/// Puts TCP segments in order and lends the sink each octet once.
///
/// Of two octets for one place the first to arrive counts. A hole that the peer acknowledged is a gap at once, a hole
/// at the end of the capture is one then; bytes are never invented. What follows a FIN or RST is left out.
public struct Reassembler<Sink: StreamSink & ~Copyable>: SegmentSink, ~Copyable {
  public var sink: Sink
  @usableFromInline var table = FlowTable()
  @usableFromInline var held = HeldSegments()
  @usableFromInline var ended = EndedFlows()
  @usableFromInline var streamCount: UInt32 = 0
  /// Connections given up to keep memory bounded.
  public internal(set) var evictedCount = 0

  @inlinable public init(sink: consuming Sink) { self.sink = sink }

  /// Connections seen so far.
  public var flowCount: Int { Int(streamCount) }

  @inlinable @inline(__always)
  public mutating func receive(_ segment: borrowing TCPSegment, payload: Span<UInt8>) {
    if segment.timestamp.nanoseconds >= ended.deadline { reportEnded(at: segment.timestamp) }
    var flow = self.flow(for: segment)
    if segment.flags & 0b111 != 0 {
      flow = receiveControl(segment, payload: payload, flow: flow)
      if flow < 0 { return }
    }
    table.flows[flow].packetCount &+= 1
    table.flows[flow].lastFrame = segment.frame
    table.flows[flow].lastTimestamp = segment.timestamp
    let direction = Int(segment.direction)
    if segment.isAcknowledgement {
      let ahead = SequenceNumber.distance(
        from: table.flows[flow].halves[direction ^ 1].next, to: segment.acknowledgementNumber)
      if ahead > 0 { acknowledge(ahead, flow: flow, direction: direction ^ 1, segment, hasPayload: payload.count > 0) }
    }
    if payload.count > 0 {
      let distance = SequenceNumber.distance(
        from: table.flows[flow].halves[direction].next, to: segment.sequenceNumber)
      if distance == 0, table.flows[flow].state == .open, table.flows[flow].hasBegun,
        table.flows[flow].halves[direction].isSynchronized, segment.uncapturedByteCount == 0,
        !table.flows[flow].halves[direction].hasFinish, table.flows[flow].halves[direction].firstHeld < 0
      {
        deliver(payload, flow: flow, direction: direction, segment, skipping: 0)
      } else {
        receiveUnusual(segment, payload: payload, flow: flow)
      }
    }
    if segment.isFinish { receiveFinish(segment, payloadByteCount: payload.count, flow: flow) }
  }

  public mutating func idle() {
    reportEnded(at: Timestamp(nanoseconds: Int64.max - 1))
    sink.idle()
  }

  @inlinable @inline(__always) mutating func flow(for segment: borrowing TCPSegment) -> Int {
    let hash = segment.key.hash(seed: table.seed)
    if let flow = table.find(segment.key, hash: hash) { return flow }
    return open(segment, hash: hash)
  }
  /// Gives a new connection its record and its number.
  @usableFromInline @inline(never) mutating func open(_ segment: borrowing TCPSegment, hash: UInt32) -> Int {
    if table.liveCount >= StreamLimits.flowCount { evict() }
    let flow = table.insert(Flow(segment, hash: hash, streamNumber: streamCount))
    streamCount &+= 1
    return flow
  }

  /// Delivers octets that are next in order, and then what was held behind them.
  @inlinable @inline(__always) mutating func deliver(
    _ bytes: Span<UInt8>, flow: Int, direction: Int, _ segment: borrowing TCPSegment, skipping: Int
  ) {
    let offset = table.flows[flow].halves[direction].offset
    table.flows[flow].halves[direction].next &+= UInt32(truncatingIfNeeded: bytes.count)
    table.flows[flow].halves[direction].offset = offset &+ UInt64(bytes.count)
    table.flows[flow].halves[direction].side.byteCount &+= UInt64(bytes.count)
    sink.receive(
      bytes,
      at: StreamPosition(
        flow: flow, direction: direction, offset: offset, frame: segment.frame,
        frameOffset: segment.frameOffset < 0 ? -1 : segment.frameOffset &+ Int32(truncatingIfNeeded: skipping),
        timestamp: segment.timestamp))
    if table.flows[flow].halves[direction].firstHeld >= 0 || table.flows[flow].halves[direction].hasFinish {
      drain(flow: flow, direction: direction)
    }
  }
}
