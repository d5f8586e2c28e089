import Dialogues
import Foundation
import TestSupport
import Testing

/// `mailwire exercise …` and `mailwire grade …`, from outside, as a student and as a lecturer use them.
@Suite struct ExerciseTests {
  private func run(_ arguments: [String]) throws -> Program.Run { try Program.run(arguments, seconds: 60) }
  private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  @Test func listsAndShows() throws {
    let list = try run(["exercise", "list"])
    #expect(list.status == 0 && list.text.contains("W3   L7   User name and password"), "\(list.diagnostics)")
    let show = try run(["exercise", "show", "w3"])
    #expect(show.status == 0 && show.text.contains("mailwire exercise start W3"))
    let unknown = try run(["exercise", "show", "../W3/x"])
    #expect(unknown.status == 2 && unknown.diagnostics.contains("there is no exercise"))
  }
  @Test func aStudentStartsAndChecks() throws {
    let folder = try TemporaryFolder()
    let start = try run(["exercise", "start", "W1", "--student", "Ada", "--out", folder.path])
    #expect(start.status == 0, "\(start.diagnostics)")
    let sheet = "\(folder.path)/W1.md"
    // The analyzer, which is the tutor here, tells the answers.
    let answers = try #require(try Program.analyze(path: "\(folder.path)/W1.pcapng").first)
    var lines = try text(sheet).components(separatedBy: "\n")
    let values = [
      answers.client.address, "\(answers.client.port)", answers.server.address, "\(answers.server.port)", "1",
    ]
    let places = lines.indices.filter { lines[$0] == "Answer:" }
    for (place, value) in zip(places, values) { lines[place] += " \(value)" }
    for index in lines.indices where lines[index] == "Evidence:" { lines[index] += " frames 1, 99" }
    try lines.joined(separator: "\n").write(toFile: sheet, atomically: true, encoding: .utf8)
    let partly = try run(["exercise", "check", "W1", sheet])
    #expect(partly.status == 1 && partly.text.contains("5 of 9 points"), "\(partly.text)")
    #expect(!partly.text.contains("        expected "), "the answer is told before anybody asks for it")
    #expect(try run(["exercise", "check", "W1", sheet, "--reveal", "expected"]).text.contains("expected"))
    // Each of the two opening packets shows all four numbers, and there is no frame 99.
    let fixed = try text(sheet).replacing("Evidence: frames 1, 99", with: "Evidence: tcp.flags.syn == 1")
    try fixed.write(toFile: sheet, atomically: true, encoding: .utf8)
    let passed = try run(["exercise", "check", "W1", sheet])
    #expect(passed.status == 0 && passed.text.contains("9 of 9 points"), "\(passed.text)")
    // Nothing is written over, and somebody else has another capture.
    #expect(try run(["exercise", "start", "W1", "--student", "Ada", "--out", folder.path]).status == 2)
    let other = try run(["exercise", "check", "W1", sheet, "--student", "Ben"])
    #expect(other.status == 1 && other.diagnostics.contains("W1.pcapng was not made for 'Ben'"))
    #expect(passed.diagnostics.isEmpty, "\(passed.diagnostics)")
  }
  @Test func whatCannotBeUsedIsTold() throws {
    let folder = try TemporaryFolder()
    let handedIn = "\(folder.path)/in"
    #expect(try run(["exercise", "start", "W1", "--student", "Ada", "--out", "\(handedIn)/ada"]).status == 0)
    try FileManager.default.createSymbolicLink(atPath: "\(handedIn)/ben", withDestinationPath: "ada")
    let grade = try run(["grade", "W1", handedIn])
    #expect(grade.status == 4)
    #expect(grade.diagnostics == "mailwire: \(handedIn): 'ben' could not be used: it is a symbolic link\n")
    #expect(grade.text.contains("ben       0/9      could not judge"), "\(grade.text)")
    #expect(grade.text.contains("ben       'ben' could not be used: it is a symbolic link."))
  }
  @Test func aStudentsOwnCaptureIsTheGround() throws {
    let folder = try TemporaryFolder()
    let sheet = "\(folder.path)/W11.md"
    #expect(try run(["exercise", "start", "W11", "--student", "Ada", "--out", folder.path]).status == 0)
    let capture = Repository.root.appending(path: "Captures/smtp/starttls.pcapng").path
    let heading = "## 4. Without the key log: which password does the client send?"
    let subject = "## 8. With the key log: what is the subject of the message?"
    let filled = try text(sheet).replacing(heading, with: "## 4. x\nAnswer: cannot tell\n## x")
      .replacing(subject, with: "## 8. x\nAnswer: Hello\n## x")
    try filled.write(toFile: sheet, atomically: true, encoding: .utf8)
    let check = try run(["exercise", "check", "W11", sheet, "--capture", capture])
    #expect(check.status == 1 && check.text.contains("2 of 15 points"), "\(check.text)\(check.diagnostics)")
    // What was drawn for the student says nothing of another capture.
    #expect(check.text.contains("only the capture that was made for you tells this"))
    #expect(try run(["exercise", "check", "W11", sheet, "--capture", sheet]).status == 2)
  }
  /// From a roster to a graded class; the keys are in the lecturer's folder and nowhere else.
  @Test func aLecturerIssuesAndGrades() throws {
    let folder = try TemporaryFolder()
    let (roster, out) = ("\(folder.path)/roster.csv", "\(folder.path)/w3")
    try "id,name\nada,Ada\nben,\"=cmd|x\"\n".write(toFile: roster, atomically: true, encoding: .utf8)
    let issue = try run(["exercise", "issue", "W3", "--class", roster, "--out", out])
    #expect(issue.status == 0, "\(issue.diagnostics)")
    let keys = try text("\(out)/lecturer/W3.keys.csv").split(separator: "\r\n").map { $0.split(separator: ",") }
    let passwords = keys.filter { $0[1] == "login-password" }.map { String($0[2]) }
    #expect(passwords.count == 2 && passwords[0] != passwords[1])
    for student in ["ada", "ben"] {
      #expect(
        try Set(FileManager.default.contentsOfDirectory(atPath: "\(out)/students/\(student)")) == [
          "W3.md", "W3.pcapng",
        ])
      let sheet = try text("\(out)/students/\(student)/W3.md")
      for password in passwords { #expect(!sheet.contains(password)) }
    }
    // Ben hands in Ada's password.
    let sheet = "\(out)/students/ben/W3.md"
    let heading = "## 3. AUTH LOGIN: the password, decoded"
    try text(sheet).replacing(heading, with: "\(heading)\nAnswer: \(passwords[0])\n## x").write(
      toFile: sheet, atomically: true, encoding: .utf8)
    let arguments = ["grade", "W3", "\(out)/students", "--class", "\(out)/lecturer"]
    let grade = try run(arguments + ["--results", "\(folder.path)/r.sqlite"])
    #expect(grade.status == 1 && grade.text.contains("right in the capture of ada, and only there"), "\(grade.text)")
    let again = try run(arguments + ["--results", "\(folder.path)/r.sqlite", "--format", "csv"])
    #expect(again.diagnostics.contains("2 of 2 have not changed") && again.text.contains("'=cmd|x"))
    #expect(try run(arguments + ["--format", "gradescope"]).status == 2)
    #expect(try run(arguments + ["--format", "gradescope", "--out", "\(folder.path)/out"]).status == 1)
    #expect(try Set(FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/out")) == ["ada.json", "ben.json"])
    #expect(try run(arguments + ["--format", "html"]).text.contains("<table"))
    // Somebody who is not of the class cannot be judged.
    try FileManager.default.copyItem(atPath: "\(out)/students/ben", toPath: "\(out)/students/mallory")
    #expect(try run(arguments).status == 4)
    #expect(try run(["grade", "W3", "\(folder.path)/nothing"]).status == 2)
    #expect(try run(["grade", "W3", "\(out)/students", "--class", folder.path]).status == 2)
  }
  /// An exam goes through the lecturer's hands, both ways.
  @Test func anExamIsHandedOutByTheLecturer() throws {
    let folder = try TemporaryFolder()
    for arguments in [
      ["exercise", "start", "E1", "--student", "Ada", "--out", folder.path], ["exercise", "export", "E1"],
      ["exercise", "export", "E1", "--format", "check50", "--out", "\(folder.path)/c"],
      ["exercise", "export", "E1", "--format", "gradescope", "--out", "\(folder.path)/c.zip"],
    ] {
      let run = try run(arguments)
      #expect(run.status == 2 && run.diagnostics.contains("E1 is an exam"), "\(arguments): \(run.diagnostics)")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    let (roster, out) = ("\(folder.path)/roster.csv", "\(folder.path)/e1")
    try "id,name\nada,Ada\nben,Ben\n".write(toFile: roster, atomically: true, encoding: .utf8)
    #expect(try run(["exercise", "issue", "E1", "--class", roster, "--out", out]).status == 0)
    let sheet = "\(out)/students/ada/E1.md"
    #expect(try run(["exercise", "check", "E1", sheet]).status == 2)
    #expect(try run(["grade", "E1", "\(out)/students"]).status == 2, "without the class nobody has a key")
    // Only the codes of the keys; whoever is examined is told nothing before the lecturer says so.
    let keys = try text("\(out)/lecturer/E1.keys.csv").split(separator: "\r\n").map { $0.split(separator: ",") }
    let code = try #require(keys.first { $0[0] == "ada" && $0[1] == "data" }?[2].prefix(3))
    let filled = try text(sheet).replacing("## 1.", with: "## 1. x\nAnswer: \(code)\n## 99.")
    try filled.write(toFile: sheet, atomically: true, encoding: .utf8)
    let grade = ["grade", "E1", "\(out)/students/ada", "--class", "\(out)/lecturer"]
    let told = try run(grade)
    #expect(told.status == 1 && told.text.contains("2 of 17 points") && !told.text.contains("hint"), "\(told.text)")
    #expect(try run(grade + ["--reveal", "all"]).text.contains("hint"))
    let bundle = ["exercise", "export", "E1", "--format", "gradescope", "--class", "\(out)/lecturer"]
    #expect(try run(bundle + ["--out", "\(folder.path)/e1-grader"]).status == 0)
    #expect(try text("\(folder.path)/e1-grader/run_autograder").contains("--reveal nothing"))
  }
}
