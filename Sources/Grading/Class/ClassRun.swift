internal import Lessons

/// Grades everything that a class has handed in, some submissions at a time. A broken submission is a result like any
/// other, and stops nobody.
package struct ClassRun: Sendable {
  package let judge: SubmissionJudge
  package let store: ResultStore?
  /// Grade also what has not changed.
  package let again: Bool
  package let jobs: Int
  /// Runs programs; nil where answers are graded.
  package let tries: (@Sendable (TrialOrder) async -> [TrialRecord])?
  /// Run programs anew, even where what was recorded of them is kept.
  package var runsAnew = false
  /// Told of what was recorded of the programs of the submission that stands at this place.
  package var recorded: (@Sendable (Int, [TrialRecord]) -> Void)?
  /// Results that are kept at once.
  private static let batch = 100

  package init(
    _ judge: SubmissionJudge, store: ResultStore?, again: Bool, jobs: Int,
    tries: (@Sendable (TrialOrder) async -> [TrialRecord])? = nil
  ) {
    self.tries = tries
    self.judge = judge
    self.store = store
    self.again = again
    self.jobs = max(1, jobs)
  }
  /// The results in the order of the submissions; `progress` is told how many are done.
  package func run(
    _ folder: SubmissionFolder, progress: (Int) -> Void = { _ in }
  ) async throws -> (results: [StudentResult], reused: Int) {
    let known = again ? [:] : try store?.outcomes(of: judge.exercise.id) ?? [:]
    let entries = folder.entries
    var outcomes = [SubmissionJudge.Outcome?](repeating: nil, count: entries.count)
    let usable = Set(entries.filter { $0.unusable == nil }.map(\.label))
    var fresh: [ResultStore.Entry] = []
    var (done, reused) = (0, 0)
    try await withThrowingTaskGroup(of: (index: Int, entry: ResultStore.Entry, isNew: Bool).self) { group in
      var next = 0
      func start() {
        guard next < entries.count else { return }
        let (index, entry) = (next, entries[next])
        next += 1
        group.addTask {
          let submission = SubmissionFolder.read(entry)
          let fingerprint = self.fingerprint(submission)
          if let kept = known[entry.label], kept.fingerprint == fingerprint, !kept.outcome.result.couldNotJudge {
            try self.tellAgain(index, submission, kept.outcome.result)
            return (
              index, ResultStore.Entry(label: entry.label, fingerprint: fingerprint, outcome: kept.outcome), false
            )
          }
          if let trial = judge.exercise.trial {
            return (index, try await self.tried(index, submission, trial, fingerprint), true)
          }
          let outcome = judge.judge(submission)
          return (index, ResultStore.Entry(label: entry.label, fingerprint: fingerprint, outcome: outcome), true)
        }
      }
      for _ in 0..<jobs { start() }
      while let finished = try await group.next() {
        outcomes[finished.index] = finished.entry.outcome
        // What cannot be used takes nobody's place.
        let isInPlace = entries[finished.index].unusable == nil || !usable.contains(finished.entry.label)
        if finished.isNew, isInPlace { fresh.append(finished.entry) }
        if !finished.isNew { reused += 1 }
        if fresh.count >= Self.batch {
          try store?.keep(fresh)
          fresh = []
        }
        done += 1
        progress(done)
        start()
      }
    }
    try store?.keep(fresh)
    let all = zip(outcomes, entries).compactMap { outcome, entry in
      outcome.map { (outcome: $0, label: entry.label, unusable: entry.unusable) }
    }
    return (try await noted(Self.folded(all)), reused)
  }
  /// Tells what was recorded of programs that are not judged again.
  private func tellAgain(_ index: Int, _ submission: Submission, _ result: StudentResult) throws {
    guard let recorded, let trial = judge.exercise.trial, result.problem == nil else { return }
    let order = try ProgramSubmission(judge.exercise, trial, submission).order()
    let records = try store?.records(of: judge.exercise.id, submission.label, ProgramSubmission.fingerprint(order))
    recorded(index, records ?? [])
  }
  /// Judges programs by what was recorded of them, and has them run where nothing is.
  private func tried(
    _ index: Int, _ submission: Submission, _ trial: Trial, _ fingerprint: String
  ) async throws -> ResultStore.Entry {
    let programs = ProgramSubmission(judge.exercise, trial, submission)
    var result = judge.result(submission)
    var entry = ResultStore.Entry(
      label: submission.label, fingerprint: fingerprint, outcome: SubmissionJudge.Outcome(result: result))
    do throws(WorksheetError) {
      if result.isOurFault { return entry }
      let order = try programs.order()
      result.files = order.programs.map(\.file)
      entry.runFingerprint = ProgramSubmission.fingerprint(order)
      do {
        let kept = runsAnew ? nil : try store?.records(of: judge.exercise.id, submission.label, entry.runFingerprint)
        entry.records = kept ?? []
      } catch {
        entry.records = []
      }
      if entry.records.isEmpty || entry.records.contains(where: { $0.fault != nil }) {
        entry.records = await tries?(order) ?? []
      }
      result.checks = programs.judge(entry.records)
      result.trials = programs.summaries(entry.records)
      recorded?(index, entry.records)
    } catch {
      result.problem = error.description
    }
    entry.outcome.result = result
    return entry
  }
  /// What decides whether something must be graded again.
  private func fingerprint(_ submission: Submission) -> String {
    var parts = [Array("\(judge.exercise.fingerprint) \(judge.usesOwnCaptures)".utf8), judge.classFolder?.secret ?? []]
    parts.append(Array("\(submission.label) \(submission.problem ?? "")".utf8))
    parts += submission.leftOut.map { Array("\($0.name) \($0.reason)".utf8) }
    for file in submission.files { parts += [Array(file.name.utf8), file.octets] }
    return Fingerprint.text(parts)
  }
  /// What could not be used is no result of its own where its student has another one: it is a note there, and so are several
  /// submissions of one student's.
  private static func folded(
    _ all: [(outcome: SubmissionJudge.Outcome, label: String, unusable: LeftOut?)]
  ) -> [SubmissionJudge.Outcome] {
    let graded = Set(all.filter { $0.unusable == nil }.map(\.outcome.result.student))
    var notes: [String: [LecturerNote]] = [:]
    for (outcome, _, unusable) in all {
      guard let unusable, graded.contains(outcome.result.student) else { continue }
      notes[outcome.result.student, default: []].append(
        LecturerNote(kind: .leftOut, check: nil, other: unusable.name, text: "\(unusable.words)."))
    }
    let labels = Dictionary(grouping: all.filter { $0.unusable == nil }, by: \.outcome.result.student)
      .mapValues { $0.map(\.label) }
    return all.compactMap { outcome, label, unusable in
      if unusable != nil { return graded.contains(outcome.result.student) ? nil : outcome }
      var outcome = outcome
      outcome.result.lecturerNotes += notes.removeValue(forKey: outcome.result.student) ?? []
      let student = outcome.result.student
      if let twice = labels[student], twice.count > 1 {
        let names = twice.map { "'\(Printable.line($0))'" }.joined(separator: ", ")
        outcome.result.lecturerNotes.append(
          LecturerNote(
            kind: .handedInTwice, check: nil, other: label,
            text: "\(twice.count) submissions are this student's: \(names)."))
      }
      return outcome
    }
  }
  /// With the notes for the lecturer, which need everybody's keys, also of those who have handed nothing in.
  private func noted(_ outcomes: [SubmissionJudge.Outcome]) async throws -> [StudentResult] {
    guard let classFolder = judge.classFolder, outcomes.contains(where: { !$0.wrongAnswers.isEmpty }) else {
      return outcomes.map(\.result)
    }
    var personal = PersonalAnswers()
    var present: Set<String> = []
    for outcome in outcomes where !outcome.personalKeys.isEmpty && present.insert(outcome.result.student).inserted {
      personal.add(outcome.personalKeys, of: outcome.result.student)
    }
    let exercise = judge.exercise
    for student in classFolder.roster.students where !present.contains(student.id) {
      personal.add(try PersonalAnswers.keys(exercise, seed: classFolder.seed(student, exercise)), of: student.id)
    }
    return outcomes.map { outcome in
      var result = outcome.result
      result.lecturerNotes += personal.notes(outcome)
      return result
    }
  }
}
