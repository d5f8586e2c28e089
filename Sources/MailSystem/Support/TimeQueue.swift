/// What will happen, the earliest first; of equal times, what was put in first.
struct TimeQueue<Element: Sendable>: Sendable {
  private struct Entry: Sendable {
    var time: Int64
    var order: Int
    var element: Element
  }
  /// A binary heap.
  private var entries: [Entry] = []
  private var order = 0

  var first: (time: Int64, element: Element)? { entries.first.map { ($0.time, $0.element) } }
  mutating func insert(_ element: Element, at time: Int64) {
    entries.append(Entry(time: time, order: order, element: element))
    order += 1
    var place = entries.count - 1
    while place > 0, isBefore(place, (place - 1) / 2) {
      entries.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }
  mutating func removeFirst() -> (time: Int64, element: Element)? {
    guard let first = entries.first else { return nil }
    let last = entries.removeLast()
    if !entries.isEmpty {
      entries[0] = last
      var place = 0
      while true {
        var least = place
        for child in [2 * place + 1, 2 * place + 2] where child < entries.count && isBefore(child, least) {
          least = child
        }
        if least == place { break }
        entries.swapAt(place, least)
        place = least
      }
    }
    return (first.time, first.element)
  }
  private func isBefore(_ a: Int, _ b: Int) -> Bool {
    (entries[a].time, entries[a].order) < (entries[b].time, entries[b].order)
  }
}
