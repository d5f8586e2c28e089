public import Bytes
public import Packets

/// Connections by key: an open-addressing index, under a seeded hash, over a slab.
@usableFromInline struct FlowTable: ~Copyable {
  @usableFromInline var index = Slab<UInt32>(repeating: 0, count: 4096)
  @usableFromInline var mask = 4095
  @usableFromInline var flows = Slab<Flow>(minimumCapacity: 256)
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
      if entry == 0 { return nil }
      let flow = Int(entry) &- 1
      if flows[flow].key == key { return flow }
      slot = (slot &+ 1) & mask
    }
  }
  mutating func insert(_ flow: Flow) -> Int {
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
    index[vacantSlot(flow.hash)] = UInt32(place + 1)
    liveCount += 1
    return place
  }
  /// Takes a flow out; its place becomes vacant (Knuth's algorithm R, so that no tombstones remain in the index).
  mutating func remove(_ place: Int) {
    var hole = Int(flows[place].hash) & mask
    while Int(index[hole]) - 1 != place { hole = (hole + 1) & mask }
    index[hole] = 0
    var slot = hole
    while true {
      slot = (slot + 1) & mask
      let entry = index[slot]
      if entry == 0 { break }
      let home = Int(flows[Int(entry) - 1].hash) & mask
      let staysReachable = hole <= slot ? (hole < home && home <= slot) : (hole < home || home <= slot)
      if staysReachable { continue }
      index[hole] = entry
      index[slot] = 0
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
  private func vacantSlot(_ hash: UInt32) -> Int {
    var slot = Int(hash) & mask
    while index[slot] != 0 { slot = (slot + 1) & mask }
    return slot
  }
  private mutating func grow() {
    mask = mask * 2 + 1
    index = Slab(repeating: 0, count: mask + 1)
    for place in 0..<flows.count where flows[place].state != .vacant {
      index[vacantSlot(flows[place].hash)] = UInt32(place + 1)
    }
  }
}
