import Foundation
import TestSupport
import Testing

/// The user agents of the house, `send`, `fetch` and `imap`, and servers that do wrong on purpose.
@Suite(.serialized) struct LabAgentsTests {
  private func agent(_ lab: LabRun, _ arguments: [String]) throws -> Program.Run {
    try Program.run([arguments[0], "--dir", lab.folder.path] + arguments.dropFirst())
  }
  @Test(arguments: ["never", "starttls", "implicit"]) func aliceWritesAndBobReads(_ tls: String) throws {
    let lab = try LabRun()
    let file = "\(lab.folder.path)/data.bin"
    try Data([0, 255, 10, 13, 46]).write(to: URL(filePath: file))
    let sent = try agent(
      lab,
      [
        "send", "--as", "alice", "--to", lab.bob.name, "--subject", "Grüße", "--body", "Dear Bob,\n.dot", "--attach",
        file,
        "--tls", tls, "--explain",
      ])
    #expect(sent.status == 0, "\(sent.text)\(sent.diagnostics)")
    #expect(sent.text.contains("\(lab.bob.name): taken over by the server: 250"))
    // What TLS hides is shown, and marked.
    #expect(sent.text.contains("MAIL FROM:<alice@example.org>"))
    #expect(sent.text.contains("inside TLS") == (tls != "never"))
    _ = try lab.status { $0.messages(of: lab.bob.name) == 1 }

    let out = "\(lab.folder.path)/mail"
    let kept = try agent(lab, ["fetch", "--as", "bob", "--out", out, "--tls", tls, "--explain"])
    #expect(kept.status == 0 && kept.text.contains("1 fetched into"), "\(kept.text)\(kept.diagnostics)")
    #expect(kept.text.contains("├─ RETR 1"))
    let message = String(decoding: FileManager.default.contents(atPath: "\(out)/1.eml") ?? Data(), as: UTF8.self)
    #expect(message.contains("\r\n\r\nDear Bob,\r\n.dot\r\n") && message.contains("\r\n\r\nAP8KDS4=\r\n"), "\(message)")
    // What is there is not fetched again; then it is gone for everybody.
    #expect(try agent(lab, ["fetch", "--as", "bob", "--out", out, "--tls", tls]).text.contains("0 fetched"))
    let deleted = try agent(lab, ["fetch", "--as", "bob", "--delete", "--out", out + "2", "--tls", tls, "--apop"])
    #expect(deleted.text.contains("1 fetched") && deleted.text.contains("1 removed"), "\(deleted.text)")
    #expect(try lab.status { _ in true }.messages(of: lab.bob.name) == 0)
    #expect(lab.run.interrupt() == 0)
  }
  @Test func bobWorksInHisFolders() throws {
    let lab = try LabRun()
    let sent = try agent(lab, ["send", "--as", "alice", "--to", lab.bob.name, "--subject", "one", "--body", "x"])
    #expect(sent.status == 0)
    _ = try lab.status { $0.messages(of: lab.bob.name) == 1 }
    let work = try agent(
      lab,
      [
        "imap", "--as", "bob", "create Projects/2026", "select INBOX", "fetch 1:*", "flag 1 flagged work",
        "search FLAGGED",
        "copy 1 Projects/2026", "move 1 Trash", "status Trash", "list", "--explain",
      ])
    #expect(work.status == 0, "\(work.text)\(work.diagnostics)")
    for text in ["Subject: one", "\\Flagged", "Projects/2026", "messages 1", "├─ ", "CREATE"] {
      #expect(work.text.contains(text), "\(text): \(work.text)")
    }
    let status = try lab.status { _ in true }
    #expect(status.messages(of: lab.bob.name) == 0)
    #expect(status.messages(of: lab.bob.name, in: "Trash") == 1)
    #expect(status.messages(of: lab.bob.name, in: "Projects/2026") == 1)
    // What the server refuses is told, and the exit status tells it.
    let refused = try agent(lab, ["imap", "--as", "bob", "select Nowhere"])
    #expect(refused.status == 1 && refused.text.contains("NO "), "\(refused.text)")
    #expect(lab.run.interrupt() == 0)
  }
  @Test func whatIsWrongIsSaid() throws {
    let lab = try LabRun()
    let wrong = try agent(
      lab, ["send", "--as", "alice", "--password", "wrong", "--to", lab.bob.name, "--body", "x"])
    #expect(wrong.status == 1 && wrong.diagnostics.contains("535"), "\(wrong.diagnostics)")
    let nobody = try agent(lab, ["fetch", "--as", "nobody"])
    #expect(nobody.status == 2 && nobody.diagnostics.contains("there is no nobody"), "\(nobody.diagnostics)")
    let address = try agent(lab, ["send", "--as", "alice", "--to", "no address", "--body", "x"])
    #expect(address.status == 2 && address.diagnostics.contains("'no address' is no address"), "\(address.diagnostics)")
    let folder = try TemporaryFolder()
    let alone = try Program.run(["send", "--dir", folder.path, "--as", "alice", "--to", "b@b.example", "--body", "x"])
    #expect(alone.status == 2 && alone.diagnostics.contains("no lab runs"), "\(alone.diagnostics)")
    // Another authority's certificate is not believed.
    let stranger = try Program.run(
      [
        "fetch", "--server", "\(lab.bobs.address):\(lab.bobs.port("pop3s"))", "--tls", "implicit", "--user",
        lab.bob.name,
        "--password", lab.bob.password, "--out", "\(folder.path)/mail",
      ])
    #expect(stranger.status == 1, "\(stranger.text)\(stranger.diagnostics)")
    #expect(lab.run.interrupt() == 0)
  }
  @Test func serversDoWrongAsTheyAreTold() throws {
    let lab = try LabRun([
      "--ephemeral", "--time-scale", "0.01",
      "--fault", "at: bob, service: relay, command: RCPT, times: 1, reply: \"450 4.2.0 Not now\"",
      "--fault",
      "{ at: mail.example.org, service: submission, command: MESSAGE, times: 1, reply: \"552 5.2.2 Too large\" }",
      "--fault", "at: bob, service: pop3, split: 1", "--fault",
      "at: bob, service: imap, command: GREETING, reply: \"* BYE no\"",
    ])
    let message = ["send", "--as", "alice", "--to", lab.bob.name, "--subject", "x", "--body", "x"]
    let large = try agent(lab, message)
    #expect(large.status == 1 && large.diagnostics.contains("552 5.2.2 Too large"), "\(large.diagnostics)")
    #expect(try agent(lab, message).status == 0)
    // Bob's server says "not now" once, and Alice's tries again.
    _ = try lab.status { $0.messages(of: lab.bob.name) == 1 }
    #expect(lab.run.output.contains("later again, 450 4.2.0 Not now"))
    let fetched = try agent(lab, ["fetch", "--as", "bob", "--out", "\(lab.folder.path)/mail"])
    #expect(fetched.text.contains("1 fetched"), "\(fetched.text)\(fetched.diagnostics)")
    #expect(try agent(lab, ["imap", "--as", "bob"]).status == 1)
    #expect(lab.run.interrupt() == 0)

    let folder = try TemporaryFolder()
    for wrong in [
      "at: bob", "at: nobody, service: imap, drop: true, command: X", "nonsense", "at: bob, service: imap, slow: -1",
    ] {
      let run = try Program.run([
        "lab", "up", "--dir", folder.path, "--ephemeral", "--base-port", "0", "--fault", wrong,
      ])
      #expect(run.status == 2 && run.diagnostics.contains("--fault"), "\(wrong): \(run.diagnostics)")
    }
  }
}
