import Dialogues
import Foundation
import TestSupport
import Testing

/// `mailwire lab run`, from outside.
@Suite struct ScenarioTests {
  private func run(_ arguments: [String]) throws -> Program.Run { try Program.run(["lab", "run"] + arguments) }
  private func text(_ folder: URL, _ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  @Test func listsAndShowsWhatThereIs() throws {
    let list = try run(["--list"])
    #expect(list.status == 0)
    for name in ["alice-to-bob", "queue", "pop3-two-devices", "imap-two-devices", "starttls", "refusals"] {
      #expect(list.text.contains("\(name) "), "\(list.text)")
      let shown = try run([name, "--show"])
      #expect(shown.status == 0 && shown.text.contains("name: \(name)\n"))
    }
  }
  /// The files say the same as the analyzer says of the capture.
  @Test(arguments: ["pop3", "imap"]) func writesACaptureALadderAndAPage(_ choice: String) throws {
    try Folder.temporary { folder in
      let play = try run(["alice-to-bob", "--virtual", "--with", choice, "--out", folder.path])
      #expect(play.status == 0, "\(play.diagnostics)")
      let capture = folder.appending(path: "alice-to-bob.pcapng").path
      let followed = try Program.run(["follow", "--tcp", capture])
      #expect(try text(folder, "alice-to-bob.ladder.txt") == followed.text)
      #expect(play.text.hasPrefix(try text(folder, "alice-to-bob.md")))
      let conversations = try Program.analyze(path: capture)
      #expect(conversations.map(\.protocol) == ["smtp", "smtp", choice])
      #expect(conversations[0].credentials.first?.username == "alice@example.org")
      #expect(conversations[1].messages.first?.envelope?.to.map(\.path) == ["bob@someschool.edu"])
      // Nothing is written over.
      let again = try run(["alice-to-bob", "--virtual", "--out", folder.path])
      #expect(again.status == 2 && again.diagnostics.contains("is there already"))
      #expect(try run(["alice-to-bob", "--virtual", "--force", "-q", "--out", folder.path]).status == 0)
    }
  }
  @Test func playsAFileThatSomebodyHasWritten() throws {
    try Folder.temporary { folder in
      let file = folder.appending(path: "own.yaml")
      let shown = try run(["greylisting", "--show"]).text.replacing("name: greylisting", with: "name: own")
      try Data(shown.utf8).write(to: file)
      #expect(try run([file.path, "--virtual", "--out", folder.path]).status == 0)
      #expect(try text(folder, "own.md").contains("the second attempt is taken"))
      try Data(shown.replacing("send:", with: "sned:").utf8).write(to: file)
      let wrong = try run([file.path, "--virtual", "--out", folder.path])
      #expect(
        wrong.status == 2 && wrong.diagnostics.contains("steps[1]: there is no 'sned' here"), "\(wrong.diagnostics)")
      // A step that does not go as expected is told by the status and on the page.
      let other = shown.replacing("agent: bob-office", with: "agent: bob-office\n    when: x").replacing(
        "send: { message: crepes }", with: "send: { message: crepes, password: wrong }"
      ).replacing("messages:\n", with: "with: [y, x]\nmessages:\n", maxReplacements: 1)
      try Data(other.utf8).write(to: file)
      let failed = try run([file.path, "--virtual", "--force", "--out", folder.path])
      #expect(failed.status == 1, "\(failed.diagnostics)")
      #expect(try text(folder, "own.md").contains("### 1. ✗ Alice sends a message"))
    }
  }
  /// Three agents in one step, on both stages.
  @Test(arguments: [[], ["--virtual"]] as [[String]]) func severalActAtTheSameTime(_ stage: [String]) throws {
    try Folder.temporary { folder in
      let file = folder.appending(path: "both.yaml")
      try """
      name: both
      title: Both at once
      messages:
        hello: { from: alice, to: [bob], subject: Hello, text: "How are you?" }
      steps:
        - title: Alice writes while Bob looks
          together:
            - { agent: alice-laptop, send: { message: hello } }
            - { agent: bob-home, after: 5, pop3: { mode: keep } }
            - { agent: bob-office, after: 2, imap: [ { select: INBOX }, logout ] }
        - { title: It arrives, wait: { mailbox: bob, messages: 1 } }
      """.write(to: file, atomically: true, encoding: .utf8)
      let run = try run(
        [file.path, "--at-sockets", "--out", folder.path].filter { stage.isEmpty || $0 != "--at-sockets" } + stage)
      #expect(run.status == 0, "\(run.diagnostics)")
      let page = try text(folder, "both.md")
      for part in ["Bob's office: LOGOUT: done", "Alice's laptop: accepted: 250", "Bob's home: "] {
        #expect(page.contains("- \(part)"), "\(page)")
      }
      #expect(page.contains("tcp.stream eq 2"))
    }
  }
  /// `Captures/scenarios` is what `Captures/make-scenarios` makes now, octet by octet.
  @Test func theCommittedCapturesAreMadeTheSame() throws {
    let folder = Repository.root.appending(path: "Captures/scenarios")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".pcapng") }
    #expect(names.count == 8)
    for file in names {
      let capture = file.dropLast(".pcapng".count)
      let choice = ["pop3", "imap"].first { capture == "alice-to-bob-\($0)" }
      let name = choice == nil ? String(capture) : "alice-to-bob"
      try Folder.temporary { made in
        let with = choice.map { ["--with", $0] } ?? []
        #expect(try run([name, "--virtual", "--seed", "1", "-q", "--out", made.path] + with).status == 0)
        let octets = try Data(contentsOf: made.appending(path: "\(name).pcapng"))
        #expect(try octets == Data(contentsOf: folder.appending(path: file)), "\(file): Captures/make-scenarios")
        let page = try text(made, "\(name).md").replacing("`\(name).pcapng`", with: "`\(file)`")
        #expect(try page == text(folder, "\(capture).md"))
      }
    }
  }
  @Test(arguments: [
    (["nothing"], "no scenario 'nothing'"), (["missing.yaml"], "No such file"), ([], "which scenario?"),
    (["alice-to-bob", "--with", "fax"], "offers pop3, imap"),
    (["bad-wire"], "add --virtual"), (["queue", "--loss", "5"], "add --virtual"),
    (["queue", "--virtual", "--loss", "1000"], "0 to 900"),
  ]) func mistakesAreToldWithStatus2(_ arguments: [String], _ complaint: String) throws {
    let run = try run(arguments + ["--out", "/nonexistent"])
    #expect(run.status == 2 && run.diagnostics.contains(complaint), "\(run.diagnostics)")
  }
}

