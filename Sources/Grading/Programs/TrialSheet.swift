/// Questions that go with a program: about a capture that is handed out with it, the same for everybody.
package struct TrialSheet: Equatable, Sendable {
  /// The capture file.
  package var capture: [UInt8]
  package var worksheet: Worksheet

  /// The seed of the order in which options stand.
  static let seed = StudentSeed(number: 0)

  /// The answers that were handed in beside the program, against the capture. Without a worksheet no question has an answer.
  func judge(_ exercise: Exercise, _ submission: Submission, hintLevel: Int) -> [CheckResult] {
    func failed(_ verdict: Verdict, _ reason: String) -> [CheckResult] {
      worksheet.questions.map { question in
        var result = CheckResult(question.check, title: question.check.title, verdict: verdict, points: 0)
        result.feedback.reason = reason
        return result
      }
    }
    guard let facts = try? SubmittedCapture.facts(octets: capture) else {
      return failed(.couldNotJudge, "The capture of the exercise cannot be read.")
    }
    var judge = WorksheetJudge(exercise, worksheet, Variant(exercise, seed: Self.seed), facts)
    judge.hintLevel = hintLevel
    var problem = submission.absence("There is no worksheet: a file such as \(exercise.id).md.")
    for file in submission.worksheets(for: exercise) {
      do throws(WorksheetError) {
        let text = SubmittedText.decode(file.octets)
        let sheet = try SubmittedWorksheet.read(text, name: file.name, for: exercise)
        return judge.judge(sheet)
      } catch {
        problem = "\(file.name): \(error.description)"
      }
    }
    return failed(.notRun, problem)
  }
}
