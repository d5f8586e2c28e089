import Foundation
import TestSupport
import Testing

@testable import Grading

/// A class in one run: whose a submission is, what is wrong with it, and whose answers it has.
@Suite struct ClassTests {
  static let roster = "id,name\nada,Ada Lovelace\nben,Ben Ali\nlee-ann,Lee Ann\nann,Ann Other\n"

  /// A class of `W1` in a folder of its own, and a worksheet for each student with every answer right.
  struct Class {
    let folder: TemporaryFolder
    let lecturer: ClassFolder
    let exercise: Exercise
    var submissions: String { "\(folder.path)/in" }

    init() throws {
      folder = try TemporaryFolder()
      exercise = try Catalogue.exercise("W1")
      lecturer = try ClassFolder.make("\(folder.path)/lecturer", try Roster(csv: ClassTests.roster))
      try FileManager.default.createDirectory(atPath: "\(folder.path)/in", withIntermediateDirectories: true)
    }
    func judge(_ id: String) throws -> WorksheetJudge {
      let student = try #require(lecturer.roster.student(named: id))
      return try #require(try StudentWork(exercise, seed: lecturer.seed(student, exercise)).judge())
    }
    func yaml(_ id: String, _ change: (inout FilledWorksheet) -> Void = { _ in }) throws -> String {
      var sheet = Catalogue.perfect(try judge(id))
      change(&sheet)
      return "answers:\n"
        + sheet.answers.map { "  \($0.key): { answer: \"\($0.value.value)\", evidence: \"\($0.value.evidence)\" }\n" }
        .sorted().joined()
    }
    func hand(in text: String, _ path: String) throws {
      let url = URL(filePath: "\(submissions)/\(path)")
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    }
    func run(store: ResultStore? = nil, from path: String? = nil) async throws -> (
      results: [StudentResult], reused: Int
    ) {
      let judge = SubmissionJudge(exercise, lecturer, usesOwnCaptures: false)
      let entries = try SubmissionFolder(path: path ?? submissions, exercise: exercise.id)
      return try await ClassRun(judge, store: store, again: false, jobs: 2).run(entries)
    }
  }

