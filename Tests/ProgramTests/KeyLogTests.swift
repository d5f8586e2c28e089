import Dialogues
import Foundation
import TestSupport
import Testing

/// `--key-log`: what is said inside TLS, for who has its secrets.
@Suite struct KeyLogTests {
  private static let capture = "Captures/smtp/starttls.pcapng"
  private static let keys = "Captures/smtp/starttls.keylog"

  @Test(arguments: [["--key-log", keys], ["-o", "tls.keylog_file:\(keys)"], ["-o", "ssl.keylog_file:\(keys)"]])
  func theFiveAnswersComeFromInside(_ options: [String]) throws {
    let hidden = try Program.run(["analyze", Self.capture])
    #expect(hidden.status == 0 && hidden.text.contains("all from frame 11 on is encrypted with TLS"))
    #expect(!hidden.text.contains("cherry-clove-22"))
    let run = try Program.run(["analyze"] + options + [Self.capture])
    #expect(run.status == 0 && run.diagnostics == hidden.diagnostics)
    for line in [
      "TLS 1.3, TLS_AES_256_GCM_SHA384 ", "read from frame 12 on", "password      cherry-clove-22",
      "Inside TLS only who has its secrets reads it.", "Subject       A secret ingredient", "a spoonful of rum",
    ] { #expect(run.text.contains(line), "\(line)\n\(run.text)") }
    let masked = try Program.run(["analyze", "--mask-passwords"] + options + [Self.capture])
    #expect(masked.text.contains("A secret ingredient") && !masked.text.contains("cherry-clove-22"))
    #expect(!masked.text.contains("AGFsaWNlAGNoZXJyeS1jbG92ZS0yMg"))
  }
  /// What it says, its lines joined.
  private func unwrapped(_ run: Program.Run) -> String {
    run.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
  @Test func everyCommandReadsWithIt() throws {
    let followed = try Program.run(["follow", "--key-log", Self.keys, Self.capture])
    #expect(followed.text.contains("password: cherry-clove-22") && followed.text.contains("A secret ingredient"))
    let page = try Program.run(["analyze", "--format", "html", "--key-log", Self.keys, Self.capture])
    #expect(page.text.contains("A secret ingredient") && page.text.contains("TLS_AES_256_GCM_SHA384"))
    try Folder.temporary { folder in
      let mail = folder.appending(path: "mail")
      #expect(try Program.run(["export", "--key-log", Self.keys, Self.capture, "--to", mail.path]).status == 0)
      let message = try String(contentsOf: mail.appending(path: "stream0-message1.eml"), encoding: .utf8)
      #expect(message.hasPrefix("From: alice@crepes.example\r\n") && message.hasSuffix("\r\nAlice\r\n"))
      let annotated = folder.appending(path: "annotated.pcapng").path
      #expect(try Program.run(["annotate", "--key-log", Self.keys, Self.capture, "-w", annotated]).status == 0)
      let octets = try Data(contentsOf: URL(filePath: annotated))
      #expect(String(decoding: octets, as: UTF8.self).contains("password: cherry-clove-22"))
    }
  }
  /// Every capture of a call is read with the whole log; one that has none of its secrets says so.
  @Test func severalCapturesShareALog() throws {
    let run = try Program.run(
      [
        "analyze", "--format", "ndjson", "--key-log", Self.keys, Self.capture, "Captures/pop3/keep.pcapng",
        Self.capture,
      ])
    let conversations = try Program.conversations(run.output)
    #expect(conversations.filter { $0.credentials.first?.password == "cherry-clove-22" }.count == 2)
    try Folder.temporary { folder in
      let empty = folder.appending(path: "keys").path
      try Data("# nothing yet\n".utf8).write(to: URL(filePath: empty))
      let none = try Program.run(["analyze", "--key-log", empty, Self.capture])
      #expect(none.status == 0 && unwrapped(none).contains("and the key log has no secrets of this connection"))
    }
  }
  @Test(arguments: [
    (["--key-log", "missing.keys"], "missing.keys: No such file"),
    (["--key-log", "Captures"], "Captures: Is a directory"),
    (["-o", "tls.keylog_file"], "-o knows tls.keylog_file:FILE"), (["-o", "tcp.desegment:FALSE"], "-o knows"),
  ])
  func aLogThatCannotBeReadIsRefused(_ options: [String], _ reason: String) throws {
    let run = try Program.run(["analyze"] + options + [Self.capture])
    #expect(run.status == 2 && run.output.isEmpty && run.diagnostics.contains(reason), "\(run.diagnostics)")
  }
  /// The last line counts, whether it ends or not.
  @Test func theLastLineNeedsNoEnd() throws {
    try Folder.temporary { folder in
      let text = try String(contentsOf: Repository.root.appending(path: Self.keys), encoding: .utf8)
      let lines = text.split(separator: "\n")
      // The secret without which nothing of the server is read comes last.
      let sorted = lines.filter { !$0.hasPrefix("SERVER_TRAFFIC") } + lines.filter { $0.hasPrefix("SERVER_TRAFFIC") }
      let file = folder.appending(path: "keys")
      try sorted.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
      let run = try Program.run(["analyze", "--key-log", file.path, Self.capture])
      #expect(run.text.contains("accepted: 235") && run.text.contains("cherry-clove-22"))
    }
  }
  /// A pipe is read to its end, be it slow.
  @Test func aLogMayComeThroughAPipe() throws {
    let command = "'\(Program.url.path)' analyze --key-log <(sleep 0.3; cat \(Self.keys)) \(Self.capture)"
    let run = try Program.run(["-c", command], program: URL(filePath: "/bin/bash"))
    #expect(run.status == 0 && run.text.contains("cherry-clove-22"), "\(run.diagnostics)")
  }
  /// Secrets that another program has put into the capture.
  @Test(.enabled(if: Peer.editcap.isExpected, "editcap is not installed")) func secretsWithinTheCapture() throws {
    try Folder.temporary { folder in
      let file = folder.appending(path: "with.pcapng").path
      let made = try Program.run(
        ["--inject-secrets", "tls,\(Self.keys)", Self.capture, file], program: try #require(Peer.editcap.url))
      #expect(made.status == 0)
      #expect(try Program.analyze(path: file).first?.credentials.first?.password == "cherry-clove-22")
    }
  }
  /// What tshark reads with the same log, line by line, where it names the protocol's lines.
  @Test(.enabled(if: Peer.tshark.isExpected, "tshark is not installed")) func tsharkReadsTheSame() throws {
    let told = try Program.run(
      [
        "-r", Self.capture, "-o", "tls.keylog_file:\(Self.keys)", "-Y", "smtp.req.command && tls", "-T", "fields",
        "-e", "frame.number", "-e", "smtp.req.command",
      ], program: try #require(Peer.tshark.url))
    let theirs = told.text.split(separator: "\n").map { $0.split(separator: "\t").map(String.init) }
    let run = try Program.run(["analyze", "--format", "ndjson", "--dialogue", "--key-log", Self.keys, Self.capture])
    let conversation = try #require(try Program.conversations(run.output).first)
    let ours = (conversation.exchanges ?? []).compactMap(\.request).filter { $0.frames[0] > 12 }
    #expect(theirs.count >= 5)
    for row in theirs {
      #expect(ours.contains { String($0.frames[0]) == row[0] && $0.verb == row[1] }, "\(row)")
    }
  }
  /// Live, with every cipher suite that Python's OpenSSL speaks.
  @Test(.enabled(if: Peer.python3.isExpected, "python3 is not installed")) func everySuiteIsReadLive() throws {
    try Folder.temporary { folder in
      let script = Repository.root.appending(path: "Tests/ProgramTests/tls-suites.py").path
      let run = try Program.run(
        [script, Program.url.path, folder.path], program: try #require(Peer.python3.url), seconds: 120)
      #expect(run.status == 0, "\(run.text)\(run.diagnostics)")
      print("TLS read live: \(run.text)", terminator: "")
    }
  }
}
