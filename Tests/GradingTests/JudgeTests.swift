import Foundation
import Lessons
import MailSystem
import TestSupport
import Testing

@testable import Grading

/// How much an answer is worth, and what is said of it.
@Suite struct JudgeTests {
  private func results(_ questions: String, _ answers: [String: GivenAnswer]) throws -> [CheckResult] {
    let exercise = try Catalogue.exercise(questions: questions)
    let judge = try #require(try StudentWork(exercise, seed: StudentSeed(number: 1)).judge())
    var sheet = FilledWorksheet()
    sheet.answers = answers
    return judge.judge(sheet)
  }
  private let port = Catalogue.question(
    "port", "answer: port, in: mail, key: server.port, points: 3, evidence-points: 1")

  @Test(arguments: [
    ("587", "frame 2", 3), ("587", "", 2), ("587", "frame 4", 2), ("587", "frames 2, 4", 2), ("587", "frame 9999", 2),
    ("587", "frame 2, octets 0-5", 3), ("587", "tcp.flags.syn == 1", 2), ("587", "tcp.flags.fin == 1", 2),
    ("587", "tcp.flags.syn == 1 && tcp.flags.ack == 1 && tcp.stream == 0", 3), ("587", "tcp.stream == 0", 2),
    ("587", "`frame 2`", 3), ("587", "frame 2, octets 0-5; frame 2, octets 6-9", 3),
    ("587", "nonsense", 2), ("587", "frame.number == 2", 3), ("25", "frame 2", 0), ("", "frame 2", 0),
  ])
  func evidenceIsAPartOfThePoints(_ value: String, _ evidence: String, _ points: Int) throws {
    let result = try results(port, ["port": GivenAnswer(value: value, evidence: evidence)])[0]
    #expect(result.points == points, "\(result.feedback)")
    #expect((result.verdict == .passed) == (points == 3))
    #expect(result.isPartial == (points == 2))
  }
  /// Of who talks to whom every frame of the connection is evidence, and none of another (RFC 9293 §3.5).
  @Test(arguments: [
    ("frame 1", 3), ("frame 4", 3), ("frames 1-3", 3), ("tcp.stream == 0", 3), ("tcp.stream == 1", 2),
    ("frame 9999", 2),
  ])
  func everyFrameOfAConnectionIsEvidence(_ evidence: String, _ points: Int) throws {
    let places = "evidence: { connections: [mail] }"
    let wide = Catalogue.question(
      "port", "answer: port, in: mail, key: server.port, \(places), points: 3, evidence-points: 1")
    let result = try results(wide, ["port": GivenAnswer(value: "587", evidence: evidence)])[0]
    #expect(result.points == points, "\(result.feedback)")
    // Pointed at is where the answer stands best.
    #expect(result.feedback.place?.frame == 2)
  }
  @Test(arguments: [
    ("PIPELINING, SIZE 26214400", 0), ("a", 0), ("250-PIPELINING", 0),
  ])
  func listsAreWorthWhatIsRightLessWhatIsWrong(_ value: String, _ points: Int) throws {
    let list = Catalogue.question(
      "verbs", "answer: { list: word }, in: mail, key: exchanges.request.verb, points: 6")
    #expect(try results(list, ["verbs": GivenAnswer(value: value)])[0].points == points)
    #expect(
      try results(list, ["verbs": GivenAnswer(value: "QUIT, ehlo, auth, mail, RCPT, data, .")])[0].verdict == .passed)
    let some = try results(list, ["verbs": GivenAnswer(value: "QUIT, EHLO, AUTH, MAIL, VRFY")])[0]
    #expect(some.points == 2 && some.feedback.reason == "3 are missing, and 'vrfy' does not belong here.")
  }
  @Test(arguments: ["(?)", "[x] ?", "- [X] ?", "?)", "? because it is so", "Option ?", "**?**", "answer: ?", "`?`"])
  func aLetterIsALetterHoweverItIsWritten(_ spelled: String) throws {
    let choice = Catalogue.question(
      "who", "answer: choice, in: mail, key: { is: one }, options: [{ value: one, text: first }, { text: second }]")
    let exercise = try Catalogue.exercise(questions: choice)
    let judge = try #require(try StudentWork(exercise, seed: StudentSeed(number: 1)).judge())
    let letter = try #require(Catalogue.perfect(judge).answers["who"]?.value)
    var sheet = FilledWorksheet()
    sheet.answers["who"] = GivenAnswer(value: spelled.replacing("?", with: letter))
    #expect(judge.judge(sheet)[0].verdict == .passed, "\(sheet)")
    sheet.answers["who"] = GivenAnswer(value: spelled.replacing("?", with: letter == "A" ? "B" : "A"))
    #expect(judge.judge(sheet)[0].verdict == .failed, "\(sheet)")
  }
  @Test func whatDependsOnSomethingWrongIsNotRun() throws {
    let next = Catalogue.question("next", "answer: port, in: mail, key: server.port, needs: [port]")
    let wrong = try results(port + next, ["port": GivenAnswer(value: "25"), "next": GivenAnswer(value: "587")])
    #expect(wrong[1].verdict == .notRun && wrong[1].dependency == "port" && wrong[1].points == 0)
    let partly = try results(port + next, ["port": GivenAnswer(value: "587"), "next": GivenAnswer(value: "587")])
    #expect(partly[1].verdict == .passed)
  }
  @Test func cannotTellIsRightWhereItIs() throws {
    let hidden = Catalogue.question(
      "hidden", "answer: text, in: mail, key: protection.serverName, cannot-tell: [\"!protection\"]")
    #expect(try results(hidden, ["hidden": GivenAnswer(value: "Cannot tell.")])[0].verdict == .passed)
    let guess = try results(hidden, ["hidden": GivenAnswer(value: "mail.example.org")])[0]
    #expect(guess.verdict == .failed && guess.feedback.reason?.contains("does not show") == true)
    let lazy = try results(port, ["port": GivenAnswer(value: "cannot tell")])[0]
    #expect(lazy.points == 0 && lazy.feedback.reason == "The capture does show it.")
  }
  /// A question that the capture cannot answer is the exercise's fault, not the student's.
  @Test func aKeyThatIsMissingCouldNotBeJudged() throws {
    let broken = Catalogue.question("broken", "answer: text, in: mail, key: nothing.like.this")
    let result = try results(broken, ["broken": GivenAnswer(value: "x")])[0]
    #expect(result.verdict == .couldNotJudge && result.points == 0)
  }
  /// What packets and students say reaches the page as text.
  @Test func controlsOfAnAnswerAreSpelledOut() throws {
    let result = try results(port, ["port": GivenAnswer(value: "\u{1B}[31m\u{202E}25")])[0]
    #expect(result.feedback.found?.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 0x202E } == true)
  }
  @Test func eachLevelShowsMore() throws {
    let feedback = try results(port, ["port": GivenAnswer(value: "25")])[0].feedback
    let levels = Reveal.allCases.map { feedback.shown($0, passed: false) }
    #expect(levels[0] == Feedback())
    #expect(levels[1].found == "25" && levels[1].hint == "a" && levels[1].expected == nil && levels[1].place == nil)
    #expect(levels[2].expected == "587" && levels[2].why == "So." && levels[2].place == nil)
    #expect(levels[3] == feedback)
  }
}

