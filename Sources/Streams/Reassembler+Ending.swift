public import Bytes
internal import Packets

/// How connections end, are reported, and are forgotten.
extension Reassembler where Sink: ~Copyable {
  /// The connection is over; it waits for late packets before it is reported.
  mutating func close(_ flow: Int, _ ending: FlowEnding) {
    table.flows[flow].ending = ending
    table.flows[flow].state = .lingering
    dropHeld(flow)
    ended.append(
      EndedFlows.Entry(flow: UInt32(flow), streamNumber: table.flows[flow].streamNumber),
      deadline: table.flows[flow].lastTimestamp.nanoseconds &+ StreamLimits.lingerNanoseconds)
    while ended.lingeringCount > StreamLimits.lingerCount { reportFirstEnded() }
  }
  /// Reports the connections whose waiting is over at `now`.
  @usableFromInline @inline(never) mutating func reportEnded(at now: Timestamp) {
    while ended.lingeringCount > 0, now.nanoseconds >= ended.deadline { reportFirstEnded() }
  }
  private mutating func reportFirstEnded() {
    let entry = ended.takeFirst()
    let flow = Int(entry.flow)
    if isSame(entry), table.flows[flow].state == .lingering { report(flow) }
    while ended.rememberedCount > StreamLimits.rememberedCount {
      let oldest = ended.forgetFirst()
      if isSame(oldest), table.flows[Int(oldest.flow)].state == .remembered { table.remove(Int(oldest.flow)) }
    }
  }
  /// Whether the place still belongs to the connection that was entered.
  private func isSame(_ entry: EndedFlows.Entry) -> Bool {
    table.flows[Int(entry.flow)].streamNumber == entry.streamNumber && table.flows[Int(entry.flow)].state != .vacant
  }
  /// Hands the sink what is left and the summary, unless that was done.
  mutating func report(_ flow: Int) {
    if table.flows[flow].state == .remembered { return }
    if table.flows[flow].state == .open {
      flushHoles(flow)
      // Its host has said nothing more.
      if table.flows[flow].doubtedResetDirection >= 0 { table.flows[flow].ending = .reset }
    }
    table.flows[flow].state = .remembered
    if table.flows[flow].hasBegun {
      table.speakingCount -= 1
      sink.finish(flow: flow, table.flows[flow].summary, remarks: book)
    }
    releaseRemarks(flow)
  }
  mutating func dropHeld(_ flow: Int) {
    for direction in 0..<2 { dropHeld(flow, direction) }
  }
  mutating func dropHeld(_ flow: Int, _ direction: Int) {
    while table.flows[flow].halves[direction].firstHeld >= 0 {
      table.flows[flow].halves[direction].firstHeld = held.release(table.flows[flow].halves[direction].firstHeld)
    }
    table.flows[flow].records[direction].heldCount = 0
  }
  /// Lets octets go that came ahead of their turn, and turn out to lie behind a FIN.
  mutating func dropHeld(behind finish: UInt32, _ segment: borrowing TCPSegment, flow: Int) {
    let direction = Int(segment.direction)
    let (first, removed, byteCount) = held.cut(table.flows[flow].halves[direction].firstHeld, at: finish)
    if byteCount == 0 { return }
    table.flows[flow].halves[direction].firstHeld = first
    table.flows[flow].records[direction].heldCount &-= UInt16(truncatingIfNeeded: removed)
    table.flows[flow].records[direction].lateByteCount &+= UInt32(truncatingIfNeeded: byteCount)
    remark(.payloadAfterFinish, flow: flow, segment, byteCount: byteCount)
  }
  mutating func evict() { evict(table.silentFlow()) }
  /// Gives up a connection that has spoken, so that `current` may.
  mutating func evictSpeaker(besides current: Int) {
    let flow = table.silentSpeaker(besides: current)
    if flow >= 0 { evict(flow) }
  }
  private mutating func evict(_ flow: Int) {
    if table.flows[flow].state == .open {
      table.flows[flow].ending = .evicted
      remark(
        .evicted, flow: flow, direction: 0, frame: table.flows[flow].lastFrame, at: table.flows[flow].lastTimestamp)
    }
    report(flow)
    table.remove(flow)
    evictedCount += 1
  }
  /// The capture is over: every connection is reported, in the order in which they began.
  public mutating func finish() {
    while ended.lingeringCount > 0 { reportFirstEnded() }
    var open: [(streamNumber: UInt32, flow: Int)] = []
    for flow in 0..<table.flows.count where table.flows[flow].state == .open && table.flows[flow].hasOctets {
      open.append((table.flows[flow].streamNumber, flow))
    }
    open.sort { $0.streamNumber < $1.streamNumber }
    // The report of one may give up another.
    for (streamNumber, flow) in open
    where table.flows[flow].streamNumber == streamNumber && table.flows[flow].state == .open { report(flow) }
  }
}

extension Flow {
  /// Whether any octet was delivered or is held.
  var hasOctets: Bool { hasBegun || halves[0].firstHeld >= 0 || halves[1].firstHeld >= 0 }
}

/// Two queues of ended connections: those that wait for late packets, then those that are only remembered.
@usableFromInline struct EndedFlows: ~Copyable {
  @usableFromInline struct Entry: BitwiseCopyable {
    var flow: UInt32
    var streamNumber: UInt32
    var deadline: Int64 = 0

    init(flow: UInt32, streamNumber: UInt32) {
      self.flow = flow
      self.streamNumber = streamNumber
    }
  }
  private var ring = Slab<Entry>(
    repeating: Entry(flow: 0, streamNumber: 0), count: StreamLimits.lingerCount + StreamLimits.rememberedCount + 4)
  /// The ring's positions: remembered from `oldest`, lingering from `waiting`, to `newest`.
  private var oldest = 0
  private var waiting = 0
  private var newest = 0
  /// When the first of the waiting has waited long enough; never, when none waits.
  @usableFromInline var deadline = Int64.max

  @usableFromInline init() {}

  var lingeringCount: Int { newest - waiting }
  var rememberedCount: Int { waiting - oldest }

  mutating func append(_ entry: Entry, deadline: Int64) {
    var entry = entry
    entry.deadline = deadline
    ring[newest % ring.count] = entry
    newest += 1
    if lingeringCount == 1 { self.deadline = deadline }
  }
  /// The first of the waiting; it is remembered from now on.
  mutating func takeFirst() -> Entry {
    let entry = ring[waiting % ring.count]
    waiting += 1
    deadline = lingeringCount > 0 ? ring[waiting % ring.count].deadline : Int64.max
    return entry
  }
  mutating func forgetFirst() -> Entry {
    let entry = ring[oldest % ring.count]
    oldest += 1
    return entry
  }
}
