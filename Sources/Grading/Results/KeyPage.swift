internal import Lessons

/// The keys of a class, for the lecturer: a line of CSV for each student and question.
package enum KeyPage {
  package static let heading = "student,question,answer,frames\r\n"

  package static func rows(_ judge: WorksheetJudge, student: String) -> String {
    judge.worksheet.questions.map { question in
      guard let key = judge.keys[question.check.id] else { return "" }
      let frames = AnswerKey.frames(key.evidence).prefix(12).map(String.init).joined(separator: " ")
      return [student, question.check.id, judge.answer(to: question), frames].map(ClassTable.guarded).joined(
        separator: ",")
        + "\r\n"
    }.joined()
  }
}