/// A file that is no exercise says where and why.
@Suite struct ExerciseFileTests {
  private static let python = URL(filePath: "/usr/bin/python3")
  private static let hasValidator =
    (try? Program.run(["-c", "import yaml, jsonschema"], program: python))?.status == 0

  /// The catalogue, the documentation's exercise, and a misspelt one, by a validator that nobody here wrote.
  @Test(.enabled(if: hasValidator, "python3-jsonschema or python3-yaml is not installed"))
  func theSchemaKnowsThem() throws {
    let script = """
      import json, sys, yaml, jsonschema
      schema = json.load(open("Documentation/exercise.schema.json"))
      jsonschema.Draft202012Validator.check_schema(schema)
      text = yaml.safe_load(sys.stdin.read())
      for error in jsonschema.Draft202012Validator(schema).iter_errors(text): print(error.json_path, error.message)
      """
    func errors(_ text: String) throws -> String {
      let run = try Program.run(["-c", script], program: Self.python, input: Data(text.utf8), seconds: 60)
      try #require(run.status == 0, "\(run.diagnostics)")
      return run.text
    }
    for id in Catalogue.ids {
      #expect(
        try errors(try String(contentsOfFile: "\(Catalogue.library.path)/\(id)/exercise.yaml", encoding: .utf8)) == "")
    }
    let page = try String(contentsOf: Repository.root.appending(path: "Documentation/exercises.md"), encoding: .utf8)
    let own = try #require(
      page.components(separatedBy: "```yaml\n").compactMap { $0.components(separatedBy: "```").first }
        .first { $0.hasPrefix("id: T1") })
    #expect(try errors(own) == "")
    #expect(try errors(own.replacing("hints:", with: "hint:")) != "")
    // The documentation's exercise is one.
    let exercise = try ExerciseFile.decode(own) { _ in
      try String(contentsOfFile: "\(Catalogue.library.path)/W1/scenario.yaml", encoding: .utf8)
    }
    #expect(exercise.id == "T1" && exercise.questions.count == 1)
    let program = try #require(
      page.components(separatedBy: "```yaml\n").compactMap { $0.components(separatedBy: "```").first }
        .first { $0.hasPrefix("id: T2") })
    #expect(try errors(program) == "")
    #expect(try errors(program.replacing("rule: connect", with: "rule: conect")) != "")
    let trial = try ExerciseFile.decode(program) { _ in "" }.trial
    #expect(trial?.role == .client && trial?.checks.count == 3)
  }
  @Test(arguments: [
    ("answer: colour, key: a", "there is no kind of answer 'colour'"),
    ("answer: choice, key: a", "a choice has 2 to 26 options"), ("answer: port, key: order", "only an order"),
    ("answer: port, key: 'a['", "lacks a closing bracket"), ("answer: port, kee: a", "there is no 'kee' here"),
    ("answer: port, key: a, in: elsewhere", "there is no conversation 'elsewhere'"),
    ("answer: port, key: a, needs: [b]", "'b' is no question before this one"),
    ("answer: port, key: a, evidence: { connections: [elsewhere] }", "there is no conversation 'elsewhere'"),
    ("answer: port, key: a, points: 0", "1 to 100 points"),
    ("answer: port, key: a, points: 2, evidence-points: 2", "fewer for the evidence"),
    ("answer: port, key: { is: [] }, options: [{ text: a }]", "only a choice has options"),
  ])
  func tellsWhatIsWrong(_ question: String, _ reason: String) {
    let error = #expect(throws: ExerciseError.self) {
      try Catalogue.exercise(questions: Catalogue.question("a", question))
    }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    #expect(error?.place.hasPrefix("questions[1]") == true, "\(error?.place ?? "")")
  }
  @Test func twoHintsAreTooFew() {
    let error = #expect(throws: ExerciseError.self) {
      try Catalogue.exercise(
        questions: "- { id: a, ask: What?, answer: port, key: a, hints: [a, b], why: So., rfc: RFC 1 }\n")
    }
    #expect(error?.text == "there are three hints, of growing help")
  }
  /// A lecturer's own exercise needs no line of Swift: files in a folder are enough.
  @Test func aLecturersOwnExerciseNeedsNoSwift() throws {
    let exercise = try Catalogue.exercise(
      questions: Catalogue.question("greeting", "answer: code, in: mail, key: 'exchanges[0].replies[0].code'"))
    let work = try StudentWork(exercise, seed: .practice(exercise: "T1", student: "Ada"))
    var sheet = FilledWorksheet()
    sheet.answers["greeting"] = GivenAnswer(value: "220 ready")
    #expect(try #require(work.judge()).judge(sheet).map(\.verdict) == [.passed])
  }
}
