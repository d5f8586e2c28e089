/// What of an answer is said at which frame: each line where its octets are, not all over what shows it.
enum CommentLines {
  /// What of a line is said, in characters.
  private static let longestLine = 1_000

  /// The lines to say at each frame, in the order of the frames.
  static func lines(of answer: Answer, firstFrame: Int) -> [(frame: Int, lines: [String])] {
    var lines: [Int: [String]] = [:]
    let placed = answer.placedLines
    let places = placed.map { frames($0.evidence) }
    // What has no evidence of its own stands beside the line before, or after.
    var last = places.first { !$0.isEmpty }?.first ?? firstFrame
    for (line, frames) in zip(placed, places) {
      for frame in frames.isEmpty ? [last] : frames { lines[frame, default: []].append(shown(line)) }
      last = frames.last ?? last
    }
    for range in answer.evidence.ranges where range.count == 2 && range[1] > range[0] {
      lines[range[1], default: []].append("the end of what begins in frame \(range[0])")
    }
    if let reason = answer.cannotTell {
      lines[firstFrame, default: []].append("cannot tell, because \(Printable.line(reason))")
    }
    return lines.sorted { $0.key < $1.key }.map { (frame: $0.key, lines: $0.value) }
  }
  /// The frames at which a line is said; none when it has no evidence.
  private static func frames(_ evidence: Evidence) -> [Int] {
    if evidence.bytes.isEmpty {
      return evidence.frames.isEmpty ? evidence.ranges.compactMap(\.first) : [evidence.frames[0]]
    }
    return Evidence.once(evidence.bytes.compactMap(\.first))
  }
  private static func shown(_ line: Answer.Line) -> String {
    var text = Printable.lines(line.text).joined(separator: "\n")
    if text.count > longestLine { text = text.prefix(longestLine) + " …" }
    return line.label.isEmpty ? text : "\(line.label): \(text)"
  }
}
