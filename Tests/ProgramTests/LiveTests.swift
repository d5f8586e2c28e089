import Dialogues
import Foundation
import TestSupport
import Testing

/// What is needed to capture on this machine's loopback interface.
enum Permission {
  static let isHere: Bool = {
    let run = try? Program.run(["interfaces"])
    let lines = run?.text.split(separator: "\n") ?? []
    return lines.contains { $0.hasPrefix("lo ") && $0.contains("permitted") }
  }()
  static let isRoot = getuid() == 0
}

/// `mailwire capture` on loopback, with curl as the client.
@Suite(
  .serialized, .enabled(if: Permission.isHere, "no permission to capture on lo: run as root, or give the capability"),
  .enabled(if: Peer.curl.isExpected, "curl is not installed"))
struct LiveTests {
  struct Service: Sendable, CustomTestStringConvertible {
    var name: String
    var part: ScriptedServer.Part
    var arguments: @Sendable (_ authority: String) -> [String]
    /// What is on the screen when all is said.
    var last: String
    var testDescription: String { name }
  }
  static let smtp = Service(
    name: "SMTP", part: .smtp,
    arguments: {
      [
        "smtp://\($0)/laptop.crepes.example", "--mail-from", "alice@crepes.example", "--mail-rcpt",
        "bob@someschool.example", "--user", "alice:cherry-clove-22", "--upload-file", "Package.swift",
      ]
    }, last: "QUIT")
  static let services = [
    smtp,
    Service(name: "POP3", part: .pop3, arguments: { ["pop3://\($0)/1", "--user", "bob:clove"] }, last: "Logging out"),
    Service(
      name: "IMAP", part: .imap, arguments: { ["imap://\($0)/INBOX;MAILINDEX=1", "--user", "bob:clove"] },
      last: "LOGOUT"),
  ]
  private func curl(_ arguments: [String]) throws {
    let run = try Program.run(
      ["--silent", "--show-error", "--max-time", "20"] + arguments, program: try #require(Peer.curl.url))
    #expect(run.status == 0, "\(run.diagnostics)")
  }
  /// The rows of a ladder without its headings.
  private func rows(_ text: String) -> [Substring] {
    text.split(separator: "\n").filter { $0.contains("│") || $0.contains("├") || $0.contains("◀") }
  }
  /// Captures one conversation on `interface`, and checks that screen and file say the same.
  private func check(_ service: Service, interface: String = "lo", isIPv6: Bool = false) throws {
    try Folder.temporary { folder in
      let file = folder.appending(path: "live.pcapng").path
      let server = try ScriptedServer(isIPv6: isIPv6, service.part)
      defer { server.close() }
      let live = try LiveRun(["capture", "-i", interface, "--tcp", "-f", server.filter, "-w", file])
      try live.await("capturing on")
      try curl(service.arguments("\(isIPv6 ? "[::1]" : "127.0.0.1"):\(server.port)"))
      // The answers come when the conversation is over, while the capture goes on.
      try live.await("How does the connection end?")
      #expect(live.interrupt() == 0)
      #expect(live.diagnostics.contains(" 0 dropped by the system"), "\(live.diagnostics)")
      let followed = try Program.run(["follow", "--tcp", file]).text
      #expect(rows(live.output).count > 15 && live.output.contains(service.last))
      #expect(rows(live.output) == rows(followed), "\(live.output)\n\(followed)")
      let page = try Program.run(["analyze", file]).text.components(separatedBy: "\n\n\(file)")[0]
      let answers = page.components(separatedBy: "\n").dropLast(2).joined(separator: "\n")
      #expect(live.output.contains(answers), "\(live.output)\n\(answers)")
      #expect(!followed.contains("(repeated)"), "\(followed)")
    }
  }

  @Test(arguments: services) func theScreenSaysWhatTheFileSays(_ service: Service) throws { try check(service) }
  @Test func onIPv6() throws { try check(Self.smtp, isIPv6: true) }
  @Test func onEveryInterface() throws { try check(Self.smtp, interface: "any") }

  /// A line is on the screen while the connection stays open.
  @Test func linesAreShownAsTheyAreSpoken() throws {
    let server = try ScriptedServer(.smtp)
    defer { server.close() }
    let live = try LiveRun(["capture", "-i", "lo"] + server.filter.split(separator: " ").map(String.init))
    try live.await("capturing on")
    let talk = Process()
    talk.executableURL = URL(filePath: "/bin/bash")
    talk.arguments = ["-c", "exec 3<>/dev/tcp/127.0.0.1/\(server.port); printf 'EHLO x\\r\\n' >&3; read -r"]
    let input = Pipe()
    talk.standardInput = input
    try talk.run()
    defer { talk.waitUntilExit() }
    try live.await("├─ EHLO x")
    try live.await("the ways to log in")
    #expect(!live.output.contains("How does the connection end?"))
    #expect(talk.isRunning)
    try input.fileHandleForWriting.close()
    try live.await("How does the connection end?")
    #expect(live.interrupt() == 0)
  }
  @Test func masksPasswords() throws {
    let server = try ScriptedServer(.smtp)
    defer { server.close() }
    let live = try LiveRun(["capture", "-i", "lo", "--mask-passwords", "-f", server.filter])
    try live.await("capturing on")
    try curl(Self.smtp.arguments("127.0.0.1:\(server.port)"))
    try live.await("How does the connection end?")
    #expect(live.interrupt() == 0)
    #expect(live.output.contains("AUTH PLAIN ********") || live.output.contains("├─ ********"))
    #expect(!live.output.contains("cherry-clove-22"))
    #expect(!live.output.contains(Data("\0alice\0cherry-clove-22".utf8).base64EncodedString()))
  }
  @Test func writesOneConversationALine() throws {
    let server = try ScriptedServer(.pop3)
    defer { server.close() }
    let live = try LiveRun(["capture", "-i", "lo", "--format", "ndjson", "-f", server.filter])
    try live.await("capturing on")
    try curl(Self.services[1].arguments("127.0.0.1:\(server.port)"))
    try live.await("\"protocol\":\"pop3\"")
    #expect(live.interrupt() == 0)
    #expect(try Program.conversations(Data(live.output.utf8)).first?.messages.count == 1)
  }
  @Test func endsByItself() throws {
    let server = try ScriptedServer(.smtp)
    defer { server.close() }
    try Folder.temporary { folder in
      let file = folder.appending(path: "live.pcapng").path
      let live = try LiveRun(["capture", "-i", "lo", "-q", "-c", "7", "-w", file, "-f", server.filter])
      // A quiet capture does not say when it is ready; it has enough of one of these.
      for _ in 0..<100 where live.isRunning { try curl(Self.smtp.arguments("127.0.0.1:\(server.port)")) }
      #expect(live.status() == 0)
      #expect(live.output.isEmpty && live.diagnostics.contains("7 packets captured"))
      #expect(try Program.run(["analyze", file]).text.contains("7 packets"))
    }
    try Folder.temporary { folder in
      let file = folder.appending(path: "silent.pcapng")
      let begin = Date()
      let timed = try LiveRun(
        ["capture", "-i", "lo", "-a", "duration:0.3", "-w", file.path, "-f", server.filter])
      #expect(timed.status() == 0)
      #expect(timed.diagnostics.contains("0 packets captured"))
      // The file's last block says when it ended; its length stands at its own end (draft-ietf-opsawg-pcapng §4.6).
      let octets = [UInt8](try Data(contentsOf: file))
      let block = octets.suffix(Int(octets[octets.count - 4])).map(UInt64.init)
      let halves = [12, 16].map { block[$0] | block[$0 + 1] << 8 | block[$0 + 2] << 16 | block[$0 + 3] << 24 }
      let end = Date(timeIntervalSince1970: Double(halves[0] << 32 | halves[1]) / 1e9)
      #expect(block[0] == 5 && end > begin && end < Date(), "\(end)")
    }
  }
  /// As a script passes a filter on that nobody has chosen.
  @Test(arguments: [["-f", ""], ["-f", "", "--mail-ports"], [""]])
  func anEmptyFilterIsNone(_ filter: [String]) throws {
    let run = try Program.run(["capture", "-i", "lo", "-a", "duration:0.1"] + filter)
    #expect(run.status == 0, "\(run.diagnostics)")
  }
  /// A terminal that goes away ends a capture as Ctrl-C does; under nohup it does nothing.
  @Test func aTerminalThatGoesAwayEndsItInOrder() throws {
    let server = try ScriptedServer(.smtp)
    defer { server.close() }
    try Folder.temporary { folder in
      let file = folder.appending(path: "live.pcapng").path
      let live = try LiveRun(["capture", "-i", "lo", "-w", file, "-f", server.filter], launcher: ["nohup"])
      try live.await("capturing on")
      live.send(SIGHUP)
      try curl(Self.smtp.arguments("127.0.0.1:\(server.port)"))
      try live.await("How does the connection end?")
      #expect(live.interrupt(by: SIGTERM) == 0)
      let other = try LiveRun(["capture", "-i", "lo", "-w", file, "-f", server.filter])
      try other.await("capturing on")
      #expect(other.interrupt(by: SIGHUP) == 0)
      #expect(other.diagnostics.contains("0 packets captured"), "\(other.diagnostics)")
    }
  }
  /// What is said is not written into the capture, whatever the shell has closed.
  @Test(arguments: [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
  func closedStreamsDoNotBecomeTheFile(_ closing: String) throws {
    try Folder.temporary { folder in
      let file = folder.appending(path: "live.pcapng").path
      _ = try Program.run(
        ["-c", "exec \"$0\" capture -i lo -f 'udp port 9' -a duration:0.3 -w '\(file)' \(closing)", Program.url.path],
        program: URL(filePath: "/bin/sh"))
      let run = try Program.run(["analyze", file])
      #expect(run.status == 0 && run.text.contains("0 packets"), "\(run.diagnostics)")
    }
  }
  @Test func packetsGoThroughAPipe() throws {
    let server = try ScriptedServer(.smtp)
    defer { server.close() }
    let program = "'\(Program.url.path)'"
    try Folder.temporary { folder in
      let (out, err) = (folder.appending(path: "out"), folder.appending(path: "err"))
      let shell = Process()
      shell.executableURL = URL(filePath: "/bin/bash")
      shell.arguments = [
        "-c",
        "\(program) capture -i lo -q -c 120 -s 0 -w - -f '\(server.filter)' 2>'\(err.path)' | \(program) follow - >'\(out.path)'",
      ]
      try shell.run()
      // Capturing may begin in the middle of a conversation; one of the next is whole.
      let ready = Date(timeIntervalSinceNow: 20)
      while shell.isRunning, Date() < ready {
        try curl(Self.smtp.arguments("127.0.0.1:\(server.port)"))
      }
      shell.waitUntilExit()
      #expect(try String(contentsOf: out, encoding: .utf8).contains("◀─ 220 mail.someschool.example ESMTP"))
    }
  }
}

/// Mail at full speed, as `Benchmarks/live` sends it: nothing is lost, quietly or on the screen.
@Suite(
  .serialized, .enabled(if: Permission.isHere, "no permission to capture on lo"),
  .enabled(if: Peer.smtpSource.isExpected && Peer.smtpSink.isExpected, "Postfix's smtp-source is not installed"))
struct LoadTests {
  @Test func noPacketIsLost() throws {
    let run = try Program.run(
      ["MAILWIRE_PROGRAM=\(Program.url.path)", "Benchmarks/live", "300"], program: URL(filePath: "/usr/bin/env"))
    #expect(run.status == 0, "\(run.text) \(run.diagnostics)")
    #expect(run.text.components(separatedBy: " 0 packets lost, 300 messages in the file").count == 4, "\(run.text)")
  }
}

/// `mailwire capture` and `mailwire interfaces` as users see them who may not, or ask for what is not there.
@Suite struct CapturePermissionTests {
  private static let ordinary = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all"]
  private static var isPossible: Bool { Permission.isRoot && Peer.setpriv.url != nil }

  @Test(
    .enabled(if: isPossible, "only root can become an ordinary user (setpriv)"), arguments: ["mailwire", "mail|wire"])
  func whoMayNotIsToldHow(_ name: String) throws {
    // Its own copy, because an ordinary user may not reach the folder of the build.
    try Folder.temporary { folder in
      let copy = folder.appending(path: name)
      try Program.copy(to: copy)
      _ = unsafe chmod(folder.path, 0o755)
      // As a shell takes it for one word.
      let word = name == "mailwire" ? copy.path : "'\(copy.path)'"
      let run = try Program.run(
        Self.ordinary + [copy.path, "capture", "-i", "lo"], program: URL(filePath: "/usr/bin/env"))
      #expect(run.status == 3, "\(run.diagnostics)")
      #expect(run.output.isEmpty)
      #expect(run.diagnostics.hasPrefix("mailwire: no permission to capture on lo\n"))
      for remedy in ["sudo setcap cap_net_raw,cap_net_admin=eip \(word)\n", "dumpcap", "unshare -Urn", "--proxy"] {
        #expect(run.diagnostics.contains(remedy), "\(remedy)")
      }
      let list = try Program.run(Self.ordinary + [copy.path, "interfaces"], program: URL(filePath: "/usr/bin/env"))
      #expect(list.status == 0 && list.text.contains("no permission") && list.text.contains("unshare -Urn"))
    }
  }
  @Test func interfacesAreListed() throws {
    let run = try Program.run(["interfaces"])
    #expect(run.status == 0)
    let loopback = run.text.split(separator: "\n").first { $0.hasPrefix("lo ") }
    #expect(loopback?.contains("up, loopback") == true && loopback?.contains("127.0.0.1") == true)
  }
  @Test(arguments: [
    ["capture"], ["capture", "-i", "lo", "-w", "-"], ["capture", "-i", "lo", "-q"],
    ["capture", "-i", "lo", "-a", "60"], ["capture", "-i", "lo", "-s", "3"], ["capture", "-i", "lo", "-c", "0"],
    ["capture", "-i", "lo", "-d", "port 25"], ["capture", "-i", "lo", "-f", "tcp", "port", "25"],
  ])
  func refusesUnusableArguments(_ arguments: [String]) throws {
    let run = try Program.run(arguments)
    #expect(run.status == 2 && run.output.isEmpty && run.diagnostics.hasPrefix("mailwire: "), "\(run.diagnostics)")
  }
  @Test(
    .enabled(if: Permission.isHere, "no permission to capture on lo"),
    arguments: [
      (["-i", "no-such-interface"], "there is no interface no-such-interface"),
      (["-i", "lo", "-f", "port port"], "-f: "),
      (["-i", "lo", "-w", "/no/such/folder/x.pcapng"], "No such file"),
    ])
  func refusesWhatIsNotThere(_ arguments: [String], _ reason: String) throws {
    let run = try Program.run(["capture"] + arguments)
    #expect(run.status == 2 && run.diagnostics.contains(reason), "\(run.diagnostics)")
  }
}
