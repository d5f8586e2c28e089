internal import Lessons

/// Judges a worksheet on the ground of a capture: a pure function of what was recorded and what was written.
package struct WorksheetJudge: Sendable {
  package let exercise: Exercise
  package let worksheet: Worksheet
  package let variant: Variant
  package let facts: CaptureFacts
  /// Which of the three hints is given: 1 to 3.
  package var hintLevel = 1
  /// The key to every question, by its id.
  package let keys: [String: AnswerKey]

  package init(_ exercise: Exercise, _ worksheet: Worksheet, _ variant: Variant, _ facts: CaptureFacts) {
    self.exercise = exercise
    self.worksheet = worksheet
    self.variant = variant
    self.facts = facts
    let table = worksheet.questions.contains { !$0.evidenceConnections.isEmpty } ? FrameTable(facts) : nil
    keys = Dictionary(
      uniqueKeysWithValues: worksheet.questions.map {
        ($0.check.id, AnswerKey($0, in: worksheet, variant, facts, table))
      })
  }

  private static let noAnswer = "There is no answer yet."

  /// The result of every question, in order.
  package func judge(_ sheet: FilledWorksheet) -> [CheckResult] {
    var results: [CheckResult] = []
    var table: FrameTable?
    for question in worksheet.questions {
      let lacking = question.check.dependencies.first { dependency in
        results.contains { $0.id == dependency && $0.verdict != .passed && $0.points == 0 }
      }
      if let lacking {
        var result = CheckResult(question.check, title: title(question), verdict: .notRun, points: 0)
        result.dependency = lacking
        let number = (worksheet.questions.firstIndex { $0.check.id == lacking } ?? 0) + 1
        result.feedback.reason = "This builds on question \(number), which comes first."
        results.append(result)
      } else {
        var result = judge(question, sheet.answers[question.check.id] ?? GivenAnswer(), &table)
        if result.feedback.reason == Self.noAnswer, !sheet.unknown.isEmpty {
          let names = sheet.unknown.prefix(3).map { "'\(Printable.line(shortened($0)))'" }.joined(separator: ", ")
          result.feedback.reason = "\(Self.noAnswer) The worksheet has an answer to \(names), as no question is called."
        }
        results.append(result)
      }
    }
    return results
  }
  /// The right answer as a person reads it.
  package func answer(to question: WorksheetQuestion) -> String {
    keys[question.check.id].map { words(for: $0, question) } ?? ""
  }
  private func title(_ question: WorksheetQuestion) -> String { variant.filled(question.check.title) }

  private func judge(_ question: WorksheetQuestion, _ given: GivenAnswer, _ table: inout FrameTable?) -> CheckResult {
    var result = CheckResult(question.check, title: title(question), verdict: .failed, points: 0)
    guard let key = keys[question.check.id] else {
      result.verdict = .couldNotJudge
      return result
    }
    if case .missing(let reason) = key.expected {
      // With a capture of ours, the exercise is at fault; with the student's, the capture lacks something.
      result.verdict = worksheet.plan == nil ? .notRun : .couldNotJudge
      result.feedback.reason = "\(reason)."
      return result
    }
    result.feedback.hint = hint(question)
    // Whoever has not tried is not told.
    if given.isEmpty {
      result.feedback.reason = Self.noAnswer
      return result
    }
    result.feedback.expected = words(for: key, question)
    result.feedback.found = Printable.line(shortened(words(for: given.value, question)))
    result.feedback.place = Excerpt(key, question.kind, facts).place
    let part = share(of: given.value, question, key)
    let valuePoints = question.check.points - question.evidencePoints
    result.points = Int(Double(valuePoints) * part)
    guard part == 1 else {
      result.feedback.reason = reason(given, question, key, part)
      return result
    }
    // Nothing can be cited for what the capture does not tell.
    if question.evidencePoints > 0, key.expected != .cannotTell {
      if let fault = evidenceFault(given.evidence, key, &table) {
        result.feedback.reason = "The answer is right, and its evidence is not: \(fault)"
        return result
      }
    }
    result.points = question.check.points
    result.verdict = .passed
    return result
  }
  private func hint(_ question: WorksheetQuestion) -> String? {
    let hints = question.check.hints
    let index = min(max(hintLevel, 1), hints.count) - 1
    return hints.indices.contains(index) ? variant.filled(hints[index]) : nil
  }
  /// The answer as a person reads it: of a letter also what it stands for.
  private func words(for value: String, _ question: WorksheetQuestion) -> String {
    guard question.kind == .choice, let chosen = chosen(value, question) else { return value }
    let option = variant.options(of: question).first { $0.option.value == chosen }
    return option.map { "\($0.letter): \(variant.filled($0.option.text))" } ?? value
  }
  private func shortened(_ text: String) -> String { text.count <= 120 ? text : text.prefix(119) + "…" }

  // MARK: The value

  /// How much of the value is right, 0 to 1.
  private func share(of value: String, _ question: WorksheetQuestion, _ key: AnswerKey) -> Double {
    switch key.expected {
    case .missing: return 0
    case .cannotTell: return AnswerForm.isCannotTell(value) ? 1 : 0
    case .values(let values):
      if question.kind == .choice {
        return chosen(value, question).map { values.contains($0) } == true ? 1 : 0
      }
      return values.contains { AnswerForm.isEqual(value, $0, question.kind) } ? 1 : 0
    case .order(let letters):
      let given = AnswerForm.letters(value)
      guard Set(given) == Set(letters), given.count == letters.count else { return 0 }
      let inPlace = zip(given, letters).filter { $0 == $1 }.count
      return Double(inPlace) / Double(letters.count)
    case .list(let expected):
      guard case .list(let kind) = question.kind else { return 0 }
      let given = Set(AnswerParts.of(value, kind).compactMap { AnswerForm.canonical($0, kind) })
      let right = Set(expected.compactMap { AnswerForm.canonical($0, kind) })
      if right.isEmpty { return 0 }
      // What is wrong takes away what is right, so that naming everything is no answer.
      let hits = given.intersection(right).count
      return max(0, Double(hits - (given.count - hits)) / Double(right.count))
    }
  }
  /// The value of the option that was chosen, by its letter or by its text.
  private func chosen(_ text: String, _ question: WorksheetQuestion) -> String? {
    let options = variant.options(of: question)
    // `[x] C`, `(c)`, `Option C`.
    let plain = (AnswerForm.canonical(text, .text) ?? "").lowercased()
    let sign = plain.prefixMatch(of: #/(?:[\-*]\s+)?(?:\[[x✓✔ ]?\]|\(|(?:option|answer|letter)\b)[\s:]*/#)?.0
    let word = String(plain.dropFirst(sign?.count ?? 0))
    if let option = options.first(where: { [plain, word].contains(variant.filled($0.option.text).lowercased()) }) {
      return option.option.value
    }
    // `B`, `b)`, `B: the server`, but not the first letter of a word.
    guard let first = word.first, word.dropFirst().first.map({ !$0.isLetter && !$0.isNumber && $0 != "'" }) ?? true
    else {
      return nil
    }
    return options.first { $0.letter.lowercased() == String(first) }?.option.value
  }
  /// The key as a person reads it.
  private func words(for key: AnswerKey, _ question: WorksheetQuestion) -> String {
    switch key.expected {
    case .missing(let reason): return reason
    case .cannotTell: return "cannot tell"
    case .list(let values): return values.map { Printable.line($0) }.joined(separator: ", ")
    case .order(let letters): return letters.joined(separator: ", ")
    case .values(let values):
      if question.kind == .choice {
        let options = variant.options(of: question).filter { values.contains($0.option.value) }
        return options.map { "\($0.letter): \(variant.filled($0.option.text))" }.joined(separator: ", or ")
      }
      let shown = values.map { Printable.line($0) }
      if question.kind == .frame, shown.count > 6 {
        return "one of the frames \(shown.first ?? "")–\(shown.last ?? "")"
      }
      return shown.joined(separator: " or ")
    }
  }

  // MARK: Reasons

  private func reason(
    _ given: GivenAnswer, _ question: WorksheetQuestion, _ key: AnswerKey, _ share: Double
  ) -> String {
    if AnswerForm.isCannotTell(given.value) { return "The capture does show it." }
    if case .cannotTell = key.expected { return "The capture does not show this, so nobody can know it from there." }
    for mistake in key.mistakes {
      let isIt =
        question.kind == .choice
        ? chosen(given.value, question) == mistake.value
        : AnswerForm.isEqual(given.value, mistake.value, question.kind)
          || AnswerForm.isEqual(given.value, mistake.value, .text)
      if isIt { return mistake.says }
    }
    if case .list(let expected) = key.expected, case .list(let kind) = question.kind {
      return listReason(given.value, expected, kind)
    }
    if case .order(let letters) = key.expected {
      let given = AnswerForm.letters(given.value)
      if Set(given) != Set(letters) || given.count != letters.count {
        return "Write each of the letters \(letters.sorted().joined(separator: ", ")) once."
      }
      return "\(Int(share * Double(letters.count))) of \(letters.count) stand in their place."
    }
    if question.kind == .choice, chosen(given.value, question) == nil { return "This is none of the letters." }
    if AnswerForm.canonical(given.value, question.kind) == nil {
      return "This does not read as \(question.kind.prompt)."
    }
    return "This is not what the capture shows."
  }
  private func listReason(_ value: String, _ expected: [String], _ kind: AnswerKind) -> String {
    let given = Set(AnswerParts.of(value, kind).compactMap { AnswerForm.canonical($0, kind) })
    let right = Set(expected.compactMap { AnswerForm.canonical($0, kind) })
    let missing = right.subtracting(given).count
    let extra = given.subtracting(right).sorted()
    var parts: [String] = []
    if missing > 0 { parts.append(missing == 1 ? "one is missing" : "\(missing) are missing") }
    if !extra.isEmpty {
      let named = extra.prefix(3).map { "'\(Printable.line(shortened($0)))'" }.joined(separator: ", ")
      parts.append("\(named) \(extra.count == 1 ? "does" : "do") not belong here")
    }
    let sentence = parts.joined(separator: ", and ")
    return sentence.prefix(1).uppercased() + sentence.dropFirst() + "."
  }
}
