import Testing

@testable import Grading

/// A program is found among what was handed in, with the files beside it.
@Suite struct SubmittedProgramTests {
  private func find(_ names: [String]) -> SubmittedProgram? {
    var submission = Submission(label: "student")
    submission.files = names.map { Submission.File(name: $0, octets: Array($0.utf8)) }
    return SubmittedProgram("client", in: submission)
  }

  @Test(arguments: [
    "", "lunch/", "Jörg/", "Jo\u{308}rg/", "Köln/Abgabe Übung/", "王小明/", "\u{1F355}/", "a\u{FFFD}b/",
  ])
  func liesInAFolderOfAnyName(_ folder: String) throws {
    for main in ["client.py", "client", "main.py"] {
      let program = try #require(find(["\(folder)\(main)", "\(folder)lib/smtp.txt", "elsewhere/other.txt"]))
      #expect(program.file == main)
      let inside = [main, "lib/smtp.txt"] + (folder.isEmpty ? ["elsewhere/other.txt"] : [])
      #expect(program.files.map(\.name) == inside)
    }
  }
  /// Two spellings of a letter are one text, and two folders.
  @Test func isInTheFolderThatIsSpelledAsItsOwn() throws {
    let program = try #require(find(["Jörg/client.py", "Jo\u{308}rg/helper.py", "Jörg/helper.py"]))
    #expect(program.files.map(\.name) == ["client.py", "helper.py"])
    #expect(program.files.last.map { $0.octets.octets == Array("Jörg/helper.py".utf8) } == true)
  }
}
