import Bytes
import MailProtocols
import Testing

@testable import MailSystem

/// Every example of RFC 5321 that applies, played.
@Suite struct RFC5321ExampleTests {
  private typealias Difference = RFCExample.Difference
  private static let greeting = """
    S: 220 foo.com Simple Mail Transfer Service Ready
    C: EHLO bar.com
    S: 250-foo.com greets bar.com
    S: 250-8BITMIME
    S: 250-SIZE
    S: 250-DSN
    S: 250 HELP

    """
  private static let farewell = "S: 250 OK\nC: QUIT\nS: 221 foo.com Service closing transmission channel"

  static let examples: [SMTPExample] = [
    SMTPExample(
      "3.5.1 EXPN", .greeted,
      differences: [
        Difference("250-Jon Postel <Postel@isi.edu>", because: "there are no mailing lists here"),
        Difference("250-Fred Fonebone <Fonebone@physics.foo-u.edu>", because: "there are no mailing lists here"),
        Difference(
          "250 Sam Q. Smith <SQSmith@specific.generic.com>", ours: "502 EXPN not implemented",
          because: "a site may disable EXPN (§3.5.2, §7.3), which is then not offered by EHLO, and 502 (§4.2.4)"),
      ],
      script: """
        C: EXPN Example-People
        S: 250-Jon Postel <Postel@isi.edu>
        S: 250-Fred Fonebone <Fonebone@physics.foo-u.edu>
        S: 250 Sam Q. Smith <SQSmith@specific.generic.com>
        """),
    SMTPExample(
      "3.5.1 EXPN denied", .greeted,
      differences: [
        Difference("550 Access Denied to You.", ours: "502 EXPN not implemented", because: "denied to all (§4.2.4)")
      ],
      script: """
        C: EXPN Executive-Washroom-List
        S: 550 Access Denied to You.
        """),
    // Of what the RFC allows with a source route, to refuse it: nobody of ours is at d.bar.org.
    SMTPExample(
      "4.1.1.3 source route", .greeted,
      script: """
        C: MAIL FROM:<userx@y.foo.org>
        S: 250 OK
        C: RCPT TO:<@hosta.int,@jkl.org:userc@d.bar.org>
        S: 550 policy reason
        """),
    SMTPExample("4.3.1 greeting", script: "S: 220 mail.example.com SuperSMTP v 6.1.2 Service ready"),
    // What goes beyond the limits is ours; the RFC shows the replies.
    SMTPExample(
      "4.5.3.1.9 line", .greeted, script: "C: NOOP \(String(repeating: "x", count: 3000))\nS: 500 Line too long."),
    SMTPExample(
      "4.5.3.1.9 path", .greeted,
      script: "C: MAIL FROM:<\(String(repeating: "x", count: 300))@bar.com>\nS: 501 Path too long"),
    SMTPExample(
      "4.5.3.1.9 recipients", .greeted, configure: { $0.recipientLimit = 1 },
      script: """
        C: MAIL FROM:<Smith@bar.com>
        S: 250 OK
        C: RCPT TO:<Jones@foo.com>
        S: 250 OK
        C: RCPT TO:<Brown@foo.com>
        S: 452 Too many recipients
        """),
    SMTPExample(
      "4.5.3.1.9 data", .greeted, configure: { $0.messageByteLimit = 10 },
      script: """
        C: MAIL FROM:<Smith@bar.com>
        S: 250 OK
        C: RCPT TO:<Jones@foo.com>
        S: 250 OK
        C: DATA
        S: 354 Start mail input; end with <CRLF>.<CRLF>
        C: Blah blah blah...
        C: .
        S: 552 Too much mail data.
        """),
    SMTPExample(
      "D.1",
      script: greeting + """
        C: MAIL FROM:<Smith@bar.com>
        S: 250 OK
        C: RCPT TO:<Jones@foo.com>
        S: 250 OK
        C: RCPT TO:<Green@foo.com>
        S: 550 No such user here
        C: RCPT TO:<Brown@foo.com>
        S: 250 OK
        C: DATA
        S: 354 Start mail input; end with <CRLF>.<CRLF>
        C: Blah blah blah...
        C: ...etc. etc. etc.
        C: .

        """ + farewell),
    SMTPExample(
      "D.2",
      script: greeting + """
        C: MAIL FROM:<Smith@bar.com>
        S: 250 OK
        C: RCPT TO:<Jones@foo.com>
        S: 250 OK
        C: RCPT TO:<Green@foo.com>
        S: 550 No such user here
        C: RSET

        """ + farewell),
    SMTPExample(
      "D.3 step 1",
      script: greeting + """
        C: MAIL FROM:<JQP@bar.com>
        S: 250 OK
        C: RCPT TO:<Jones@XYZ.COM>
        S: 250 OK
        C: DATA
        S: 354 Start mail input; end with <CRLF>.<CRLF>
        C: Date: Thu, 21 May 1998 05:33:29 -0700
        C: From: John Q. Public <JQP@bar.com>
        C: Subject: The Next Meeting of the Board
        C: To: Jones@xyz.com
        C:
        C: Bill:
        C: The next meeting of the board of directors will be
        C: on Tuesday.
        C: John.
        C: .

        """ + farewell),
    SMTPExample(
      "D.4",
      differences: [
        Difference("250-VRFY", because: "VRFY MAY be listed; support for it is required anyway (§3.5.2)"),
        Difference(
          "250 Mark Crispin <Admin.MRC@foo.com>", ours: "252 Cannot VRFY user",
          because: "who is here is told to nobody, and 252 says so (§3.5.3, §7.3)"),
      ],
      script: greeting.replacing("S: 250 HELP\n", with: "S: 250-VRFY\nS: 250 HELP\n") + """
        C: VRFY Crispin
        S: 250 Mark Crispin <Admin.MRC@foo.com>
        C: MAIL FROM:<EAK@bar.com>
        S: 250 OK
        C: RCPT TO:<Admin.MRC@foo.com>
        S: 250 OK
        C: DATA
        S: 354 Start mail input; end with <CRLF>.<CRLF>
        C: Blah blah blah...
        C: ...etc. etc. etc.
        C: .

        """ + farewell),
  ]
  private static let inventory = RFCInventory(
    ids: [
      "3.5.1 VRFY ambiguous", "3.5.1 EXPN", "3.5.1 EXPN denied", "4.1.1.3 source route", "4.2.1 multiline",
      "4.3.1 greeting",
      "4.5.3.1.9 line", "4.5.3.1.9 path", "4.5.3.1.9 recipients", "4.5.3.1.9 data", "6.1 source route", "D.1", "D.2",
      "D.3 step 1", "D.3 step 2", "D.4",
    ],
    notApplicable: [
      "3.5.1 VRFY ambiguous": "names are not looked for here: VRFY says 252 to every one (§7.3)"
    ])