  @Test(arguments: [
    "ada/W1.yaml", "ada.yaml", "w1-ada/W1.yaml", "ADA/deep/er/answers.yml",
    "Ada Lovelace_123_assignsubmission_file_/W1.yaml",
  ])
  func everyLayoutIsUnderstood(_ path: String) async throws {
    let group = try Class()
    try group.hand(in: try group.yaml("ada"), path)
    let results = try await group.run().results
    #expect(results.count == 1 && results[0].student == "ada" && results[0].hasPassed, "\(results)")
    #expect(results[0].name == "Ada Lovelace")
  }
  @Test func gradescopesExportIsUnderstood() async throws {
    let group = try Class()
    try group.hand(in: try group.yaml("ben"), "submission_42/W1.yaml")
    try group.hand(
      in: "submission_42:\n  :submitters:\n  - :name: Ben Ali\n    :sid: ben\n    :email: x\n",
      "submission_metadata.yml")
    let results = try await group.run().results
    #expect(results.map(\.student) == ["ben"] && results[0].hasPassed)
  }
  @Test func theLongestIdIsMeant() throws {
    let roster = try Roster(csv: Self.roster)
    #expect(roster.student(named: "w1-lee-ann")?.id == "lee-ann" && roster.student(named: "w1-ann")?.id == "ann")
    #expect(roster.student(named: "nobody") == nil)
  }
  @Test(arguments: ["id\n../x\n", "id\n.x\n", "id\na/b\n", "id\nada\nADA\n", "", "id,name\n"])
  func aRosterWithoutUsableIdsIsRefused(_ csv: String) { #expect(throws: WorksheetError.self) { try Roster(csv: csv) } }

  /// One of each that is broken, among one that is not.
  @Test func aBrokenSubmissionStopsNobody() async throws {
    let group = try Class()
    try group.hand(in: try group.yaml("ada"), "ada/W1.yaml")
    try group.hand(in: "answers: [", "ben/W1.yaml")
    try group.hand(in: "PK\u{3}\u{4} no zip", "ann.zip")
    try FileManager.default.createDirectory(atPath: "\(group.submissions)/lee-ann", withIntermediateDirectories: true)
    try group.hand(in: try group.yaml("ada"), "stranger/W1.yaml")
    try FileManager.default.createSymbolicLink(
      atPath: "\(group.submissions)/link", withDestinationPath: group.lecturer.path)
    // Whoever opened these would wait for ever, or read for ever.
    #expect(unsafe mkfifo("\(group.submissions)/lee-ann/W1.md", 0o600) == 0)
    try FileManager.default.createSymbolicLink(
      atPath: "\(group.submissions)/lee-ann/W1.yaml", withDestinationPath: "/dev/zero")
    let results = try await group.run().results
    let byStudent = Dictionary(uniqueKeysWithValues: results.map { ($0.student, $0) })
    #expect(Set(byStudent.keys) == ["ada", "ben", "ann", "lee-ann", "stranger", "link"])
    #expect(byStudent["link"]?.problem == "'link' could not be used: it is a symbolic link.")
    #expect(byStudent["ada"]?.hasPassed == true)
    #expect(byStudent["ben"]?.problem?.contains("no YAML") == true)
    #expect(byStudent["ann"]?.problem == "this is no zip file, or it is damaged")
    #expect(
      byStudent["lee-ann"]?.problem == """
        There is no worksheet: a file such as W1.md. 'W1.md' could not be used: it is a named pipe. \
        'W1.yaml' could not be used: it is a symbolic link.
        """)
    #expect(byStudent["stranger"]?.couldNotJudge == true && byStudent["ben"]?.couldNotJudge == false)
  }
  @Test func anAnswerOfAnotherStudentIsToldToTheLecturerOnly() async throws {
    let group = try Class()
    let stolen = try group.judge("ada").keys["client-port"]?.expected
    guard case .values(let values)? = stolen else { throw WorksheetError("no key") }
    try group.hand(in: try group.yaml("ben") { $0.answers["client-port"]?.value = values[0] }, "ben/W1.yaml")
    let result = try #require(try await group.run().results.first)
    #expect(result.lecturerNotes.map(\.other) == ["ada"] && result.lecturerNotes.map(\.check) == ["client-port"])
    for page in [
      FeedbackPage(.all).text(result, title: "x"), JUnitReport.text([result], .all),
      GitHubAnnotations.text([result], .all), try Check50Result.text(result, .all, version: "1"),
      try PrairieLearnResult.text(result, .all),
    ] { #expect(!page.contains("of ada"), "\(page)") }
    let lecturers = ClassText.text(ClassSummary([result], group.exercise))
    #expect(lecturers.contains("right in the capture of ada"))
    // A guess that is nobody's is no copy.
    try group.hand(in: try group.yaml("ben") { $0.answers["client-port"]?.value = "1" }, "ben/W1.yaml")
    #expect(try await group.run().results[0].lecturerNotes.isEmpty)
  }
  @Test func whoHandsInTwiceIsToldToTheLecturer() async throws {
    let group = try Class()
    try group.hand(in: try group.yaml("ada"), "w1-ada/W1.yaml")
    try group.hand(in: "answers: { syn: 1 }", "ada.yaml")
    try group.hand(in: "answers: [", "ben/W1.yaml")
    let results = try await group.run().results
    #expect(results.map(\.student) == ["ada", "ben", "ada"])
    for result in results where result.student == "ada" {
      #expect(result.lecturerNotes.map(\.text) == ["2 submissions are this student's: 'ada', 'w1-ada'."])
      #expect(!FeedbackPage(.all).text(result, title: "x").contains("submissions"))
    }
    #expect(results[1].lecturerNotes.isEmpty)
    // The median is of those who were judged, and says so.
    let page = ClassText.text(ClassSummary(results, group.exercise))
    #expect(page.contains("passed   1 of 3; the median of the 2 who were judged is"), "\(page)")
    #expect(ClassPage(ClassSummary(results, group.exercise)).text.contains("median of the 2 who were judged"))
  }
  /// Without a roster the name in the worksheet decides, and the capture beside it tells when that is another's.
  @Test func aCaptureOfAnotherNameIsTold() async throws {
    let group = try Class()
    let made = try StudentWork(group.exercise, seed: .practice(exercise: "W1", student: "Ada"))
    let capture = try #require(made.capture).file(application: "test")
    for (folder, name) in [("one", "**Ada** (7)"), ("two", "Ada L")] {
      try group.hand(in: "student: \(String(reflecting: name))\nanswers: { syn: 1 }", "\(folder)/W1.yaml")
      try Data(capture).write(to: URL(filePath: "\(group.submissions)/\(folder)/W1.pcapng"))
    }
    let judge = SubmissionJudge(group.exercise, nil, usesOwnCaptures: false)
    let entries = try SubmissionFolder(path: group.submissions, exercise: "W1")
    let results = try await ClassRun(judge, store: nil, again: false, jobs: 1).run(entries).results
    #expect(results.map { $0.lecturerNotes.map(\.kind) } == [[], [.anotherCapture]])
  }
  @Test func whatHasNotChangedIsNotGradedAgain() async throws {
    let group = try Class()
    let path = "\(group.folder.path)/results.sqlite"
    try group.hand(in: try group.yaml("ada"), "ada/W1.yaml")
    try group.hand(in: try group.yaml("ben"), "ben/W1.yaml")
    let first = try await group.run(store: try ResultStore(path: path))
    #expect(first.reused == 0)
    try group.hand(in: try group.yaml("ben") { $0.answers["syn"]?.value = "2" }, "ben/W1.yaml")
    let second = try await group.run(store: try ResultStore(path: path))
    #expect(second.reused == 1 && second.results[0] == first.results[0] && !second.results[1].hasPassed)
    let third = try await group.run(store: try ResultStore(path: path))
    #expect(third.reused == 2 && third.results == second.results)
  }
  @Test func theLecturersFolderIsNobodyElsesAndKeepsItsSecret() throws {
    let group = try Class()
    let attributes = try FileManager.default.attributesOfItem(atPath: "\(group.lecturer.path)/class.json")
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    #expect(try FileManager.default.attributesOfItem(atPath: group.lecturer.path)[.posixPermissions] as? Int == 0o700)
    let again = try ClassFolder.make(group.lecturer.path, try Roster(csv: "id\nzoe\n"))
    #expect(again.secret == group.lecturer.secret && again.roster.students.map(\.id) == ["zoe"])
    #expect(try Class().lecturer.secret != again.secret)
  }
  /// Nobody makes an exam's capture from what is public.
  @Test func anExamsSeedWantsTheSecret() {
    let exam = StudentSeed.exam(secret: [1, 2, 3], exercise: "W1", student: "ada")
    #expect(exam != .exam(secret: [1, 2, 4], exercise: "W1", student: "ada"))
    #expect(exam != .exam(secret: [1, 2, 3], exercise: "W2", student: "ada"))
    #expect(exam != .practice(exercise: "W1", student: "ada"))
    #expect(StudentSeed.practice(exercise: "W1", student: " Ada  L") == .practice(exercise: "W1", student: "ada l"))
  }
}
