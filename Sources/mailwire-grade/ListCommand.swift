import ArgumentParser
import Console
import Grading

/// `mailwire exercise list`
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "List the exercises.")
  @OptionGroup var library: LibraryOptions

  func run() throws {
    let library = try library.library
    var broken = false
    for id in library.ids {
      do {
        guard let exercise = try library.exercise(id) else { continue }
        let points = "\(exercise.maximumPoints) points"
        let room = String(repeating: " ", count: max(2, 46 - exercise.title.count))
        Terminal.write(
          "\(padded(id, 5))\(padded(exercise.slide, 5))\(exercise.title)\(room)\(padded(exercise.mode.rawValue, 10))\(points)\n"
        )
      } catch {
        Terminal.complain("\(id): \(ErrorWords.of(error))")
        broken = true
      }
    }
    if broken { throw ExitCode(2) }
  }
  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }
}

/// `mailwire exercise show ID`
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show an exercise: its goal, its prompt, its questions.")
  @Argument(help: "The exercise, such as W3.") var id: String
  @OptionGroup var library: LibraryOptions

  func run() throws {
    let exercise = try library.exercise(id)
    var page = "\(exercise.id) · \(exercise.title)\n\n"
    page += "  slide   \(exercise.slide)\n  goal    \(exercise.goal)\n  mode    "
    page +=
      exercise.mode == .practice
      ? "practice: start it yourself, and check it yourself\n" : "exam: the lecturer hands it out\n"
    page += "  points  \(exercise.maximumPoints)\n\n\(exercise.prompt.trimmingBlanks)\n\n"
    for (index, check) in exercise.checks.enumerated() {
      page += "  \(index + 1). \(check.title)  (\(check.points == 1 ? "1 point" : "\(check.points) points"))\n"
    }
    page +=
      exercise.mode == .practice
      ? "\nStart it:  mailwire exercise start \(exercise.id) --student \"Your Name\"\n"
      : "\nHand it out:  mailwire exercise issue \(exercise.id) --class ROSTER.csv --out FOLDER\n"
    // Who is meant differs from student to student.
    Terminal.write(page.replacing("{{", with: "<").replacing("}}", with: ">"))
  }
}
