import Packets
import Streams
import TestSupport

/// Reassembly as slowly and plainly as it can be said: every octet by its place.
struct ReferenceModel {
  struct Half {
    /// The octets that came, by their distance from the initial sequence number, with the place of the segment that
    /// brought them; of two one is kept, by the policy.
    var known: [Int: (octet: UInt8, segment: Range<Int>)] = [:]
    /// The place of the next octet; nil while nothing was heard.
    var next: Int?
    var finish: Int?
    /// The place before which the peer, in a bare acknowledgement, says to have everything.
    var acknowledgedAhead: Int?
    var told: [Told] = []
    var lateByteCount = 0
    var isFinished: Bool { finish.map { (next ?? -1) >= $0 } ?? false }
  }
  var halves = [Half(), Half()]
  var policy = OverlapPolicy.first
  var isOpen = true
  /// Whether any octets came, new or not.
  private var hasBegun = false
  /// Octets in order that rest on more than was heard of the peer: they wait for a few packets.
  private struct Waiting {
    var direction: Int
    var place: Int
    var payload: [UInt8]
    var awaited: Int
    var count = 8
  }
  private var waiting: Waiting?

  /// One packet of `direction`, all places counted from the initial sequence numbers.
  mutating func receive(direction: Int, flags: TCPFlags, place: Int, acknowledged: Int?, payload: [UInt8]) {
    if let waiting {
      let next = halves[waiting.direction ^ 1].next ?? 0
      let brings = direction != waiting.direction && place <= next
      let isAnswered = direction != waiting.direction && acknowledged ?? 0 > halves[waiting.direction].next ?? 0
      if !flags.isDisjoint(with: [.syn, .fin, .rst]) || isAnswered || !(payload.isEmpty || brings) { stopWaiting() }
    }
    let waited = waiting != nil
    take(direction: direction, flags: flags, place: place, acknowledged: acknowledged, payload: payload)
    guard waited, let still = waiting else { return }
    waiting?.count -= 1
    if still.count == 1 || (halves[still.direction ^ 1].next ?? 0) >= still.awaited { stopWaiting() }
  }
  private mutating func stopWaiting() {
    guard let waited = waiting else { return }
    waiting = nil
    tell(waited.direction ^ 1, until: waited.awaited)
    take(direction: waited.direction, flags: .ack, place: waited.place, acknowledged: nil, payload: waited.payload)
  }
  /// Whether a direction's beginning is known, nothing of it came ahead, and no FIN.
  private func isInOrder(_ direction: Int) -> Bool {
    guard let next = halves[direction].next, halves[direction].finish == nil else { return false }
    return halves[direction].known.keys.allSatisfy { $0 < next }
  }
  private mutating func take(direction: Int, flags: TCPFlags, place: Int, acknowledged: Int?, payload: [UInt8]) {
    if flags.contains(.rst) {
      if !isAwaited(place, direction) { return }
      if isOpen { flush() }
      isOpen = false
      return
    }
    if flags.contains(.syn) {
      halves[direction].next = place + 1
      return
    }
    if isOpen, let acknowledged, !payload.isEmpty, acknowledged > halves[direction ^ 1].next ?? acknowledged {
      if waiting == nil, !flags.contains(.fin), isInOrder(direction), isInOrder(direction ^ 1),
        halves[direction].next == place
      {
        waiting = Waiting(direction: direction, place: place, payload: payload, awaited: acknowledged)
        return
      }
      tell(direction ^ 1, until: acknowledged)
    }
    if isOpen, let acknowledged, payload.isEmpty, let next = halves[direction ^ 1].next, acknowledged > next,
      !halves[direction ^ 1].isFinished
    {
      halves[direction ^ 1].acknowledgedAhead = acknowledged
    }
    closeIfFinished()
    if !payload.isEmpty {
      if !isOpen {
        // What lies before the next octet was heard already.
        let known = halves[direction].next.map { $0 - place } ?? 0
        halves[direction].lateByteCount += payload.count - min(max(known, 0), payload.count)
      }
      if isOpen {
        hasBegun = true
        if halves[direction].next == nil { halves[direction].next = place }
        for (index, octet) in payload.enumerated() {
          let here = place + index
          if let finish = halves[direction].finish, here >= finish { continue }
          // What the FIN cuts off is no part of the segment.
          let segment = place..<min(place + payload.count, halves[direction].finish ?? Int.max)
          let isTold = here < halves[direction].next ?? 0
          if isTold { continue }
          if let held = halves[direction].known[here], !prefers(segment, over: held.segment) { continue }
          halves[direction].known[here] = (octet, segment)
        }
        tellWhatIsInOrder(direction)
      }
    }
    if flags.contains(.fin), isOpen {
      if halves[direction].next == nil { halves[direction].next = place }
      if halves[direction].finish == nil { halves[direction].finish = place + payload.count }
      tellWhatIsInOrder(direction)
    }
    closeIfFinished()
  }
  /// Whether a RST counts at once: where the peer may await the next octet.
  private func isAwaited(_ place: Int, _ direction: Int) -> Bool {
    let half = halves[direction]
    guard let next = half.next else { return true }
    if place == next { return true }
    if let finish = half.finish, place == finish || place == finish + 1 { return true }
    let came = half.known.keys.filter { $0 < half.finish ?? Int.max }
    let isBehindRun = came.contains(place - 1) && !came.contains(place)
    return place > next && (place == half.acknowledgedAhead || isBehindRun)
  }
  /// The policies in words: which of two segments with an octet for one place counts.
  private func prefers(_ later: Range<Int>, over earlier: Range<Int>) -> Bool {
    switch policy {
    case .first, .windows: false
    case .last: true
    case .bsd: later.lowerBound < earlier.lowerBound
    case .linux:
      later.lowerBound < earlier.lowerBound
        || (later.lowerBound == earlier.lowerBound && later.upperBound > earlier.upperBound)
    case .oldLinux:
      later.lowerBound < earlier.lowerBound
        || (later.lowerBound == earlier.lowerBound && later.upperBound >= earlier.upperBound)
    case .solaris:
      later.upperBound > earlier.upperBound
        || (later.upperBound == earlier.upperBound && later.lowerBound <= earlier.lowerBound)
    }
  }
  private mutating func closeIfFinished() {
    if halves[0].isFinished, halves[1].isFinished { isOpen = false }
  }
  mutating func finish() {
    if isOpen { flush() }
  }

