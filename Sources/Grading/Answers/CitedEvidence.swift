/// What an answer cites: frames, octets within frames, or a display filter.
package enum CitedEvidence: Equatable, Sendable {
  /// Octets of one frame, counted from 0.
  package struct Octets: Equatable, Sendable {
    package var frame: Int
    package var range: ClosedRange<Int>
  }
  case nothing
  case frames([Int])
  case octets([Octets])
  case filter(String)
  /// Nothing that can be looked up.
  case unreadable(String)

  /// Reads `7`, `frame 7`, `frames 7, 9-11`, `frame.number == 7`, `frame 7, octets 54-122`, `[7, 54, 69]`, or a filter, with the
  /// signs of Markdown around it or without, and frames that stand in a sentence.
  package init(_ text: String) {
    let text = Self.plain(text)
    let lowered = text.lowercased()
    if text.isEmpty || ["-", "–", "none", "n/a"].contains(lowered) {
      self = .nothing
    } else if Self.isFilter(lowered), DisplayFilter(text) != nil || Self.namedFrames(lowered) == nil {
      self = .filter(text)
    } else if let octets = Self.octets(lowered) {
      self = .octets(octets)
    } else if let frames = Self.frames(lowered) ?? Self.namedFrames(lowered) {
      self = .frames(frames)
    } else {
      self = .unreadable(text)
    }
  }
  /// Without what makes text bold, slanted, code, a quotation or a cell of a table.
  private static func plain(_ text: String) -> String {
    var text = text.filter { $0 != "`" && $0 != "*" }[...]
    let signs = { (character: Character) in character.isWhitespace || character == "|" || character == ">" }
    text = text.drop(while: signs)
    while let last = text.last, signs(last) { text.removeLast() }
    if text.count > 2, text.hasPrefix("\""), text.hasSuffix("\""), !text.dropFirst().dropLast().contains("\"") {
      text = text.dropFirst().dropLast()
    }
    return String(text)
  }
  private static func isFilter(_ text: String) -> Bool {
    let names = ["smtp", "pop", "imap", "tcp", "ip.", "ipv6.", "frame.number", "http", "tls"]
    return text.contains("==") || text.contains(" eq ") || text.contains(" contains ") || text.contains("&&")
      || names.contains { text.hasPrefix($0) }
  }
  private static func octets(_ text: String) -> [Octets]? {
    if text.hasPrefix("[") {
      let numbers = text.split { !($0.isASCII && $0.isNumber) }.map { Int($0) }
      guard numbers.count == 3, let frame = numbers[0], let first = numbers[1], let count = numbers[2], count > 0
      else { return nil }
      let (last, isOver) = first.addingReportingOverflow(count - 1)
      return isOver ? nil : [Octets(frame: frame, range: first...last)]
    }
    var found: [Octets] = []
    for match in text.matches(of: #/(\d+)\D+?(?:octets?|bytes?)\D*?(\d+)\s*(?:-|–|to|\.\.\.?)\s*(\d+)/#) {
      guard let frame = Int(match.1), let first = Int(match.2), let last = Int(match.3), first <= last else {
        return nil
      }
      found.append(Octets(frame: frame, range: first...last))
    }
    return found.isEmpty || found.count > GradingLimits.citedFrameCount ? nil : found
  }
  /// Numbers with nothing else around them than the words that belong to them.
  private static func frames(_ text: String) -> [Int]? {
    var rest = text
    for word in ["frames", "frame", "packets", "packet", "numbers", "number", "no", "and", "to"] {
      rest = rest.replacing(word, with: word == "to" ? "-" : " ")
    }
    guard rest.allSatisfy({ ($0.isASCII && $0.isNumber) || " ,;-–#.&+:/\n".contains($0) }) else { return nil }
    return numbers(rest)
  }
  /// In a sentence a number may be anything; behind `frame` it is one: `Frame 1: the SYN`, `see frames 7 and 9 (AUTH)`.
  private static func namedFrames(_ text: String) -> [Int]? {
    let named = #/(?:frames?|packets?)\s*(?:numbers?|no\.?|nr\.?|#|:)?\s*(\d+(?:\s*(?:,|;|/|&|-|–|and|to)\s*\d+)*)/#
    var frames: [Int] = []
    for match in text.matches(of: named) {
      let list = match.1.replacing("and", with: " ").replacing("to", with: "-")
      guard let some = numbers(String(list)) else { return nil }
      frames += some
    }
    return frames.isEmpty || frames.count > GradingLimits.citedFrameCount ? nil : frames
  }
  private static func numbers(_ text: String) -> [Int]? {
    var frames: [Int] = []
    let text = text.replacing(#/\s*[\-–]\s*/#, with: "-")
    for part in text.split(whereSeparator: { " ,;#&+:./\n".contains($0) }) {
      let runs = part.split(separator: "-")
      let ends = runs.compactMap { Int($0) }
      guard ends.count == runs.count else { return nil }
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
