import ArgumentParser
import Console
import Foundation
import Grading
import ProgramTrials

/// `mailwire grade EXERCISE SUBMISSIONS`
struct GradeCommand: AsyncParsableCommand {
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text, json, csv, html, gradescope, check50, prairielearn, autolab, classroom, junit, github
    /// Whether it is a document about one student.
    var isOfOneStudent: Bool { [.gradescope, .check50, .prairielearn, .autolab, .classroom].contains(self) }
    /// How a student's file is named.
    var fileEnding: String { self == .text ? "txt" : "json" }
  }
  static let configuration = CommandConfiguration(
    commandName: "grade", abstract: "Grade what students have handed in, one or a whole class.",
    discussion: """
      Programs are run in a sandbox with a private network, and judged by their packets: each entry of SUBMISSIONS holds
      client.py (or server.py, or an executable client or server). --out keeps each student's captures and ladders.

      SUBMISSIONS is a folder in which each entry is one student's (a folder, a worksheet, or a zip file, also as GitHub
      Classroom, Gradescope and Moodle lay them out), the same as one zip file, or one submission. With --class, everybody is judged on the capture
      that 'mailwire exercise issue' made for them; without it, on the one that 'mailwire exercise start' makes for the
      name in the worksheet.

      Ends with 0 when everybody has passed everything, 1 when not, 2 when something cannot be used, and 4 when something
      could not be judged.

      EXAMPLES:
        mailwire grade W3 submissions --class w3/lecturer
        mailwire grade W3 submissions --class w3/lecturer --format html > class.html
        mailwire grade W3 submissions --class w3/lecturer --format gradescope --out results
        mailwire grade W3 moodle-download.zip --class w3/lecturer --format csv > grades.csv
        mailwire grade W3 ada.md --format json
        mailwire grade S2 submissions --results s2.sqlite --out feedback
      """)
  @Argument(help: "The exercise, such as W3.") var exercise: String
  @Argument(help: "What was handed in.") var submissions: String
  @Option(
    name: .customLong("class"), help: ArgumentHelp("The lecturer's folder of 'exercise issue'.", valueName: "folder"))
  var classFolder: String?
  @Option(help: "The format.") var format = Format.text
  @Option(help: ArgumentHelp("Write a file for each student into this folder.", valueName: "folder")) var out: String?
  @Option(help: ArgumentHelp("Submissions that are graded at the same time.", valueName: "number")) var jobs: Int?
  @Option(help: ArgumentHelp("How much students are shown: nothing, hint, expected, all.", valueName: "level"))
  var reveal: Reveal?
  @Option(
    help: ArgumentHelp(
      "Keep the results in this SQLite file; what is there already and has not changed is not graded again.",
      valueName: "file")) var results: String?
  @Flag(help: "Grade everything again.") var again = false
  @Flag(help: "Judge on the captures that students have handed in.") var ownCaptures = false
  @Flag(help: "SUBMISSIONS is one submission, whatever lies in it.") var one = false
  @Option(
    help: ArgumentHelp(
      "Gradescope's submission_metadata.json, which tells whose the one submission is.", valueName: "file"))
  var metadata: String?
  @Flag(help: "Run programs again, even where what was recorded of them is kept in --results.") var runAgain = false
  @OptionGroup var trials: TrialOptions
  @OptionGroup var library: LibraryOptions

  func run() async throws {
    let exercise = try library.exercise(exercise)
    if let jobs, !(1...256).contains(jobs) { throw ValidationError("--jobs is 1 to 256") }
    let lecturer = try classFolder.map { try open($0) }
    guard exercise.mode == .practice || lecturer != nil || exercise.trial != nil else {
      Terminal.complain("\(exercise.id) is an exam: --class names the lecturer's folder of 'mailwire exercise issue'")
      throw ExitCode(2)
    }
    let folder = try handedIn(exercise, lecturer)
    tell(folder.leftOut)
    guard !folder.entries.isEmpty else { throw WorksheetError("\(submissions): there is nothing in it") }
    let store = try results.map { try ResultStore(path: $0) }
    let runner = exercise.trial == nil ? nil : try trials.runner(isTold: one || metadata != nil)
    var tries: (@Sendable (TrialOrder) async -> [TrialRecord])?
    if let runner { tries = { order in await runner.run(order) } }
    // Programs wait for one another most of the time.
    let processors = ProcessInfo.processInfo.activeProcessorCount
    var run = ClassRun(
      SubmissionJudge(exercise, lecturer, usesOwnCaptures: ownCaptures), store: store, again: again || runAgain,
      jobs: jobs ?? (runner == nil ? processors : processors * 3), tries: tries)
    run.runsAnew = runAgain
    let names = SubmissionNames(folder, run.judge)
    if let out, let trial = exercise.trial {
      run.recorded = { (entry: Int, records: [TrialRecord]) in
        let folder = "\(out)/\(names.name(ofEntry: entry)).captures"
        do { try TrialFiles(folder, trial).write(records) } catch {
          Terminal.complain("\(folder): \(ErrorWords.of(error))")
        }
      }
    }
    let bar = GradingProgress(total: folder.entries.count)
    let (results, reused) = try await run.run(folder) { bar.show($0) }
    bar.erase()
    if reused > 0 { Terminal.complain("\(reused) of \(results.count) have not changed and were not graded again") }
    try write(ClassSummary(results, exercise, missing: missing(results, lecturer, folder)), names)
    if results.contains(where: \.couldNotJudge) { throw ExitCode(4) }
    if !results.allSatisfy(\.hasPassed) { throw ExitCode(1) }
  }
  /// Says what of the submissions cannot be used.
  private func tell(_ leftOut: [LeftOut]) {
    let lineCount = 20
    for other in leftOut.prefix(lineCount) { Terminal.complain("\(submissions): \(other.words)") }
    if leftOut.count > lineCount {
      Terminal.complain("\(submissions): so it is with \(leftOut.count - lineCount) more")
    }
  }
  /// Students of the roster from whom nothing has come; of one submission nobody asks that.
  private func missing(
    _ results: [StudentResult], _ lecturer: ClassFolder?, _ folder: SubmissionFolder
  ) -> [Roster.Student] {
    let present = Set(results.map(\.student))
    return folder.isOfClass ? lecturer?.roster.students.filter { !present.contains($0.id) } ?? [] : []
  }
  private func handedIn(_ exercise: Exercise, _ lecturer: ClassFolder?) throws -> SubmissionFolder {
    guard let metadata else {
      return one
        ? try SubmissionFolder(one: submissions, exercise: exercise)
        : try SubmissionFolder(path: submissions, exercise: exercise)
    }
    guard let text = try ExerciseLibrary.text(metadata, limit: 64 << 20) else {
      Terminal.complain("\(metadata): there is no such file")
      throw ExitCode(2)
    }
    return try SubmissionFolder(
      one: submissions, exercise: exercise, label: GradescopeMetadata(text).label(in: lecturer?.roster))
  }
  private func open(_ path: String) throws -> ClassFolder {
    if let folder = try ClassFolder.open(path) { return folder }
    Terminal.complain("\(path) is no lecturer's folder: 'mailwire exercise issue' makes one")
    throw ExitCode(2)
  }

  // MARK: Output

  private func write(_ summary: ClassSummary, _ names: SubmissionNames) throws {
    let (results, exercise) = (summary.results, summary.exercise)
    let reveal = reveal ?? exercise.reveal
    if let out { return try writeFiles(summary, reveal, out, names) }
    if format.isOfOneStudent, results.count > 1 {
      Terminal.complain(
        "\(format.rawValue) is of one student: --out FOLDER writes a file for each of the \(results.count)")
      throw ExitCode(2)
    }
    if let result = results.first, results.count == 1, summary.missing.isEmpty, format == .text || format.isOfOneStudent
    {
      return Terminal.write(try page(result, exercise, reveal, usesColor: Terminal.usesColor))
    }
    switch format {
    case .json: Terminal.write(try ClassJSON.text(results, exercise))
    case .csv: Terminal.write(ClassTable.text(results, exercise, missing: summary.missing))
    case .html: Terminal.write(ClassPage(summary).text)
    case .junit: Terminal.write(JUnitReport.text(results, reveal))
    case .github: Terminal.write(GitHubAnnotations.text(results, reveal))
    case .text, .gradescope, .check50, .prairielearn, .autolab, .classroom: Terminal.write(ClassText.text(summary))
    }
  }
  private func page(
    _ result: StudentResult, _ exercise: Exercise, _ reveal: Reveal, usesColor: Bool = false
  ) throws -> String {
    switch format {
    case .gradescope: try GradescopeResult.text(result, reveal)
    case .check50: try Check50Result.text(result, reveal, version: Release.version)
    case .prairielearn: try PrairieLearnResult.text(result, reveal)
    case .autolab: try AutolabResult.text(result)
    case .classroom: try ClassroomResult.text(result, exercise, reveal)
    case .json: try ClassJSON.text([result], exercise)
    case .csv: ClassTable.text([result], exercise)
    case .html: ClassPage(ClassSummary([result], exercise)).text
    case .junit: JUnitReport.text([result], reveal)
    case .github: GitHubAnnotations.text([result], reveal)
    case .text: FeedbackPage(reveal, usesColor: usesColor).text(result, title: exercise.title)
    }
  }
  /// A file for each student; the class's own formats are one file.
  private func writeFiles(
    _ summary: ClassSummary, _ reveal: Reveal, _ folder: String, _ names: SubmissionNames
  ) throws {
    let (results, exercise) = (summary.results, summary.exercise)
    guard format.isOfOneStudent || format == .text else {
      throw ValidationError(
        "\(format.rawValue) is one document about the whole class: leave --out away, and use > FILE")
    }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (result, name) in zip(results, names.names(of: results)) {
      let path = "\(folder)/\(name).\(format.fileEnding)"
      try Data(try page(result, exercise, reveal).utf8).write(to: URL(filePath: path), options: .atomic)
    }
    Terminal.write(ClassText.text(summary))
    Terminal.write("\nWritten: \(results.count == 1 ? "1 file" : "\(results.count) files") into \(folder)\n")
  }
}