  @Test(arguments: examples, [Int.max, 1]) func serverAnswersAsShown(_ example: SMTPExample, _ cut: Int) {
    example.check(cut: cut)
  }
  /// §6.1 is here below; §4.2.1 and step 2 of D.3 are of the client.
  @Test func noneIsMissing() {
    Self.inventory.check(
      played: Self.examples.map(\.example.id) + ["4.2.1 multiline", "6.1 source route", "D.3 step 2"])
  }
  /// §6.1: a notification goes to `<user@d>`; and §4.1.1.3: a message to `<userc@d.bar.org>`.
  @Test func sourceRoutesAreStripped() throws {
    var play = SMTPServerPlay()
    play.send("EHLO bar.com\r\nMAIL FROM:<@a,@b:user@d>\r\nRCPT TO:<@hosta.int,@jkl.org:bob@b.example>\r\n")
    play.send("DATA\r\nx: y\r\n.\r\n")
    let envelope = try #require(play.messages.first?.envelope)
    #expect(envelope.reversePath?.text == "user@d")
    #expect(envelope.recipients.map(\.path.text) == ["bob@b.example"])
  }

  // MARK: The client

  private static let offer = "250-foo.com greets bar.com\n250-8BITMIME\n250-SIZE\n250-DSN\n250 HELP\n"
  private func client(_ hello: String, from: String, to recipients: [String], _ message: String) -> SMTPClientSession {
    let paths = ([from] + recipients).compactMap { SMTPPath.parse(Array($0.utf8).span, allowsUTF8: false) }
    return SMTPClientSession(
      helloName: hello, envelope: Envelope(from: paths.first, to: Array(paths.dropFirst())),
      message: Array(message.utf8), octetSource: .seeded(1))
  }

