import Foundation
import Packets
import TestSupport
import Testing

/// `mailwire analyze` as a user's fingers know it: status, standard error, formats.
@Suite struct AnalyzeTests {
  private static let capture = "Captures/smtp/auth-login.pcapng"

  // MARK: Bad input

  @Test(arguments: [
    ("missing.pcap", nil as Data?, "No such file"),
    (".", nil, "a directory"),
    ("empty.pcap", Data(), "the file is empty"),
    ("letter.txt", Data("Dear Bob,\nthis is no capture at all.\n".utf8), "it looks like a text file"),
    ("noise.bin", Data((0..<64).map { UInt8(truncatingIfNeeded: $0 * 37 + 129) }), "not a pcap or pcapng capture"),
  ])
  func refusesWhatIsNoCapture(_ name: String, _ content: Data?, _ reason: String) throws {
    try Folder.temporary { folder in
      let file = folder.appending(path: name)
      try content?.write(to: file)
      let run = try Program.run(["analyze", file.path])
      #expect(run.status == 2)
      #expect(run.output.isEmpty)
      #expect(run.diagnostics.contains(reason), "\(run.diagnostics)")
      #expect(run.diagnostics.split(separator: "\n").count == 1)
    }
  }

  @Test func answersWhatStandsBeforeTheDamage() throws {
    let whole = try Data(contentsOf: Repository.root.appending(path: Self.capture))
    try Folder.temporary { folder in
      let file = folder.appending(path: "cut.pcapng")
      try whole.prefix(whole.count - 203).write(to: file)
      let run = try Program.run(["analyze", file.path])
      #expect(run.status == 2)
      #expect(run.diagnostics.contains("cut short: the record at offset"))
      #expect(run.text.contains("cherry-clove-22"))
    }
  }

  @Test func saysThatThereIsNoMail() throws {
    let run = try Program.run(["analyze", "-f", "port 9", Self.capture])
    #expect(run.status == 0)
    #expect(run.text.contains("No mail conversation in this capture."))
    #expect(!run.text.contains("Packets were cut"))
  }
  /// Headers alone: whether there was mail cannot be told, and why is said.
  @Test func saysThatPacketsWereCut() throws {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.server("220 mail.example ESMTP\r\n")
    dialogue.client("QUIT\r\n")
    dialogue.close()
    try Folder.temporary { folder in
      let file = folder.appending(path: "headers.pcap")
      try Data(TestSupport.capture(dialogue.frames.map { Array($0.prefix(54)) })).write(to: file)
      let run = try Program.run(["analyze", file.path])
      #expect(run.status == 0)
      #expect(run.text.hasPrefix("No mail conversation in this capture.\nPackets were cut or lost when it was made"))
    }
  }

  @Test(arguments: [
    [], ["analyze"], ["analyze", "--format", "xml", capture], ["analyze", "-d", "port 25", capture],
    ["analyze", "-f", "port port", capture], ["analyze", "--questions", "/nowhere/q.json", capture],
    ["analyze", "-c", "0", capture],
  ])
  func refusesUnusableArguments(_ arguments: [String]) throws {
    let run = try Program.run(arguments)
    #expect(run.status == 2)
    #expect(run.diagnostics.hasPrefix("mailwire: "), "\(run.diagnostics)")
  }

  /// What cannot be written was not told: that is said, and the status says so.
  @Test(arguments: [["analyze"], ["analyze", "--format", "ndjson"], ["follow"]])
  func aFullDiskIsTold(_ arguments: [String]) throws {
    let line = ([Program.url.path] + arguments + [Self.capture]).map { "'\($0)'" }.joined(separator: " ")
    let run = try Program.run(["-c", "\(line) > /dev/full"], program: URL(filePath: "/bin/sh"))
    #expect(run.status == 2 && run.diagnostics.contains("standard output: No space left"), "\(run.diagnostics)")
  }

  // MARK: Ways to read

  @Test func readsStandardInputCompressedOrNot() throws {
    let whole = try Data(contentsOf: Repository.root.appending(path: Self.capture))
    let expected = try Program.run(["analyze", "--format", "ndjson", Self.capture]).output
    let piped = try Program.run(["analyze", "--format", "ndjson", "-"], input: whole)
    #expect(piped.output == expected)
    try Folder.temporary { folder in
      let file = folder.appending(path: "a.pcapng")
      try whole.write(to: file)
      let gzip = Process()
      gzip.executableURL = URL(filePath: "/usr/bin/gzip")
      gzip.arguments = [file.path]
      try gzip.run()
      gzip.waitUntilExit()
      #expect(try Program.run(["--format", "ndjson", file.path + ".gz"]).output == expected)
      #expect(try Program.run(["analyze", "--format", "ndjson", "-r", file.path + ".gz"]).output == expected)
    }
  }

