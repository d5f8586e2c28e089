/// A way through the transcript's facts, as a question's author writes it.
///
///     client.address                          a member of a member
///     credentials[0].password                 the first of a list
///     exchanges[request.verb=EHLO].replies.lines[~SIZE]
///                                             elements where a member equals, lines that contain a text
///     envelope.to[!code]                      elements that lack a member
///
///     selector = step *( "." step )
///     step     = name *( "[" ( number / path "=" text / [ path ] "~" text / path ">" number / "!" path ) "]" )
///
/// A list is walked element by element where a name follows it. Of `fields` the names compare in any case, as those of
/// header fields do (RFC 5322 §1.2.2, RFC 9110 §5.1). The frames of a fact are those of the nearest object
/// around it that names any.
package struct Selector: Equatable, Sendable {
  private enum Filter: Equatable, Sendable {
    case position(Int)
    case equals(path: [String], text: String)
    case contains(path: [String], text: String)
    case isGreater(path: [String], than: Int)
    case lacks(path: [String])
  }
  private struct Step: Equatable, Sendable {
    var name: String
    var filters: [Filter]
  }
  private var steps: [Step] = []

  /// A fact that was found, and the object that tells its frames.
  package struct Match: Sendable {
    package var fact: Fact
    package var evidence: Evidence
  }

  package init(_ spelled: String) throws(QuestionError) {
    for piece in try Self.split(spelled) {
      let name = String(piece.prefix { $0 != "[" })
      var filters: [Filter] = []
      var rest = piece.dropFirst(name.count)
      while rest.first == "[" {
        guard let close = rest.firstIndex(of: "]") else { throw QuestionError("'\(spelled)' lacks a closing bracket") }
        filters.append(try Self.filter(String(rest[rest.index(after: rest.startIndex)..<close]), spelled))
        rest = rest[rest.index(after: close)...]
      }
      if name.isEmpty || !rest.isEmpty { throw QuestionError("'\(spelled)' is no selector") }
      steps.append(Step(name: name, filters: filters))
    }
  }
  /// Parts a selector at the dots outside brackets.
  private static func split(_ spelled: String) throws(QuestionError) -> [String] {
    var pieces = [""]
    var isInside = false
    for character in spelled {
      if character == "[" { isInside = true }
      if character == "]" { isInside = false }
      if character == ".", !isInside { pieces.append("") } else { pieces[pieces.count - 1].append(character) }
    }
    if isInside { throw QuestionError("'\(spelled)' lacks a closing bracket") }
    return pieces
  }
  private static func filter(_ spelled: String, _ whole: String) throws(QuestionError) -> Filter {
    if let position = Int(spelled) { return .position(position) }
    if spelled.hasPrefix("!") { return .lacks(path: spelled.dropFirst().split(separator: ".").map(String.init)) }
    guard let sign = spelled.firstIndex(where: { $0 == "=" || $0 == "~" || $0 == ">" }) else {
      throw QuestionError("'[\(spelled)]' in '\(whole)' is neither a number nor a comparison")
    }
    let path = spelled[..<sign].split(separator: ".").map(String.init)
    let text = String(spelled[spelled.index(after: sign)...])
    switch spelled[sign] {
    case "=": return .equals(path: path, text: text)
    case "~": return .contains(path: path, text: text)
    default:
      guard let number = Int(text) else { throw QuestionError("'[\(spelled)]' in '\(whole)' compares with no number") }
      return .isGreater(path: path, than: number)
    }
  }

  /// Everything in `root` that the selector leads to, in order.
  package func matches(in root: Fact, evidence: Evidence = Evidence()) -> [Match] {
    var found = [Match(fact: root, evidence: evidence)]
    for step in steps {
      found = found.flatMap { Self.follow(step, from: $0) }
    }
    return found
  }
  /// The same, lists taken apart, each element with its own evidence.
  package func elements(in root: Fact, evidence: Evidence) -> [Match] {
    matches(in: root, evidence: evidence).flatMap { match -> [Match] in
      if case .list(let elements) = match.fact {
        return elements.map { Match(fact: $0, evidence: match.evidence.narrowed(by: $0)) }
      }
      return [Match(fact: match.fact, evidence: match.evidence.narrowed(by: match.fact))]
    }
  }
  private static func follow(_ step: Step, from match: Match) -> [Match] {
    if case .list(let elements) = match.fact {
      return elements.flatMap { follow(step, from: Match(fact: $0, evidence: match.evidence)) }
    }
    guard let member = match.fact[step.name] else { return [] }
    var found = [Match(fact: member, evidence: match.evidence.narrowed(by: match.fact))]
    for (index, filter) in step.filters.enumerated() {
      // Behind a comparison, a number chooses among what that has found.
      if index > 0, case .position(let position) = filter {
        let place = position < 0 ? found.count + position : position
        found = found.indices.contains(place) ? [found[place]] : []
      } else {
        found = found.flatMap { apply(filter, to: $0, of: step.name) }
      }
    }
    return found
  }
  private static func apply(_ filter: Filter, to match: Match, of list: String) -> [Match] {
    let elements = match.fact.elements
    switch filter {
    case .position(let position):
      let index = position < 0 ? elements.count + position : position
      return elements.indices.contains(index) ? [Match(fact: elements[index], evidence: match.evidence)] : []
    case .equals(let path, let text) where list == "fields" && path == ["name"]:
      let name = text.lowercased()
      return elements.filter { $0["name"]?.string?.lowercased() == name }
        .map { Match(fact: $0, evidence: match.evidence) }
    case .equals(let path, let text):
      return elements.filter { values(path, of: $0).contains { $0.shown == text } }
        .map { Match(fact: $0, evidence: match.evidence) }
    case .contains(let path, let text):
      return elements.filter { values(path, of: $0).contains { $0.shown.contains(text) } }
        .map { Match(fact: $0, evidence: match.evidence) }
    case .isGreater(let path, let number):
      return elements.filter { values(path, of: $0).contains { ($0.integer ?? Int.min) > number } }
        .map { Match(fact: $0, evidence: match.evidence) }
    case .lacks(let path):
      return elements.filter { values(path, of: $0).allSatisfy(\.isEmpty) }
        .map { Match(fact: $0, evidence: match.evidence) }
    }
  }
  private static func values(_ path: [String], of fact: Fact) -> [Fact] {
    var values = [fact]
    for name in path {
      values = values.flatMap { value -> [Fact] in
        if case .list(let elements) = value { return elements.compactMap { $0[name] } }
        return value[name].map { [$0] } ?? []
      }
    }
    return values
  }
}

