/// A file of questions: how a lecturer adds one without touching code.
///
///     {"questions": [{"name": "size", "ask": "How large a message does the server accept?",
///       "protocols": ["smtp"], "why": "EHLO's SIZE line says so.", "rfc": "RFC 1870 §3",
///       "answer": [{"lines": [{"label": "limit", "text": "{exchanges[request.verb=EHLO].replies.lines[~SIZE]}"}]}],
///       "cannot-tell": [{"when": ["!exchanges[request.verb=EHLO]"], "reason": "the client did not say EHLO"}]}]}
package enum QuestionFile {
  /// The questions of a file; the error says what is wrong and where.
  package static func parse(_ text: String) throws(QuestionError) -> [Question] {
    let octets = Array(text.utf8)
    let file: Fact
    do throws(FactError) { file = try FactParser.parse(octets.span) } catch {
      throw QuestionError("offset \(error.offset): \(error.reason)")
    }
    guard case .list(let entries)? = file["questions"] else { throw QuestionError("there is no list of 'questions'") }
    var questions: [Question] = []
    for entry in entries { questions.append(try question(entry)) }
    return questions
  }
  private static func question(_ entry: Fact) throws(QuestionError) -> Question {
    let name = try text("name", of: entry, in: "a question")
    let place = "question '\(name)'"
    var question = Question(
      name: name, ask: try text("ask", of: entry, in: place),
      protocols: (entry["protocols"]?.elements ?? []).compactMap(\.string), why: try text("why", of: entry, in: place),
      rfcs: rfcs(entry["rfc"]), sections: [])
    for reason in entry["reasons"]?.elements ?? [] {
      question.reasons.append(
        Question.Reason(
          conditions: try conditions(reason), text: try text("text", of: reason, in: place),
          rfcs: reason["rfc"] == nil ? [:] : rfcs(reason["rfc"])))
    }
    for section in entry["answer"]?.elements ?? [] { question.sections.append(try self.section(section, place)) }
    if question.sections.isEmpty { throw QuestionError("\(place) has no 'answer'") }
    for exception in entry["cannot-tell"]?.elements ?? [] {
      question.exceptions.append(try self.exception(exception, isAnswer: false, place))
    }
    for exception in entry["none"]?.elements ?? [] {
      question.exceptions.append(try self.exception(exception, isAnswer: true, place))
    }
    return question
  }
  /// One text for all protocols, or an object with one for each.
  private static func rfcs(_ entry: Fact?) -> [String: String] {
    guard case .object(let members)? = entry else { return ["": entry?.string ?? ""] }
    return members.reduce(into: [:]) { $0[$1.name] = $1.value.string }
  }
  private static func section(_ entry: Fact, _ place: String) throws(QuestionError) -> Question.Section {
    var section = Question.Section(conditions: try conditions(entry))
    if let each = entry["each"]?.string { section.each = try Selector(each) }
    for line in entry["lines"]?.elements ?? [] {
      section.lines.append(
        Question.Line(
          label: line["label"]?.string ?? "", template: try Template(try text("text", of: line, in: place)),
          conditions: try conditions(line),
          each: try line["each"]?.string.map { spelled throws(QuestionError) in try Selector(spelled) }))
    }
    if section.lines.isEmpty { throw QuestionError("\(place) has an answer without 'lines'") }
    return section
  }
  private static func exception(
    _ entry: Fact, isAnswer: Bool, _ place: String
  ) throws(QuestionError) -> Question.Exception {
    Question.Exception(
      conditions: try conditions(entry), reason: try Template(try text("reason", of: entry, in: place)),
      isAnswer: isAnswer)
  }
  private static func conditions(_ entry: Fact) throws(QuestionError) -> [Condition] {
    var conditions: [Condition] = []
    for spelled in entry["when"]?.elements ?? [] { conditions.append(try Condition(spelled.string ?? "")) }
    return conditions
  }
  private static func text(_ name: String, of entry: Fact, in place: String) throws(QuestionError) -> String {
    guard let text = entry[name]?.string, !text.isEmpty else { throw QuestionError("\(place) has no '\(name)'") }
    return text
  }
}
