internal import MailSystem
internal import Scenarios

/// A worksheet in YAML, for who would rather write that:
///
///     exercise: W3
///     student: Ada Lovelace
///     answers:
///       password: { answer: lino-bedi-bepa-reni-17, evidence: frame 7 }
///       user-name: alice@example.org
package enum YAMLWorksheet {
  package static func read(_ text: String) throws(WorksheetError) -> FilledWorksheet {
    let page: Page
    do { page = try ScenarioFile.read(Page.self, from: withoutFrameSigns(text)) } catch {
      throw WorksheetError("\(error)")
    }
    var sheet = FilledWorksheet()
    sheet.exercise = page.exercise
    sheet.student = page.student.map(StudentName.plain)
    sheet.answers = page.answers.mapValues { GivenAnswer(value: cut($0.answer), evidence: cut($0.evidence)) }
    return sheet
  }
  /// `evidence: #7` means frame 7, and YAML takes it for a comment.
  private static func withoutFrameSigns(_ text: String) -> String {
    text.replacing(#/(evidence:[^#"'\n]*)#(\d)/#) { "\($0.1)\($0.2)" }
  }
  private static func cut(_ text: String) -> String {
    String(decoding: text.utf8.prefix(GradingLimits.answerByteCount), as: UTF8.self)
  }

  private struct Page: Decodable {
    var exercise: String?
    var student: String?
    var answers: [String: Entry]
    enum Key: String, CodingKey, CaseIterable { case exercise, student, answers }
    init(from decoder: any Decoder) throws {
      let map = try decoder.map(Key.self)
      exercise = try map.decodeIfPresent(String.self, forKey: .exercise)
      student = try map.decodeIfPresent(Word.self, forKey: .student)?.text
      answers = try map.decode([String: Entry].self, forKey: .answers)
    }
  }
  private struct Entry: Decodable {
    var answer = ""
    var evidence = ""
    enum Key: String, CodingKey, CaseIterable { case answer, evidence }
    init(from decoder: any Decoder) throws {
      if let word = try? Word(from: decoder) {
        answer = word.text
        return
      }
      let map = try decoder.map(Key.self)
      answer = try map.decodeIfPresent(Word.self, forKey: .answer)?.text ?? ""
      evidence = try map.decodeIfPresent(Word.self, forKey: .evidence)?.text ?? ""
    }
  }
  /// A text, a number, or a list of them.
  private struct Word: Decodable {
    var text: String
    init(from decoder: any Decoder) throws {
      if let texts = try? decoder.singleValueContainer().decode([String].self) {
        text = texts.joined(separator: ", ")
      } else {
        text = try decoder.singleValueContainer().decode(String.self)
      }
    }
  }
}
