import Testing

/// An example of an RFC in the RFC's own notation: what the client says, what the server says, what happens meanwhile.
///
///     C: A003 APPEND saved-messages (\Seen) {326}
///     S: + Ready for literal data
///     ...time passes; new mail arrives...
///
/// A line without `C:` or `S:` goes on with the line above it, where the RFC broke that for its page. A line that begins
/// with `...` tells what happens, and one that begins with `<` or `//` is for the reader.
struct RFCExample: Sendable, CustomTestStringConvertible {
  enum Step: Equatable {
    case client(String)
    case server(String)
    case event(String)
  }
  /// A line of the example's server that ours may say otherwise, or not at all.
  struct Difference: Sendable {
    /// Without `S:`.
    var line: String
    /// Which of several such lines, from 1; nil: each.
    var occurrence: Int?
    /// What is said instead; nil: nothing.
    var ours: String?
    /// What of the RFC allows it.
    var reason: String

    init(_ line: String, occurrence: Int? = nil, ours: String? = nil, because reason: String) {
      self.line = line
      self.occurrence = occurrence
      self.ours = ours
      self.reason = reason
    }
  }
  /// The section, and which example of it.
  var id: String
  var script: String
  var differences: [Difference]

  init(_ id: String, _ script: String, differences: [Difference] = []) {
    self.id = id
    self.script = script
    self.differences = differences
  }
  var testDescription: String { id }

  /// The steps as the example has them.
  var steps: [Step] {
    var steps: [Step] = []
    for line in script.split(separator: "\n", omittingEmptySubsequences: false) {
      let text = line.drop { $0 == " " }
      if text.hasPrefix("C:") {
        steps.append(.client(Self.content(text)))
      } else if text.hasPrefix("S:") {
        steps.append(.server(Self.content(text)))
      } else if text.hasPrefix("...") {
        steps.append(.event(String(text)))
      } else if !text.isEmpty, !text.hasPrefix("<"), !text.hasPrefix("//"), let last = steps.popLast() {
        switch last {
        case .client(let begun): steps.append(.client("\(begun) \(text)"))
        case .server(let begun): steps.append(.server("\(begun) \(text)"))
        case .event(let begun): steps.append(.event("\(begun) \(text)"))
        }
      }
    }
    return steps
  }
  private static func content(_ text: Substring) -> String {
    let content = text.dropFirst(2)
    return String(content.first == " " ? content.dropFirst() : content)
  }
  /// The steps as our server is to be held to them.
  var expectedSteps: [Step] {
    var counts: [String: Int] = [:]
    return steps.compactMap { step in
      guard case .server(let line) = step else { return step }
      counts[line, default: 0] += 1
      let difference = differences.first { $0.line == line && ($0.occurrence ?? counts[line]) == counts[line] }
      return difference.map { $0.ours.map { .server($0) } } ?? step
    }
  }
  /// What the client says, and what is then answered; events between them are called in their order.
  func play(
    say: (String) -> Void, happen: (String) -> Void, hear: ([String]) -> Void
  ) {
    var expected: [String] = []
    for difference in differences {
      #expect(steps.contains(.server(difference.line)), "\(id): no such line: \(difference.line)")
      #expect(!difference.reason.isEmpty && difference.ours != difference.line, "\(id): \(difference.line)")
    }
    func settle() {
      if !expected.isEmpty { hear(expected) }
      expected = []
    }
    for step in expectedSteps {
      switch step {
      case .client(let line):
        settle()
        say(line)
      case .event(let text):
        settle()
        happen(text)
      case .server(let line): expected.append(line)
      }
    }
    settle()
  }
}

/// Every example of an RFC: none of them is silently missing.
struct RFCInventory {
  /// All examples in the order of the RFC.
  var ids: [String]
  /// Those that are no test, and why.
  var notApplicable: [String: String]

  /// Whether each example is either played or not applicable.
  func check(played: [String]) {
    #expect(Set(ids).count == ids.count, "an example stands twice in the list")
    #expect(Set(played).count == played.count, "an example is played twice: \(played.sorted())")
    for id in ids {
      #expect(played.contains(id) != (notApplicable[id] != nil), "\(id) is neither played nor explained, or both")
    }
    for id in played + notApplicable.keys { #expect(ids.contains(id), "\(id) is not in the list") }
    for (id, reason) in notApplicable { #expect(reason.utf8.count > 10, "\(id) needs a reason") }
  }
}
