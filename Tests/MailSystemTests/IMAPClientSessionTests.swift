import Bytes
import Testing

@testable import MailSystem

@Suite struct IMAPClientSessionTests {
  /// All that a device does, at our own server, whole and in any pieces.
  @Test(arguments: [Int.max, 7, 3, 1]) func aDayOfWork(_ cut: Int) {
    var server = IMAPServerPlay()
    var device = IMAPClientPlay()
    device.converse(with: &server, cut: cut)
    #expect(device.session.isAtRest && device.session.isLoggedIn && device.session.isRevision2)
    let mail = Array("Subject: x\r\n\r\nfür dich {3}\r\n".utf8)
    let work: [IMAPOperation] = [
      .list("*"), .create("Entwürfe/alt"), .select("INBOX", isReadOnly: false), .search("SUBJECT two"),
      .fetch("1:*", [.flags, .uid, .size, .headers]), .fetch("2", [.message]),
      .store("1", .add, ["\\Flagged", "$later"]), .append(mail, to: "Entwürfe/alt", flags: ["\\Draft"]),
      .copy("1", to: "Sent"), .move("2", to: "Trash"), .status("Trash"), .store("1", .add, ["\\Deleted"]), .expunge,
      .rename("Entwürfe/alt", to: "Archive"), .select("Archive", isReadOnly: true), .fetch("1", [.peek]), .unselect,
      .delete("Archive"), .noOperation, .select("Nowhere", isReadOnly: false), .logout,
    ]
    device.session.perform(work)
    device.act()
    device.converse(with: &server, cut: cut)
    let outcomes = device.outcomes
    #expect(outcomes.map(\.operation) == work)
    #expect(outcomes.filter { $0.status != .ok }.map(\.operation.name) == ["SELECT"])
    #expect(outcomes[0].folders.map(\.name) == ["Drafts", "INBOX", "Junk", "Sent", "Trash"])
    #expect(outcomes[0].folders[0].attributes.contains("\\Drafts") && outcomes[0].folders[0].separator == "/")
    #expect(outcomes[2].messageCount == 2)
    #expect(outcomes[3].found == [2])
    #expect(outcomes[4].messages.map(\.uid) == [1, 2] && outcomes[4].messages[0].flags == [])
    #expect(outcomes[4].messages[1].byteCount == IMAPServerPlay.second.utf8.count)
    #expect(outcomes[5].messages.first?.octets == Array(IMAPServerPlay.second.utf8))
    #expect(outcomes[6].messages.first?.flags?.sorted() == ["$later", "\\Flagged"])
    #expect(outcomes[7].text.contains("APPENDUID"))
    #expect(outcomes[10].counts["MESSAGES"] == 1)
    #expect(outcomes[15].messages.first?.octets == mail)
    #expect(device.session.failure == nil && device.isClosed)
    #expect(device.session.step == .over)
  }
  /// RFC 9051 §6.3.13: what happens elsewhere is told within IDLE; the next operation ends it.
  @Test func idleHearsOfOthers() {
    var server = IMAPServerPlay()
    var device = IMAPClientPlay()
    device.session.perform([.select("INBOX", isReadOnly: false), .idle])
    device.converse(with: &server)
    #expect(device.session.isAtRest && device.session.step == .idling)
    var other = IMAPServerPlay.selected()
    server.withStore(of: &other) { $0.send("x STORE 1 +FLAGS (\\Seen)\r\ny UID MOVE 2 Trash\r\n") }
    _ = device.hear(server.poll())
    #expect(device.news == [.expunged(2), .flags(1, ["\\Seen"])])
    device.news = []
    #expect(device.hear("* 2 EXISTS\r\n* OK [ALERT] soon\r\n") == "")
    device.perform(.awaitNews, .noOperation)
    #expect(device.said.hasSuffix("DONE\r\n"))
    #expect(device.news == [.exists(2), .alert("[ALERT] soon")])
    #expect(device.hear("a4 OK IDLE terminated\r\n") == "a5 NOOP\r\n")
    #expect(device.hear("a5 OK\r\n") == "" && device.session.isAtRest)
  }
  @Test func newsAreWaitedFor() {
    var device = IMAPClientPlay { $0.enabledExtensions = [] }
    _ = device.hear("* PREAUTH [CAPABILITY IMAP4rev2] hello\r\n")
    device.perform(.idle, .awaitNews)
    #expect(device.said == "a1 IDLE\r\n")
    #expect(device.hear("+ idling\r\n") == "")
    #expect(!device.session.isAtRest)
    #expect(device.hear("* 4 EXISTS\r\n") == "DONE\r\n")
    #expect(device.hear("a1 OK done\r\n") == "" && device.session.isAtRest)
  }
  @Test(arguments: [SASLMechanism.scramSHA256, .cramMD5, .plain, .login], [Int.max, 1])
  func everyLogin(_ mechanism: SASLMechanism, _ cut: Int) {
    var server = IMAPServerPlay()
    var device = IMAPClientPlay { $0.login = .authenticate(mechanism) }
    device.session.perform([.logout])
    device.converse(with: &server, cut: cut)
    #expect(device.said.contains("AUTHENTICATE \(mechanism.rawValue)"))
    #expect(device.session.failure == nil && device.isClosed, "\(device.said)")
    #expect(device.outcomes.map(\.operation) == [.logout])
  }
  @Test func theStrongestLoginIsTakenAndAWrongPasswordIsTold() {
    var server = IMAPServerPlay()
    var device = IMAPClientPlay(password: "wrong") { $0.login = .authenticate(nil) }
    device.converse(with: &server)
    #expect(device.said.contains("AUTHENTICATE SCRAM-SHA-256 "))
    #expect(device.session.failure?.step == .login)
    #expect(device.session.failure?.text.contains("AUTHENTICATIONFAILED") == true && device.isClosed)
  }
  /// RFC 5802 §5: who does not know the password cannot sign, and is not believed.
  @Test func aServerMustProveThatItKnowsThePassword() {
    for replies in [["a1 OK"], ["+ djE9", "a1 OK"]] {
      var device = IMAPClientPlay { $0.login = .authenticate(.scramSHA256) }
      _ = device.hear("* OK [CAPABILITY IMAP4rev2 SASL-IR AUTH=SCRAM-SHA-256] hi\r\n")
      for reply in replies { _ = device.hear("\(reply)\r\n") }
      #expect(device.session.failure?.text.contains("did not prove") == true && device.isClosed)
    }
  }
  @Test func protection() {
    var device = IMAPClientPlay { $0.protection = .required }
    _ = device.hear("* OK hi\r\n")
    #expect(device.hear("* CAPABILITY IMAP4rev2\r\na1 OK\r\n") == "a2 LOGOUT\r\n")
    #expect(device.session.failure?.text == "the server does not offer TLS")

    device = IMAPClientPlay { $0.protection = .ifOffered }
    #expect(device.hear("* OK [CAPABILITY IMAP4rev2 STARTTLS LOGINDISABLED] hi\r\n") == "a1 STARTTLS\r\n")
    // The play begins TLS at once, and what was offered before it is forgotten.
    #expect(device.hear("a1 OK begin\r\n") == "a2 CAPABILITY\r\n")
    #expect(device.hear("* CAPABILITY IMAP4rev2\r\na2 OK\r\n").hasPrefix("a3 LOGIN \"bob\" \"hunter2\"\r\n"))

    // Bytes that came in clear behind the answer are never taken for protected ones.
    device = IMAPClientPlay { $0.protection = .ifOffered }
    _ = device.hear("* OK [CAPABILITY IMAP4rev2 STARTTLS] hi\r\n")
    _ = device.hear("a1 OK begin\r\n* CAPABILITY evil\r\n")
    #expect(device.session.failure?.text.contains("in clear") == true)

    device = IMAPClientPlay()
    #expect(device.hear("* OK [CAPABILITY IMAP4rev2 LOGINDISABLED] hi\r\n") == "a1 LOGOUT\r\n")
    #expect(device.session.failure?.text.contains("LOGINDISABLED") == true)
  }
  /// What IMAP cannot say is not sent, and never begins another line.
  @Test(
    arguments: [
      .select("a\r\nb", isReadOnly: false), .fetch("1 FLAGS\r\nx LOGOUT", [.flags]), .fetch("", [.flags]),
      .store("1", .add, ["\\Seen) x"]), .search("ALL\r\nx DELETE INBOX"), .fetch("1", []), .create("a\0"),
    ] as [IMAPOperation])
  func nothingIsInjected(_ operation: IMAPOperation) {
    var device = IMAPClientPlay { $0.enabledExtensions = [] }
    _ = device.hear("* PREAUTH [CAPABILITY IMAP4rev2] hello\r\n")
    device.perform(operation)
    let isHarmless = device.said.isEmpty || device.said.split(separator: "\r\n").count == 1
    #expect(isHarmless, "\(device.said)")
    if device.said.isEmpty { #expect(device.outcomes.first?.status == .bad) }
  }
  /// Folder names in modified UTF-7 where the server knows no other way (RFC 3501 §5.1.3).
  @Test func namesOfOldServers() {
    var device = IMAPClientPlay()
    _ = device.hear("* PREAUTH [CAPABILITY IMAP4rev1] hello\r\n")
    device.perform(.create("Entwürfe"), .list("*"))
    #expect(device.said == "a1 CREATE \"Entw&APw-rfe\"\r\n")
    #expect(device.hear("a1 OK\r\n") == "a2 LIST \"\" *\r\n")
    _ = device.hear("* LIST (\\HasNoChildren) NIL \"Entw&APw-rfe\"\r\na2 OK\r\n")
    #expect(device.outcomes.last?.folders == [.init(name: "Entwürfe", attributes: ["\\HasNoChildren"], separator: nil)])
  }
  @Test func limits() {
    var device = IMAPClientPlay { $0.responseByteLimit = 1000 }
    _ = device.hear("* PREAUTH [CAPABILITY IMAP4rev1] hello\r\n")
    device.perform(.fetch("1", [.message]))
    _ = device.hear("* 1 FETCH (BODY[] {1001}\r\n")
    #expect(device.session.failure?.text.contains("longer than the limit") == true && device.isClosed)

    device = IMAPClientPlay()
    _ = device.hear("* OK " + String(repeating: "x", count: IMAPClientLimits.lineByteCount + 1))
    #expect(device.session.failure?.step == .greeting)

    device = IMAPClientPlay()
    _ = device.hear("* PREAUTH hi\r\n")
    for _ in 0...IMAPClientLimits.newsCount { device.session.receive(Array("* 1 EXISTS\r\n".utf8).span) }
    #expect(device.session.takeNews().count == IMAPClientLimits.newsCount)
  }
  @Test func aLostConnectionIsTold() {
    var server = IMAPServerPlay()
    var device = IMAPClientPlay()
    device.session.perform([.select("INBOX", isReadOnly: false), .idle])
    device.converse(with: &server)
    device.session.lostConnection()
    #expect(device.session.failure == .init(.idling, "the connection was lost"))
    #expect(device.session.takeAction() == .close && device.session.isAtRest)
  }
  /// Whatever comes, in whatever pieces, nothing traps, and the session ends.
  @Test func anythingAtAll() {
    let words = [
      "* ", "+ ", "a1 ", "a2 ", "OK", "NO", "BAD", "BYE", "FETCH", "EXISTS", "LIST", "(", ")", "\"", "{3}\r\n", "{99}",
      "BODY[]", "FLAGS", "\\Seen", " ", "\r\n", "\n", "4294967296", "1", "ESEARCH ALL 1:4294967295", "CAPABILITY",
      "STATUS", "NIL", "\0", "\u{E4}", "[", "]", "DONE",
    ]
    var source = OctetSource.seeded(20_231_114)
    for round in 0..<2_000 {
      var device = IMAPClientPlay { $0.responseByteLimit = 4096 }
      if round % 2 == 0 { _ = device.hear("* PREAUTH [CAPABILITY IMAP4rev2 ENABLE] hi\r\na1 OK\r\n") }
      device.perform(.list("*"), .fetch("1:*", [.message, .flags]), .search("ALL"), .idle, .awaitNews, .logout)
      for choice in source.take(60) where !device.isClosed {
        let octets = Array(words[Int(choice) % words.count].utf8) + (choice < 100 ? [13, 10] : [])
        _ = device.hear(octets, cut: 1 + Int(choice) % 4)
      }
      device.session.lostConnection()
      #expect(device.session.step == .over)
    }
  }
}