  @Test func filtersAndForcesAndCounts() throws {
    #expect(try Program.run(["-f", "port 587", Self.capture]).text.contains("cherry-clove-22"))
    #expect(try Program.run(["-d", "tcp.port==587,pop", Self.capture]).text.contains("── POP3"))
    #expect(try Program.run(["-c", "5", Self.capture]).text.contains("5 packets"))
  }

  /// A capture that is still being written is answered while it grows.
  /// Fingers that know tcpdump type -n and -l.
  @Test(arguments: ["analyze", "follow"]) func habitsAreKnown(_ command: String) throws {
    let capture = "Captures/smtp/auth-login.pcapng"
    let plain = try Program.run([command, capture])
    let habitual = try Program.run([command, "-nl", "-r", capture])
    #expect(habitual.status == 0 && habitual.output == plain.output && !plain.output.isEmpty)
  }
  @Test func answersWhileTheCaptureGrows() throws {
    let whole = try Data(contentsOf: Repository.root.appending(path: Self.capture))
    let run = try Program.stream(["analyze", "--format", "ndjson", "-"], whole, until: UInt8(ascii: "\n"))
    #expect(run.wasAnsweredBeforeTheEnd)
  }
  /// Also where others' packets leave no silence in it.
  @Test(arguments: [["follow", "-"], ["analyze", "-"], ["analyze", "--format", "ndjson", "-f", "tcp", "-"]])
  func answersWhileOthersTalk(_ arguments: [String]) throws {
    let whole = try Data(contentsOf: Repository.root.appending(path: Self.capture))
    let datagram = PacketBuilder.ethernet(PacketBuilder.datagram(17, PacketBuilder.udp(to: 443, [1, 2, 3])))
    var others = PCAPNGBuilder()
    let start = others.capture.count
    // In microseconds, long after the conversation.
    others.packet(datagram, units: 2_500_000_000_000_000)
    let run = try Program.stream(
      arguments, whole, until: UInt8(ascii: "\n"), chatter: Data(others.capture[start...]))
    #expect(run.wasAnsweredBeforeTheEnd)
  }

  @Test func anInterruptedReaderEndsWithItsOwnStatus() throws {
    let whole = try Data(contentsOf: Repository.root.appending(path: Self.capture))
    let status = try Program.interrupt(["analyze", "--format", "ndjson", "-"], whole, afterOutput: UInt8(ascii: "\n"))
    #expect(status == 130)
  }

  /// A pipe that nobody writes is waited for until somebody says that it is enough.
  @Test func anInterruptedOpenerEndsToo() throws {
    try Folder.temporary { folder in
      let pipe = folder.appending(path: "pipe").path
      #expect(unsafe mkfifo(pipe, 0o600) == 0)
      let live = try LiveRun(["analyze", Self.capture, pipe])
      try live.await("1 SMTP")
      try live.awaitSleep()
      #expect(live.interrupt() == 130)
      #expect(live.diagnostics == "mailwire: interrupted: what was found until then is shown\n")
    }
  }

