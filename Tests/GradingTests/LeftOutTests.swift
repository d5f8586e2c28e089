import Foundation
import TestSupport
import Testing

@testable import Grading

/// What stands at the place of somebody's submission and is none is told, and never followed, opened or passed over in silence.
extension ClassTests {
  private func link(_ name: String, to target: String, in group: Class) throws {
    try FileManager.default.createSymbolicLink(atPath: "\(group.submissions)/\(name)", withDestinationPath: target)
  }
  private func socket(_ path: String) throws {
    let script = "import socket, sys\nsocket.socket(socket.AF_UNIX).bind(sys.argv[1])"
    let run = try Program.run(["-c", script, path], program: URL(filePath: "/usr/bin/python3"), seconds: 60)
    try #require(run.status == 0, "\(run.diagnostics)")
  }

  @Test func whatIsNeitherFileNorFolderIsTold() async throws {
    let group = try Class()
    try group.hand(in: try group.yaml("ada"), "ada/W1.yaml")
    // One that leads out of the folder, one inside it, one to nowhere, and one for ever in a circle.
    try link("ben", to: group.lecturer.path, in: group)
    try link("inside", to: "ada", in: group)
    try link("nowhere", to: "not/there", in: group)
    try link("circle", to: "circle", in: group)
    #expect(unsafe mkfifo("\(group.submissions)/lee-ann", 0o600) == 0)
    for name in [".DS_Store", ".git/config", "__MACOSX/._ada"] { try group.hand(in: "x", name) }
    let folder = try SubmissionFolder(path: group.submissions, exercise: group.exercise.id)
    let kinds = [
      "ben": "it is a symbolic link", "circle": "it is a symbolic link", "inside": "it is a symbolic link",
      "lee-ann": "it is a named pipe", "nowhere": "it is a symbolic link",
    ]
    #expect(folder.leftOut == kinds.sorted { $0.key < $1.key }.map { LeftOut($0.key, $0.value) })
    let results = try await group.run().results
    #expect(results.map(\.student) == ["ada", "ben", "circle", "inside", "lee-ann", "nowhere"])
    #expect(results[0].hasPassed)
    for result in results.dropFirst() {
      #expect(result.problem == "'\(result.student)' could not be used: \(kinds[result.student] ?? "").")
      // Nobody knows who has put it there, so it costs nobody a point.
      #expect(result.couldNotJudge && ClassTable.verdict(result) == "could-not-judge")
    }
    let page = ClassText.text(ClassSummary(results, group.exercise))
    #expect(page.contains("could not judge") && page.contains("'ben' could not be used: it is a symbolic link."))
    #expect(ClassPage(ClassSummary(results, group.exercise)).text.contains("could not be used: it is a named pipe."))
  }
  @Test(.enabled(if: Peer.python3.isExpected, "python3 is not installed")) func aSocketIsTold() async throws {
    let group = try Class()
    try socket("\(group.submissions)/ada.md")
    #expect(try await group.run().results.map(\.problem) == ["'ada.md' could not be used: it is a socket."])
  }
  /// Of one who has handed something in, the link is a note for the lecturer, and takes nobody's place in what is kept.
  @Test func besideASubmissionItIsANote() async throws {
    let group = try Class()
    let store = try ResultStore(path: "\(group.folder.path)/results.sqlite")
    try group.hand(in: try group.yaml("ada"), "ada/W1.yaml")
    try link("ada.md", to: "ada/W1.yaml", in: group)
    try link("w1-ada", to: "ada", in: group)
    for reused in [0, 1] {
      let run = try await group.run(store: store)
      #expect(run.results.count == 1 && run.results[0].hasPassed && run.reused == reused)
      #expect(
        run.results[0].lecturerNotes.map(\.text) == [
          "'ada.md' could not be used: it is a symbolic link.", "'w1-ada' could not be used: it is a symbolic link.",
        ])
      #expect(!FeedbackPage(.all).text(run.results[0], title: "x").contains("symbolic"))
    }
  }
  /// Programs are not run through a link either.
  @Test func ofProgramsItIsTheSame() async throws {
    let group = try Class()
    try group.hand(in: "print()", "elsewhere/client.py")
    let submissions = "\(group.folder.path)/programs"
    try FileManager.default.createDirectory(atPath: "\(submissions)/ben", withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: "\(submissions)/ada", withDestinationPath: "\(group.submissions)/elsewhere")
    try FileManager.default.createSymbolicLink(
      atPath: "\(submissions)/ben/client.py", withDestinationPath: "\(group.submissions)/elsewhere/client.py")
    let exercise = try Catalogue.exercise("S1")
    let run = ClassRun(
      SubmissionJudge(exercise, group.lecturer, usesOwnCaptures: false), store: nil, again: false, jobs: 1,
      tries: { _ in
        Issue.record("a program was run")
        return []
      })
    let results = try await run.run(try SubmissionFolder(path: submissions, exercise: exercise)).results
    #expect(results.map(\.student) == ["ada", "ben"])
    #expect(results[0].problem == "'ada' could not be used: it is a symbolic link." && results[0].couldNotJudge)
    #expect(results[1].problem?.hasSuffix("'client.py' could not be used: it is a symbolic link.") == true)
  }
  /// A link that whoever grades has named is meant; nothing at its end is nothing.
  @Test func aLinkThatIsNamedIsMeant() async throws {
    let group = try Class()
    try group.hand(in: try group.yaml("ada"), "ada/W1.yaml")
    let paths = ["ada": "\(group.submissions)/ada/W1.yaml", "class": group.submissions, "nothing": "not/there"]
    for (name, target) in paths {
      try FileManager.default.createSymbolicLink(
        atPath: "\(group.folder.path)/\(name)", withDestinationPath: target)
    }
    #expect(try await group.run(from: "\(group.folder.path)/ada").results.map(\.hasPassed) == [true])
    #expect(try await group.run(from: "\(group.folder.path)/class").results.map(\.student) == ["ada"])
    await #expect(throws: WorksheetError.self) { try await group.run(from: "\(group.folder.path)/nothing") }
  }
  /// The same in an archive, as Unix packs links (APPNOTE 4.4.15), in one folder and without.
  @Test(.enabled(if: Peer.python3.isExpected, "python3 is not installed"), arguments: ["", "w1/"])
  func inAnArchiveItIsTheSame(_ prefix: String) async throws {
    let group = try Class()
    let path = try archive(
      [("\(prefix)ada/W1.yaml", try group.yaml("ada")), ("\(prefix)lee-ann/W1.yaml", try group.yaml("lee-ann"))],
      """
      def special(name, mode, text=''):
          i = zipfile.ZipInfo('\(prefix)' + name); i.create_system = 3; i.external_attr = mode << 16; z.writestr(i, text)
      special('ben', 0o120777, '/etc')
      special('ann.zip', 0o120777, 'ada')
      special('pipe', 0o010600)
      special('ada.md', 0o120777, 'ada/W1.yaml')
      special('lee-ann/more.md', 0o120777, '/etc/passwd')
      special('empty', 0o040755)
      special('.hidden', 0o120777, '/etc')
      z.writestr('../out.md', 'x')
      """, in: group)
    let folder = try SubmissionFolder(path: path, exercise: group.exercise.id)
    #expect(folder.isOfClass)
    let told = ["ada.md", "ann.zip", "ben", "pipe", "../out.md"]
    #expect(folder.leftOut.map(\.name) == told && folder.leftOut.last?.reason == LeftOut.leadsOut)
    let results = try await group.run(from: path).results
    #expect(results.map(\.student) == ["ada", "ann", "ben", "lee-ann", "pipe"])
    #expect(
      results.map(\.problem) == [
        nil, "'ann.zip' could not be used: it is a symbolic link.", "'ben' could not be used: it is a symbolic link.",
        nil, "'pipe' could not be used: it is a named pipe.",
      ])
    #expect(results[0].hasPassed && results[3].hasPassed)
    #expect(results[0].lecturerNotes.map(\.other) == ["ada.md"])
  }
}
