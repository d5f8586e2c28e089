internal import Lessons

/// Grades one submission: whose it is, what it is judged on, and what came of it.
package struct SubmissionJudge: Sendable {
  package let exercise: Exercise
  /// nil where students have made their captures themselves, for practice.
  package let classFolder: ClassFolder?
  /// Judge on the capture that the student has handed in.
  package let usesOwnCaptures: Bool

  package init(_ exercise: Exercise, _ classFolder: ClassFolder?, usesOwnCaptures: Bool) {
    self.exercise = exercise
    self.classFolder = classFolder
    self.usesOwnCaptures = usesOwnCaptures
  }
  /// What grading needs besides: the right answers that are the student's alone, and what was answered.
  package struct Outcome: Sendable, Codable {
    package var result: StudentResult
    /// By question: the right answers that should be this student's alone.
    package var personalKeys: [String: [String]] = [:]
    /// By question: the common form of what was answered, where it was not right.
    package var wrongAnswers: [String: String] = [:]
  }

  /// Whose a submission of this name is: the id of a student of the roster, else the name itself.
  package func student(of label: String) -> String { classFolder?.roster.student(named: label)?.id ?? label }

  package func judge(_ submission: Submission) -> Outcome {
    let student = classFolder?.roster.student(named: submission.label)
    var result = StudentResult(student: student?.id ?? submission.label, exercise: exercise.id)
    result.name = student?.name
    if let problem = submission.problem {
      return Outcome(result: failed(result, problem, ours: submission.isUnusable))
    }
    let sheets = submission.worksheets(for: exercise)
    if sheets.isEmpty {
      return Outcome(
        result: failed(result, submission.absence("There is no worksheet: a file such as \(exercise.id).md.")))
    }
    var sheet: (file: Submission.File, page: FilledWorksheet)?
    var problem = ""
    for file in sheets where sheet == nil {
      do throws(WorksheetError) {
        let text = SubmittedText.decode(file.octets)
        sheet = (file, try SubmittedWorksheet.read(text, name: file.name, for: exercise))
      } catch {
        if problem.isEmpty { problem = "\(file.name): \(error.description)" }
      }
    }
    guard let (file, page) = sheet else { return Outcome(result: failed(result, problem)) }
    result.files = [file.name]
    if let claimed = page.exercise, claimed.uppercased() != exercise.id {
      return Outcome(
        result: failed(result, "\(file.name) is a worksheet of \(claimed), and \(exercise.id) is graded here."))
    }
    if let classFolder, student == nil {
      let count = classFolder.roster.students.count
      return Outcome(
        result: failed(
          result, "'\(submission.label)' is none of the \(count) students of the class's roster.", ours: true))
    }
    return judge(page, student, submission, &result)
  }
  /// A result that says whose it is, and nothing yet.
  package func result(_ submission: Submission) -> StudentResult {
    let student = classFolder?.roster.student(named: submission.label)
    var result = StudentResult(student: student?.id ?? submission.label, exercise: exercise.id)
    result.name = student?.name
    if submission.isUnusable {
      (result.problem, result.isOurFault) = (submission.problem, true)
    } else if let classFolder, student == nil {
      let count = classFolder.roster.students.count
      result.problem = "'\(submission.label)' is none of the \(count) students of the class's roster."
      result.isOurFault = true
    }
    return result
  }
  private func failed(_ result: StudentResult, _ problem: String, ours: Bool = false) -> StudentResult {
    var result = result
    result.problem = problem
    result.isOurFault = ours
    return result
  }
  private func judge(
    _ page: FilledWorksheet, _ student: Roster.Student?, _ submission: Submission, _ result: inout StudentResult
  ) -> Outcome {
    let seed: StudentSeed
    if let classFolder, let student {
      seed = classFolder.seed(student, exercise)
      if let name = page.student, StudentName.folded(name) != StudentName.folded(student.name), !name.isEmpty {
        result.lecturerNotes.append(
          LecturerNote(
            kind: .anotherName, check: nil, other: name, text: "The worksheet bears the name '\(name)'."))
      }
    } else {
      let name = page.student ?? submission.label
      result.name = name
      seed = .practice(exercise: exercise.id, student: name)
    }
    do {
      let work = try StudentWork(exercise, seed: seed)
      var facts: CaptureFacts?
      if usesOwnCaptures || work.capture == nil {
        guard let capture = submission.captures.first else {
          return Outcome(result: failed(result, "There is no capture to judge on: a file such as mail.pcapng."))
        }
        facts = try SubmittedCapture.facts(octets: capture.octets)
        guard facts != nil else {
          return Outcome(result: failed(result, "'\(capture.name)' cannot be read as a capture."))
        }
        result.files.append(capture.name)
      }
      if facts == nil { noteAnotherCapture(work, submission, &result) }
      guard let judge = work.judge(on: facts) else {
        return Outcome(result: failed(result, "There is no capture to judge on.", ours: true))
      }
      result.checks = judge.judge(page)
      var outcome = Outcome(result: result, wrongAnswers: wrong(page, result, judge.worksheet))
      if facts == nil { outcome.personalKeys = PersonalAnswers.keys(judge) }
      return outcome
    } catch {
      return Outcome(result: failed(result, "The exercise could not be made for this student: \(error)", ours: true))
    }
  }
  /// A capture beside the worksheet that is not the student's own: the name, or the file, is somebody else's.
  private func noteAnotherCapture(_ work: StudentWork, _ submission: Submission, _ result: inout StudentResult) {
    let name = "\(exercise.id).pcapng".lowercased()
    let beside = submission.captures.first { $0.name.split(separator: "/").last?.lowercased() == name }
    guard let beside, let capture = try? SubmittedCapture.packets(octets: beside.octets), !work.isOwn(capture.packets)
    else { return }
    result.lecturerNotes.append(
      LecturerNote(
        kind: .anotherCapture, check: nil, other: beside.name,
        text: "'\(Printable.line(beside.name))' was not made for this name; judged on is the capture that was."))
  }
  private func wrong(_ page: FilledWorksheet, _ result: StudentResult, _ worksheet: Worksheet) -> [String: String] {
    var wrong: [String: String] = [:]
    for question in worksheet.questions where question.isPersonal {
      // A wrong value earns nothing; one with the wrong evidence is still the student's own.
      guard let given = page.answers[question.check.id], !given.isEmpty,
        result.checks.first(where: { $0.id == question.check.id })?.points == 0,
        let form = AnswerForm.canonical(given.value, question.kind)
      else { continue }
      wrong[question.check.id] = form
    }
    return wrong
  }
}