/// Where a fact can be looked up in Wireshark.
package struct Evidence: Equatable, Sendable {
  package var frames: [Int] = []
  /// The first and the last frame of something that takes many.
  package var ranges: [[Int]] = []
  /// `[frame, offset, length]` each.
  package var bytes: [[Int]] = []
  /// How many of them each line takes, where one came in several frames; else each is a line.
  var pieces: [Int] = []
  package init() {}

  /// The evidence that `object` names; what was known before, when it names none.
  func narrowed(by object: Fact) -> Evidence {
    var evidence = Evidence()
    if let frames = object["frames"] {
      evidence.frames = frames.elements.compactMap(\.integer)
    } else if let range = object["frameRange"], object["version"] == nil {
      evidence.ranges = [range.elements.compactMap(\.integer)].filter { $0.count == 2 }
    } else if let frame = (object["frame"] ?? object["synFrame"])?.integer {
      evidence.frames = [frame]
    }
    evidence.bytes = (object["bytes"]?.elements ?? []).map { $0.elements.compactMap(\.integer) }
    evidence.pieces = object["pieces"]?.elements.map { max(0, $0.integer ?? 0) } ?? []
    return evidence.frames.isEmpty && evidence.ranges.isEmpty && evidence.bytes.isEmpty ? self : evidence
  }
  /// `bytes`, line by line.
  var lines: [[[Int]]] {
    guard !pieces.isEmpty else { return bytes.map { [$0] } }
    var rest = bytes[...]
    return pieces.map { count in
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
  }
  package mutating func add(_ other: Evidence) { self = Self.joined([self, other]) }
  /// The evidence of all of them, each thing once, in the order in which it was first named.
  package static func joined(_ all: [Evidence]) -> Evidence {
    if all.count < 2 { return all.first ?? Evidence() }
    var joined = Evidence()
    joined.frames = once(all.flatMap(\.frames))
    joined.ranges = once(all.flatMap(\.ranges))
    joined.bytes = once(all.flatMap(\.bytes))
    return joined
  }
  /// Each element once, where it came first.
  static func once<Element: Hashable>(_ elements: [Element]) -> [Element] {
    if elements.count < 2 { return elements }
    // Thousands must not be compared each with each.
    var known = Set<Element>(minimumCapacity: elements.count)
    return elements.filter { known.insert($0).inserted }
  }
}

/// What is wrong with a question's file, in a line for its author.
package struct QuestionError: Error, Equatable, Sendable, CustomStringConvertible {
  package var description: String
  package init(_ description: String) { self.description = description }
}
