/// Grades a submission of programs: finds them, and judges what was recorded of their runs.
package struct ProgramSubmission: Sendable {
  package let exercise: Exercise
  package let trial: Trial
  package let submission: Submission

  package init(_ exercise: Exercise, _ trial: Trial, _ submission: Submission) {
    self.exercise = exercise
    self.trial = trial
    self.submission = submission
  }
  /// What is to be run. Throws what is wrong with the submission, for the student.
  package func order() throws(WorksheetError) -> TrialOrder {
    if let problem = submission.problem { throw WorksheetError(problem) }
    var programs: [SubmittedProgram] = []
    for name in trial.role.programs {
      guard let program = SubmittedProgram(name, in: submission) else {
        throw WorksheetError(
          submission.absence("There is no program: a file \(name).py, or an executable called \(name)."))
      }
      if !program.isPython, let main = program.files.first(where: { $0.name == program.file }),
        let obstacle = ExecutableForm.obstacle(main.octets.octets, name: program.file)
      {
        throw WorksheetError(obstacle)
      }
      programs.append(program)
    }
    return TrialOrder(trial, programs)
  }
  /// Another when the programs or the way in which they are run are.
  package static func fingerprint(_ order: TrialOrder) -> String {
    var parts = [Array("\(order.role) \(order.spoken) \(order.cases) \(order.isUnsafe)".utf8)]
    for program in order.programs {
      parts.append(Array("\(program.name) \(program.file)".utf8))
      for file in program.files { parts += [Array(file.name.utf8), file.octets.octets] }
    }
    return Fingerprint.text(parts)
  }
  /// The result, from what was recorded, and from the answers where there are questions.
  package func judge(_ records: [TrialRecord], hintLevel: Int = 1) -> [CheckResult] {
    var judge = ProgramJudge(exercise, trial)
    judge.hintLevel = hintLevel
    return judge.judge(records) + (trial.sheet?.judge(exercise, submission, hintLevel: hintLevel) ?? [])
  }
  package func summaries(_ records: [TrialRecord]) -> [TrialSummary] {
    trial.cases.compactMap { testCase in
      records.first { $0.id == testCase.id }.map { TrialSummary(testCase, $0) }
    }
  }
}
