package import Lessons
internal import MailSystem

/// What the right answer to a question is in one capture, and where it stands there.
package struct AnswerKey: Equatable, Sendable {
  package enum Expected: Equatable, Sendable {
    /// Any of these.
    case values([String])
    /// All of these, in any order.
    case list([String])
    /// Letters in order.
    case order([String])
    /// The capture does not tell.
    case cannotTell
    /// The capture lacks what the question is about, which is nobody's wrong answer.
    case missing(String)
  }
  package var expected: Expected
  /// Frames that are evidence.
  package var evidence = Evidence()
  /// Values that are known to be taken for the right one, and what to say.
  package var mistakes: [(value: String, says: String)] = []

  package static func == (a: AnswerKey, b: AnswerKey) -> Bool {
    a.expected == b.expected && a.evidence == b.evidence && a.mistakes.map(\.value) == b.mistakes.map(\.value)
  }
  package init(_ expected: Expected, evidence: Evidence = Evidence()) {
    self.expected = expected
    self.evidence = evidence
  }

  /// The key of `question`, computed from what the analyzer says of the capture. `table` is asked for where all frames of a
  /// connection are evidence.
  package init(
    _ question: WorksheetQuestion, in worksheet: Worksheet, _ variant: Variant, _ facts: CaptureFacts,
    _ table: FrameTable?
  ) {
    if worksheet.plan == nil, case .constant(let values) = question.key, values.contains(where: { $0.contains("{{") }) {
      self.init(.missing("only the capture that was made for you tells this"))
      return
    }
    let ground: Fact
    if let name = question.conversation {
      guard let found = worksheet.conversations[name]?.find(in: facts.conversations) else {
        let isConstant = if case .constant = question.key { question.evidencePoints == 0 } else { false }
        if isConstant {
          self.init(question.key, question, variant, facts.root)
        } else {
          self.init(.missing("the capture has no conversation that the question is about (\(name))"))
        }
        return
      }
      ground = found
    } else {
      ground = facts.root
    }
    self.init(question.key, question, variant, ground)
    for name in question.evidenceConnections {
      guard let table, let found = worksheet.conversations[name]?.find(in: facts.conversations) else { continue }
      var connection = Evidence()
      connection.frames = table.frames(ofConnection: found)
      evidence.add(connection)
    }
    if let conditions = question.cannotTell, conditions.allSatisfy({ $0.holds(in: ground) }) {
      expected = .cannotTell
      evidence = Evidence()
    }
  }
  private init(_ rule: KeyRule, _ question: WorksheetQuestion, _ variant: Variant, _ ground: Fact) {
    self.init(Self.expected(rule, question, variant, ground), evidence: Self.evidence(rule, question, ground))
    for other in question.alternatives {
      guard case .values(let values) = expected,
        case .values(let more) = Self.expected(other, question, variant, ground)
      else { continue }
      expected = .values(values + more.filter { !values.contains($0) })
      evidence.add(Self.evidence(other, question, ground))
    }
    for mistake in question.mistakes {
      guard case .values(let values) = Self.expected(mistake.key, question, variant, ground) else { continue }
      for value in values { mistakes.append((value, variant.filled(mistake.says))) }
    }
  }

  // MARK: Values

  private static func expected(
    _ rule: KeyRule, _ question: WorksheetQuestion, _ variant: Variant, _ ground: Fact
  ) -> Expected {
    if case .list = question.kind {
      let values: [String]
      switch rule {
      case .fact(let selectors): values = matches(selectors, ground).map(\.fact.shown).filter { !$0.isEmpty }
      case .constant(let constants): values = constants.map { variant.filled($0) }
      case .frame, .count, .cases, .order: values = []
      }
      return values.isEmpty ? missing : .list(values)
    }
    switch rule {
    case .fact(let selectors):
      guard let first = matches(selectors, ground).first(where: { !$0.fact.isEmpty }) else { return missing }
      return .values([first.fact.shown])
    case .frame(let selectors):
      let frames = frames(matches(selectors, ground).first?.evidence ?? Evidence())
      return frames.isEmpty ? missing : .values(frames.map(String.init))
    case .count(let selectors): return .values([String(matches(selectors, ground).count)])
    case .constant(let values): return .values(values.map { variant.filled($0) })
    case .cases(let cases):
      guard let first = cases.first(where: { $0.conditions.allSatisfy { $0.holds(in: ground) } }) else {
        return missing
      }
      if let value = first.value { return .values([variant.filled(value)]) }
      guard let match = matches(first.facts, ground).first(where: { !$0.fact.isEmpty }) else { return missing }
      return .values([match.fact.shown])
    case .order:
      let places = variant.options(of: question).map { letter, option in
        (letter: letter, frame: frames(matches(option.place, ground).first?.evidence ?? Evidence()).first)
      }
      let found = places.compactMap { place in place.frame.map { (place.letter, $0) } }
      guard found.count == places.count else { return missing }
      return .order(found.sorted { $0.1 < $1.1 }.map(\.0))
    }
  }
  private static let missing = Expected.missing("the capture does not hold what the question asks for")

  // MARK: Evidence

  private static func evidence(_ rule: KeyRule, _ question: WorksheetQuestion, _ ground: Fact) -> Evidence {
    var evidence = Evidence()
    // Evidence that the exercise names: all that any of its selectors finds. Another capture may not have it.
    for selector in question.evidence {
      for match in selector.elements(in: ground, evidence: Evidence()) { evidence.add(match.evidence) }
    }
    if !frames(evidence).isEmpty { return evidence }
    switch rule {
    case .fact(let selectors), .frame(let selectors), .count(let selectors):
      let found = matches(selectors, ground)
      if case .list = question.kind {
        for match in found { evidence.add(match.evidence) }
      } else if let first = found.first(where: { !$0.fact.isEmpty }) {
        evidence.add(first.evidence)
      }
    case .cases(let cases):
      let first = cases.first { $0.conditions.allSatisfy { $0.holds(in: ground) } }
      for selector in first?.evidence ?? [] {
        for match in selector.elements(in: ground, evidence: Evidence()) { evidence.add(match.evidence) }
      }
      if frames(evidence).isEmpty, let match = matches(first?.facts ?? [], ground).first(where: { !$0.fact.isEmpty }) {
        evidence.add(match.evidence)
      }
    case .order:
      for option in question.options {
        if let match = matches(option.place, ground).first { evidence.add(match.evidence) }
      }
    case .constant: break
    }
    return evidence
  }
  /// What the first selector that finds anything finds.
  private static func matches(_ selectors: [Selector], _ ground: Fact) -> [Selector.Match] {
    for selector in selectors {
      let found = selector.elements(in: ground, evidence: Evidence())
      if !found.isEmpty { return found }
    }
    return []
  }
  /// All frames of the evidence, in order.
  package static func frames(_ evidence: Evidence) -> [Int] {
    var frames = Set(evidence.frames)
    for range in evidence.ranges where range.count == 2 && range[0] <= range[1] && range[1] - range[0] < 10_000 {
      frames.formUnion(range[0]...range[1])
    }
    return frames.sorted()
  }
}
