public import Bytes
public import Packets

/// Puts TCP segments in order and lends the sink each octet once.
///
/// Of two octets for one place one counts by the `overlapPolicy`. A hole that the peer acknowledged is a gap at once, a hole
/// at the end of the capture is one then; bytes are never invented. What follows a FIN or RST is left out. Whatever is
/// unusual is remarked on.
public struct Reassembler<Sink: StreamSink & ~Copyable>: SegmentSink, ~Copyable {
  public var sink: Sink
  @usableFromInline var table = FlowTable()
  @usableFromInline var held = HeldSegments()
  @usableFromInline var ended = EndedFlows()
  @usableFromInline var recent = RecentOctets()
  public internal(set) var book = RemarkBook()
  @usableFromInline var streamCount: UInt32 = 0
  /// Connections given up to keep memory bounded.
  public internal(set) var evictedCount = 0
  /// How often each irregularity was met, in packets of no connection, too.
  public internal(set) var irregularities = IrregularityCounts()
  /// Which of two octets for one place counts.
  public var overlapPolicy = OverlapPolicy.first

  public init(sink: consuming Sink) { self.sink = sink }

  /// Connections seen so far.
  public var flowCount: Int { Int(streamCount) }

  @inlinable @inline(__always)
  public mutating func receive(_ segment: borrowing TCPSegment, payload: Span<UInt8>) {
    if segment.timestamp.nanoseconds >= ended.deadline { reportEnded(at: segment.timestamp) }
    let flow = self.flow(for: segment)
    guard let offset = table.flows[flow].acceptNext(segment, payload: payload, keepingIn: &recent) else {
      return receiveUnusual(segment, payload: payload, flow: flow)
    }
    if payload.count > 0 {
      sink.receive(
        payload,
        at: StreamPosition(
          flow: flow, direction: Int(segment.direction), offset: offset, frame: segment.frame,
          frameOffset: segment.frameOffset, timestamp: segment.timestamp))
    }
  }

  /// Connections that have waited long enough are reported, also where only others' packets come.
  @inlinable public mutating func advance(to now: Timestamp) {
    if now.nanoseconds >= ended.deadline { reportEnded(at: now) }
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
    let flow = table.insert(Flow(segment, streamNumber: streamCount), hash: hash)
    streamCount &+= 1
    return flow
  }
}
