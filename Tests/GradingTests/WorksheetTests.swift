import Testing

@testable import Grading

/// A worksheet is read however it was filled in.
@Suite struct WorksheetTests {
  private func read(_ text: String, _ id: String = "W1") throws -> FilledWorksheet {
    try MarkdownWorksheet.read(text, for: try Catalogue.exercise(id))
  }

  @Test(arguments: Catalogue.playable) func whatIsWrittenIntoThePageIsReadAgain(_ id: String) throws {
    let judge = try Catalogue.judge(id, seed: 9)
    let perfect = Catalogue.perfect(judge)
    var page = ""
    var question: String?
    let blank = try Catalogue.work(id, seed: 9).page(student: "Ada Lovelace", capture: "\(id).pcapng")
    for line in blank.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("<!-- ") { question = String(line.dropFirst(5).prefix { $0 != " " }) }
      page += line
      if line == "Answer:" { page += " \(perfect.answers[question ?? ""]?.value ?? "")" }
      if line == "Evidence:" { page += " \(perfect.answers[question ?? ""]?.evidence ?? "")" }
      page += "\n"
    }
    let sheet = try read(page, id)
    #expect(sheet.student == "Ada Lovelace" && sheet.exercise == id)
    #expect(judge.judge(sheet).allSatisfy { $0.verdict == .passed })
    #expect(try read(blank, id).isEmpty)
  }
  @Test(arguments: [
    "## 2. Port?\nAnswer: 587\nEvidence: frame 1", "## 2. Port?\n**Answer:** 587\n**Evidence:** frame 1\n",
    "# 2\n- answer : 587\n- EVIDENCE: frame 1", "## client-port\n> Answer:\n> \n587\nEvidence:\nframe 1",
    "## Changed\n<!-- client-port · 2 points -->\r\nAnswer: 587\r\nEvidence: frame 1\r\n",
    "## 2. x\nAnswer:\n```\n587\n```\nEvidence: frame 1",
  ])
  func isReadInManyShapes(_ text: String) throws {
    let sheet = try read(text)
    #expect(sheet.answers["client-port"]?.evidence == "frame 1")
    #expect(sheet.answers["client-port"].map { $0.value.hasSuffix("587") } == true)
  }
  @Test(arguments: ["", "nothing here", "Answer: 587", "## 99. x\nAnswer: 587", "\u{0}\u{1}"])
  func isRefusedWhereThereIsNone(_ text: String) {
    #expect(throws: WorksheetError.self) { try read(text) }
  }
  @Test func longAnswersAreCut() throws {
    let sheet = try read(
      "## 2\nAnswer: \(String(repeating: "5", count: 100_000))\n\(String(repeating: "x\n", count: 9_000))")
    #expect((sheet.answers["client-port"]?.value.utf8.count ?? 0) <= GradingLimits.answerByteCount)
  }
  @Test func yamlIsReadToo() throws {
    let sheet = try YAMLWorksheet.read(
      "exercise: W1\nstudent: 007\nanswers:\n  client-port: 54806\n  syn: { answer: 1, evidence: frame 1 }\n  a: [x, y]\n"
    )
    #expect(sheet.student == "007" && sheet.answers["client-port"]?.value == "54806")
    #expect(sheet.answers["syn"] == GivenAnswer(value: "1", evidence: "frame 1"))
    #expect(sheet.answers["a"]?.value == "x, y")
  }
  /// What would make the parser call itself without end is refused before it is asked.
  @Test(arguments: [
    String(repeating: "[", count: 200_000), String(repeating: "{a: ", count: 50_000),
    String(repeating: "- ", count: 100_000), String(repeating: "? ", count: 100_000),
    (0..<600).map { String(repeating: " ", count: $0) + "a:" }.joined(separator: "\n"),
    (0..<600).map { String(repeating: " ", count: $0) + "[" }.joined(separator: "\n"),
  ])
  func yamlWithoutEndIsRefused(_ text: String) {
    let error = #expect(throws: WorksheetError.self) { try YAMLWorksheet.read(text) }
    #expect(error?.description.contains("deep") == true)
  }
  @Test func yamlThatGrowsByItsAliasesIsRefused() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for level in 1..<30 {
      text += "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", "))]\n"
    }
    #expect(throws: WorksheetError.self) { try YAMLWorksheet.read("answers: { a: *a29 }\n" + text) }
    #expect(throws: WorksheetError.self) { try YAMLWorksheet.read(text + "answers: { a: *a29 }\n") }
  }
  @Test(arguments: ["answers: 3", "- a", "answers: { a: { answr: 1 } }", "a: [", "\u{0}"])
  func yamlThatIsNoWorksheetIsRefused(_ text: String) {
    #expect(throws: WorksheetError.self) { try YAMLWorksheet.read(text) }
  }
}