  private mutating func tellWhatIsInOrder(_ direction: Int) {
    while let next = halves[direction].next, let octet = halves[direction].known[next]?.octet, !isAtFinish(direction) {
      add(.octets([octet]), direction)
    }
  }
  /// Everything before `end`, holes as holes.
  private mutating func tell(_ direction: Int, until end: Int) {
    while let next = halves[direction].next, next < end, !isAtFinish(direction) {
      add(halves[direction].known[next].map { .octets([$0.octet]) } ?? .gap(1), direction)
    }
    tellWhatIsInOrder(direction)
  }
  private mutating func flush() {
    stopWaiting()
    for direction in 0..<2 {
      tell(direction, until: (halves[direction].known.keys.max() ?? -1) + 1)
    }
    // A connection of which nothing was heard but its end is not told at all.
    for direction in 0..<2 where hasBegun {
      // One number more than was heard may be that of a FIN.
      let ahead = halves[direction].acknowledgedAhead ?? 0
      let end = ahead == (halves[direction].next ?? 0) + 1 ? 0 : ahead
      tell(direction, until: halves[direction].finish ?? end)
    }
  }
  private func isAtFinish(_ direction: Int) -> Bool { halves[direction].isFinished }
  private mutating func add(_ told: Told, _ direction: Int) {
    halves[direction].next = (halves[direction].next ?? 0) + 1
    var connection = Connection()
    connection.directions[0] = halves[direction].told.suffix(1)
    connection.add(told, direction: 0)
    halves[direction].told = halves[direction].told.dropLast() + connection.directions[0]
  }
}
