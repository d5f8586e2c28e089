import ArgumentParser
import Console
import Foundation
import Grading
import ProgramTrials

/// The command line of the exercises and of the grader; `mailwire exercise …` and `mailwire grade …` lead here.
@main struct MailwireGrade: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mailwire", abstract: "The exercises of mailwire, and their grader.", version: Release.version,
    subcommands: [ExerciseCommand.self, GradeCommand.self])

  /// Unusable arguments and unreadable input end with status 2, as those of the other programs do.
  static func main() async {
    // A helper process of our own, before anything has begun.
    if CommandLine.arguments.count == 2, CommandLine.arguments[1] == TrialHelper.word {
      Foundation.exit(TrialHelper.run())
    }
    do {
      try await runFromArguments()
    } catch {
      end(after: error, help: "mailwire exercise --help' and 'mailwire grade --help", words: ErrorWords.of)
    }
  }
}

/// `mailwire exercise …`
struct ExerciseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exercise", abstract: "Exercises: list, show, start, check; and for the lecturer: issue, export.",
    discussion: """
      EXAMPLES:
        mailwire exercise list
        mailwire exercise start W3 --student "Ada Lovelace"     a capture of your own, and a worksheet
        mailwire exercise check W3 W3.md                        what is right, what is wrong, and why
        mailwire exercise issue W3 --class roster.csv --out w3  a folder for each student, and one for the lecturer
        mailwire exercise export W3 --format gift > w3.gift     questions for Moodle
      """,
    subcommands: [
      ListCommand.self, ShowCommand.self, StartCommand.self, CheckCommand.self, IssueCommand.self, ExportCommand.self,
    ])
}

/// Where the exercises are.
struct LibraryOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The folder with the exercises.", valueName: "folder")) var exercises: String?

  var library: ExerciseLibrary {
    get throws {
      if let exercises { return ExerciseLibrary(path: exercises) }
      let program = Bundle.main.executablePath ?? CommandLine.arguments.first ?? ""
      guard let library = ExerciseLibrary.near(program: program) else {
        Terminal.complain("there is no folder 'Exercises' near the program or here; --exercises names it")
        throw ExitCode(2)
      }
      return library
    }
  }
  /// The exercise, or an end with status 2 and a line that says what is wrong.
  func exercise(_ name: String) throws -> Exercise {
    let library = try library
    do {
      if let exercise = try library.exercise(name) { return exercise }
      Terminal.complain("there is no exercise '\(name)'; 'mailwire exercise list' tells what there is")
    } catch {
      Terminal.complain("\(name): \(ErrorWords.of(error))")
    }
    throw ExitCode(2)
  }
}
