import Bytes
import Foundation
import TestSupport
import Testing

@testable import MailSystem

/// The client at a server that nobody here wrote.
@Suite(.serialized, .enabled(if: Dovecot.isExpected, "dovecot is not installed, or this is not root"))
struct IMAPDovecotTests {
  /// Plays until the session is over, or the server hangs up; so long that only a hang is longer.
  private static func play(_ session: inout IMAPClientSession, _ server: FileHandle) throws {
    var limit = timeval(tv_sec: 20, tv_usec: 0)
    unsafe setsockopt(
      server.fileDescriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    while session.step != .over {
      let output = session.takeOutput()
      if !output.isEmpty { try server.write(contentsOf: Data(output)) }
      if session.takeAction() != nil { break }
      guard let more = try server.read(upToCount: 1), !more.isEmpty else {
        session.lostConnection()
        break
      }
      session.receive(Array(more).span)
    }
  }
  @Test(arguments: [
    IMAPClientConfiguration.Login.login, .authenticate(.plain), .authenticate(.login), .authenticate(.cramMD5),
    .authenticate(.scramSHA256), .authenticate(nil),
  ])
  func everythingWorksThere(_ login: IMAPClientConfiguration.Login) throws {
    let dovecot = try Dovecot()
    defer { dovecot.stop() }
    var configuration = IMAPClientConfiguration(user: Dovecot.user, password: Dovecot.password)
    configuration.login = login
    var session = IMAPClientSession(configuration)
    let mail = Array("Subject: {5}\r\n\r\nfür dich\r\n".utf8)
    let work: [IMAPOperation] = [
      .create("Entwürfe"), .list("*"), .append(mail, to: "Entwürfe", flags: ["\\Draft"]),
      .select("Entwürfe", isReadOnly: false), .fetch("1:*", [.uid, .flags, .size, .headers, .message]),
      .store("1", .add, ["\\Flagged"]), .search("FLAGGED"), .copy("1", to: "INBOX"), .status("INBOX"),
      .store("1", .add, ["\\Deleted"]), .expunge, .rename("Entwürfe", to: "Alt/Älter"),
      .select("INBOX", isReadOnly: true),
      .move("1", to: "Entwürfe"), .unselect, .delete("Alt/Älter"), .logout,
    ]
    session.perform(work)
    let server = try #require(dovecot.connect())
    try Self.play(&session, server)
    #expect(session.failure == nil)
    let outcomes = session.takeOutcomes()
    #expect(outcomes.map(\.operation) == work)
    // What was opened by EXAMINE cannot be moved from.
    #expect(outcomes.filter { $0.status != .ok }.map(\.operation.name) == ["MOVE"], "\(outcomes.map(\.text))")
    #expect(outcomes[1].folders.map(\.name).sorted() == ["Entwürfe", "INBOX"])
    #expect(outcomes[4].messages.first?.octets == mail)
    #expect(outcomes[4].messages.first?.byteCount == mail.count && outcomes[4].messages.first?.uid == 1)
    #expect(outcomes[6].found == [1])
    #expect(outcomes[8].counts["MESSAGES"] == 1)
  }
  @Test func whatAnotherDeviceDoesIsToldWithinIdle() throws {
    let dovecot = try Dovecot()
    defer { dovecot.stop() }
    let configuration = IMAPClientConfiguration(user: Dovecot.user, password: Dovecot.password)
    var (home, office) = (IMAPClientSession(configuration), IMAPClientSession(configuration))
    home.perform([.select("INBOX", isReadOnly: false), .idle])
    let (homeServer, officeServer) = (try #require(dovecot.connect()), try #require(dovecot.connect()))
    while !home.isAtRest {
      try homeServer.write(contentsOf: Data(home.takeOutput()))
      home.receive(Array(homeServer.availableData).span)
    }
    office.perform([.append(Array("Subject: x\r\n\r\nx\r\n".utf8), to: "INBOX", flags: []), .logout])
    try Self.play(&office, officeServer)
    home.perform([.awaitNews, .logout])
    try Self.play(&home, homeServer)
    #expect(home.failure == nil && home.takeNews().contains(.exists(1)))
  }
  @Test func aWrongPasswordIsTold() throws {
    let dovecot = try Dovecot()
    defer { dovecot.stop() }
    var session = IMAPClientSession(IMAPClientConfiguration(user: Dovecot.user, password: "wrong"))
    let server = try #require(dovecot.connect())
    try Self.play(&session, server)
    #expect(session.failure?.step == .login)
    #expect(session.failure?.text.contains("AUTHENTICATIONFAILED") == true, "\(session.failure?.text ?? "")")
  }
}
