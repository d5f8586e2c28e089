import Testing

@testable import Grading

/// What is exported for Moodle is read as Moodle reads it.
@Suite struct GIFTTests {
  /// A question as GIFT's documentation has it, unescaped.
  struct Question {
    var name: String
    var text: String
    var isNumerical: Bool
    /// `=` or `~`, and what follows up to the feedback.
    var answers: [(sign: Character, text: String, feedback: String)]
  }
  /// Reads GIFT: blocks with a name, a text, and answers in braces; a backslash takes the next sign literally.
  static func read(_ page: String) throws -> [Question] {
    var questions: [Question] = []
    for block in page.blocks where !block.hasPrefix("//") {
      var rest = block[...]
      guard take("::", from: &rest) else { throw WorksheetError("no name: \(block)") }
      let name = until("::", in: &rest)
      let text = until("{", in: &rest)
      let isNumerical = take("#", from: &rest)
      let body = until("}", in: &rest)
      guard rest.allSatisfy(\.isWhitespace) else { throw WorksheetError("something follows: \(rest)") }
      questions.append(
        Question(name: unescaped(name), text: unescaped(text), isNumerical: isNumerical, answers: answers(body)))
    }
    return questions
  }
  private static func take(_ sign: String, from rest: inout Substring) -> Bool {
    guard rest.hasPrefix(sign) else { return false }
    rest = rest.dropFirst(sign.count)
    return true
  }
  private static func until(_ sign: String, in rest: inout Substring) -> String {
    var text = ""
    while !rest.isEmpty, !take(sign, from: &rest) {
      text.append(rest.removeFirst())
      if text.last == "\\", !rest.isEmpty { text.append(rest.removeFirst()) }
    }
    return text
  }
  private static func answers(_ body: String) -> [(sign: Character, text: String, feedback: String)] {
    var answers: [(sign: Character, text: String, feedback: String)] = []
    var rest = body[...]
    var isFeedback = false
    while let character = rest.popFirst() {
      if character == "\\", let next = rest.popFirst() {
        if answers.isEmpty { continue }
        if isFeedback {
          answers[answers.count - 1].feedback += "\\\(next)"
        } else {
          answers[answers.count - 1].text += "\\\(next)"
        }
      } else if character == "=" || character == "~" {
        answers.append((character, "", ""))
        isFeedback = false
      } else if character == "#" {
        // Four of them begin what is said of the whole question.
        if rest.hasPrefix("###") { break }
        isFeedback = true
      } else if !answers.isEmpty {
        if isFeedback {
          answers[answers.count - 1].feedback.append(character)
        } else {
          answers[answers.count - 1].text.append(character)
        }
      }
    }
    return answers.map { ($0.sign, unescaped($0.text).trimmingBlanks, unescaped($0.feedback).trimmingBlanks) }
  }
  private static func unescaped(_ text: String) -> String {
    var (plain, rest) = ("", text[...])
    while let character = rest.popFirst() { plain.append(character == "\\" ? rest.popFirst() ?? "\\" : character) }
    return plain
  }

  @Test(arguments: Catalogue.playable) func isReadAndHoldsTheKey(_ id: String) throws {
    let judge = try Catalogue.judge(id, seed: 3)
    let questions = try Self.read(GIFTQuestions.text(judge))
    #expect(questions.map(\.name) == judge.worksheet.questions.map { "\(id) \($0.check.id)" })
    for (question, original) in zip(questions, judge.worksheet.questions) {
      #expect(question.text == judge.variant.filled(original.check.title))
      let right = question.answers.filter { $0.sign == "=" }.map(\.text)
      switch judge.keys[original.check.id]?.expected {
      case .values(let values)? where original.kind == .choice:
        #expect(right.count == 1 && question.answers.count == original.options.count, "\(question)")
        #expect(original.options.contains { values.contains($0.value) && judge.variant.filled($0.text) == right[0] })
      case .values(let values)? where question.isNumerical: #expect(right == values.map { "\($0):0" })
      case .values(let values)?:
        #expect(right == values.map { $0.trimmingBlanks }, "base64 ends in =, and must survive")
      case .order(let letters)?: #expect(right.count == letters.count && right.allSatisfy { $0.contains(" -> ") })
      case .list(let values)?: #expect(right == [values.joined(separator: ", ")])
      case .cannotTell?: #expect(right == ["cannot tell"])
      case .missing?, nil: Issue.record("\(question.name) has no key")
      }
    }
  }
  @Test func itsOwnSignsAreEscaped() {
    #expect(GIFTQuestions.escaped("a=b ~ #1 {x} c:\\d\n") == "a\\=b \\~ \\#1 \\{x\\} c\\:\\\\d\\n")
  }
}

extension String {
  /// Blocks of lines between blank ones.
  fileprivate var blocks: [String] {
    var found = [""]
    for line in split(separator: "\n", omittingEmptySubsequences: false) {
      if line.isEmpty {
        found.append("")
      } else {
        found[found.count - 1] += (found[found.count - 1].isEmpty ? "" : "\n") + line
      }
    }
    return found.filter { !$0.isEmpty }
  }
}
