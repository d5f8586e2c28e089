/// What an answer cites: frames, octets within a frame, or a display filter.
package enum CitedEvidence: Equatable, Sendable {
  case nothing
  case frames([Int])
  /// Octets of one frame, counted from 0.
  case octets(frame: Int, ClosedRange<Int>)
  case filter(String)
  /// Nothing that can be looked up.
  case unreadable(String)

  /// Reads `7`, `frame 7`, `frames 7, 9-11`, `frame.number == 7`, `frame 7, octets 54-122`, `[7, 54, 69]`, or a filter.
  package init(_ text: String) {
    let text = text.trimmingBlanks
    let lowered = text.lowercased()
    if text.isEmpty || ["-", "–", "none", "n/a"].contains(lowered) {
      self = .nothing
    } else if Self.isFilter(lowered) {
      self = .filter(text)
    } else if let octets = Self.octets(lowered) {
      self = octets
    } else if let frames = Self.frames(lowered) {
      self = .frames(frames)
    } else {
      self = .unreadable(text)
    }
  }
  private static func isFilter(_ text: String) -> Bool {
    let names = ["smtp", "pop", "imap", "tcp.", "ip.", "ipv6.", "frame.number", "http", "tls"]
    return text.contains("==") || text.contains(" eq ") || text.contains(" contains ") || text.contains("&&")
      || names.contains { text.hasPrefix($0) }
  }
  /// Numbers, and the sign before each.
  private static func numbers(_ text: String) -> [Int]? {
    let runs = text.split { !($0.isASCII && $0.isNumber) }
    let numbers = runs.compactMap { Int($0) }
    return numbers.count == runs.count ? numbers : nil
  }
  private static func octets(_ text: String) -> CitedEvidence? {
    guard let numbers = numbers(text), numbers.count == 3 else { return nil }
    if text.hasPrefix("["), numbers[2] > 0 {
      let (last, isOver) = numbers[1].addingReportingOverflow(numbers[2] - 1)
      return isOver ? nil : .octets(frame: numbers[0], numbers[1]...last)
    }
    guard text.contains("octet") || text.contains("byte"), numbers[1] <= numbers[2] else { return nil }
    return .octets(frame: numbers[0], numbers[1]...numbers[2])
  }
  private static func frames(_ text: String) -> [Int]? {
    // Only these words stand around numbers; in a sentence, a number may be anything.
    var rest = text
    for word in ["frames", "frame", "packets", "packet", "numbers", "number", "no", "and", "to"] {
      rest = rest.replacing(word, with: word == "to" ? "-" : " ")
    }
    guard rest.allSatisfy({ ($0.isASCII && $0.isNumber) || " ,;-–#.&+:\n".contains($0) }) else { return nil }
    var frames: [Int] = []
    for part in rest.split(whereSeparator: { " ,;#&+:.\n".contains($0) }) {
      let ends = part.split { $0 == "-" || $0 == "–" }.compactMap { Int($0) }
      switch ends.count {
      case 0: continue
      case 1: frames.append(ends[0])
      case 2 where ends[0] <= ends[1] && ends[1] - ends[0] < GradingLimits.citedFrameCount:
        frames += Array(ends[0]...ends[1])
      default: return nil
      }
    }
    return frames.isEmpty || frames.count > GradingLimits.citedFrameCount ? nil : frames
  }
}