  /// Somebody else who writes to the same pipe or terminal may have made it one that does not wait.
  @Test(.enabled(if: Peer.python3.isExpected, "python3 is not installed"))
  func waitsForAPipeThatDoesNotWait() throws {
    let script = """
      import os, select, subprocess, sys
      reading, writing = os.pipe()
      os.set_blocking(writing, False)
      process = subprocess.Popen(sys.argv[1:], stdout=writing)
      while select.select([], [writing], [], 0)[1] and process.poll() is None: os.sched_yield()
      os.close(writing)
      count = 0
      while octets := os.read(reading, 65536): count += len(octets)
      print(count)
      sys.exit(process.wait())
      """
    let files = [String](repeating: Self.capture, count: 40)
    let run = try Program.run(
      ["-c", script, Program.url.path, "analyze", "--json"] + files, program: try #require(Peer.python3.url))
    let expected = try Program.run(["analyze", "--json"] + files).output.count
    #expect(run.status == 0 && run.text == "\(expected)\n" && expected > 1 << 17, "\(run.diagnostics)")
  }

  // MARK: Secrets

  @Test(arguments: ["text", "json", "ndjson", "html", "zeek"])
  func masksPasswordsInEveryFormat(_ format: String) throws {
    for capture in Repository.captures {
      let run = try Program.run([
        "analyze", "--dialogue", "--mask-passwords", "--format", format, "Captures/\(capture)",
      ])
      #expect(run.status == 0)
      for password in ["cherry-clove-22", "clove-maple-42", "butter-cider-68"] {
        #expect(!run.text.contains(password), "\(capture) shows \(password)")
        for prefix in ["", "\0bob\0", "\0alice\0", "bob:", "alice:"] {
          let encoded = Data((prefix + password).utf8).base64EncodedString()
          #expect(!run.text.contains(encoded), "\(capture) shows \(password) in base64")
        }
      }
    }
  }

  /// No octet from a packet acts on a terminal.
  @Test func nothingUnescapedReachesATerminal() throws {
    for capture in Repository.captures {
      for scalar in try Program.run(["analyze", "Captures/\(capture)"]).text.unicodeScalars {
        let acts = scalar.value < 32 && scalar != "\n" || (127..<160).contains(scalar.value)
        #expect(!acts, "U+\(String(scalar.value, radix: 16)) in \(capture)")
      }
    }
  }

  // MARK: Questions

  @Test func answersAQuestionThatNobodyCoded() throws {
    let questions = """
      {"questions": [{"name": "size-limit", "ask": "How large a message does the server accept?",
        "protocols": ["smtp"], "why": "The server says so in its answer to EHLO.", "rfc": "RFC 1870 §3",
        "answer": [{"lines": [{"label": "limit", "text": "{exchanges[request.verb=EHLO].replies.lines[~SIZE]}"}]}]}]}
      """
    try Folder.temporary { folder in
      let file = folder.appending(path: "questions.json")
      try Data(questions.utf8).write(to: file)
      let run = try Program.run(["analyze", "--questions", file.path, Self.capture])
      #expect(run.status == 0)
      let lines = run.text.split(separator: "\n").map(String.init)
      let ask = try #require(lines.firstIndex { $0.contains("How large a message does the server accept?") })
      #expect(lines[ask + 1].contains("250-SIZE"))
      #expect(lines[ask + 1].contains("frame 8"), "an answer shows its frame: \(lines[ask + 1])")
      #expect(run.text.contains("RFC 1870 §3"))

      try Data("{\"questions\": [{\"name\": \"x\"}]}".utf8).write(to: file)
      let refused = try Program.run(["analyze", "--questions", file.path, Self.capture])
      #expect(refused.status == 2)
      #expect(refused.diagnostics.contains("question 'x' has no 'ask'"))
    }
  }

  /// The example of `Documentation/questions.md` is a file of questions as it stands.
  @Test func theDocumentedExampleWorks() throws {
    let page = try String(contentsOf: Repository.root.appending(path: "Documentation/questions.md"), encoding: .utf8)
    let example = try #require(
      page.components(separatedBy: "```json\n").dropFirst().first?.components(separatedBy: "```").first)
    try Folder.temporary { folder in
      let file = folder.appending(path: "questions.json")
      try Data(example.utf8).write(to: file)
      #expect(try Program.run(["analyze", "--questions", file.path, Self.capture]).text.contains("250-SIZE"))
    }
  }

  /// What a damaged capture tells of its size are the octets before the damage, however the file was read.
  @Test(arguments: [1, 203, 3_001]) func theOctetsBeforeTheDamageAreCounted(_ cut: Int) throws {
    let whole = try Data(contentsOf: Repository.root.appending(path: "Captures/smtp/auth-login.pcapng"))
    let folder = try TemporaryFolder()
    let file = "\(folder.path)/cut.pcapng"
    try whole.dropLast(cut).write(to: URL(filePath: file))
    let run = try Program.run(["analyze", "--json", file])
    #expect(run.status == 2)
    let offset = try #require(run.diagnostics.components(separatedBy: "offset ").last?.prefix { $0.isNumber })
    #expect(run.text.contains("\"byteCount\": \(offset)") || run.text.contains("\"byteCount\":\(offset)"), "\(offset)")
  }
}
