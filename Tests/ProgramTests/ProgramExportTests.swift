import Foundation
import TestSupport
import Testing

/// Exports of exercises whose programs are run, executed where they are laid out as on the platforms.
@Suite struct ProgramExportTests {
  private static let bubblewrap = URL(filePath: "/usr/bin/bwrap")
  private static let isPossible: Bool = {
    let run = try? Program.run(["--unshare-all", "--ro-bind", "/", "/", "true"], program: bubblewrap, seconds: 10)
    if run?.status != 0 { print("skipped: bubblewrap is not installed, or may not make a namespace") }
    return run?.status == 0
  }()
  private static let shell = URL(filePath: "/bin/bash")
  private static let python = URL(filePath: "/usr/bin/python3")
  private let solutions = Repository.root.appending(path: "Exercises/S2/solutions").path

  private func export(_ arguments: [String]) throws -> Program.Run {
    try Program.run(["exercise", "export", "S2"] + arguments, seconds: 120)
  }
  private func object(_ data: Data) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }
  /// `/autograder` as Gradescope lays it out.
  private func autograder(_ folder: String) throws -> String {
    let run = try export(["--format", "gradescope", "--out", "\(folder)/s2.zip"])
    try #require(run.status == 0, "\(run.diagnostics)")
    let root = "\(folder)/autograder"
    for name in ["source", "submission", "results"] {
      try FileManager.default.createDirectory(atPath: "\(root)/\(name)", withIntermediateDirectories: true)
    }
    let unzip = try Program.run(
      ["-m", "zipfile", "-e", "\(folder)/s2.zip", "\(root)/source"], program: Self.python, seconds: 120)
    try #require(unzip.status == 0, "\(unzip.diagnostics)")
    try FileManager.default.copyItem(atPath: "\(root)/source/run_autograder", toPath: "\(root)/run_autograder")
    try #"{"id": 1, "users": [{"email": "a@school.example", "name": "Ada"}], "assignment": {"title": "S2"}}"#.write(
      toFile: "\(root)/submission_metadata.json", atomically: true, encoding: .utf8)
    return root
  }
  /// Runs a script in a container like Gradescope's. `options` say what is denied there.
  private func inContainer(_ root: String, _ options: [String], _ script: String) throws -> Program.Run {
    var arguments = ["--tmpfs", "/", "--ro-bind", "/usr", "/usr", "--ro-bind", "/etc", "/etc", "--tmpfs", "/tmp"]
    for name in ["bin", "sbin", "lib", "lib64"] { arguments += ["--symlink", "usr/\(name)", "/\(name)"] }
    arguments += ["--proc", "/proc", "--dev", "/dev", "--bind", root, "/autograder", "--chdir", "/autograder"]
    arguments += ["--clearenv", "--setenv", "PATH", "/usr/bin:/bin"] + options
    return try Program.run(arguments + ["/bin/sh", "-c", script], program: Self.bubblewrap, seconds: 120)
  }
  private func results(_ root: String) throws -> [String: Any] {
    let path = "\(root)/results/results.json"
    let page = try object(try #require(FileManager.default.contents(atPath: path)))
    try FileManager.default.removeItem(atPath: path)
    let tests = try #require(page["tests"] as? [[String: Any]])
    #expect(page["score"] as? Int == tests.reduce(0) { $0 + ($1["score"] as? Int ?? 0) })
    #expect(page["stdout_visibility"] as? String == "hidden" && tests.count == 13)
    return page
  }

  /// Root of a container may, or an ordinary user; where neither may, nobody gets a zero without a word.
  @Test(.enabled(if: isPossible)) func gradescopeRunsProgramsInASandboxOrSaysThatItCannot() throws {
    let folder = try TemporaryFolder()
    let root = try autograder(folder.path)
    #expect(!FileManager.default.fileExists(atPath: "\(root)/source/Exercises/S2/solutions"))
    #expect(!FileManager.default.fileExists(atPath: "\(root)/source/class"), "no secret lies beside programs")
    // It reads whatever it can find, where the autograder is; and it asks for the name of the folder.
    let curious = """
      import os
      for top in ("/autograder", "/home", "/tmp", "/etc"):
          for folder, _, files in os.walk(top): print("saw", folder, files)

      """
    let reference = try String(contentsOfFile: "\(solutions)/reference/client.py", encoding: .utf8)
    try (reference + curious).write(toFile: "\(root)/submission/client.py", atomically: true, encoding: .utf8)
    if geteuid() == 0 {
      let setup = try inContainer(root, [], "sh /autograder/source/setup.sh")
      #expect(setup.status == 0 && !setup.diagnostics.contains("WARNING"), "\(setup.text)\(setup.diagnostics)")
      let run = try inContainer(root, [], "sh /autograder/run_autograder")
      #expect(run.status == 0, "\(run.diagnostics)")
      let page = try results(root)
      #expect(page["score"] as? Int == 24 && "\(page["output"] ?? "")" == "24 of 24 points", "\(page)")
      #expect(!"\(page)".contains("/autograder"))
    } else {
      print("skipped: the tests do not run as root, so no container lets a sandbox be made in it")
    }
    // No namespaces in the container.
    let denied = ["--unshare-user", "--disable-userns", "--uid", "0", "--gid", "0"]
    let setup = try inContainer(root, denied, "sh /autograder/source/setup.sh")
    #expect(setup.status == 0 && setup.diagnostics.contains("WARNING: no sandbox"), "\(setup.diagnostics)")
    #expect(try inContainer(root, denied, "sh /autograder/run_autograder").status == 0)
    try expectUnjudged(try results(root), "a private network could not be made")
    // No bubblewrap, and no network to fetch it.
    let missing = ["--ro-bind", "/dev/null", "/usr/bin/bwrap", "--unshare-net"]
    let failed = try inContainer(root, missing, "sh /autograder/source/setup.sh")
    #expect(failed.status == 1 && failed.diagnostics.contains("for which bubblewrap must be installed"))
    #expect(try inContainer(root, missing, "sh /autograder/run_autograder").status == 0)
    try expectUnjudged(try results(root), "bubblewrap is needed")
  }
  private func expectUnjudged(_ page: [String: Any], _ reason: String) throws {
    let output = "\(page["output"] ?? "")"
    #expect(output.hasPrefix("Could not judge, which is not your fault") && output.contains(reason), "\(output)")
    for test in try #require(page["tests"] as? [[String: Any]]) {
      #expect((test["extra_data"] as? [String: Any])?["verdict"] as? String == "could-not-judge", "\(test)")
    }
  }
  @Test func aSecretIsNotPutBesidePrograms() throws {
    let folder = try TemporaryFolder()
    try "id\nada\n".write(toFile: "\(folder.path)/roster.csv", atomically: true, encoding: .utf8)
    let issue = try Program.run(
      ["exercise", "issue", "S2", "--class", "\(folder.path)/roster.csv", "--out", "\(folder.path)/s2"], seconds: 60)
    try #require(issue.status == 0, "\(issue.diagnostics)")
    for format in ["gradescope", "check50", "classroom"] {
      let out = "\(folder.path)/\(format)"
      let run = try export(["--format", format, "--out", out, "--class", "\(folder.path)/s2/lecturer"])
      #expect(run.status == 2 && run.diagnostics.contains("a class's secret has no place beside them"))
      #expect(!FileManager.default.fileExists(atPath: out))
    }
  }
  /// check50 runs checks side by side: here the programs are tried once, and the checks read the result.
  @Test(.enabled(if: isPossible)) func check50TriesTheProgramsOnce() throws {
    let folder = try TemporaryFolder()
    let run = try export(["--format", "check50", "--out", "\(folder.path)/checks"])
    try #require(run.status == 0, "\(run.diagnostics)")
    let student = "\(folder.path)/ada"
    try SolutionCopy.write("S2", "wrong-3-expects-250", into: student)
    let script = try Program.run(
      ["-c", "cd '\(student)' && ../checks/check"], program: Self.shell, seconds: 60)
    #expect(script.status == 1, "\(script.diagnostics)")
    let told = try #require(try object(script.output)["results"] as? [[String: Any]])
    // A stand-in for the library, which plays the checks in order: what is decorated, on what it builds, what it raises.
    try """
    class Failure(Exception):
        def __init__(self, rationale, help=None): self.payload = {"rationale": rationale, "help": help}
    checks = []
    def check(dependency=None):
        def mark(function):
            checks.append((function, dependency))
            return function
        return mark
    def log(line): pass

    """.write(toFile: "\(folder.path)/check50.py", atomically: true, encoding: .utf8)
    let play = """
      import json, sys
      sys.path[:0] = ["..", "../checks"]
      import check50, importlib
      module = importlib.import_module("__init__")
      result = {}
      for function, dependency in check50.checks:
          assert (dependency is None) == (function.__name__ == "runs")
          try: function(); result[function.__name__] = True
          except check50.Failure as failure: result[function.__name__] = False; assert failure.payload["rationale"]
      print(json.dumps(result))
      """
    let played = try Program.run(
      ["-c", "cd '\(student)' && '\(Self.python.path)' -c \"$0\"", play], program: Self.shell, seconds: 60)
    let passed = try #require(try object(played.output) as? [String: Bool], "\(played.diagnostics)")
    #expect(passed.count == 14 && passed["runs"] == true)
    for result in told {
      let name = (result["name"] as? String ?? "").replacing("-", with: "_")
      #expect(passed[name] == (result["passed"] as? Bool ?? false), "\(name)")
    }
  }
  @Test(.enabled(if: isPossible)) func theWorkflowOfClassroomTriesThePrograms() throws {
    let folder = try TemporaryFolder()
    let repository = "\(folder.path)/template"
    let made = try export(["--format", "classroom", "--out", repository])
    try #require(made.status == 0, "\(made.diagnostics)")
    try SolutionCopy.write("S2", "wrong-3-expects-250", into: repository)
    let script = """
      import sys, yaml
      steps = yaml.safe_load(open(sys.argv[1]))["jobs"]["autograding"]["steps"]
      names = [s.get("name") for s in steps]
      assert names[1:3] == ["Prepare the sandbox", "Grade S2"], names
      assert "install -y --no-install-recommends bubblewrap" in steps[1]["run"]
      print(steps[2]["run"])
      """
    let step = try Program.run(
      ["-c", script, "\(repository)/.github/workflows/classroom.yml"], program: Self.python)
    try #require(step.status == 0, "\(step.diagnostics)")
    let output = "\(folder.path)/output"
    let run = try Program.run(
      ["-c", "cd '\(repository)' && export GITHUB_OUTPUT='\(output)' && bash -e -o pipefail -c \"$0\"", step.text],
      program: Self.shell, seconds: 60)
    #expect(run.status == 0 && run.text.contains("::error file=client.py"), "\(run.text)\(run.diagnostics)")
    let line = try String(contentsOfFile: output, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
    let report = try object(try #require(Data(base64Encoded: String(line.dropFirst("result=".count)))))
    let tests = try #require(report["tests"] as? [[String: Any]])
    #expect(report["max_score"] as? Int == 24 && report["status"] as? String == "fail" && tests.count == 13)
    #expect(tests.reduce(0) { $0 + ($1["score"] as? Int ?? 0) } == 15)
  }
}
