import Foundation
import TestSupport
import Testing

/// A class in which the submissions themselves are hostile, and one whose programs print and send what no format can hold.
@Suite(.serialized, .enabled(if: Bubblewrap.isInstalled)) struct HostileSubmissionTests {
  private static let python = URL(filePath: "/usr/bin/python3")
  private static let xmllint = URL(filePath: "/usr/bin/xmllint")
  private let reference = Repository.root.appending(path: "Exercises/S1/solutions/reference/client.py").path

  @Test func noneStopsOrDeceivesTheGrader() throws {
    let folder = try TemporaryFolder()
    let handedIn = "\(folder.path)/in"
    let secret = "secret-\(UUID().uuidString)"
    try secret.write(toFile: "\(folder.path)/key.csv", atomically: true, encoding: .utf8)
    let script = """
      import os, sys, zipfile
      top, reference, key = sys.argv[1:]
      good = open(reference).read()
      def make(student): os.makedirs(f"{top}/{student}"); return f"{top}/{student}/client.py"
      open(make("ada"), "w").write(good)
      os.mkfifo(make("fifo"))
      os.makedirs(make("folder"))
      os.symlink(key, make("link"))
      os.symlink("/dev/zero", make("zero"))
      os.symlink(f"{top}/ada/client.py", make("copy"))
      if os.geteuid() == 0:
          try: os.mknod(make("device"), 0o20666, os.makedev(1, 5))
          except PermissionError: pass
      many = os.path.dirname(make("many"))
      for n in range(10000): open(f"{many}/f{n}", "w").close()
      odd = make("odd")
      open(odd, "w").write(good)
      for name in (b"a\\nb.py", b"\\xff\\xfe", b"-rf", b"\\x1b[2J", b"=1+1"): open(os.path.dirname(odd).encode() + b"/" + name, "wb").close()
      open(make("large"), "wb").truncate(1 << 32)
      os.makedirs(f"{top}/new\\nline")
      open(f"{top}/new\\nline/client.py", "w").write("pass")
      with zipfile.ZipFile(f"{top}/zip.zip", "w") as archive:
          for name in ("/client.py", "../client.py", "a/../../client.py"): archive.writestr(name, "print('escaped')")
          info = zipfile.ZipInfo("client"); info.external_attr = 0o120777 << 16
          archive.writestr(info, key)
      """
    try FileManager.default.createDirectory(atPath: handedIn, withIntermediateDirectories: true)
    let made = try Program.run(
      ["-c", script, handedIn, reference, "\(folder.path)/key.csv"], program: Self.python, seconds: 60)
    try #require(made.status == 0, "\(made.diagnostics)")
    let out = "\(folder.path)/feedback"
    let run = try Program.run(["grade", "S1", handedIn, "--format", "json"], seconds: 240)
    #expect(run.status == 1, "\(run.diagnostics)")
    #expect(!run.text.contains(secret) && !run.text.contains("escaped"))
    let page = try #require(try JSONSerialization.jsonObject(with: run.output) as? [String: Any])
    let results = try #require(page["results"] as? [[String: Any]])
    let passed = Set(results.filter { $0["verdict"] as? String == "passed" }.compactMap { $0["student"] as? String })
    #expect(passed == ["ada", "odd"], "\(results.map { ($0["student"] ?? "", $0["verdict"] ?? "") })")
    #expect(!results.contains { $0["verdict"] as? String == "could-not-judge" })
    #expect(results.count >= 11)
    let files = try Program.run(["grade", "S1", handedIn, "--out", out], seconds: 240)
    #expect(files.status == 1, "\(files.diagnostics)")
    #expect(!files.text.unicodeScalars.contains { $0.value < 32 && $0 != "\n" }, "\(files.text)")
    for name in try FileManager.default.contentsOfDirectory(atPath: out) {
      #expect(!name.unicodeScalars.contains { $0.value < 32 }, "\(name)")
    }
    #expect(Set(try FileManager.default.contentsOfDirectory(atPath: folder.path)) == ["in", "key.csv", "feedback"])
  }

  /// What is printed and sent is hostile to every format.
  private static let loud = """
    import socket, sys
    nasty = b"\\x1b]0;x\\x07\\x1b[2J\\xff\\xfe\\x00</failure>]]><script>alert(1)</script>\\r\\n::error::x\\r\\n=cmd|' /C calc'!A0 \\xe2\\x80\\xae\\n"
    sys.stdout.buffer.write(nasty * 20000)
    sys.stdout.flush()
    s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
    s.recv(999)
    s.sendall(b"HELO " + nasty)
    s.recv(999)
    sys.stderr.buffer.write(nasty)
    raise SystemExit(nasty.decode("latin-1"))

    """
  @Test func everyFormatHoldsWhatAProgramPrints() throws {
    let folder = try TemporaryFolder()
    let handedIn = "\(folder.path)/in"
    for (student, text) in [("=loud", Self.loud), ("ada", try String(contentsOfFile: reference, encoding: .utf8))] {
      try FileManager.default.createDirectory(atPath: "\(handedIn)/\(student)", withIntermediateDirectories: true)
      try text.write(toFile: "\(handedIn)/\(student)/client.py", atomically: true, encoding: .utf8)
    }
    try FileManager.default.createDirectory(atPath: "\(handedIn)/ben", withIntermediateDirectories: true)
    func grade(_ format: String, _ path: String? = nil) throws -> Program.Run {
      let run = try Program.run(
        ["grade", "S1", path ?? handedIn, "--reveal", "all", "--format", format]
          + (path == nil ? ["--results", "\(folder.path)/r.sqlite"] : ["--one"]), seconds: 120)
      #expect(run.status == 1, "\(format): \(run.diagnostics)")
      #expect(
        !run.text.unicodeScalars.contains {
          ($0.value < 32 && $0 != "\n" && $0 != "\r") || (0x7F...0x9F).contains($0.value) || $0.value == 0x202E
        }, "\(format)")
      #expect(run.output.count < 400_000, "\(format)")
      return run
    }
    let text = try grade("junit")
    #expect(text.text.contains("tests=\"") && text.text.contains("name=\"submission\""))
    if FileManager.default.isExecutableFile(atPath: Self.xmllint.path) {
      let schema = Repository.root.appending(path: "Documentation/junit.xsd").path
      let checked = try Program.run(
        ["--noout", "--schema", schema, "-"], program: Self.xmllint, input: text.output, seconds: 60)
      #expect(checked.status == 0, "\(checked.diagnostics)")
    } else {
      print("skipped: xmllint is not installed, so JUnit's schema is not asked")
    }
    for line in try grade("github").text.split(separator: "\n") {
      #expect(line.hasPrefix("::error ") || line.hasPrefix("::warning ") || line.hasPrefix("::notice "), "\(line)")
    }
    let html = try grade("html").text
    #expect(html.contains("default-src 'none'") && !html.contains("<script"))
    for row in try grade("csv").text.split(separator: "\r\n") {
      #expect(!["=", "+", "-", "@"].contains(row.prefix(1)))
    }
    _ = try JSONSerialization.jsonObject(with: try grade("json").output)
    for format in ["gradescope", "check50", "prairielearn", "autolab", "classroom"] {
      let page = try JSONSerialization.jsonObject(with: try grade(format, "\(handedIn)/=loud").output)
      #expect((page as? [String: Any])?.isEmpty == false, "\(format)")
    }
    _ = try grade("text", "\(handedIn)/=loud")
  }

  /// Without bubblewrap nothing is run: the class is refused, and the platform that reads one result is told.
  @Test func withoutBubblewrapNothingIsRun() throws {
    guard geteuid() == 0 else { return print("skipped: only root can cover bubblewrap for this test") }
    let program = Program.url.path
    let solutions = URL(filePath: reference).deletingLastPathComponent().path
    func run(_ arguments: String) throws -> Program.Run {
      try Program.run(
        [
          "--dev-bind", "/", "/", "--ro-bind", "/dev/null", "/usr/bin/bwrap", "/bin/sh", "-c",
          "'\(program)' \(arguments)",
        ],
        program: URL(filePath: "/usr/bin/bwrap"), seconds: 60)
    }
    for arguments in ["exercise check S1 '\(solutions)/client.py'", "grade S1 '\(solutions)'"] {
      let refused = try run(arguments)
      #expect(refused.status == 4 && refused.text.isEmpty, "\(refused.text)")
      #expect(refused.diagnostics.contains("apt-get install bubblewrap"), "\(refused.diagnostics)")
    }
    let told = try run("grade S1 '\(solutions)' --one --format prairielearn")
    #expect(told.status == 4)
    let page = try #require(try JSONSerialization.jsonObject(with: told.output) as? [String: Any])
    #expect(page["gradable"] as? Bool == false && "\(page["message"] ?? "")".contains("bubblewrap is needed"))
    let junit = try run("grade S1 '\(solutions)' --one --format junit")
    #expect(junit.status == 4 && junit.text.contains("<error ") && !junit.text.contains("<failure "))
  }
}
