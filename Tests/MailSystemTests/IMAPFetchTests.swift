import Bytes
import MailProtocols
import Testing

@testable import MailSystem

/// RFC 9051 §6.4.5, §7.5.2.
@Suite struct IMAPFetchTests {
  /// The message of RFC 9051 §8, whose envelope and structure stand there, with example domains.
  private static let minutes =
    "Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\r\nFrom: Terry Gray <gray@cac.example>\r\n"
    + "Subject: IMAP4rev2 WG mtg summary and minutes\r\nTo: imap@cac.example\r\n"
    + "cc: minutes@cnri.example, John Klensin <klensin@mit.example>\r\n"
    + "Message-Id: <B27397-0100000@cac.example>\r\nMIME-Version: 1.0\r\n"
    + "Content-Type: TEXT/PLAIN; CHARSET=US-ASCII\r\n\r\nline one\r\nline two\r\n"

  @Test func theEnvelopeOfTheRFC() {
    var play = IMAPServerPlay.selected(messages: [Self.minutes])
    #expect(
      play.say("FETCH 1 ENVELOPE")
        == "* 1 FETCH (ENVELOPE (\"Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\" \"IMAP4rev2 WG mtg summary and minutes\" "
        + "((\"Terry Gray\" NIL \"gray\" \"cac.example\")) ((\"Terry Gray\" NIL \"gray\" \"cac.example\")) "
        + "((\"Terry Gray\" NIL \"gray\" \"cac.example\")) ((NIL NIL \"imap\" \"cac.example\")) "
        + "((NIL NIL \"minutes\" \"cnri.example\")(\"John Klensin\" NIL \"klensin\" \"mit.example\")) NIL NIL "
        + "\"<B27397-0100000@cac.example>\"))\r\nt OK FETCH completed\r\n")
    #expect(
      play.say("FETCH 1 BODY")
        == "* 1 FETCH (BODY (\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 20 2))\r\nt OK FETCH completed\r\n"
    )
    #expect(
      play.say("FETCH 1 BODY[HEADER.FIELDS (DATE FROM)]")
        == "* 1 FETCH (BODY[HEADER.FIELDS (DATE FROM)] {84}\r\nDate: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\r\n"
        + "From: Terry Gray <gray@cac.example>\r\n\r\n FLAGS (\\Seen \\Recent))\r\nt OK FETCH completed\r\n")
  }
  @Test func groupsAndOddAddresses() {
    var play = IMAPServerPlay.selected(messages: [
      "To: A Group:Ed <c@a.test>,joe@where.test;, =?utf-8?q?J=C3=BCrgen?= <j@b.test>\r\nCc: nobody\r\nSubject: a \"b\" \\\r\n folded\r\n\r\n"
    ])
    #expect(
      play.say("FETCH 1 ENVELOPE").hasPrefix(
        "* 1 FETCH (ENVELOPE (NIL \"a \\\"b\\\" \\\\ folded\" NIL NIL NIL ((NIL NIL \"A Group\" NIL)(\"Ed\" NIL \"c\" \"a.test\")"
          + "(NIL NIL \"joe\" \"where.test\")(NIL NIL NIL NIL)(\"=?utf-8?q?J=C3=BCrgen?=\" NIL \"j\" \"b.test\")) "
          + "((NIL NIL \"nobody\" \"\")) NIL NIL NIL))\r\n"))
  }
  @Test func theStructureOfManyParts() {
    var play = IMAPServerPlay.selected(messages: [MIMEStructureTests.nested])
    #expect(
      play.say("FETCH 1 BODY")
        == "* 1 FETCH (BODY ((\"TEXT\" \"PLAIN\" (\"CHARSET\" \"us-ascii\") NIL NIL \"7BIT\" 3 1)"
        + "(\"APPLICATION\" \"OCTET-STREAM\" NIL NIL NIL \"BASE64\" 4)"
        + "(\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 135 (NIL \"three\" NIL NIL NIL NIL NIL NIL NIL NIL) "
        + "((\"TEXT\" \"PLAIN\" (\"CHARSET\" \"us-ascii\") NIL NIL \"7BIT\" 9 1)"
        + "(\"TEXT\" \"HTML\" (\"CHARSET\" \"us-ascii\") NIL NIL \"7BIT\" 9 1) \"ALTERNATIVE\") 11)"
        + "((\"IMAGE\" \"GIF\" NIL NIL NIL \"7BIT\" 3)(\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 33 "
        + "(NIL \"four two\" NIL NIL NIL NIL NIL NIL NIL NIL) "
        + "(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"us-ascii\") NIL NIL \"7BIT\" 12 1) 3) \"MIXED\") \"MIXED\"))\r\n"
        + "t OK FETCH completed\r\n")
  }
  @Test func theExtensionsOfAStructure() {
    var play = IMAPServerPlay.selected(messages: [
      "Content-Type: multipart/mixed; boundary=x\r\nContent-Language: de, en\r\n\r\n--x\r\n"
        + "Content-Type: image/png; name*=utf-8''%C3%BC.png\r\nContent-Disposition: attachment; filename=\"a b\"\r\n"
        + "Content-ID: <1>\r\nContent-Description: d\r\nContent-MD5: m\r\nContent-Location: l\r\n\r\nx\r\n--x--\r\n"
    ])
    #expect(
      play.say("FETCH 1 BODYSTRUCTURE").hasPrefix(
        "* 1 FETCH (BODYSTRUCTURE ((\"IMAGE\" \"PNG\" (\"NAME*\" \"utf-8''%C3%BC.png\") \"<1>\" \"d\" \"7BIT\" 1 \"m\" "
          + "(\"ATTACHMENT\" (\"FILENAME\" \"a b\")) NIL \"l\") \"MIXED\" (\"BOUNDARY\" \"x\") NIL (\"de\" \"en\") NIL))\r\n"
      ))
  }
  @Test(arguments: [
    ("BODY.PEEK[]<0.6>", "BODY[]<0> {6}\r\nSubjec"), ("BODY.PEEK[1]", "BODY[1] {3}\r\none"),
    ("BODY.PEEK[3.HEADER.FIELDS (subject)]", "BODY[3.HEADER.FIELDS (subject)] {18}\r\nSubject: three\r\n\r\n"),
    ("BODY.PEEK[3.1]", "BODY[3.1] {9}\r\nthree one"), ("BODY.PEEK[4.2.TEXT]", "BODY[4.2.TEXT] {12}\r\nfour two one"),
    ("BODY.PEEK[4.2.1]", "BODY[4.2.1] {12}\r\nfour two one"), ("BODY.PEEK[9]", "BODY[9] NIL"),
    ("BODY.PEEK[1.HEADER]", "BODY[1.HEADER] NIL"),
    ("BODY.PEEK[1.MIME]", "BODY[1.MIME] {28}\r\nContent-Type: text/plain\r\n\r\n"),
    ("BODY.PEEK[1]<1.100>", "BODY[1]<1> {2}\r\nne"), ("BODY.PEEK[1]<3.1>", "BODY[1]<3> \"\""),
    ("BODY.PEEK[1]<9223372036854775807.9223372036854775807>", "BODY[1]<9223372036854775807> \"\""),
    ("BINARY.PEEK[2]", "BINARY[2] {3}\r\ntwo"), ("BINARY.SIZE[2]", "BINARY.SIZE[2] 3"),
    ("BINARY.PEEK[9]", "BINARY[9] NIL"),
    ("BODY.PEEK[HEADER.FIELDS (nothing)]", "BODY[HEADER.FIELDS (nothing)] {2}\r\n\r\n"),
    (
      "BODY.PEEK[HEADER.FIELDS.NOT (Content-Type)]",
      "BODY[HEADER.FIELDS.NOT (Content-Type)] {18}\r\nSubject: outer\r\n\r\n"
    ),
    ("RFC822.HEADER", "RFC822.HEADER {61}\r\nSubject: outer\r\n"), ("RFC822.SIZE", "RFC822.SIZE 554"),
    ("UID", "UID 1"), ("INTERNALDATE", "INTERNALDATE \"14-Nov-2023 22:13:20 +0000\""), ("FLAGS", "FLAGS (\\Recent)"),
    ("MODSEQ", "MODSEQ (2)"),
  ])
  func sections(_ item: String, _ value: String) {
    var play = IMAPServerPlay.selected(messages: [MIMEStructureTests.nested])
    let answer = play.say("FETCH 1 \(item)")
    #expect(answer.hasPrefix("* 1 FETCH (\(value)"), "\(answer)")
    #expect(answer.hasSuffix("\r\nt OK FETCH completed\r\n"))
    #expect(!answer.contains("\\Seen"))
  }
  @Test(arguments: ["BODY[]", "BODY[TEXT]", "RFC822", "RFC822.TEXT", "BODY[1]<0.1>", "BINARY[1]"])
  func readingIsSeeing(_ item: String) {
    var play = IMAPServerPlay.selected()
    #expect(play.say("FETCH 1 \(item)").contains(" FLAGS (\\Seen \\Recent))\r\n"))
    // Only what changes is told.
    #expect(!play.say("FETCH 1 \(item)").contains("FLAGS"))
    #expect(play.say("FETCH 1:2 (FLAGS \(item))").contains("* 2 FETCH (FLAGS (\\Seen \\Recent) "))
    var other = IMAPServerPlay.loggedIn()
    _ = other.say("EXAMINE INBOX")
    #expect(!other.say("FETCH 1 \(item)").contains("\\Seen"))
  }
  @Test(arguments: [
    ("FETCH 3 FLAGS", "t BAD"), ("FETCH 1:3 FLAGS", "t BAD"), ("FETCH 0 FLAGS", "t BAD"), ("FETCH 1", "t BAD"),
    ("FETCH 1 ()", "t BAD"), ("FETCH", "t BAD"), ("FETCH 1 FLAGS x", "t BAD"), ("FETCH 1 (ALL)", "t BAD"),
    ("FETCH 4294967296 FLAGS", "t BAD"), ("UID FETCH 9 FLAGS", "t OK"), ("FETCH * UID", "* 2 FETCH (UID 2)"),
    ("UID FETCH * UID", "* 2 FETCH (UID 2)"), ("UID FETCH 9:* FLAGS", "* 2 FETCH (UID 2 FLAGS"),
    ("FETCH 1 FAST", "* 1 FETCH (FLAGS (\\Recent) INTERNALDATE \"14-Nov-2023 22:13:20 +0000\" RFC822.SIZE 60)"),
    ("FETCH $ FLAGS", "t OK"), ("FETCH 1:2 FLAGS (CHANGEDSINCE 2)", "* 2 FETCH (FLAGS (\\Recent) MODSEQ (3))\r\nt OK"),
    ("FETCH 1 FLAGS (VANISHED)", "t BAD"), ("FETCH 1 FLAGS ()", "t BAD"),
  ])
  func commands(_ command: String, _ answer: String) {
    var play = IMAPServerPlay.selected()
    #expect(play.say(command).hasPrefix(answer))
  }
  @Test func anUnknownEncodingIsNotDecoded() {
    var play = IMAPServerPlay.selected(messages: ["Content-Transfer-Encoding: x-odd\r\n\r\nbody"])
    #expect(
      play.say("FETCH 1 BINARY.PEEK[1]")
        == "* 1 FETCH (BINARY[1] NIL)\r\nt NO [UNKNOWN-CTE] a part has an unknown encoding\r\n")
  }
  /// A long answer is put together a piece at a time, and comes out whole.
  @Test func longAnswersWaitUntilTheyAreSent() {
    let body = String(repeating: "0123456789", count: 60_000)
    let message = "Subject: x\r\n\r\n" + body
    var play = IMAPServerPlay.selected(messages: [message, message, message])
    let answer = play.say("FETCH 1:3 (BODY.PEEK[] BODY.PEEK[TEXT] UID)")
    #expect(play.drainCount >= 3)
    let line = "BODY[] {600014}\r\n\(message) BODY[TEXT] {600000}\r\n\(body) UID"
    #expect(answer == (1...3).map { "* \($0) FETCH (\(line) \($0))\r\n" }.joined() + "t OK FETCH completed\r\n")
  }
}
