internal import Lessons

/// Judges a program by what was recorded of its runs: a pure function, so that a class can be judged again without running
/// anything.
package struct ProgramJudge: Sendable {
  package let exercise: Exercise
  package let trial: Trial
  /// Which of the three hints is given: 1 to 3.
  package var hintLevel = 1

  package init(_ exercise: Exercise, _ trial: Trial) {
    self.exercise = exercise
    self.trial = trial
  }
  /// The result of every check, in order. `records` are those of the trial's cases, in any order; a case that has none could
  /// not be judged.
  package func judge(_ records: [TrialRecord]) -> [CheckResult] {
    var grounds: [String: WireGround] = [:]
    var faults: [String: String] = [:]
    for testCase in trial.cases {
      guard let record = records.first(where: { $0.id == testCase.id }) else {
        faults[testCase.id] = "There is no record of this case."
        continue
      }
      if let fault = record.fault {
        faults[testCase.id] = fault
      } else if let ground = WireGround(trial, testCase, record) {
        grounds[testCase.id] = ground
      } else if record.capture.octets.isEmpty || record.programs.isEmpty {
        faults[testCase.id] = "Nothing was recorded."
      } else {
        faults[testCase.id] = "The capture cannot be read."
      }
    }
    var results: [CheckResult] = []
    for check in trial.checks {
      results.append(judge(check, grounds, faults, results))
    }
    return results
  }
  private func judge(
    _ check: ProgramCheck, _ grounds: [String: WireGround], _ faults: [String: String], _ before: [CheckResult]
  ) -> CheckResult {
    var result = CheckResult(check.check, title: check.check.title, verdict: .passed, points: 0)
    if let lacking = before.first(where: {
      check.check.dependencies.contains($0.id) && $0.verdict != .passed && $0.points == 0
    }) {
      result.verdict = lacking.verdict == .couldNotJudge ? .couldNotJudge : .notRun
      result.dependency = lacking.id
      result.feedback.reason = "This builds on '\(lacking.title)', which comes first."
      return result
    }
    let cases = trial.cases.filter { check.cases.isEmpty || check.cases.contains($0.id) }
    var findings: [(testCase: TrialCase, finding: Finding)] = []
    for testCase in cases {
      if let fault = faults[testCase.id] {
        result.verdict = .couldNotJudge
        result.feedback.reason = fault
        return result
      }
      guard let ground = grounds[testCase.id] else { continue }
      findings.append((testCase, (check.isTowardNext ? ground.next : ground).find(check.rule, check.parameters)))
      if check.rule.readsDialogue, ground.hasProtectedSpeech { result.feedback.ground = ProtectedSpeech.remark }
    }
    let passed = findings.filter { $0.finding.verdict == .passed }.count
    let failed = findings.filter { $0.finding.verdict == .failed }
    result.points = failed.isEmpty ? 0 : check.check.points * passed / max(1, findings.count)
    guard let (testCase, finding) = failed.first ?? findings.first(where: { $0.finding.verdict == .notRun }) else {
      result.points = check.check.points
      let remark = findings.lazy.map(\.finding).first { $0.reason != nil }
      (result.feedback.reason, result.feedback.place) = (remark?.reason, remark?.place)
      return result
    }
    if failed.isEmpty, passed > 0 {
      // Where there was something to look at, it was right.
      result.points = check.check.points
      return result
    }
    result.verdict = finding.verdict
    result.feedback.expected = finding.expected.map(printable)
    result.feedback.found = finding.found.map(printable)
    result.feedback.reason = finding.reason.map {
      trial.cases.count > 1 && finding.verdict == .failed ? "\($0) (Case '\(testCase.id)': \(testCase.title).)" : $0
    }
    result.feedback.place = finding.place
    result.feedback.mistake = finding.mistake
    result.feedback.hint = finding.verdict == .failed ? hint(check) : nil
    if finding.mistake == .crashed {
      result.feedback.hint = hint(of: Self.crashHints)
      // What the rule is there for is another story.
      if check.rule == .finish { result.feedback.why = "A program that ends with an error has left something undone." }
    }
    return result
  }
  private static let crashHints = [
    "Start your program by hand: of what does it complain?",
    "The last line of the error tells what is wrong, and the lines above it tell where.",
    "Read the error from its last line upwards: it names the file, and the line in it.",
  ]
  private func hint(_ check: ProgramCheck) -> String? {
    hint(of: check.check.hints)
  }
  private func hint(of hints: [String]) -> String? {
    let index = min(max(hintLevel, 1), hints.count) - 1
    return hints.indices.contains(index) ? hints[index] : nil
  }
  private func printable(_ text: String) -> String {
    Printable.line(text.count <= 160 ? text : text.prefix(159) + "…")
  }
}
