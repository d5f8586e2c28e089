/// An exercise's questions in GIFT, for Moodle's question bank.
///
///     ::W1 client-port::Which TCP port does the client use?{#53112:0}
package enum GIFTQuestions {
  package static func text(_ judge: WorksheetJudge) -> String {
    let exercise = judge.exercise
    var page = "// \(exercise.id): \(exercise.title)\n$CATEGORY: mailwire/\(exercise.id)\n"
    for question in judge.worksheet.questions {
      guard let key = judge.keys[question.check.id], let body = body(question, key, judge) else { continue }
      page += "\n::\(escaped("\(exercise.id) \(question.check.id)"))::"
      page += "\(escaped(judge.variant.filled(question.check.title))){\(body)}\n"
    }
    return page
  }
  /// What stands in the braces; nil where GIFT has no such question.
  private static func body(_ question: WorksheetQuestion, _ key: AnswerKey, _ judge: WorksheetJudge) -> String? {
    let explanation = "####\(escaped("\(question.check.why) (\(question.check.rfc))"))"
    switch key.expected {
    case .missing: return nil
    case .cannotTell: return "\n=cannot tell\n\(explanation)\n"
    case .order(let letters):
      let options = judge.variant.options(of: question)
      let pairs = letters.enumerated().map { place, letter in
        let text = options.first { $0.letter == letter }.map { judge.variant.filled($0.option.text) } ?? letter
        return "=\(escaped(String(place + 1))) -> \(escaped(text))\n"
      }
      return "\n\(pairs.joined())\(explanation)\n"
    case .list(let values):
      // As many answers as there are, each with its part: Moodle's multiple answers want wrong ones beside them.
      return "\n=\(escaped(values.joined(separator: ", ")))\n\(explanation)\n"
    case .values(let values):
      switch question.kind {
      case .choice:
        let lines = judge.variant.options(of: question).map { _, option in
          let isRight = values.contains(option.value)
          let says = key.mistakes.first { $0.value == option.value }.map { "#\(escaped($0.says))" } ?? ""
          return "\(isRight ? "=" : "~")\(escaped(judge.variant.filled(option.text)))\(isRight ? "" : says)\n"
        }
        return "\n\(lines.joined())\(explanation)\n"
      case .port, .number, .frame, .code:
        return "#\n\(values.map { "=\($0):0\n" }.joined())\(explanation)\n"
      case .address, .text, .word, .host, .mailbox, .base64, .order, .list:
        return "\n\(values.map { "=\(escaped($0))\n" }.joined())\(explanation)\n"
      }
    }
  }
  /// `~ = # { } :` and the backslash are GIFT's own; base64 ends in one of them.
  static func escaped(_ text: String) -> String {
    text.map { character in
      switch character {
      case "~", "=", "#", "{", "}", ":", "\\": "\\\(character)"
      case _ where character.isNewline: "\\n"
      default: String(character)
      }
    }.joined()
  }
}
