public import Bytes
public import Packets

/// Connections by key: an open-addressing index, under a seeded hash, over a slab.
@usableFromInline struct FlowTable: ~Copyable {
  /// An entry of the index. It holds the whole hash, so that a record, which lies far away, is looked at for its key
  /// alone.
  @usableFromInline struct Entry: BitwiseCopyable {
    @usableFromInline var hash: UInt32 = 0
    /// The flow's place in the slab, from 1; 0 where there is none.
    @usableFromInline var number: UInt32 = 0
  }
  @usableFromInline var index = Slab<Entry>(repeating: Entry(), count: 4096)
  @usableFromInline var mask = 4095
  /// Room for those that are remembered, and as many more: what of it is not used costs nothing.
  @usableFromInline var flows = Slab<Flow>(minimumCapacity: 2 * StreamLimits.rememberedCount)
  @usableFromInline var vacant = Slab<UInt32>(minimumCapacity: 256)
  @usableFromInline var liveCount = 0
  /// Connections that have begun to speak and were not reported yet.
  var speakingCount = 0
  /// Where the search for a silent flow goes on.
  var hand = 0
  @usableFromInline let seed = UInt64.random(in: 0...UInt64.max)
  @usableFromInline init() {}

  @inlinable @inline(__always) func find(_ key: FlowKey, hash: UInt32) -> Int? {
    var slot = Int(hash) & mask
    while true {
      let entry = index[slot]
      if entry.number == 0 { return nil }
      let flow = Int(entry.number) &- 1
      if entry.hash == hash, flows[flow].key == key { return flow }
      slot = (slot &+ 1) & mask
    }
  }
  /// Enters a flow under the hash of its key.
  mutating func insert(_ flow: Flow, hash: UInt32) -> Int {
    if liveCount * 2 >= mask { grow() }
    let place: Int
    if vacant.count > 0 {
      place = Int(vacant[vacant.count - 1])
      vacant.removeLast()
      flows[place] = flow
    } else {
      place = flows.count
      flows.append(flow)
    }
    enter(Entry(hash: hash, number: UInt32(place + 1)))
    liveCount += 1
    return place
  }
  /// Takes a flow out; its place becomes vacant (Knuth's algorithm R, so that no tombstones remain in the index).
  mutating func remove(_ place: Int) {
    var hole = Int(flows[place].key.hash(seed: seed)) & mask
    while Int(index[hole].number) - 1 != place { hole = (hole + 1) & mask }
    index[hole] = Entry()
    var slot = hole
    while true {
      slot = (slot + 1) & mask
      let entry = index[slot]
      if entry.number == 0 { break }
      let home = Int(entry.hash) & mask
      let staysReachable = hole <= slot ? (hole < home && home <= slot) : (hole < home || home <= slot)
      if staysReachable { continue }
      index[hole] = entry
      index[slot] = Entry()
      hole = slot
    }
    flows[place].state = .vacant
    vacant.append(UInt32(place))
    liveCount -= 1
  }
  /// The longest silent of the next few flows behind the hand: a cheap stand-in for the longest silent of all.
  mutating func silentFlow() -> Int {
    var silent = -1
    var seen = 0
    while seen < 16 {
      hand = hand + 1 < flows.count ? hand + 1 : 0
      if flows[hand].state == .vacant { continue }
      seen += 1
      if silent < 0 || flows[hand].lastTimestamp < flows[silent].lastTimestamp { silent = hand }
    }
    return silent
  }
  /// The same of the connections that speak, `current` excepted; −1 when few do.
  mutating func silentSpeaker(besides current: Int) -> Int {
    var silent = -1
    var seen = 0
    for _ in 0..<flows.count {
      hand = hand + 1 < flows.count ? hand + 1 : 0
      if hand == current || flows[hand].state != .open || !flows[hand].hasBegun { continue }
      seen += 1
      if silent < 0 || flows[hand].lastTimestamp < flows[silent].lastTimestamp { silent = hand }
      if seen == 16 { break }
    }
    return silent
  }
  private mutating func enter(_ entry: Entry) {
    var slot = Int(entry.hash) & mask
    while index[slot].number != 0 { slot = (slot + 1) & mask }
    index[slot] = entry
  }
  private mutating func grow() {
    mask = mask * 2 + 1
    var smaller = Slab<Entry>(repeating: Entry(), count: mask + 1)
    swap(&index, &smaller)
    for slot in 0..<smaller.count where smaller[slot].number != 0 { enter(smaller[slot]) }
  }
}
