import ArgumentParser
import Console
import Foundation
import Grading
import ProgramTrials

/// `mailwire exercise check ID WORKSHEET`, and for programs `mailwire exercise check ID client.py`
struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check your own worksheet or program, and see what is wrong and why.",
    discussion: """
      A program is run in a sandbox, with a private network, and judged by its packets; --out keeps the captures, and the
      ladders of who said what.

      The exercise is the one that 'mailwire exercise start' made for the name in the worksheet. With --capture it is
      judged on a capture of your own, from Wireshark or from 'mailwire capture'.
      """)
  @Argument(help: "The exercise, such as W3.") var id: String
  @Argument(help: "The worksheet that you have filled in, or your program, or the folder in which it is.")
  var worksheet: String
  @Option(help: ArgumentHelp("The name that you have started with; else that of the worksheet.", valueName: "name"))
  var student: String?
  @Option(help: ArgumentHelp("Judge on this capture.", valueName: "file")) var capture: String?
  @Option(
    help: ArgumentHelp(
      "How much is shown: nothing, hint (which it is without a word), expected, all.", valueName: "level")
  ) var reveal: Reveal?
  @Option(help: ArgumentHelp("Which of the three hints: 1, 2, 3.", valueName: "number")) var hint = 1
  @Option(help: ArgumentHelp("Keep a program's captures and ladders in this folder.", valueName: "folder"))
  var out: String?
  @OptionGroup var trials: TrialOptions
  @OptionGroup var library: LibraryOptions

  func run() async throws {
    let exercise = try library.exercise(id)
    guard (1...3).contains(hint) else { throw ValidationError("--hint is 1, 2 or 3") }
    guard exercise.mode == .practice else {
      Terminal.complain("\(exercise.id) is an exam: the lecturer grades it")
      throw ExitCode(2)
    }
    if let trial = exercise.trial { return try await check(exercise, trial) }
    guard let text = try ExerciseLibrary.text(worksheet, limit: GradingLimits.worksheetByteCount) else {
      Terminal.complain("\(worksheet): there is no such file")
      throw ExitCode(2)
    }
    let sheet = try SubmittedWorksheet.read(text, name: worksheet, for: exercise)
    guard let name = student ?? sheet.student, !name.isEmpty else {
      throw ValidationError("the worksheet has no line 'Student: …'; --student says who you are")
    }
    let facts = try capture.map { try ground($0) }
    let work = try StudentWork(exercise, seed: .practice(exercise: exercise.id, student: name))
    if capture == nil { try tellOfAnotherCapture(work, name) }
    guard var judge = work.judge(on: facts) else { throw ValidationError("\(exercise.id) wants --capture FILE") }
    judge.hintLevel = hint
    var result = StudentResult(student: name, exercise: exercise.id)
    result.checks = judge.judge(sheet)
    try show(result, exercise)
  }
  /// Whoever has changed the name in the worksheet is judged on another capture than the one that lies beside it.
  private func tellOfAnotherCapture(_ work: StudentWork, _ name: String) throws {
    let path = URL(filePath: worksheet).deletingLastPathComponent().appending(path: "\(work.exercise.id).pcapng").path
    guard FileManager.default.fileExists(atPath: path), let facts = try SubmittedCapture.facts(path: path),
      !work.isOwn(facts.packets)
    else { return }
    Terminal.complain(
      """
      \(path) was not made for '\(name)', and the worksheet is judged on the capture that was. --student says the name \
      that you have started with; --capture judges on a file.
      """)
  }
  private func check(_ exercise: Exercise, _ trial: Trial) async throws {
    let folder = try SubmissionFolder(path: worksheet, exercise: exercise)
    guard let entry = folder.entries.first, folder.entries.count == 1 else {
      throw WorksheetError("\(worksheet): there is no \(trial.role.programs[0]).py in it")
    }
    let programs = ProgramSubmission(exercise, trial, SubmissionFolder.read(entry))
    let order = try programs.order()
    let records = await (try trials.runner()).run(order)
    var result = StudentResult(student: student ?? entry.label, exercise: exercise.id)
    result.files = order.programs.map(\.file)
    result.checks = programs.judge(records, hintLevel: hint)
    result.trials = programs.summaries(records)
    if let out { try TrialFiles(out, trial).write(records) }
    try show(result, exercise)
  }
  private func show(_ result: StudentResult, _ exercise: Exercise) throws {
    // Who practises may see what the exercise allows, and may ask for less.
    let level = min(reveal ?? .hint, exercise.reveal)
    Terminal.write(FeedbackPage(level, usesColor: Terminal.usesColor).text(result, title: exercise.title))
    if !result.hasPassed, level == .hint, exercise.reveal > .hint {
      Terminal.write(
        "\nMore help: --hint 2, --hint 3; --reveal expected tells the answer, --reveal all where it stands.\n")
    }
    if result.couldNotJudge { throw ExitCode(4) }
    if !result.hasPassed { throw ExitCode(1) }
  }
  private func ground(_ path: String) throws -> CaptureFacts {
    guard let facts = try SubmittedCapture.facts(path: path) else {
      Terminal.complain("\(path) cannot be read as a capture")
      throw ExitCode(2)
    }
    return facts
  }
}

extension Reveal: ExpressibleByArgument {}
