import Foundation
#if canImport(FoundationXML)
  import FoundationXML
#endif
import TestSupport
import Testing

@testable import Grading

/// Result files, field by field as the platforms document them.
@Suite struct ResultFormatTests {
  /// A result with one of each verdict, and with everything that would have to be escaped.
  private static let nasty =
    "=1+1 <script>alert(\"x\")</script> & 'é' ]]> 100%, a:b\r\n::error::\u{1B}[31m\u{0}\u{202E}"
  private static func result() throws -> (StudentResult, Exercise) {
    let exercise = try Catalogue.exercise(
      questions: Catalogue.question("right", "answer: port, in: mail, key: server.port, points: 2")
        + Catalogue.question("partly", "answer: port, in: mail, key: server.port, points: 3, evidence-points: 1")
        + Catalogue.question("wrong", "answer: text, in: mail, key: server.address")
        + Catalogue.question("after", "answer: port, in: mail, key: server.port, needs: [wrong]")
        + Catalogue.question("broken", "answer: text, in: mail, key: nothing"))
    let judge = try #require(try StudentWork(exercise, seed: StudentSeed(number: 1)).judge())
    var sheet = FilledWorksheet()
    sheet.answers = [
      "right": GivenAnswer(value: "587"), "partly": GivenAnswer(value: "587"), "wrong": GivenAnswer(value: nasty),
    ]
    var result = StudentResult(student: "@SUM(A1)", exercise: exercise.id)
    result.name = nasty
    result.checks = judge.judge(sheet)
    result.files = ["a,b:c.md"]
    #expect(result.checks.map(\.verdict) == [.passed, .failed, .failed, .notRun, .couldNotJudge])
    return (result, exercise)
  }
  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func gradescope() throws {
    let page = try object(try GradescopeResult.text(try Self.result().0, .all))
    #expect(page["score"] as? Int == 4 && page["visibility"] as? String == "visible")
    #expect(page["stdout_visibility"] as? String == "hidden" && page["extra_data"] is [String: Any])
    #expect(page["output"] is String && page["output_format"] as? String == "text")
    #expect(page["test_output_format"] as? String == "text")
    let tests = try #require(page["tests"] as? [[String: Any]])
    #expect(
      tests.count == 5 && tests.map { $0["status"] as? String } == ["passed", "failed", "failed", "failed", "failed"])
    for test in tests {
      #expect(
        Set(test.keys) == [
          "score", "max_score", "status", "name", "name_format", "number", "output", "output_format", "tags",
          "visibility", "extra_data",
        ])
      #expect(test["score"] is Int && test["max_score"] is Int && test["tags"] is [String] && test["number"] is String)
    }
  }
  @Test func check50() throws {
    let page = try object(try Check50Result.text(try Self.result().0, .all, version: "0.1.0"))
    #expect(Set(page.keys) == ["slug", "results", "version"])
    let results = try #require(page["results"] as? [[String: Any]])
    for result in results {
      #expect(Set(result.keys) == ["name", "description", "passed", "log", "cause", "data", "dependency"])
    }
    #expect(results.map { $0["passed"] as? Bool } == [true, false, false, nil, nil])
    #expect(
      results[3]["passed"] is NSNull && results[0]["cause"] is NSNull && results[3]["dependency"] as? String == "wrong")
    let cause = try #require(results[2]["cause"] as? [String: Any])
    #expect(cause["rationale"] is String && cause["help"] is String)
    #expect(cause["expected"] is String && cause["actual"] is String)
  }
  @Test func prairieLearnAndAutolab() throws {
    let (result, _) = try Self.result()
    let page = try object(try PrairieLearnResult.text(result, .all))
    #expect(Set(page.keys) == ["gradable", "score", "message", "output", "tests"])
    #expect(page["gradable"] as? Bool == false && page["score"] as? Double == 4.0 / 8.0)
    for test in try #require(page["tests"] as? [[String: Any]]) {
      #expect(Set(test.keys) == ["name", "description", "points", "max_points", "message", "output"])
    }
    #expect(try AutolabResult.text(result) == "{\"scores\":{\"T1\":4}}\n")
  }
  @Test func jUnitIsXMLThatSaysWhatMatters() throws {
    let text = JUnitReport.text([try Self.result().0], .all)
    let reader = JUnitReader()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = reader
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    #expect(reader.problems.isEmpty, "\(reader.problems)")
    #expect(reader.counts["testcase"] == 5 && reader.counts["failure"] == 2)
    #expect(reader.counts["error"] == 1 && reader.counts["skipped"] == 1)
    #expect(reader.failures.contains { $0.contains("<script>") }, "the answer stands in the failure's text, as text")
  }
  private static let xmllint = URL(filePath: "/usr/bin/xmllint")
  private static let hasXmllint = FileManager.default.isExecutableFile(atPath: xmllint.path)

  @Test(.enabled(if: hasXmllint, "xmllint (libxml2-utils) is not installed"))
  func jUnitKeepsToItsSchema() throws {
    let arguments = ["--noout", "--schema", "Documentation/junit.xsd", "-"]
    var broken = StudentResult(student: "b", exercise: "T1")
    broken.problem = Self.nasty
    let page = JUnitReport.text([try Self.result().0, broken], .all)
    let run = try Program.run(arguments, program: Self.xmllint, input: Data(page.utf8), seconds: 60)
    #expect(run.status == 0, "\(run.diagnostics)")
    let other = page.replacing("<failure ", with: "<failed ").replacing("</failure>", with: "</failed>")
    #expect(try Program.run(arguments, program: Self.xmllint, input: Data(other.utf8), seconds: 60).status != 0)
  }
  @Test func anAnswerIsNoCommandOfGitHub() throws {
    let lines = GitHubAnnotations.text([try Self.result().0], .all).split(separator: "\n")
    #expect(lines.count == 5)
    for line in lines {
      #expect(line.hasPrefix("::error ") || line.hasPrefix("::warning ") || line.hasPrefix("::notice "), "\(line)")
    }
    #expect(lines[0].hasPrefix("::error file=a%2Cb%3Ac.md,line=1,title=What? (2/3)::Partly right.%0A"), "\(lines[0])")
  }
  @Test func csvIsInert() throws {
    let (result, exercise) = try Self.result()
    let rows = CSVReader.rows(ClassTable.text([result], exercise))
    #expect(rows.count == 2 && rows[0].count == rows[1].count)
    for cell in rows[1] { #expect(!["=", "+", "-", "@", "|", "%"].contains { cell.hasPrefix($0) }, "\(cell)") }
    #expect(rows[1][0] == "'@SUM(A1)" && rows[1][1].hasPrefix("'=1+1 "))
  }
  @Test(arguments: [
    ("=1", "'=1"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""),
  ])
  func cellsAreGuarded(_ text: String, _ cell: String) { #expect(ClassTable.guarded(text) == cell) }

  @Test func theClassPageRunsNothing() throws {
    let (result, exercise) = try Self.result()
    let page = ClassPage(ClassSummary([result], exercise)).text
    #expect(page.contains("default-src 'none'") && !page.contains("<script") && page.contains("&lt;script&gt;"))
    #expect(!page.unicodeScalars.contains { $0.value == 0x1B || $0.value == 0 || $0.value == 0x202E })
  }
  @Test func jsonHoldsEverything() throws {
    let (result, exercise) = try Self.result()
    let page = try object(try ClassJSON.text([result], exercise))
    let students = try #require(page["results"] as? [[String: Any]])
    #expect(page["version"] as? Int == 1 && students[0]["verdict"] as? String == "could-not-judge")
    #expect((students[0]["checks"] as? [[String: Any]])?.count == 5)
  }
}

/// Checks what Jenkins' and Ant's documentation say of JUnit's XML: which elements stand where, with which attributes.
private final class JUnitReader: NSObject, XMLParserDelegate {
  private static let children: [String: Set<String>] = [
    "": ["testsuites"], "testsuites": ["testsuite"],
    "testsuite": ["testcase", "system-out", "system-err", "properties"],
    "testcase": ["failure", "error", "skipped"], "failure": [], "error": [], "skipped": [], "system-err": [],
  ]
  private static let required: [String: Set<String>] = [
    "testsuites": ["tests", "failures", "errors"], "testsuite": ["name", "tests", "failures", "errors"],
    "testcase": ["name", "classname"], "failure": ["message", "type"], "error": ["message", "type"],
  ]
  private var path: [String] = [""]
  private(set) var counts: [String: Int] = [:]
  private(set) var problems: [String] = []
  private(set) var failures: [String] = []

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    if Self.children[path[path.count - 1]]?.contains(name) != true { problems.append("\(name) in \(path)") }
    let lacking = (Self.required[name] ?? []).subtracting(attributes.keys)
    if !lacking.isEmpty { problems.append("\(name) lacks \(lacking)") }
    counts[name, default: 0] += 1
    path.append(name)
    if name == "failure" { failures.append("") }
  }
  func parser(_ parser: XMLParser, foundCharacters text: String) {
    if path.last == "failure" { failures[failures.count - 1] += text }
  }
  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    path.removeLast()
  }
}
