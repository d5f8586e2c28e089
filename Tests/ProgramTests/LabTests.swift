import Foundation
import TestSupport
import Testing

/// `mailwire lab up`, with clients that nobody here wrote.
@Suite(.serialized) struct LabTests {
  private static func withLab(_ body: (String, LabRun.Description, LiveRun) throws -> Void) throws {
    let lab = try LabRun()
    try body(lab.line, lab.description, lab.run)
    #expect(lab.run.interrupt() == 0, "\(lab.run.diagnostics)")
  }
  private static var script: URL {
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "lab-clients.py")
  }

  @Test(.enabled(if: Peer.python3.isExpected, "python3 is not installed"))
  func aliceWritesToBobWithPythonsClients() throws {
    try Self.withLab { line, _, lab in
      let python = try #require(Peer.python3.url)
      let run = try Program.run([Self.script.path, line], program: python)
      #expect(run.text == "all as expected\n", "\(run.diagnostics)")
      // The live view tells of it.
      #expect(lab.output.contains("mail.example.org") && lab.output.contains("taken over, 250 2.0.0 Ok: queued as"))
    }
  }
  @Test(.enabled(if: Peer.curl.isExpected && Peer.swaks.isExpected, "curl or swaks is not installed"))
  func aMessageGoesInBySwaksAndComesOutByCurl() throws {
    try Self.withLab { _, lab, _ in
      let (sending, reading) = (lab.machines[0], lab.machines[1])
      let (alice, bob) = (sending.users[0], reading.users[0])
      for mechanism in ["PLAIN", "LOGIN", "CRAM-MD5"] {
        let run = try Program.run(
          [
            "--server", "\(sending.address):\(sending.ports["submission"] ?? 0)", "--auth", mechanism, "--auth-user",
            alice.name, "--auth-password", alice.password, "--from", alice.name, "--to", bob.name, "--header",
            "Subject: by \(mechanism)", "--body", "hello",
          ], program: try #require(Peer.swaks.url))
        #expect(run.status == 0, "\(run.text)")
      }
      for scheme in ["pop3", "imap"] {
        let path = scheme == "pop3" ? "/3" : "/INBOX;MAILINDEX=3"
        let url = "\(scheme)://\(reading.address):\(reading.ports[scheme] ?? 0)\(path)"
        var text = ""
        // The third message may still be on its way.
        for _ in 0..<100 where !text.contains("hello") {
          text = try Program.run(
            ["--silent", "--max-time", "20", url, "--user", "\(bob.name):\(bob.password)"],
            program: try #require(Peer.curl.url)
          ).text
          if !text.contains("hello") { usleep(50_000) }
        }
        #expect(text.contains("Subject: by CRAM-MD5") && text.contains("with ESMTPA id"), "\(scheme): \(text)")
      }
    }
  }
  @Test func aPortThatIsTakenIsSaid() throws {
    let lab = try LabRun()
    let port = lab.alices.port("relay")
    let folder = try TemporaryFolder()
    let second = try LiveRun(["lab", "up", "--ephemeral", "--dir", folder.path, "--base-port", "\(port)"])
    #expect(second.status() == 2)
    #expect(second.diagnostics.contains("127.0.0.2 port \(port)"), "\(second.diagnostics)")
    #expect(lab.run.interrupt() == 0)
  }
}
