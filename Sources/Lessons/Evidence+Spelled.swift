extension Evidence {
  /// `frames 10, 12–15`; empty where there is none.
  var spelled: String {
    var runs = ranges.map { ($0[0], $0[1]) }
    for frame in frames.filter({ $0 > 0 }).sorted() {
      if let last = runs.last, frame <= last.1 + 1, frame >= last.0 {
        runs[runs.count - 1].1 = max(frame, last.1)
      } else {
        runs.append((frame, frame))
      }
    }
    if runs.isEmpty { return "" }
    let shown = runs.prefix(6).map { $0.0 == $0.1 ? "\($0.0)" : "\($0.0)–\($0.1)" }.joined(separator: ", ")
    let isOne = runs.count == 1 && runs[0].0 == runs[0].1
    return (isOne ? "frame " : "frames ") + shown + (runs.count > 6 ? ", …" : "")
  }
}
