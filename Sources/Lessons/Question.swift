/// A question to a conversation, as data: a lecturer's file may hold more of them (`Documentation/questions.md`).
package struct Question: Equatable, Sendable {
  /// One line of the answer, or one for each element of a list.
  package struct Line: Equatable, Sendable {
    package var label: String
    package var template: Template
    package var conditions: [Condition] = []
    /// Facts for each of which the line is written.
    package var each: Selector?
  }
  /// Lines that are written once, or for each fact that `each` finds.
  package struct Section: Equatable, Sendable {
    package var each: Selector?
    package var conditions: [Condition] = []
    package var lines: [Line] = []
  }
  /// A reason why the answer cannot be told, or a plain "there is none".
  package struct Exception: Equatable, Sendable {
    package var conditions: [Condition]
    package var reason: Template
    /// Whether it is an answer (“nobody logged in”) rather than a lack.
    package var isAnswer: Bool
  }
  /// A sentence that explains the answer where its conditions hold.
  package struct Reason: Equatable, Sendable {
    package var conditions: [Condition]
    package var text: String
    /// Where the standards say so, as `rfcs`; as for the whole question when empty.
    package var rfcs: [String: String]
  }
  package var name: String
  package var ask: String
  /// The protocols that it is asked of; all when empty.
  package var protocols: [String] = []
  /// A sentence that explains the answer where none of `reasons` does.
  package var why: String
  /// Those of them whose conditions hold are said one after the other.
  package var reasons: [Reason] = []
  /// Where the standards say so, by protocol; under the empty name for all others.
  package var rfcs: [String: String]
  package var sections: [Section]
  package var exceptions: [Exception] = []
}

/// An answer: a value with its evidence, or why it cannot be told.
package struct Answer: Equatable, Sendable {
  package struct Line: Equatable, Sendable {
    package var label: String
    package var text: String
    package var evidence: Evidence
    /// The first line of another element of a list.
    package var beginsElement = false
  }
  package var question: Question
  /// Where the standards say so.
  package var rfc: String
  package var lines: [Line] = []
  package var cannotTell: String?

  /// The evidence of all lines together.
  package var evidence: Evidence {
    var evidence = Evidence.joined(lines.map(\.evidence))
    evidence.frames.sort()
    return evidence
  }
}

extension Question {
  /// Answers the question from a conversation's facts; nil when it is not asked of this protocol.
  package func answer(from conversation: Fact) -> Answer? {
    let spoken = conversation["protocol"]?.string ?? ""
    if !protocols.isEmpty, !protocols.contains(spoken) { return nil }
    var answer = Answer(question: self, rfc: rfcs[spoken] ?? rfcs[""] ?? "")
    let held = reasons.filter { $0.conditions.allSatisfy { $0.holds(in: conversation) } }
    if !held.isEmpty {
      answer.question.why = Self.joined(held.map(\.text), by: " ")
      answer.rfc = Self.joined(held.map { $0.rfcs[spoken] ?? $0.rfcs[""] ?? answer.rfc }, by: ", ")
    }
    for section in sections where section.conditions.allSatisfy({ $0.holds(in: conversation) }) {
      guard let each = section.each else {
        Self.write(section.lines, from: conversation, Evidence(), beginsElement: false, to: &answer)
        continue
      }
      for match in each.elements(in: conversation, evidence: Evidence()) {
        Self.write(section.lines, from: match.fact, match.evidence, beginsElement: true, to: &answer)
      }
    }
    for exception in exceptions where exception.conditions.allSatisfy({ $0.holds(in: conversation) }) {
      guard let (reason, evidence) = exception.reason.filled(from: conversation, evidence: Evidence()) else { continue }
      if exception.isAnswer {
        answer.lines.insert(Answer.Line(label: "none", text: reason, evidence: evidence), at: 0)
      } else {
        answer.cannotTell = reason
      }
      break
    }
    if answer.lines.isEmpty, answer.cannotTell == nil { answer.cannotTell = "the capture does not show it" }
    return answer
  }
  /// The texts in their order, each once.
  private static func joined(_ texts: [String], by separator: String) -> String {
    texts.indices.filter { texts.firstIndex(of: texts[$0]) == $0 }.map { texts[$0] }.joined(separator: separator)
  }
  private static func write(
    _ lines: [Line], from fact: Fact, _ evidence: Evidence, beginsElement: Bool, to answer: inout Answer
  ) {
    var isFirst = beginsElement
    for line in lines where line.conditions.allSatisfy({ $0.holds(in: fact) }) {
      let matches =
        line.each?.elements(in: fact, evidence: evidence) ?? [Selector.Match(fact: fact, evidence: evidence)]
      for match in matches {
        guard let (text, found) = line.template.filled(from: match.fact, evidence: match.evidence) else { continue }
        answer.lines.append(Answer.Line(label: line.label, text: text, evidence: found, beginsElement: isFirst))
        isFirst = false
      }
    }
  }
}
