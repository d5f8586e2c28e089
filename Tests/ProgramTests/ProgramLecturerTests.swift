import Foundation
import TestSupport
import Testing

/// The README's way from a folder of programs to a graded class, command by command, with a class of ten.
@Suite(.enabled(if: Bubblewrap.isInstalled)) struct ProgramLecturerTests {
  private static let handedIn = [
    ("ada", "reference"), ("ben", "wrong-3-expects-250"), ("carla", "reference"), ("dmitri", "wrong-1-no-brackets"),
    ("eun-ji", "reference"), ("farid", "wrong-2-no-header"), ("grace", "reference"), ("hana", "wrong-5-hard-coded"),
    ("ines", "wrong-3-expects-250"), ("jun", ""),
  ]
  private static let readme =
    (try? String(contentsOf: Repository.root.appending(path: "README.md"), encoding: .utf8)) ?? ""

  /// The commands of the block that begins with `beginning`.
  private static func commands(_ beginning: String) -> [String] {
    let block = readme.components(separatedBy: "```sh\n").first { $0.hasPrefix("Scripts/mailwire \(beginning)") } ?? ""
    return block.components(separatedBy: "```")[0].split(separator: "\n").map(String.init)
  }

  @Test func aClassOfTenIsGradedAsTheReadmeSays() throws {
    let (forStudents, forLecturers) = (Self.commands("exercise start S2"), Self.commands("grade S2"))
    try #require(forStudents.count == 2 && forLecturers.count == 4)
    let folder = try TemporaryFolder()
    var seconds = 0.0
    func run(_ command: String, _ status: Int32) throws -> Program.Run {
      let line = command.replacing("Scripts/mailwire", with: "'\(Program.url.path)'")
      let begin = ContinuousClock.now
      let run = try Program.run(
        ["-c", "cd '\(folder.path)' && \(line)"], program: URL(filePath: "/bin/bash"), seconds: 120)
      seconds += (ContinuousClock.now - begin) / .seconds(1)
      #expect(run.status == status, "\(command): \(run.text)\(run.diagnostics)")
      return run
    }
    _ = try run(forStudents[0], 0)
    #expect(try run(forStudents[1], 1).text.contains("of 24 points"), "the skeleton is not complete")

    for (student, solution) in Self.handedIn {
      let place = "\(folder.path)/programs/\(student)"
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
      guard !solution.isEmpty else { continue }
      try SolutionCopy.write("S2", solution, into: place)
    }
    seconds = 0
    let told = try run(forLecturers[0], 1)
    #expect(told.text.contains("S2 · A whole message · 10 submissions"), "\(told.text)")
    for command in forLecturers[1...2] {
      #expect(try run(command, 1).diagnostics.contains("10 of 10 have not changed"))
    }
    #expect(try run(forLecturers[3], 1).text.contains("Written: 10 files into feedback"))
    let table = try String(contentsOfFile: "\(folder.path)/s2.csv", encoding: .utf8).split(separator: "\r\n")
    #expect(table.count == 11 && table.filter { $0.contains(",24,24,passed,") }.count == 4, "\(table)")
    #expect(try String(contentsOfFile: "\(folder.path)/s2.html", encoding: .utf8).contains("eun-ji"))
    let page = try String(contentsOfFile: "\(folder.path)/feedback/ben.txt", encoding: .utf8)
    let excerpt = try #require(
      Self.readme.components(separatedBy: "```text\n").first { $0.contains("Ends the message with a dot") }?
        .components(separatedBy: "```").first)
    for line in excerpt.split(separator: "\n") { #expect(page.contains(line), "not on the page: \(line)") }
    // Kept captures are handed out, too, when nothing is run again.
    let ladder = try String(contentsOfFile: "\(folder.path)/feedback/ben.captures/plain.txt", encoding: .utf8)
    #expect(ladder.contains("354"))
    print("a class of ten: \(seconds) s for the four commands")
  }
}
