import ArgumentParser
struct GradeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "grade", abstract: "Grade.")
  func run() async throws {}
}
