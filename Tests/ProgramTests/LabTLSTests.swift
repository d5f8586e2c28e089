import Foundation
import TestSupport
import Testing

/// TLS at the lab's servers, with clients that nobody here wrote.
@Suite(.serialized) struct LabTLSTests {
  private static func curl(_ arguments: [String]) throws -> Program.Run {
    try Program.run(["--silent", "--show-error", "--max-time", "20"] + arguments, program: try #require(Peer.curl.url))
  }

  @Test(.enabled(if: Peer.curl.isExpected, "curl is not installed"))
  func everyServiceIsThereInTLSAndIsBelievedByItsAuthority() throws {
    let lab = try LabRun()
    let authority = try lab.ask(["ca"])
    #expect(authority.text.hasPrefix("-----BEGIN CERTIFICATE-----"))
    let file = "\(lab.folder.path)/authority.pem"
    try authority.output.write(to: URL(filePath: file))
    let message = "\(lab.folder.path)/message"
    try Data("Subject: in TLS\r\n\r\nhello\r\n".utf8).write(to: URL(filePath: message))
    let (alice, bob) = ("\(lab.alice.name):\(lab.alice.password)", "\(lab.bob.name):\(lab.bob.password)")
    for (scheme, service) in [("smtp", "submission"), ("smtps", "submissions")] {
      let run = try Self.curl([
        "--ssl-reqd", "--cacert", file, "\(scheme)://\(lab.alices.address):\(lab.alices.port(service))", "--user",
        alice,
        "--mail-from", lab.alice.name, "--mail-rcpt", lab.bob.name, "--upload-file", message,
      ])
      #expect(run.status == 0, "\(service): \(run.diagnostics)")
    }
    _ = try lab.status { $0.messages(of: lab.bob.name) == 2 }
    for (scheme, service, path) in [
      ("pop3", "pop3", "/2"), ("pop3s", "pop3s", "/2"), ("imap", "imap", "/INBOX;MAILINDEX=2"),
      ("imaps", "imaps", "/INBOX;MAILINDEX=2"),
    ] {
      let url = "\(scheme)://\(lab.bobs.address):\(lab.bobs.port(service))\(path)"
      let run = try Self.curl(["--ssl-reqd", "--cacert", file, url, "--user", bob])
      #expect(run.text.contains("Subject: in TLS"), "\(service): \(run.diagnostics)")
      #expect(run.text.contains("with ESMTPSA id"), "\(service): \(run.text)")
      // The certificate is the lab's own, which nobody else believes.
      let stranger = try Self.curl(["--ssl-reqd", url, "--user", bob])
      #expect(stranger.status == 60, "\(service): \(stranger.diagnostics)")
    }
    #expect(lab.run.interrupt() == 0)
  }
  /// RFC 3207 §6, RFC 2595 §4: what an attacker put behind the command in clear must not be answered inside TLS.
  @Test(
    .enabled(if: Peer.python3.isExpected, "python3 is not installed"),
    arguments: ["submission", "relay", "pop3", "imap"])
  func commandsBehindSTARTTLSAreNotAnswered(_ service: String) throws {
    let lab = try LabRun()
    let script = """
      import socket, ssl, sys
      service, host, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
      s = socket.create_connection((host, port), timeout=20)
      def line(s):
          octets = b""
          while not octets.endswith(b"\\n"):
              more = s.recv(1)
              if not more: sys.exit("closed")
              octets += more
          return octets
      line(s)
      if service in ("submission", "relay"):
          s.sendall(b"EHLO x.example\\r\\n")
          while line(s)[3:4] == b"-": pass
          s.sendall(b"STARTTLS\\r\\nVRFY injected\\r\\n")
      elif service == "pop3": s.sendall(b"STLS\\r\\nNOOP injected\\r\\n")
      else: s.sendall(b"a STARTTLS\\r\\ninjected NOOP\\r\\n")
      line(s)
      context = ssl._create_unverified_context()
      t = context.wrap_socket(s)
      t.sendall({"pop3": b"CAPA\\r\\n", "imap": b"b CAPABILITY\\r\\n"}.get(service, b"EHLO y.example\\r\\n"))
      print(line(t).decode().strip())
      """
    let run = try Program.run(
      ["-c", script, service, lab.alices.address, "\(lab.alices.port(service))"],
      program: try #require(Peer.python3.url))
    let first = ["pop3": "+OK", "imap": "* CAPABILITY"][service] ?? "250-"
    #expect(run.text.hasPrefix(first) && !run.text.contains("injected"), "\(run.text)\(run.diagnostics)")
    #expect(lab.run.interrupt() == 0)
  }
  @Test(.enabled(if: Peer.curl.isExpected, "curl is not installed"))
  func whereTLSIsRequiredNobodyLogsInBefore() throws {
    let lab = try LabRun(["--ephemeral", "--require-tls"])
    let user = ["--user", "\(lab.alice.name):\(lab.alice.password)"]
    for service in ["submission", "pop3", "imap"] {
      let scheme = service == "submission" ? "smtp" : service
      // To be let in to send, a client must have logged in.
      let mail = service == "submission" ? ["--mail-from", lab.alice.name, "--mail-rcpt", lab.bob.name] : []
      let url = "\(scheme)://\(lab.alices.address):\(lab.alices.port(service))/"
      let input = mail.isEmpty ? [] : ["--upload-file", "/dev/null"]
      #expect(try Self.curl([url] + user + mail + input).status != 0, "\(service)")
      let protected = try Self.curl(["--ssl-reqd", "--insecure", url] + user + mail + input)
      #expect(protected.status == 0, "\(service): \(protected.diagnostics)")
    }
    #expect(lab.run.interrupt() == 0)
  }
}
