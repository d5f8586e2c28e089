import Bytes
import Testing

@testable import MailSystem

/// What other servers say, reply by reply, to a client that keeps or deletes.
@Suite struct POP3ForeignServerTests {
  private static let loggedIn = ["+OK", "-ERR what", "+OK", "+OK"]

  /// Replies, whether the client deletes, how many messages it keeps, and what it says failed.
  @Test(
    arguments: [
      (["-ERR go away"], false, 0, "-ERR go away"), (["HTTP/1.1 400 Bad Request"], false, 0, "does not speak POP3"),
      (["* OK IMAP4rev1"], false, 0, "does not speak POP3"), (["+ what"], false, 0, "no login asks"),
      (["+OK", "-ERR", "-ERR no such user", "+OK"], false, 0, "-ERR no such user"),
      (["+OK", "-ERR", "+OK", "-ERR [IN-USE] busy", "+OK"], false, 0, "[IN-USE] busy"),
      (loggedIn + ["-ERR no list", "+OK"], false, 0, "-ERR no list"),
      (loggedIn + ["+OK\r\n.", "+OK\r\n.", "+OK"], false, 0, ""),
      (loggedIn + ["+OK\r\n1 5\r\n.", "+OK\r\n1 x\r\n.", "+OK\r\nhi\r\n.", "+OK"], false, 1, ""),
      // Ends of line that are a bare LF, in the dialogue and not in the message.
      (loggedIn + ["+OK\n1 5\n.", "+OK\n1 x\n.", "+OK\nhi\r\n.", "+OK"], false, 1, ""),
      // Numbers that are not in order, and without sizes.
      (loggedIn + ["+OK\r\n7\r\n3\r\n.", "+OK\r\n3 c\r\n7 g\r\n.", "+OK\r\n.", "+OK\r\n.", "+OK"], false, 2, ""),
      (loggedIn + ["+OK\r\none 5\r\n.", "+OK"], false, 0, "no listing"),
      (loggedIn + ["+OK\r\n1 5\r\n1 5\r\n."], false, 0, "no listing"),
      (loggedIn + ["+OK\r\n1 5\r\n.", "+OK\r\n2 x\r\n."], false, 0, "fits no message"),
      (loggedIn + ["+OK\r\n1 5\r\n.", "+OK\r\n99999999999999999999 x\r\n."], false, 0, "fits no message"),
      (loggedIn + ["+OK\r\n1 5\r\n.", "-ERR no UIDL", "+OK"], false, 0, "no unique ids"),
      // Without unique ids there is still deleting.
      (loggedIn + ["+OK\r\n1 5\r\n.", "-ERR no UIDL", "+OK\r\nhi\r\n.", "+OK", "+OK"], true, 1, ""),
      (loggedIn + ["+OK\r\n1 5\r\n.", "-ERR", "+OK\r\nhi\r\n.", "-ERR locked", "+OK"], true, 1, "1: -ERR locked"),
      (loggedIn + ["+OK\r\n1 5\r\n.", "-ERR", "-ERR gone", "+OK"], true, 0, "1: -ERR gone"),
      (
        loggedIn + ["+OK\r\n1 5\r\n.", "-ERR", "+OK\r\nhi\r\n.", "+OK", "-ERR some not removed"], true, 1,
        "some not removed"
      ),
      // Two copies with one id (RFC 1939 §7): one is fetched, both go.
      (
        loggedIn + ["+OK\r\n1 5\r\n2 5\r\n.", "+OK\r\n1 x\r\n2 x\r\n.", "+OK\r\nhi\r\n.", "+OK", "+OK", "+OK"], true, 1,
        ""
      ),
      (["+OK\r\n+OK again"], false, 0, "more than was asked"),
    ] as [([String], Bool, Int, String)])
  func whatTheySay(_ replies: [String], _ deletes: Bool, _ keptCount: Int, _ trouble: String) {
    for cut in [Int.max, 3, 1] {
      var device = POP3ClientPlay { $0.mode = deletes ? .delete : .keep }
      for reply in replies where !device.isClosed {
        // What came too early is seen whole, or not at all.
        _ = device.hear(Array("\(reply)\r\n".utf8), cut: trouble == "more than was asked" ? Int.max : cut)
      }
      let troubles =
        [device.session.failure?.text].compactMap(\.self)
        + device.session.leftovers.map { "\($0.message.number): \($0.reason)" }
      #expect(device.kept.count == keptCount, "\(device.said)")
      #expect(trouble.isEmpty ? troubles.isEmpty : troubles.joined().contains(trouble), "\(troubles)")
      #expect(device.isClosed, "\(device.said)")
    }
  }
  @Test func whatIsDeletedIsKnownOnlyFromQUIT() {
    var device = POP3ClientPlay { $0.mode = .delete }
    for reply in Self.loggedIn + ["+OK\r\n1 5\r\n.", "-ERR", "+OK\r\nhi\r\n.", "+OK"] {
      _ = device.hear("\(reply)\r\n")
    }
    device.session.lostConnection()
    #expect(device.session.deleted.isEmpty)
    #expect(device.session.failure == .init(.quit, "the connection was lost"))
    #expect(device.session.takeAction() == .close)
  }
  @Test func aMessageCutOffIsNoMessage() {
    var device = POP3ClientPlay()
    for reply in Self.loggedIn + ["+OK\r\n1 5\r\n.", "+OK\r\n1 x\r\n.", "+OK\r\nhalf"] {
      _ = device.hear("\(reply)\r\n")
    }
    // A dot between bare line feeds ends nothing.
    _ = device.hear("\n.\n")
    device.session.expire()
    #expect(device.kept.isEmpty)
    #expect(device.session.failure?.text.contains("CRLF . CRLF") == true)
    device.session.receive(Array("\r\n.\r\n".utf8).span)
    #expect(device.session.takeAction() == .close)
    #expect(device.session.takeAction() == nil)
  }
  @Test func limits() {
    var device = POP3ClientPlay()
    _ = device.hear("+OK\r\n")
    _ = device.hear("+OK " + String(repeating: "x", count: 5_000))
    #expect(device.session.failure?.text.contains("longer than 4096") == true)

    device = POP3ClientPlay()
    _ = device.hear("+OK\r\n")
    _ = device.hear("+OK\r\n" + String(repeating: "X\r\n", count: 200))
    #expect(device.session.failure?.text.contains("more than 128 lines") == true)

    device = POP3ClientPlay()
    for reply in Self.loggedIn { _ = device.hear("\(reply)\r\n") }
    _ = device.hear("+OK\r\n" + (1...100_001).map { "\($0) 1\r\n" }.joined())
    #expect(device.session.failure?.text.contains("more than 100000 lines") == true)

    device = POP3ClientPlay { $0.messageByteLimit = 100 }
    for reply in Self.loggedIn + ["+OK\r\n1 5\r\n.", "+OK\r\n1 x\r\n.", "+OK"] { _ = device.hear("\(reply)\r\n") }
    _ = device.hear(String(repeating: "0123456789\r\n", count: 9))
    #expect(device.session.failure?.step == .message)
    #expect(device.isClosed)

    device = POP3ClientPlay { $0.login = .authenticate(.login) }
    _ = device.hear("+OK\r\n")
    _ = device.hear("+OK\r\nSASL LOGIN\r\n.\r\n")
    for _ in 0..<9 where !device.isClosed { _ = device.hear("+ VXNlcm5hbWU6\r\n") }
    #expect(device.session.failure?.step == .login)
  }
  /// Time stamps that APOP takes for one: a Message-ID, and nothing else.
  @Test(arguments: [
    ("+OK <1@b.example> hi", true), ("+OK hi", false), ("+OK <>", false), ("+OK <1@b@c>", false),
    ("+OK <1 @b.example>", false), ("+OK <\u{7F}@b>", false), ("+OK <1@b", false),
  ])
  func timestamps(_ greeting: String, _ isOne: Bool) {
    var device = POP3ClientPlay { $0.login = .apop }
    _ = device.hear("\(greeting)\r\n")
    #expect(device.hear("-ERR\r\n").hasPrefix(isOne ? "APOP bob " : "QUIT"))
  }
  /// RFC 5802 §5: who does not know the password cannot sign, and is not believed.
  @Test func aServerMustProveThatItKnowsThePassword() {
    for replies in [["+OK"], ["+ djE9", "+OK"], ["+ cj1ldmls", "+OK"]] {
      var device = POP3ClientPlay { $0.login = .authenticate(.scramSHA256) }
      _ = device.hear("+OK\r\n")
      _ = device.hear("+OK\r\nSASL SCRAM-SHA-256\r\n.\r\n")
      for reply in replies { _ = device.hear("\(reply)\r\n") }
      #expect(device.session.failure == .init(.login, "the server did not prove that it knows the password"))
      #expect(device.isClosed)
    }
  }
  /// Whatever comes, in whatever pieces, the session neither traps nor asks for what makes no sense.
  @Test func anythingAtAll() {
    let words = [
      "+OK", "-ERR", "+ ", ".", "..", "\r\n", "\n", "\r", " 1 5", " 1 x", "99999999999999999999", "SASL PLAIN LOGIN",
      "STLS", "<1@b>", "\0", "\u{E4}", "=", "VXNl",
    ]
    var source = OctetSource.seeded(20_231_114)
    for round in 0..<2_000 {
      var device = POP3ClientPlay {
        $0.mode = round % 2 == 0 ? .keep : .delete
        $0.protection = round % 3 == 0 ? .never : .ifOffered
        $0.login = [.password, .apop, .authenticate(nil), .authenticate(.login)][round % 4]
        $0.messageByteLimit = 64
      }
      // A round begins as a server does, so that it comes further than the greeting.
      for reply in Self.loggedIn.prefix(round % 5) { _ = device.hear("\(reply)\r\n") }
      for choice in source.take(60) where !device.isClosed {
        let octets = Array(words[Int(choice) % words.count].utf8) + (choice < 128 ? [13, 10] : [])
        _ = device.hear(octets, cut: 1 + Int(choice) % 4)
      }
      device.session.lostConnection()
      #expect(device.session.step == .over)
      #expect(device.isClosed || device.session.takeAction() == .close)
    }
  }
}
