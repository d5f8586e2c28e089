/// A worksheet in Markdown: written for a student to fill in, and read again, however it was filled in.
///
///     ## 3. What is the password?
///     <!-- password -->
///     Answer: lino-bedi-bepa-reni-17
///     Evidence: frame 7
package enum MarkdownWorksheet {
  /// The worksheet as a student gets it.
  package static func page(
    _ exercise: Exercise, _ variant: Variant, student: String, capture: String?
  ) -> String {
    var page = "# \(exercise.id) · \(exercise.title)\n\nStudent: \(line(student))\n\nExercise: \(exercise.id)\n\n"
    page += "\(variant.filled(exercise.prompt).trimmingBlanks)\n\n"
    if let capture {
      page += "Your capture is `\(capture)`: open it in Wireshark, or with `mailwire follow \(capture)`.\n"
    }
    page += """
      Write each answer behind "Answer:". Where evidence is asked for, cite the frame that shows it (`frame 7`), a display
      filter that finds it and nothing else (`smtp.req.command == "AUTH"`), or a frame with its octets (`frame 7, octets
      54-122`). If the capture does not tell, the answer is `cannot tell`.

      """
    for (index, question) in exercise.questions.enumerated() {
      let points = question.check.points == 1 ? "1 point" : "\(question.check.points) points"
      page +=
        "\n## \(index + 1). \(variant.filled(question.check.title))\n<!-- \(question.check.id) · \(points) -->\n\n"
      for (letter, option) in variant.options(of: question) { page += "- \(letter): \(variant.filled(option.text))\n" }
      if !question.options.isEmpty { page += "\n" }
      page += "(\(question.kind.prompt); \(points))\n\nAnswer:\n"
      if question.evidencePoints > 0 { page += "Evidence:\n" }
    }
    return page
  }
  private static func line(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline).joined(separator: " ")
  }

  private enum Place { case nowhere, answer(String), evidence(String) }

  /// Reads what a student handed in.
  package static func read(_ text: String, for exercise: Exercise) throws(WorksheetError) -> FilledWorksheet {
    var sheet = FilledWorksheet()
    var place = Place.nowhere
    var question: String?
    for raw in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      let line = String(raw).trimmingBlanks
      if line.hasPrefix("#") {
        (question, place) = (id(ofHeading: line, exercise), .nowhere)
        continue
      }
      if line.hasPrefix("<!--") {
        let words = line.dropFirst(4).split(separator: " ")
        if let word = words.first.map(String.init), exercise.questions.contains(where: { $0.check.id == word }) {
          question = word
        }
        continue
      }
      if let (label, value) = labelled(line) {
        switch (label, question) {
        case ("student", nil): sheet.student = StudentName.plain(value)
        case ("exercise", nil): sheet.exercise = value
        case ("answer", let id?):
          place = .answer(id)
          append(value, to: &sheet.answers[id, default: GivenAnswer()].value)
        case ("evidence", let id?):
          place = .evidence(id)
          append(value, to: &sheet.answers[id, default: GivenAnswer()].evidence)
        default: place = .nowhere
        }
        continue
      }
      switch place {
      case .nowhere: continue
      case .answer(let id): append(line, to: &sheet.answers[id, default: GivenAnswer()].value)
      case .evidence(let id): append(line, to: &sheet.answers[id, default: GivenAnswer()].evidence)
      }
    }
    guard !sheet.answers.isEmpty else {
      throw WorksheetError("there is no line that begins with 'Answer:' below a question of \(exercise.id)")
    }
    return sheet
  }
  private static func append(_ line: String, to text: inout String) {
    guard !line.isEmpty, !line.hasPrefix("```"), text.utf8.count < GradingLimits.answerByteCount else { return }
    text += text.isEmpty ? line : "\n\(line)"
    if text.utf8.count > GradingLimits.answerByteCount {
      text = String(decoding: text.utf8.prefix(GradingLimits.answerByteCount), as: UTF8.self)
    }
  }
  /// `## 3. What…` is the third question; `## password` is the one of that id.
  private static func id(ofHeading line: String, _ exercise: Exercise) -> String? {
    let text = String(line.drop { $0 == "#" }).trimmingBlanks
    if let question = exercise.questions.first(where: { $0.check.id == text.lowercased() }) { return question.check.id }
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int(digits), exercise.questions.indices.contains(number - 1) else { return nil }
    return exercise.questions[number - 1].check.id
  }
  /// `**Answer:** x`, `- answer: x`, `Answer : x`.
  private static func labelled(_ line: String) -> (label: String, value: String)? {
    let bare = line.drop { $0 == "*" || $0 == "-" || $0 == ">" || $0 == "_" || $0 == " " }
    guard let colon = bare.firstIndex(of: ":") else { return nil }
    let label = bare[..<colon].lowercased().filter { $0 != "*" && $0 != "_" }.trimmingBlanks
    guard ["answer", "evidence", "student", "exercise"].contains(label) else { return nil }
    var value = bare[bare.index(after: colon)...]
    // Bold ends behind the colon.
    while value.hasPrefix("*") || value.hasPrefix("_") { value = value.dropFirst() }
    return (label, String(value).trimmingBlanks)
  }
}