/// Whose a worksheet is, and in which signs it is written.
extension WorksheetTests {
  @Test(arguments: [
    "Ada Lovelace", "  ada   LOVELACE ", "`Ada Lovelace`", "**Ada  Lovelace**", "_Ada Lovelace_",
    "Ada Lovelace (123456)", "**Ada Lovelace** (123456)", "Ada Lovelace [7]",
  ])
  func theSameNameIsTheSame(_ name: String) throws {
    #expect(StudentSeed.practice(exercise: "W1", student: name) == .practice(exercise: "W1", student: "Ada Lovelace"))
    let sheet = try read("Student: \(name)\n## 2\nAnswer: 587")
    #expect(sheet.student?.lowercased() == "ada lovelace")
    let yaml = try YAMLWorksheet.read("student: \(String(reflecting: name))\nanswers: { syn: 1 }\n")
    #expect(yaml.student?.lowercased() == "ada lovelace")
  }
  @Test(arguments: [
    ("Jo\u{308}rg", "Jörg", true), ("Ada (Lady)", "Ada", false), ("(7)", "(8)", false), ("王", "李", false),
  ])
  func otherNamesAreOthers(_ one: String, _ other: String, _ isSame: Bool) {
    #expect((StudentName.folded(one).utf8.elementsEqual(StudentName.folded(other).utf8)) == isSame)
  }
  /// Windows' editor writes UTF-16 when it is told "Unicode" (RFC 2781 §3.2).
  @Test(arguments: [true, false]) func utf16IsReadByItsMark(_ isLittle: Bool) throws {
    let text = "Student: Jörg 🍕\n## 2\nAnswer: 587\n"
    let octets = ("\u{FEFF}" + text).utf16.flatMap { unit in
      isLittle ? [UInt8(unit & 0xFF), UInt8(unit >> 8)] : [UInt8(unit >> 8), UInt8(unit & 0xFF)]
    }
    #expect(SubmittedText.decode(octets) == text)
    #expect(try read(SubmittedText.decode(octets + [7])).student == "Jörg 🍕")
    #expect(SubmittedText.decode(Array(text.utf8)) == text && SubmittedText.decode([0xFF]) == "\u{FFFD}")
  }
  /// An answer under a name that no question has is not dropped without a word.
  @Test func aMisspeltKeyIsTold() throws {
    let exercise = try Catalogue.exercise("W1")
    let judge = try Catalogue.judge("W1")
    func results(_ answers: String) throws -> [CheckResult] {
      judge.judge(try SubmittedWorksheet.read("answers:\n\(answers)", name: "a.yaml", for: exercise))
    }
    let misspelt = try results("  client-adress: 192.0.2.1\n  syn: 1\n")
    #expect(
      misspelt[0].feedback.reason?.hasSuffix(
        "The worksheet has an answer to 'client-adress', as no question is called.") == true)
    #expect(misspelt[4].verdict == .passed)
    #expect(try results("  syn: 1\n")[0].feedback.reason == "There is no answer yet.")
    let numbered = try results("  5: 1\n  9: 1\n")
    #expect(numbered[4].verdict == .passed && numbered[0].feedback.reason?.contains("'9'") == true)
  }
  @Test(arguments: [
    "syn: { answer: 1, evidence: #7 }", "syn: { answer: 1, evidence: frame #7 }",
    "syn:\n    answer: 1\n    evidence: #7",
    "syn: { answer: 1, evidence: \"#7\" }",
  ])
  func theSignBeforeAFrameIsNoComment(_ text: String) throws {
    let sheet = try YAMLWorksheet.read("answers:\n  \(text)\n")
    #expect(CitedEvidence(try #require(sheet.answers["syn"]).evidence) == .frames([7]))
  }
}
