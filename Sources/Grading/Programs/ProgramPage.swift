/// What a student of a programming exercise reads first, in Markdown.
package enum ProgramPage {
  package static func text(_ exercise: Exercise, _ trial: Trial) -> String {
    var page = "# \(exercise.id): \(exercise.title)\n\n\(exercise.prompt.trimmingBlanks)\n\n## What is judged\n\n"
    for check in trial.checks {
      page += "- \(check.check.title) (\(check.check.points == 1 ? "1 point" : "\(check.check.points) points"))\n"
    }
    page += "\n## How it is tried\n\n"
    for testCase in trial.cases { page += "- \(testCase.title)\n" }
    let files = trial.role.programs.map { "\($0).py" }
    page += """

      Hand in `\(files.joined(separator: "` and `"))`, or an executable in any other language, called \
      `\(trial.role.programs.joined(separator: "` and `"))`. It is judged by its packets, not by what it prints. Try it first:

          mailwire exercise check \(exercise.id) \(trial.role == .both || trial.sheet != nil ? "." : files[0])

      """
    return page
  }
}
