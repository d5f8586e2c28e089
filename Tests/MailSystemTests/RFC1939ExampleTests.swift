import Bytes
import Ciphers
import Testing

@testable import MailSystem

/// Every example of RFC 1939 that applies, played.
@Suite struct RFC1939ExampleTests {
  private typealias Difference = RFCExample.Difference

  static let examples: [POP3Example] = [
    POP3Example("4 greeting", .greeting, script: "S: +OK POP3 server ready"),
    POP3Example("4 QUIT", .authorization, script: "C: QUIT\nS: +OK dewey POP3 server signing off"),
    POP3Example("5 STAT", script: "C: STAT\nS: +OK 2 320"),
    POP3Example(
      "5 LIST",
      script: """
        C: LIST
        S: +OK 2 messages (320 octets)
        S: 1 120
        S: 2 200
        S: .
        C: LIST 2
        S: +OK 2 200
        C: LIST 3
        S: -ERR no such message, only 2 messages in maildrop
        """),
    POP3Example(
      "5 RETR",
      script: """
        C: RETR 1
        S: +OK 120 octets
        S: <the POP3 server sends the entire message here>
        S: .
        """),
    POP3Example(
      "5 DELE", .authorization, change: { $0.send("USER mrose\r\nPASS secret\r\nDELE 2\r\n") },
      script: """
        C: DELE 1
        S: +OK message 1 deleted
        C: DELE 2
        S: -ERR message 2 already deleted
        """),
    POP3Example("5 NOOP", script: "C: NOOP\nS: +OK"),
    POP3Example("5 RSET", script: "C: RSET\nS: +OK maildrop has 2 messages (320 octets)"),
    POP3Example("6 QUIT empty", sizes: [], script: "C: QUIT\nS: +OK dewey POP3 server signing off (maildrop empty)"),
    POP3Example("6 QUIT", script: "C: QUIT\nS: +OK dewey POP3 server signing off (2 messages left)"),
    POP3Example(
      "7 TOP",
      script: """
        C: TOP 1 10
        S: +OK
        S: <the POP3 server sends the headers of the message, a blank line, and the first 10 lines of the body>
        S: .
        C: TOP 100 3
        S: -ERR no such message
        """),
    POP3Example(
      "7 UIDL",
      script: """
        C: UIDL
        S: +OK
        S: 1 whqtswO00WBw418f9t5JxYwZ
        S: 2 QhdPYR:00WBw1Ph7x7
        S: .
        C: UIDL 2
        S: +OK 2 QhdPYR:00WBw1Ph7x7
        C: UIDL 3
        S: -ERR no such message, only 2 messages in maildrop
        """),
    POP3Example(
      "7 USER", .authorization,
      differences: [
        Difference(
          "-ERR sorry, no mailbox for frated here", ours: "+OK",
          because: "the server may return a positive response even though no such mailbox exists (§7)")
      ],
      script: """
        C: USER frated
        S: -ERR sorry, no mailbox for frated here
        C: USER mrose
        S: +OK mrose is a real hoopy frood
        """),
    POP3Example(
      "7 PASS", .authorization, happenings: ["...the other session ends...": { $0.isInUse = false }],
      change: { $0.isInUse = true },
      script: """
        C: USER mrose
        S: +OK mrose is a real hoopy frood
        C: PASS secret
        S: -ERR maildrop already locked
        ...the other session ends...
        C: USER mrose
        S: +OK mrose is a real hoopy frood
        C: PASS secret
        S: +OK mrose's maildrop has 2 messages (320 octets)
        """),
    // The digest is of the greeting's timestamp, and is made anew for ours; the RFC's own stands below.
    POP3Example(
      "7 APOP", .greeting, sizes: [369],
      script: """
        S: +OK POP3 server ready <1896.697170952@dbc.mtview.ca.us>
        C: APOP mrose c4c9334bac560ecc979e58001b3e22fb
        S: +OK maildrop has 1 message (369 octets)
        """),
    POP3Example(
      "10", .greeting,
      script: """
        S: +OK POP3 server ready <1896.697170952@dbc.mtview.ca.us>
        C: APOP mrose c4c9334bac560ecc979e58001b3e22fb
        S: +OK mrose's maildrop has 2 messages (320 octets)
        C: STAT
        S: +OK 2 320
        C: LIST
        S: +OK 2 messages (320 octets)
        S: 1 120
        S: 2 200
        S: .
        C: RETR 1
        S: +OK 120 octets
        S: <the POP3 server sends message 1>
        S: .
        C: DELE 1
        S: +OK message 1 deleted
        C: RETR 2
        S: +OK 200 octets
        S: <the POP3 server sends message 2>
        S: .
        C: DELE 2
        S: +OK message 2 deleted
        C: QUIT
        S: +OK dewey POP3 server signing off (maildrop empty)
        """),
  ]
  private static let inventory = RFCInventory(
    ids: [
      "4 greeting", "4 QUIT", "5 STAT", "5 LIST", "5 RETR", "5 DELE", "5 NOOP", "5 RSET", "6 QUIT empty", "6 QUIT",
      "7 TOP", "7 UIDL", "7 USER", "7 PASS", "7 APOP", "10",
    ], notApplicable: [:])

  @Test(arguments: examples, [Int.max, 1]) func serverAnswersAsShown(_ example: POP3Example, _ cut: Int) {
    example.check(cut: cut)
  }
  @Test func noneIsMissing() { Self.inventory.check(played: Self.examples.map(\.example.id)) }

  /// The digest of §7 and §10.
  @Test func theDigestOfAPOP() {
    let digest = DigestAlgorithm.md5.digest(Array("<1896.697170952@dbc.mtview.ca.us>tanstaaf".utf8))
    #expect(LowerHexadecimal.encode(digest).span.text() == "c4c9334bac560ecc979e58001b3e22fb")
  }
  /// §10, with what a client of today asks besides.
  @Test(arguments: [Int.max, 1]) func clientBearsTheSession(_ cut: Int) {
    var device = POP3ClientPlay(user: "mrose", password: "tanstaaf") {
      $0.login = .apop
      $0.mode = .delete
    }
    func hear(_ lines: String...) -> String { device.hear(Array(lines.map { "\($0)\r\n" }.joined().utf8), cut: cut) }
    #expect(hear("+OK POP3 server ready <1896.697170952@dbc.mtview.ca.us>") == "CAPA\r\n")
    #expect(hear("-ERR what is that?") == "APOP mrose c4c9334bac560ecc979e58001b3e22fb\r\n")
    #expect(hear("+OK mrose's maildrop has 2 messages (320 octets)") == "LIST\r\n")
    #expect(hear("+OK 2 messages (320 octets)", "1 120", "2 200", ".") == "UIDL\r\n")
    #expect(hear("+OK", "1 whqtswO00WBw418f9t5JxYwZ", "2 QhdPYR:00WBw1Ph7x7", ".") == "RETR 1\r\n")
    #expect(hear("+OK 120 octets", POP3Example.message(120) + ".") == "DELE 1\r\n")
    #expect(hear("+OK message 1 deleted") == "RETR 2\r\n")
    #expect(hear("+OK 200 octets", POP3Example.message(200) + ".") == "DELE 2\r\n")
    #expect(hear("+OK message 2 deleted") == "QUIT\r\n")
    #expect(hear("+OK dewey POP3 server signing off (maildrop empty)") == "")
    #expect(device.kept.map(\.octets.count) == [120, 200] && device.isClosed && device.session.failure == nil)
    #expect(device.session.deleted.count == 2)
  }
}
