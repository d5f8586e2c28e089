import ArgumentParser
import Console
import Glibc
import Lessons

/// `--questions`: what is asked besides the lesson's five questions.
struct QuestionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Ask further questions, from a file (see Documentation/questions.md).", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var questions: [String] = []

  /// The questions of those files; ends the program with status 2 where one cannot be read.
  func asked() throws -> [Question] {
    var asked: [Question] = []
    for file in questions {
      guard let text = TextFile.read(file) else {
        Terminal.complain("\(Printable.line(file)): \(unsafe String(cString: strerror(errno)))")
        throw ExitCode(2)
      }
      do { asked += try QuestionFile.parse(text) } catch {
        Terminal.complain("\(Printable.line(file)): \(Printable.line(error.description))")
        throw ExitCode(2)
      }
    }
    return asked
  }
}
