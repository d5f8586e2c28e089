import Dialogues
import Foundation
import TestSupport
import Testing

/// Exported graders, run as the platforms run them.
@Suite(.serialized) struct ExportTests {
  private static let readsYAML =
    Peer.python3.isExpected
    && (try? Program.run(["-c", "import yaml"], program: URL(filePath: "/usr/bin/python3")))?.status == 0
  private static let shell = URL(filePath: "/bin/sh")
  private static let bubblewrap = Peer.bwrap.url ?? URL(filePath: "/usr/bin/bwrap")
  private static let hasBubblewrap: Bool = {
    if ProcessInfo.processInfo.environment["MAILWIRE_REQUIRE_PEERS"] == "1" { return true }
    return (try? Program.run(["--ro-bind", "/", "/", "true"], program: bubblewrap))?.status == 0
  }()
  /// check50 is a package of Python, perhaps in an environment that `MAILWIRE_CHECK50` names.
  private static let check50: URL? = {
    let path = ProcessInfo.processInfo.environment["MAILWIRE_CHECK50"] ?? "/usr/bin/check50"
    return FileManager.default.isExecutableFile(atPath: path) ? URL(filePath: path) : nil
  }()

  private func mailwire(_ arguments: [String]) throws -> Program.Run { try Program.run(arguments, seconds: 240) }
  private func object(_ data: Data) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }
  /// A class of two in `folder/w3`, and the export `folder/name`.
  private func export(_ folder: String, _ format: String, _ name: String, isOfClass: Bool) throws {
    let roster = "\(folder)/roster.csv"
    try "id,name,email\nada,Ada Lovelace,ada@school.example\nben,Ben Ali,b.ali@school.example\n".write(
      toFile: roster, atomically: true, encoding: .utf8)
    try #require(try mailwire(["exercise", "issue", "W3", "--class", roster, "--out", "\(folder)/w3"]).status == 0)
    let group = isOfClass ? ["--class", "\(folder)/w3/lecturer"] : []
    let run = try mailwire(
      ["exercise", "export", "W3", "--format", format, "--out", "\(folder)/\(name)"] + group)
    try #require(run.status == 0, "\(run.diagnostics)")
  }
  /// A student's worksheet with all of the lecturer's answers, but for `wrong`.
  private func answers(_ folder: String, of student: String, wrong: String? = nil) throws -> String {
    let keys = try String(contentsOfFile: "\(folder)/w3/lecturer/W3.keys.csv", encoding: .utf8)
    var sheet = "exercise: W3\nstudent: \(student)\nanswers:\n"
    for line in keys.split(separator: "\r\n") where line.hasPrefix("\(student),") {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      let frame = cells[3].split(separator: " ").first ?? "1"
      let value = cells[1] == wrong ? "nonsense" : cells[2]
      sheet += "  \(cells[1]): { answer: \"\(value)\", evidence: \"frame \(frame)\" }\n"
    }
    return sheet
  }

  // MARK: Gradescope

  /// Runs a script in a container like Gradescope's: `/autograder` from `root`, no network, and none of the libraries that
  /// the program needs beyond the C library.
  private func inContainer(_ root: String, _ script: String) throws -> Program.Run {
    var arguments = ["--tmpfs", "/", "--ro-bind", "/usr", "/usr", "--ro-bind", "/etc", "/etc", "--tmpfs", "/tmp"]
    for name in ["bin", "lib", "lib64"] { arguments += ["--symlink", "usr/\(name)", "/\(name)"] }
    arguments += ["--proc", "/proc", "--dev", "/dev", "--bind", root, "/autograder", "--chdir", "/autograder"]
    arguments += ["--unshare-net", "--clearenv"]
    arguments += ["--setenv", "PATH", "/usr/bin:/bin"]
    for library in ["libsqlite3.so.0", "libcrypto.so.3", "libstdc++.so.6", "libz.so.1"] {
      let path = "/usr/lib/x86_64-linux-gnu/\(library)"
      let place = URL(filePath: path).resolvingSymlinksInPath().path
      if FileManager.default.fileExists(atPath: place) { arguments += ["--ro-bind", "/dev/null", place] }
    }
    return try Program.run(arguments + ["/bin/sh", "-c", script], program: Self.bubblewrap, seconds: 120)
  }
  @Test(.enabled(if: hasBubblewrap, "bwrap (bubblewrap) is not installed, or may not make a namespace"))
  func gradescopeRunsIt() throws {
    let folder = try TemporaryFolder()
    try export(folder.path, "gradescope", "w3.zip", isOfClass: true)
    let root = "\(folder.path)/autograder"
    for name in ["source", "submission", "results"] {
      try FileManager.default.createDirectory(atPath: "\(root)/\(name)", withIntermediateDirectories: true)
    }
    let unzip = try Program.run(
      ["-m", "zipfile", "-e", "\(folder.path)/w3.zip", "\(root)/source"], program: URL(filePath: "/usr/bin/python3"),
      seconds: 120)
    try #require(unzip.status == 0, "\(unzip.diagnostics)")
    #expect(!FileManager.default.fileExists(atPath: "\(root)/source/Exercises/W3/solutions"), "solutions stay at home")
    // As the platform does: the script is copied, and the permissions are lost.
    try FileManager.default.copyItem(atPath: "\(root)/source/run_autograder", toPath: "\(root)/run_autograder")
    let setup = try inContainer(root, "sh /autograder/source/setup.sh")
    #expect(setup.status == 0 && setup.text.contains("W3 · User name and password"), "\(setup.diagnostics)")

    func run(_ users: String, _ sheet: String?) throws -> (status: Int32, results: [String: Any]?) {
      try? FileManager.default.removeItem(atPath: "\(root)/results/results.json")
      try? FileManager.default.removeItem(atPath: "\(root)/submission/W3.yaml")
      try "{\"id\": 1, \"users\": [\(users)], \"assignment\": {\"title\": \"W3\"}, \"previous_submissions\": []}".write(
        toFile: "\(root)/submission_metadata.json", atomically: true, encoding: .utf8)
      try sheet?.write(toFile: "\(root)/submission/W3.yaml", atomically: true, encoding: .utf8)
      let run = try inContainer(root, "sh /autograder/run_autograder")
      let data = FileManager.default.contents(atPath: "\(root)/results/results.json")
      #expect(try FileManager.default.contentsOfDirectory(atPath: "\(root)/results").count == (data == nil ? 0 : 1))
      return (run.status, try data.map(object))
    }
    let ada = #"{"email": "ada@school.example", "id": 17, "name": "A. L."}"#
    let right = try run(ada, try answers(folder.path, of: "ada"))
    #expect(right.status == 0)
    let results = try #require(right.results)
    try validate(results)
    #expect(results["score"] as? Int == 14, "\(results)")
    // Ben hands in Ada's answers: his own capture decides.
    let copied = try #require(
      try run(#"{"email": "b.ali@school.example", "name": "Ben"}"#, try answers(folder.path, of: "ada")).results)
    try validate(copied)
    #expect((copied["score"] as? Int).map { $0 < 8 } == true)
    let notes = (copied["extra_data"] as? [String: Any])?["lecturer_notes"] as? [String]
    #expect(notes?.contains { $0.contains("ada") } == true)
    #expect(!"\(copied["tests"] ?? "")".contains("of ada"), "students see the tests")
    // Nothing handed in, and somebody who is not of the class: a result that says so.
    let nothing = try #require(try run(ada, nil).results)
    #expect(nothing["score"] as? Int == 0 && "\(nothing["output"] ?? "")".contains("There is no worksheet"))
    let stranger = try #require(try run(#"{"name": "Mallory"}"#, try answers(folder.path, of: "ada")).results)
    #expect(stranger["score"] as? Int == 0 && "\(stranger["output"] ?? "")".contains("none of the 2 students"))
    // The grader's own fault leaves no result, so that nobody gets a zero for it.
    try FileManager.default.removeItem(atPath: "\(root)/source/Exercises/W3/scenario.yaml")
    let broken = try run(ada, try answers(folder.path, of: "ada"))
    #expect(broken.status == 2 && broken.results == nil)
  }
  /// Field by field as Gradescope's documentation has it.
  private func validate(_ results: [String: Any]) throws {
    let known: Set<String> = [
      "score", "execution_time", "output", "output_format", "test_output_format", "test_name_format", "visibility",
      "stdout_visibility", "extra_data", "tests", "leaderboard",
    ]
    #expect(Set(results.keys).isSubset(of: known), "\(results.keys)")
    let visibilities = ["hidden", "after_due_date", "after_published", "visible"]
    let formats = ["text", "html", "simple_format", "md", "ansi"]
    #expect(results["score"] is Int && results["output"] is String && results["extra_data"] is [String: Any])
    #expect(visibilities.contains(results["visibility"] as? String ?? ""))
    #expect(visibilities.contains(results["stdout_visibility"] as? String ?? ""))
    #expect(formats.contains(results["output_format"] as? String ?? ""))
    #expect(formats.contains(results["test_output_format"] as? String ?? ""))
    let tests = try #require(results["tests"] as? [[String: Any]])
    #expect(tests.count == 7)
    var sum = 0
    for test in tests {
      let score = try #require(test["score"] as? Int)
      let maximum = try #require(test["max_score"] as? Int)
      #expect((0...maximum).contains(score) && maximum > 0)
      #expect((test["status"] as? String) == (score == maximum ? "passed" : "failed"))
      #expect(test["name"] is String && test["output"] is String && test["number"] is String)
      #expect(formats.contains(test["output_format"] as? String ?? "") && test["tags"] is [String])
      #expect(formats.contains(test["name_format"] as? String ?? ""))
      #expect(visibilities.contains(test["visibility"] as? String ?? ""))
      sum += score
    }
    #expect(sum == results["score"] as? Int)
  }

  // MARK: check50

  /// The export for check50 in `folder/checks`, and a worksheet of practice with one right answer in `folder/ada`.
  private func practise(_ folder: String) throws {
    try export(folder, "check50", "checks", isOfClass: false)
    let start = try mailwire(["exercise", "start", "W3", "--student", "Ada", "--out", "\(folder)/ada"])
    try #require(start.status == 0, "\(start.diagnostics)")
    let path = "\(folder)/ada/W3.md"
    let sheet = try String(contentsOfFile: path, encoding: .utf8)
    try sheet.replacing("Answer:\n", with: "Answer: 235\n").write(toFile: path, atomically: true, encoding: .utf8)
  }

  @Test(.enabled(if: Peer.python3.isExpected, "python3 is not installed")) func check50sFolderPrintsItsJSON() throws {
    let folder = try TemporaryFolder()
    try practise(folder.path)
    let run = try Program.run(
      ["-c", "cd '\(folder.path)/ada' && ../checks/check"], program: Self.shell, seconds: 60)
    #expect(run.status == 1, "\(run.diagnostics)")
    let page = try object(run.output)
    let results = try #require(page["results"] as? [[String: Any]])
    #expect(page["slug"] as? String == "mailwire/w3" && page["version"] is String && results.count == 7)
    #expect(
      results.filter { $0["passed"] as? Bool == true }.map { $0["name"] as? String } == ["result"], "\(results)"
    )
    let python = try Program.run(
      ["-m", "py_compile", "\(folder.path)/checks/__init__.py"], program: URL(filePath: "/usr/bin/python3"))
    #expect(python.status == 0, "\(python.diagnostics)")
    // As check50 reads it: a check for each question.
    let checks = try String(contentsOfFile: "\(folder.path)/checks/__init__.py", encoding: .utf8)
    #expect(checks.components(separatedBy: "@check50.check()").count == 8)
  }
  @Test(.enabled(if: check50 != nil, "check50 is not installed; MAILWIRE_CHECK50 names it"))
  func check50RunsIt() throws {
    let folder = try TemporaryFolder()
    try practise(folder.path)
    let program = try #require(Self.check50).path
    let run = try Program.run(
      ["-c", "cd '\(folder.path)/ada' && '\(program)' --dev -o json -- ../checks"], program: Self.shell, seconds: 240)
    let results = try #require(try object(run.output)["results"] as? [[String: Any]], "\(run.diagnostics)")
    let passed = Dictionary(
      uniqueKeysWithValues: results.map { ($0["name"] as? String ?? "", $0["passed"] as? Bool) })
    #expect(passed.count == 7 && passed["login_password"] == false, "\(results)")
    #expect(passed.filter { $0.value == true }.map(\.key) == ["result"])
    let cause = results.first { $0["name"] as? String == "login_password" }?["cause"] as? [String: Any]
    #expect((cause?["rationale"] as? String)?.isEmpty == false && cause?["help"] is String)
  }

  // MARK: GitHub Classroom

  /// The step of the workflow, run as the runner does.
  @Test(.enabled(if: readsYAML, "python3 or python3-yaml is not installed"))
  func theWorkflowOfClassroomReportsPoints()
    throws
  {
    let folder = try TemporaryFolder()
    try export(folder.path, "classroom", "template", isOfClass: false)
    let repository = "\(folder.path)/template"
    let start = try mailwire(["exercise", "start", "W3", "--student", "Ada", "--out", repository])
    #expect(start.status == 0, "\(start.diagnostics)")
    let sheet = try String(contentsOfFile: "\(repository)/W3.md", encoding: .utf8)
    try sheet.replacing("## 6.", with: "## 6.").replacing("Answer:\n", with: "Answer: 235\n").write(
      toFile: "\(repository)/W3.md", atomically: true, encoding: .utf8)
    let script = """
      import sys, yaml
      job = yaml.safe_load(open(sys.argv[1]))["jobs"]["autograding"]
      step = next(s for s in job["steps"] if "run" in s)
      report = next(s for s in job["steps"] if "reporter" in s.get("uses", ""))
      assert report["with"]["runners"] == step["id"] == "w3"
      assert report["env"]["W3_RESULTS"] == "${{ steps.w3.outputs.result }}"
      print(step["run"])
      """
    let step = try Program.run(
      ["-c", script, "\(repository)/.github/workflows/classroom.yml"], program: URL(filePath: "/usr/bin/python3"))
    try #require(step.status == 0, "\(step.diagnostics)")
    let output = "\(folder.path)/output"
    let run = try Program.run(
      ["-c", "cd '\(repository)' && export GITHUB_OUTPUT='\(output)' && bash -e -o pipefail -c \"$0\"", step.text],
      program: Self.shell, seconds: 60)
    #expect(run.status == 0, "\(run.diagnostics)")
    #expect(run.text.contains("::error file=W3.md"), "\(run.text)")
    let line = try String(contentsOfFile: output, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
    let report = try object(try #require(Data(base64Encoded: String(line.dropFirst("result=".count)))))
    #expect(report["version"] as? Int == 1 && report["status"] as? String == "fail")
    #expect(report["max_score"] as? Int == 14)
    let tests = try #require(report["tests"] as? [[String: Any]])
    #expect(tests.count == 7 && tests.contains { $0["status"] as? String == "pass" })
    #expect(tests.reduce(0) { $0 + ($1["score"] as? Int ?? 0) } > 0)
    for test in tests {
      #expect(
        Set(test.keys) == [
          "name", "status", "score", "message", "test_code", "filename", "line_no", "execution_time",
        ])
    }
  }
  /// A class's secret does not go where students can read it, and nothing is written over.
  @Test func whatMustNotBeExportedIsRefused() throws {
    let folder = try TemporaryFolder()
    try "id\nada\n".write(toFile: "\(folder.path)/roster.csv", atomically: true, encoding: .utf8)
    let issue = try mailwire(
      ["exercise", "issue", "W1", "--class", "\(folder.path)/roster.csv", "--out", "\(folder.path)/w1"])
    #expect(issue.status == 0)
    func export(_ arguments: [String]) throws -> Program.Run { try mailwire(["exercise", "export", "W1"] + arguments) }
    let secret = try export(
      ["--format", "classroom", "--out", "\(folder.path)/t", "--class", "\(folder.path)/w1/lecturer"])
    #expect(secret.status == 2 && secret.diagnostics.contains("does not keep a class's secret"))
    #expect(try export(["--format", "gradescope"]).status == 2)
    #expect(try export(["--format", "gradescope", "--out", "\(folder.path)/roster.csv/x.zip"]).status == 2)
    try "mine".write(toFile: "\(folder.path)/a.zip", atomically: true, encoding: .utf8)
    #expect(try export(["--format", "gradescope", "--out", "\(folder.path)/a.zip"]).status == 2)
    #expect(try String(contentsOfFile: "\(folder.path)/a.zip", encoding: .utf8) == "mine")
    let none = try export(["--format", "check50", "--out", "\(folder.path)/c", "--program", "\(folder.path)/a.zip"])
    #expect(none.status == 2 && none.diagnostics.contains("no program of Linux"))
    #expect(try export(["--format", "gradescope", "--out", "\(folder.path)/c", "--class", folder.path]).status == 2)
  }
}
