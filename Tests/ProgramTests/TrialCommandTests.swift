import Foundation
import TestSupport
import Testing

/// Programs on trial, from outside: as a student checks one, and as a lecturer grades some, and grades them again.
@Suite(.enabled(if: Bubblewrap.isInstalled)) struct TrialCommandTests {
  private func run(_ arguments: [String]) throws -> Program.Run { try Program.run(arguments, seconds: 120) }
  private let solutions = Repository.root.appending(path: "Exercises/S1/solutions").path

  @Test func aStudentStartsAndChecks() throws {
    let folder = try TemporaryFolder()
    let start = try run(["exercise", "start", "S8", "--out", folder.path])
    #expect(
      start.status == 0 && start.text.contains("mailwire exercise check S8 \(folder.path)/client.py"), "\(start.text)")
    #expect(try run(["exercise", "start", "S8", "--out", folder.path]).status == 2)
    let packets = "\(folder.path)/packets"
    let right = try run(["exercise", "check", "S1", "\(solutions)/reference/client.py", "--out", packets])
    #expect(right.status == 0 && right.text.contains("16 of 16 points"), "\(right.text)\(right.diagnostics)")
    let ladder = try String(contentsOfFile: "\(packets)/plain.txt", encoding: .utf8)
    #expect(ladder.contains("HELO student.example.com"))
    let follow = try run(["follow", "\(packets)/plain.pcap"])
    #expect(follow.text.contains("HELO student.example.com"))
    let wrong = try run(["exercise", "check", "S1", "\(solutions)/wrong-2-line-feed"])
    #expect(wrong.status == 1 && wrong.text.contains("hint") && !wrong.text.contains("expected   "))
  }
  /// What was recorded is kept: other checks are judged without running anything.
  @Test func aClassIsGradedAndGradedAgainWithoutRunning() throws {
    let folder = try TemporaryFolder()
    let handedIn = "\(folder.path)/in"
    for (student, solution) in [("ada", "reference"), ("ben", "wrong-2-line-feed")] {
      try FileManager.default.createDirectory(atPath: "\(handedIn)/\(student)", withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        atPath: "\(solutions)/\(solution)/client.py", toPath: "\(handedIn)/\(student)/client.py")
    }
    try FileManager.default.createDirectory(atPath: "\(handedIn)/eve", withIntermediateDirectories: true)
    let arguments = ["grade", "S1", handedIn, "--results", "\(folder.path)/r.sqlite", "--format", "csv"]
    let first = try run(arguments)
    #expect(first.status == 1 && first.text.contains("ada,,S1,16,16,passed"), "\(first.text)\(first.diagnostics)")
    #expect(first.text.contains("ben,,S1,14,16,failed") && first.text.contains("There is no program"))
    #expect(try run(arguments).diagnostics.contains("3 of 3 have not changed"))

    let other = "\(folder.path)/Exercises"
    try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: "\(Repository.root.path)/Exercises/S1", toPath: "\(other)/S1")
    let page = "\(other)/S1/exercise.yaml"
    let text = try String(contentsOfFile: page, encoding: .utf8)
    try text.replacing("rule: crlf, points: 2", with: "rule: crlf, points: 5").write(
      toFile: page, atomically: true, encoding: .utf8)
    let begin = ContinuousClock.now
    let again = try run(arguments + ["--exercises", other])
    #expect(again.text.contains("ada,,S1,19,19,passed") && again.text.contains("ben,,S1,14,19,failed"), "\(again.text)")
    #expect(!again.diagnostics.contains("have not changed"))
    print("graded again in \(ContinuousClock.now - begin)")
  }
}

/// What the sandbox is made of.
enum Bubblewrap {
  static let isInstalled: Bool = {
    let isThere = FileManager.default.isExecutableFile(atPath: "/usr/bin/bwrap")
    if !isThere { print("skipped: bubblewrap is not installed") }
    return isThere
  }()
}
