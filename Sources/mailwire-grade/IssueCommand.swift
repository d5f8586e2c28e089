import ArgumentParser
import Console
import Foundation
import Grading

/// `mailwire exercise issue ID --class ROSTER.csv --out DIR`
struct IssueCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "issue", abstract: "Hand out an exercise: a folder for each student of a class, and one for you.",
    discussion: """
      Writes DIR/students/ID/ for every student of the roster, to be handed out, and DIR/lecturer/, which is yours: the
      class's secret, from which every capture and every key follows, and the keys. Grade with
      'mailwire grade ID SUBMISSIONS --class DIR/lecturer'.
      """)
  @Argument(help: "The exercise, such as W3.") var id: String
  @Option(
    name: .customLong("class"), help: ArgumentHelp("The roster: CSV with the columns id and name.", valueName: "file"))
  var roster: String
  @Option(help: ArgumentHelp("The folder for both.", valueName: "folder")) var out: String
  @Option(
    help: ArgumentHelp("Your folder, if it is there from another exercise; else DIR/lecturer.", valueName: "folder"))
  var lecturer: String?
  @Flag(help: "Write over worksheets and captures that are there.") var force = false
  @OptionGroup var library: LibraryOptions

  func run() async throws {
    let exercise = try library.exercise(id)
    guard let text = try ExerciseLibrary.text(roster, limit: 16 << 20) else {
      Terminal.complain("\(roster): there is no such file")
      throw ExitCode(2)
    }
    let roster = try Roster(csv: text)
    tellOfUnreadable(roster)
    let folder = try ClassFolder.make(lecturer ?? "\(out)/lecturer", roster)
    var keys = KeyPage.heading
    for student in roster.students {
      let work = try StudentWork(exercise, seed: folder.seed(student, exercise))
      _ = try WorkFiles("\(out)/students/\(student.id)", exercise.id, force: force).write(work, student: student.name)
      if let judge = work.judge() { keys += KeyPage.rows(judge, student: student.id) }
    }
    try folder.write(keys, to: "\(exercise.id).keys.csv")
    let count = roster.students.count == 1 ? "1 student" : "\(roster.students.count) students"
    Terminal.write(
      """
      \(exercise.id) for \(count):
        \(out)/students/    to hand out, a folder for each
        \(folder.path)/    yours alone: the class's secret, the roster, the keys

      When they have handed in:  mailwire grade \(exercise.id) SUBMISSIONS --class \(folder.path)

      """)
  }
  /// Signs that are no UTF-8 are replaced, and then stand in names and on worksheets.
  private func tellOfUnreadable(_ roster: Roster) {
    let broken = roster.students.filter { $0.name.contains("\u{FFFD}") }
    guard let first = broken.first else { return }
    let count = broken.count == 1 ? "one name has" : "\(broken.count) names have"
    Terminal.complain(
      """
      \(self.roster) is not UTF-8: \(count) signs that cannot be read, such as '\(first.name)'. Save it as UTF-8, and \
      issue it again with --force.
      """)
  }
}