/// The same on real sockets, beside whatever else listens on this machine.
@Suite(.serialized) struct SocketScenarioTests {
  /// What stands on a page whatever the stage: headings, and what came of each step. What a server offers differs: on
  /// the virtual wire STARTTLS is offered where somebody in the play uses it.
  private func gist(_ page: String) -> [Substring] {
    page.split(separator: "\n").filter { line in
      line.hasPrefix("#")
        || line.hasPrefix("- ") && !line.contains("frame") && !line.contains("after ")
          && !line.contains("octets") && !line.contains("accepted") && !line.contains("EHLO")
    }
  }
  @Test(arguments: [
    "alice-to-bob", "queue", "pop3-two-devices", "imap-two-devices", "refusals", "greylisting", "starttls",
  ])
  func theStageChangesNothingOfThePlay(_ name: String) throws {
    try Folder.temporary { folder in
      let virtual = folder.appending(path: "virtual")
      #expect(try Program.run(["lab", "run", name, "--virtual", "--out", virtual.path]).status == 0)
      let page = try String(contentsOf: virtual.appending(path: "\(name).md"), encoding: .utf8)
      for stage in [[], ["--at-sockets"]] as [[String]] {
        let real = folder.appending(path: "real\(stage.count)")
        let run = try Program.run(["lab", "run", name, "--out", real.path] + stage)
        #expect(run.status == 0, "\(run.text)\n\(run.diagnostics)")
        let realPage = try String(contentsOf: real.appending(path: "\(name).md"), encoding: .utf8)
        #expect(gist(realPage) == gist(page))
        let capture = real.appending(path: "\(name).pcapng").path
        let (here, there) = (
          try Program.analyze(path: capture), try Program.analyze(path: virtual.appending(path: "\(name).pcapng").path)
        )
        // The same conversations between as many hosts, and nothing is missing.
        #expect(here.map(\.protocol).sorted() == there.map(\.protocol).sorted())
        #expect(here.allSatisfy { $0.gaps.isEmpty && $0.client.address.hasPrefix("127.0.0.") })
        #expect(Set(here.map(\.client.address)).count == Set(there.map(\.client.address)).count)
      }
    }
  }
  @Test func theCaptureSaysHowItWasMade() throws {
    try Folder.temporary { folder in
      let run = try Program.run(["lab", "run", "alice-to-bob", "-q", "--at-sockets", "--out", folder.path])
      #expect(run.status == 0)
      let octets = try Data(contentsOf: folder.appending(path: "alice-to-bob.pcapng"))
      #expect(String(decoding: octets, as: UTF8.self).contains("Synthesised: while the scenario 'alice-to-bob'"))
      guard Peer.tshark.url != nil else { return }
      let complaints = try Peer.tshark.lines(
        ["-r", "{}", "-o", "tcp.check_checksum:TRUE", "-Y", "tcp.analysis.flags || tcp.checksum.status == 0"],
        on: Array(octets))
      #expect(complaints.isEmpty, "\(complaints)")
    }
  }
  /// What TLS hides is in no packet, and the key log opens it.
  @Test(arguments: [[], ["--virtual"]] as [[String]]) func starttlsHidesAndTheKeysOpen(_ stage: [String]) throws {
    try Folder.temporary { folder in
      let run = try Program.run(["lab", "run", "starttls", "--out", folder.path] + stage)
      #expect(run.status == 0, "\(run.diagnostics)")
      let capture = folder.appending(path: "starttls.pcapng")
      let conversations = try Program.analyze(path: capture.path)
      #expect(conversations.count == 5)
      #expect(conversations[0].credentials.first?.password != nil && conversations[0].protection == nil)
      #expect(conversations[2].credentials.isEmpty && conversations[2].protection != nil)
      #expect(conversations[2].messages.isEmpty)
      let page = try String(contentsOf: folder.appending(path: "starttls.md"), encoding: .utf8)
      #expect(page.contains("Inside TLS, from the lab's own record and not from the capture:"))
      guard Peer.tshark.url != nil else { return }
      let keys = folder.appending(path: "starttls.keylog").path
      let octets = Array(try Data(contentsOf: capture))
      let ports = "tcp.port==\(conversations[2].server.port),smtp"
      let filter = "tcp.stream == 2 && smtp.req.command == \"DATA\""
      #expect(try Peer.tshark.lines(["-r", "{}", "-d", ports, "-Y", filter], on: octets).isEmpty)
      #expect(
        try Peer.tshark.lines(["-r", "{}", "-d", ports, "-o", "tls.keylog_file:\(keys)", "-Y", filter], on: octets)
          .count
          == 1)
    }
  }
  @Test func twoLabsRunBesideEachOther() throws {
    try Folder.temporary { folder in
      let first = try LiveRun(["lab", "run", "queue", "-q", "--out", folder.appending(path: "a").path])
      let second = try LiveRun(["lab", "run", "queue", "-q", "--out", folder.appending(path: "b").path])
      #expect(first.status() == 0 && second.status() == 0, "\(first.diagnostics)\(second.diagnostics)")
    }
  }
  /// Whoever may not capture gets what passed the sockets, and is told.
  @Test(.enabled(if: Permission.isRoot && Peer.setpriv.url != nil, "only root can become an ordinary user (setpriv)"))
  func withoutPermissionTheSocketsAreRecorded() throws {
    try Folder.temporary { folder in
      for name in ["mailwire", "mailwire-lab"] {
        let program = Program.url.deletingLastPathComponent().appending(path: name)
        try Program.copy(program, to: folder.appending(path: name))
      }
      let out = folder.appending(path: "out")
      try FileManager.default.createDirectory(at: out, withIntermediateDirectories: true)
      _ = unsafe chmod(folder.path, 0o755)
      _ = unsafe chmod(out.path, 0o777)
      let run = try Program.run(
        ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all"]
          + [folder.appending(path: "mailwire").path, "lab", "run", "alice-to-bob", "--out", out.path],
        program: URL(filePath: "/usr/bin/env"))
      #expect(run.status == 0, "\(run.diagnostics)")
      #expect(run.diagnostics.contains("recorded at the lab's own sockets instead"), "\(run.diagnostics)")
      #expect(run.text.contains("played on real sockets, recorded there"))
      #expect(try Program.analyze(path: out.appending(path: "alice-to-bob.pcapng").path).count == 3)
    }
  }

  /// Somebody else may have the same port at another address: his conversations are not the play's.
  @Test(
    .enabled(if: Permission.isHere, "no permission to capture on lo"),
    .enabled(if: Peer.python3.isExpected, "python3 is not installed"))
  func whatOthersSayIsNotInTheCapture() throws {
    let folder = try TemporaryFolder()
    let file = "\(folder.path)/short.yaml"
    let text = """
      name: short
      title: A short play
      messages:
        hello: { from: alice, to: [bob], subject: Hello, text: "x" }
      steps:
        - { title: Nothing happens, wait: { seconds: 2 } }
        - { title: Alice sends, agent: alice-laptop, send: { message: hello } }
        - { title: It arrives, wait: { mailbox: bob, messages: 1 } }
      """
    try Data(text.utf8).write(to: URL(filePath: file))
    let run = try LiveRun(["lab", "run", file, "--out", folder.path, "-q"])
    let ports = try run.awaitListening()
    let others = """
      import socket, sys
      for port in map(int, sys.argv[1:]):
          try: listener = socket.create_server(("127.0.0.99", port))
          except OSError: continue
          client = socket.create_connection(("127.0.0.99", port))
          server = listener.accept()[0]
          server.sendall(b"220 other.example ESMTP\\r\\n")
          client.close(), server.close(), listener.close()
          print(port)
      """
    var count = 0
    while run.isRunning {
      let said = try Program.run(
        ["-c", others] + ports.map(String.init), program: try #require(Peer.python3.url))
      count += said.text.split(separator: "\n").count
    }
    #expect(run.status() == 0 && count > 0, "\(run.diagnostics)")
    let conversations = try Program.analyze(path: "\(folder.path)/short.pcapng")
    #expect(conversations.map(\.protocol) == ["smtp", "smtp"], "\(conversations.map(\.server))")
  }
  /// Ctrl-C in the middle: what was played is kept, and the status says that it is partial.
  @Test func anInterruptedPlayIsKeptAsFarAsItCame() throws {
    let folder = try TemporaryFolder()
    let file = "\(folder.path)/slow.yaml"
    let text = """
      name: slow
      title: A play that waits
      messages:
        hello: { from: alice, to: [bob], subject: Hello, text: "x" }
      steps:
        - { title: Alice sends, agent: alice-laptop, send: { message: hello } }
        - { title: Nothing happens for long, wait: { seconds: 60 } }
      """
    try Data(text.utf8).write(to: URL(filePath: file))
    let run = try LiveRun(["lab", "run", file, "--out", folder.path, "--at-sockets", "-q"])
    // The lab tells nothing while it plays; its key log or its capture come at the end. Interrupting early is allowed, too.
    try run.awaitListening()
    #expect(run.interrupt() == 130, "\(run.diagnostics)")
    #expect(run.diagnostics.contains("interrupted"))
    for ending in ["pcapng", "ladder.txt", "md"] {
      #expect(FileManager.default.fileExists(atPath: "\(folder.path)/slow.\(ending)"), "\(ending)")
    }
  }
}
