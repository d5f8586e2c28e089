internal import Bytes

/// Octets that have come and were not yet taken, in which lines are looked for once.
package struct LineBuffer: Sendable {
  package enum Line: Equatable, Sendable {
    /// A whole line, its end included, taken.
    case line([UInt8])
    /// More octets than the limit, and no end of line among them; they have been thrown away, and so will be the rest.
    case tooLong
    /// The end has not come.
    case incomplete
  }
  private var octets: [UInt8] = []
  private var start = 0
  /// How many octets from `start` on are known to hold no line feed.
  private var searched = 0
  /// The end of an overlong line is being waited for.
  private var isSkipping = false

  package init() {}

  package var count: Int { octets.count - start }
  package var isEmpty: Bool { count == 0 }

  package mutating func append(_ more: Span<UInt8>) {
    if start > 0, start == octets.count {
      octets.removeAll(keepingCapacity: true)
      start = 0
    } else if start > 65_536 {
      octets.removeFirst(start)
      start = 0
    }
    unsafe more.withUnsafeBufferPointer { unsafe octets.append(contentsOf: $0) }
  }
  /// Takes the next line, whose end is LF. An overlong one is told of once, and is over with its line feed.
  package mutating func takeLine(limit: Int) -> Line {
    while true {
      guard let lineFeed = octets.span.firstOffset(of: ASCII.lineFeed, from: start + searched) else {
        searched = count
        guard count > limit || isSkipping else { return .incomplete }
        let isNews = !isSkipping
        isSkipping = true
        removeAll()
        return isNews ? .tooLong : .incomplete
      }
      let line = start..<(lineFeed + 1)
      searched = 0
      start = lineFeed + 1
      if isSkipping {
        isSkipping = false
        continue
      }
      return line.count > limit ? .tooLong : .line(Array(octets[line]))
    }
  }
  /// Lends what has not been taken to `body`, which says how much of it it takes.
  package mutating func take(_ body: (Span<UInt8>) -> Int) {
    let taken = body(octets.span.extracting(start...))
    start += min(max(0, taken), count)
    searched = 0
  }
  package mutating func removeAll() {
    octets.removeAll(keepingCapacity: true)
    start = 0
    searched = 0
  }
}