  /// D.1, from the client's side. Parameters of MAIL may follow the offers.
  @Test(arguments: [Int.max, 1]) func clientTypicalScenario(_ cut: Int) {
    let message = "Blah blah blah...\r\n...etc. etc. etc.\r\n"
    var client = client(
      "bar.com", from: "Smith@bar.com", to: ["Jones@foo.com", "Green@foo.com", "Brown@foo.com"], message)
    let said = client.answers(
      to: [
        "220 foo.com Simple Mail Transfer Service Ready\n", Self.offer, "250 OK\n", "250 OK\n",
        "550 No such user here\n", "250 OK\n", "354 Start mail input; end with <CRLF>.<CRLF>\n", "250 OK\n",
        "221 foo.com Service closing transmission channel\n",
      ], cut: cut)
    #expect(said[0] == "EHLO bar.com\r\n" && said[1].hasPrefix("MAIL FROM:<Smith@bar.com>"))
    #expect(said[2].hasPrefix("RCPT TO:<Jones@foo.com>") && said[3].hasPrefix("RCPT TO:<Green@foo.com>"))
    #expect(said[4].hasPrefix("RCPT TO:<Brown@foo.com>") && said[5] == "DATA\r\n")
    #expect(said[6] == "Blah blah blah...\r\n....etc. etc. etc.\r\n.\r\n" && said[7] == "QUIT\r\n")
    #expect(client.fates.map { if case .accepted = $0 { true } else { false } } == [true, false, true])
  }
  /// Step 2 of D.3, where foo.com is the client.
  @Test(arguments: [Int.max, 1]) func clientRelays(_ cut: Int) {
    let message =
      "Received: from bar.com by foo.com ; Thu, 21 May 1998\r\n    05:33:29 -0700\r\n"
      + "Date: Thu, 21 May 1998 05:33:22 -0700\r\nFrom: John Q. Public <JQP@bar.com>\r\n"
      + "Subject:  The Next Meeting of the Board\r\nTo: Jones@xyz.com\r\n\r\nBill:\r\n"
      + "The next meeting of the board of directors will be\r\non Tuesday.\r\n                        John.\r\n"
    var client = client("foo.com", from: "JQP@bar.com", to: ["Jones@XYZ.COM"], message)
    let said = client.answers(
      to: [
        "220 xyz.com Simple Mail Transfer Service Ready\n", "250 xyz.com is on the air\n", "250 OK\n", "250 OK\n",
        "354 Start mail input; end with <CRLF>.<CRLF>\n", "250 OK\n",
        "221 foo.com Service closing transmission channel\n",
      ], cut: cut)
    #expect(
      said == [
        "EHLO foo.com\r\n", "MAIL FROM:<JQP@bar.com>\r\n", "RCPT TO:<Jones@XYZ.COM>\r\n", "DATA\r\n",
        "\(message).\r\n", "QUIT\r\n", "",
      ])
    #expect(client.fates.count == 1)
  }
  /// §4.2.1: numbers at the beginning of a text are no code.
  @Test(arguments: [Int.max, 1]) func clientBearsRepliesOfSeveralLines(_ cut: Int) {
    var client = client("bar.com", from: "Smith@bar.com", to: ["Jones@foo.com"], "x\r\n")
    let said = client.answers(
      to: [
        "220 foo.com\n", Self.offer,
        "250-First line\n250-Second line\n250-234 Text beginning with numbers\n250 The last line\n", "250 OK\n",
      ], cut: cut)
    #expect(said[2].hasPrefix("RCPT TO:<Jones@foo.com>") && said[3] == "DATA\r\n")
  }
}
