import ArgumentParser
import Console
import Grading

/// `mailwire exercise export ID --format gift`
struct ExportCommand: ParsableCommand {
  enum Format: String, CaseIterable, ExpressibleByArgument { case gift }
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write an exercise's questions for another platform's question bank.",
    discussion: """
      The questions are those of one capture, which --out writes beside them; every seed gives another. GIFT is read by
      Moodle: Question bank, Import, GIFT format.
      """)
  @Argument(help: "The exercise, such as W3.") var id: String
  @Option(help: "The format.") var format = Format.gift
  @Option(help: ArgumentHelp("Which copy of the exercise.", valueName: "number")) var seed: UInt64 = 1
  @Option(help: ArgumentHelp("Where the worksheet and the capture go.", valueName: "folder")) var out: String?
  @Flag(help: "Write over files that are there.") var force = false
  @OptionGroup var library: LibraryOptions

  func run() throws {
    let exercise = try library.exercise(id)
    let work = try StudentWork(exercise, seed: StudentSeed(number: seed))
    guard let judge = work.judge() else {
      Terminal.complain("\(exercise.id) has no capture of its own, so its questions have no fixed answers")
      throw ExitCode(2)
    }
    if let out { _ = try WorkFiles(out, exercise.id, force: force).write(work, student: "") }
    Terminal.write(GIFTQuestions.text(judge))
  }
}
