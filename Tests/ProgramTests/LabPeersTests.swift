import Foundation
import TestSupport
import Testing

/// The lab among servers that nobody here wrote.
@Suite(.serialized) struct LabPeersTests {
  /// Runs a script beside this file, which starts what it needs; it says that all is as expected, or what is not.
  private static func play(_ name: String, _ arguments: [String] = []) throws {
    let folder = try TemporaryFolder()
    let script = Self.folder.appending(path: name)
    let run = try Program.run(
      [script.path, Program.url.path, folder.path] + arguments, program: try #require(Peer.python3.url), seconds: 120)
    #expect(run.text.hasSuffix("all as expected\n"), "\(run.text)\(run.diagnostics)")
  }
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
  private static let mayRunServers = geteuid() == 0

  @Test(
    .enabled(if: Peer.python3.isExpected && Peer.postfix.isExpected, "python3 or Postfix is not installed"),
    .enabled(if: mayRunServers, "Postfix needs root"))
  func mailGoesToPostfixAndComesFromPostfix() throws { try Self.play("lab-postfix.py") }

  /// Messages of the corpus, if it is here, and some of our own.
  @Test(
    .enabled(if: Peer.python3.isExpected && Peer.dovecot.isExpected, "python3 or Dovecot is not installed"),
    .enabled(if: mayRunServers, "Dovecot needs root"))
  func aMailboxIsToldAsDovecotTellsIt() throws {
    let messages =
      ProcessInfo.processInfo.environment["MAILWIRE_MESSAGES"]
      ?? Repository.root.appending(path: "../shared/messages").path
    let isThere = FileManager.default.fileExists(atPath: messages)
    if !isThere { print("no corpus of messages in \(messages): our own alone are compared") }
    let differences = Self.folder.appending(path: "dovecot-differences.txt")
    try Self.play("lab-dovecot.py", [isThere ? messages : "-", differences.path])
  }

  @Test(
    .enabled(if: Peer.python3.isExpected && Peer.dovecot.isExpected, "python3 or Dovecot is not installed"),
    .enabled(if: mayRunServers, "Dovecot needs root"))
  func dovecotReadsTheMaildirAndChangesIt() throws { try Self.play("lab-maildir.py") }

  @Test(.enabled(if: Peer.python3.isExpected, "python3 is not installed"))
  func thePeoplesMailProgramsWork() throws { try Self.play("lab-real-clients.py") }

  /// The seed is in what it prints; Scripts/crash kills it more often.
  @Test(.enabled(if: Peer.python3.isExpected, "python3 is not installed"))
  func nothingAcknowledgedIsLostWhenTheLabIsKilled() throws {
    try Self.play("lab-crash.py", ["3", "\(UInt32.random(in: 0...999_999))"])
  }
  @Test(
    .enabled(if: Peer.python3.isExpected && Peer.unshare.isExpected, "python3 or unshare is not installed"),
    .enabled(if: mayRunServers, "to mount a small disk needs root"))
  func aFullDiskIsATemporaryFailure() throws { try Self.play("lab-full-disk.py") }

  @Test(
    .enabled(if: Peer.python3.isExpected && Peer.dnsmasq.isExpected, "python3 or dnsmasq is not installed"),
    .enabled(if: Peer.smtpSink.isExpected, "Postfix is not installed"),
    .enabled(if: mayRunServers, "a network of its own with a name server needs root"))
  func otherDomainsAreFoundByDNS() throws { try Self.play("lab-mx.py") }

  /// The attacks that every mail server on a network has to bear; the script has a function for each.
  @Test(
    .enabled(if: Peer.python3.isExpected, "python3 is not installed"),
    arguments: [
      "smuggling", "relaying", "guessing", "mailbox names", "message numbers", "literals", "limits",
      "a thousand silent clients", "garbage",
    ])
  func theLabBears(_ attack: String) throws { try Self.play("lab-attacks.py", [attack]) }
}
