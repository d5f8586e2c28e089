import Foundation
import TestSupport
import Testing

/// What a lab keeps from one run to the next, and how it is asked from another terminal.
@Suite(.serialized) struct LabKeepingTests {
  private func send(_ lab: LabRun, subject: String, to recipient: String? = nil) throws {
    let run = try Program.run(
      [
        "--server", "\(lab.alices.address):\(lab.alices.port("submission"))", "--auth", "PLAIN", "--auth-user",
        lab.alice.name, "--auth-password", lab.alice.password, "--from", lab.alice.name, "--to",
        recipient ?? lab.bob.name, "--header", "Subject: \(subject)", "--body", "hello",
      ], program: try #require(Peer.swaks.url))
    #expect(run.status == 0, "\(run.text)")
  }

  @Test(.enabled(if: Peer.swaks.isExpected, "swaks is not installed"))
  func mailIsThereAgainAfterTheLabEndedHowever() throws {
    let folder = try TemporaryFolder()
    let first = try LabRun([], in: folder)
    try send(first, subject: "one")
    _ = try first.status { $0.messages(of: first.bob.name) == 1 }
    #expect(first.run.interrupt() == 0)

    let second = try LabRun([], in: folder)
    #expect(second.bob.password == first.bob.password, "users keep their passwords")
    #expect(try second.status { _ in true }.messages(of: second.bob.name) == 1)
    try send(second, subject: "two")
    // Its 250 was heard: what follows is on disk, wherever it is.
    #expect(second.run.kill() != 0)

    let third = try LabRun([], in: folder)
    // What was under way when it was killed may come twice, and never not at all.
    let status = try third.status { $0.messages(of: third.bob.name) >= 2 && $0.waiting == 0 }
    #expect((2...3).contains(status.messages(of: third.bob.name)))
    #expect(try third.ask(["down"]).status == 0)
    #expect(third.run.status() == 0)
  }
  @Test func aSecondLabInTheSameFolderIsRefused() throws {
    let lab = try LabRun([])
    let second = try lab.ask(["up", "--base-port", "0"])
    #expect(second.status == 2 && second.diagnostics.contains("a lab runs already"), "\(second.diagnostics)")
    let reset = try lab.ask(["reset"])
    #expect(reset.status == 2 && reset.diagnostics.contains("a lab runs already"), "\(reset.diagnostics)")
    #expect(lab.run.interrupt() == 0)
  }
  @Test func usersAreToldAndMade() throws {
    let folder = try TemporaryFolder()
    func users(_ arguments: [String]) throws -> Program.Run {
      try Program.run(["lab", "users", "--dir", folder.path] + arguments)
    }
    #expect(try users([]).status == 2)
    #expect(try users(["--add", "carol@someschool.edu", "--password", "pepper"]).text.contains("pepper"))
    #expect(try users(["--add", "carol@someschool.edu"]).diagnostics.contains("has a mailbox already"))
    for address in ["carol", "carol@elsewhere.example", "../x@someschool.edu", "a/b@someschool.edu", "@someschool.edu"]
    {
      #expect(try users(["--add", address]).status == 2, "\(address)")
    }
    let lab = try LabRun([], in: folder)
    #expect(lab.bobs.users.map(\.name).contains("carol@someschool.edu"))
    #expect(try users([]).text.contains("carol@someschool.edu              pepper"))
    // Whoever comes while it runs can log in at once, and is there at the next start.
    #expect(try users(["--add", "dave@someschool.edu", "--password", "salt"]).text.contains("dave@someschool.edu"))
    #expect(try users(["--add", "dave@someschool.edu"]).diagnostics.contains("has a mailbox already"))
    #expect(try users(["--add", "dave@elsewhere.example"]).status == 2)
    let fetched = try Program.run([
      "fetch", "--pop3", "--dir", folder.path, "--as", "dave", "--out", "\(folder.path)/mail",
    ])
    #expect(fetched.status == 0, "\(fetched.diagnostics)")
    #expect(lab.run.interrupt() == 0)
    #expect(try users([]).text.contains("dave@someschool.edu"))
    #expect(try Program.run(["lab", "reset", "--dir", folder.path]).status == 0)
    #expect(try users([]).status == 2)
  }
  @Test func aLabInTheBackgroundIsAskedAndEnded() throws {
    let folder = try TemporaryFolder()
    let up = try Program.run(["lab", "up", "--detach", "--base-port", "0", "--dir", folder.path])
    #expect(up.status == 0 && up.text.contains("mail.someschool.edu"), "\(up.text)\(up.diagnostics)")
    let status = try Program.run(["lab", "status", "--dir", folder.path])
    #expect(status.status == 0 && status.text.contains("bob@someschool.edu  INBOX: 0 messages"), "\(status.text)")
    #expect(try Program.run(["lab", "down", "--dir", folder.path]).status == 0)
    let gone = try Program.run(["lab", "status", "--dir", folder.path])
    #expect(gone.status == 2 && gone.diagnostics.contains("no lab runs"), "\(gone.diagnostics)")
  }
}
