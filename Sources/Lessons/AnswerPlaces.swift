/// At which frames each line of an answer is best said: where its octets are, not all over the exchange that shows it.
enum AnswerPlaces {
  /// What of a line is said, in characters.
  private static let longestLine = 1_000

  /// The lines to say at each frame, in the order of the frames.
  static func lines(of answer: Answer, firstFrame: Int) -> [(frame: Int, lines: [String])] {
    var lines: [Int: [String]] = [:]
    // What has no evidence of its own stands beside the line before, or after.
    var mechanism = ""
    let places = answer.lines.map { line in
      if line.label == "mechanism" { mechanism = line.text }
      return frames(line, mechanism)
    }
    var last = places.first { !$0.isEmpty }?.first ?? firstFrame
    for (line, frames) in zip(answer.lines, places) {
      for frame in frames.isEmpty ? [last] : frames { lines[frame, default: []].append(shown(line)) }
      last = frames.last ?? last
    }
    for range in ranges(of: answer) where range[1] > range[0] {
      lines[range[1], default: []].append("the end of what begins in frame \(range[0])")
    }
    if let reason = answer.cannotTell {
      lines[firstFrame, default: []].append("cannot tell, because \(Printable.line(reason))")
    }
    return lines.sorted { $0.key < $1.key }.map { (frame: $0.key, lines: $0.value) }
  }
  /// The frames at which a line is said; none when it has no evidence. A login's lines share that of the whole exchange:
  /// the command, what it asks for piece by piece, the reply.
  private static func frames(_ line: Answer.Line, _ mechanism: String) -> [Int] {
    let octets = line.evidence.bytes.compactMap(\.first)
    guard let first = octets.first, let last = octets.last else {
      return line.evidence.frames.isEmpty ? line.evidence.ranges.compactMap(\.first) : [line.evidence.frames[0]]
    }
    switch line.label {
    case "mechanism": return [first]
    case "user name":
      let comesFirst = octets.count > 2 || mechanism == "LOGIN" || mechanism == "USER/PASS"
      return comesFirst && octets.count > 1 ? [octets[octets.count - 2]] : [last]
    case "password", "token", "on the wire": return [last]
    case "result": return [line.evidence.frames.last ?? last]
    default: return once(octets)
    }
  }
  private static func once(_ frames: [Int]) -> [Int] {
    frames.indices.filter { frames.firstIndex(of: frames[$0]) == $0 }.map { frames[$0] }
  }
  private static func ranges(of answer: Answer) -> [[Int]] {
    answer.evidence.ranges.filter { $0.count == 2 }
  }
  private static func shown(_ line: Answer.Line) -> String {
    var text = Printable.lines(line.text).joined(separator: "\n")
    if text.count > longestLine { text = text.prefix(longestLine) + " …" }
    return line.label.isEmpty ? text : "\(line.label): \(text)"
  }
}
