import Bytes
import MailProtocols
import Testing

@testable import MailSystem

@Suite struct SMTPServerSessionTests {
  // MARK: RFC examples

  /// RFC 5321 §D.1, with the addresses of our directory.
  static let typical = """
    EHLO bar.com
    MAIL FROM:<Smith@bar.com>
    RCPT TO:<bob@b.example>
    RCPT TO:<Green@b.example>
    RCPT TO:<tim@b.example>
    DATA
    Blah blah blah...
    ...etc. etc. etc.
    .
    QUIT

    """.replacing("\n", with: "\r\n")

  @Test(arguments: [Int.max, 1, 2, 7, 64])
  func theTypicalTransactionOfTheRFC(_ cut: Int) throws {
    var play = SMTPServerPlay()
    play.send(Self.typical, cut: cut)
    let codes = play.replies.split(separator: "\r\n").filter { $0.dropFirst(3).first != "-" }.map { $0.prefix(3) }
    #expect(codes == ["220", "250", "250", "250", "550", "250", "354", "250", "221"])
    #expect(play.isClosed)
    let message = try #require(play.messages.first)
    #expect(message.envelope.reversePath?.text == "Smith@bar.com")
    #expect(message.envelope.recipients.map(\.path.text) == ["bob@b.example", "tim@b.example"])
    #expect(message.text.hasPrefix("Received: from bar.com ([192.0.2.1])\r\n\tby mx.b.example with ESMTP id "))
    #expect(message.text.hasSuffix("Blah blah blah...\r\n..etc. etc. etc.\r\n"), "\(message.text)")
  }
  @Test func repliesArriveInTheSamePlaceHoweverTheOctetsAreCut() {
    var whole = SMTPServerPlay()
    whole.send(Self.typical)
    for cut in 1..<40 {
      var play = SMTPServerPlay()
      play.send(Self.typical, cut: cut)
      #expect(play.replies == whole.replies)
    }
  }

  // MARK: Every command in every state

  @Test(arguments: [
    ("HELO", 501), ("HELO a.example", 250), ("EHLO", 501), ("EHLO a.example", 250), ("ehlo A.EXAMPLE", 250),
    ("MAIL FROM:<a@a.example>", 503), ("RCPT TO:<bob@b.example>", 503), ("DATA", 503), ("RSET", 250), ("NOOP", 250),
    ("NOOP whatever", 250), ("RSET now", 501), ("QUIT now", 501), ("VRFY bob", 252), ("VRFY", 501), ("EXPN staff", 502),
    ("HELP", 214), ("STARTTLS", 503), ("AUTH PLAIN", 503), ("QUIT", 221), ("BDAT 0 LAST", 503), ("XYZZY", 500),
    ("", 500), ("DATA 5", 501), ("BDAT x", 501), ("BDAT 1 FIRST", 501),
  ])
  func beforeTheGreeting(_ line: String, _ code: Int) {
    var play = SMTPServerPlay()
    #expect(play.code(line) == code)
  }
  @Test(arguments: [
    ("MAIL FROM:<a@a.example>", 250), ("mail from:<a@a.example>", 250), ("MAIL FROM:<>", 250),
    ("MAIL FROM: <a@a.example>", 250), ("MAIL FROM:a@a.example", 501), ("MAIL FROM <a@a.example>", 501),
    ("MAIL <a@a.example>", 501), ("MAIL", 501), ("MAIL FROM:<a@a.example", 501), ("MAIL FROM:<a>", 501),
    ("MAIL FROM:<a@a.example>x", 501), ("MAIL FROM:<a@-a.example>", 501), ("MAIL FROM:<a@a..example>", 501),
    ("MAIL FROM:<.a@a.example>", 501), ("MAIL FROM:<\"a b\"@a.example>", 250), ("MAIL FROM:<a@[192.0.2.1]>", 250),
    ("MAIL FROM:<@r.example:a@a.example>", 250), ("MAIL FROM:<a@a.example> SIZE=100", 250),
    ("MAIL FROM:<a@a.example> SIZE=99999999999", 552), ("MAIL FROM:<a@a.example> SIZE=x", 501),
    ("MAIL FROM:<a@a.example> BODY=8BITMIME", 250), ("MAIL FROM:<a@a.example> BODY=BINARYMIME", 501),
    ("MAIL FROM:<a@a.example> FOO=1", 555), ("MAIL FROM:<a@a.example> SIZE=1 SIZE=1", 501),
    ("MAIL FROM:<a@a.example> RET=HDRS ENVID=QQ314159", 250), ("MAIL FROM:<a@a.example> RET=NONE", 501),
    ("MAIL FROM:<ü@a.example> SMTPUTF8", 250), ("MAIL FROM:<ü@a.example>", 501),
    ("RCPT TO:<bob@b.example>", 503), ("DATA", 503), ("RSET", 250), ("QUIT", 221), ("HELO a.example", 250),
    ("STARTTLS", 503), ("AUTH PLAIN", 503),
  ])
  func afterEHLO(_ line: String, _ code: Int) {
    var play = SMTPServerPlay()
    #expect(play.code("EHLO a.example") == 250)
    #expect(play.code(line) == code)
  }
  @Test(arguments: [
    ("RCPT TO:<bob@b.example>", 250), ("rcpt to:<BOB@B.EXAMPLE>", 250), ("RCPT TO:<postmaster>", 250),
    ("RCPT TO:<Postmaster@b.example>", 250), ("RCPT TO:bob@b.example", 501), ("RCPT TO:<>", 501), ("RCPT", 501),
    ("RCPT TO:<bob@b.example> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;bob@b.example", 250),
    ("RCPT TO:<bob@b.example> NOTIFY=NEVER,SUCCESS", 501), ("RCPT TO:<bob@b.example> ORCPT=bob", 501),
    ("RCPT TO:<bob@b.example> X=1", 555), ("RCPT TO:<carol@b.example>", 550), ("RCPT TO:<eve@c.example>", 550),
    ("MAIL FROM:<b@a.example>", 503), ("DATA", 554), ("BDAT 0 LAST", 554), ("EHLO a.example", 250), ("RSET", 250),
    ("NOOP", 250), ("AUTH PLAIN", 503), ("QUIT", 221),
  ])
  func afterMAIL(_ line: String, _ code: Int) {
    var play = SMTPServerPlay()
    _ = play.code("EHLO a.example")
    #expect(play.code("MAIL FROM:<a@a.example>") == 250)
    #expect(play.code(line) == code)
  }
  @Test func aNestedMAILLeavesTheTransactionAsItIs() {
    var play = SMTPServerPlay()
    _ = play.code("EHLO a.example")
    _ = play.code("MAIL FROM:<a@a.example>")
    #expect(play.code("MAIL FROM:<b@a.example>") == 503)
    #expect(play.code("RCPT TO:<bob@b.example>") == 250)
    #expect(play.code("DATA") == 354)
    #expect(play.code("Subject: x\r\n\r\nx\r\n.") == 250)
    #expect(play.messages.first?.envelope.reversePath?.text == "a@a.example")
  }
  @Test(arguments: ["RSET", "EHLO b.example", "HELO b.example"])
  func aTransactionIsForgottenBy(_ line: String) {
    var play = SMTPServerPlay()
    _ = play.code("EHLO a.example")
    _ = play.code("MAIL FROM:<a@a.example>")
    _ = play.code("RCPT TO:<bob@b.example>")
    #expect(play.code(line) == 250)
    #expect(play.code("DATA") == 503)
  }
  @Test func parametersNeedEHLO() {
    var play = SMTPServerPlay()
    _ = play.code("HELO a.example")
    #expect(play.code("MAIL FROM:<a@a.example> SIZE=1") == 555)
    #expect(play.code("MAIL FROM:<a@a.example>") == 250)
  }

  // MARK: Relaying

  /// Roundabout ways to a foreign mailbox.
  @Test(arguments: [
    "eve@c.example", "eve%c.example@b.example", "c.example!eve@b.example", "@b.example:eve@c.example",
    "\"eve@c.example\"@b.example", "eve@[127.0.0.1]", "eve@[IPv6:::1]", "\"eve@c.example\"@[192.0.2.2]",
    "eve@b.example@c.example", "eve@c.example@b.example",
  ])
  func thereIsNoOpenRelay(_ recipient: String) {
    for sender in ["", "bob@b.example", "a@a.example"] {
      var play = SMTPServerPlay()
      _ = play.code("EHLO a.example")
      #expect(play.code("MAIL FROM:<\(sender)>") == 250)
      #expect([550, 501].contains(play.code("RCPT TO:<\(recipient)>")))
    }
  }

  // MARK: Smuggling

  /// Ends of data that are none. (Timo Longin, SMTP Smuggling, 2023.)
  static let falseEnds = [
    "\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r.\r\n", "\r\n.\r", "\n.\r", "\r.\n", "\r\n\0.\r\n", "\r\n.\0\r\n",
    "\r\n.\r\r\n", "\r\r\n.\n", "\n\n.\r\n", "\r\n. \r\n", "\r\n.\r\0\n", "\n\r.\r\n",
  ]

  @Test(arguments: falseEnds, [1, 3, Int.max])
  func noFalseEndSplitsAMessage(_ end: String, _ cut: Int) {
    var play = SMTPServerPlay()
    play.send("EHLO a.example\r\nMAIL FROM:<a@a.example>\r\nRCPT TO:<bob@b.example>\r\nDATA\r\n", cut: cut)
    let before = play.replies
    play.send("Subject: x\r\n\r\nfirst\(end)MAIL FROM:<eve@a.example>\r\n", cut: cut)
    #expect(play.replies == before, "\(end.debugDescription) was answered")
    play.send("RCPT TO:<bob@b.example>\r\nDATA\r\nSubject: y\r\n\r\nsmuggled\r\n.\r\nQUIT\r\n", cut: cut)
    #expect(play.messages.count <= 1)
    for message in play.messages {
      #expect(message.envelope.reversePath?.text == "a@a.example")
      // What is taken over can be relayed: no line in it ends otherwise than with CRLF.
      let bare = message.text.replacing("\r\n", with: "")
      #expect(!bare.utf8.contains(13) && !bare.utf8.contains(10))
    }
    #expect(play.replies.hasSuffix("221 2.0.0 mx.b.example closing connection\r\n"))
  }
  @Test(arguments: [1, 2, 5, Int.max])
  func dotsAreUnstuffed(_ cut: Int) {
    var play = SMTPServerPlay()
    play.send("HELO a\r\nMAIL FROM:<>\r\nRCPT TO:<bob@b.example>\r\nDATA\r\n")
    play.send("..\r\n..a\r\n.b\r\n\r\n...\r\nx.\r\n.\r\n", cut: cut)
    #expect(play.messages.first?.text.hasSuffix("\r\n.\r\n.a\r\nb\r\n\r\n..\r\nx.\r\n") == true)
  }
  @Test func anEmptyMessageEndsAtOnce() {
    var play = SMTPServerPlay()
    play.send("HELO a\r\nMAIL FROM:<>\r\nRCPT TO:<bob@b.example>\r\nDATA\r\n.\r\n")
    #expect(play.messages.count == 1)
    #expect(play.replies.hasSuffix("\r\n") && play.replies.contains("250 2.0.0 Ok: queued as"))
  }

  // MARK: Limits

  @Test func anOverlongCommandIsAnsweredOnceAndTheDialogueStaysInStep() {
    var play = SMTPServerPlay()
    let before = play.replies
    play.send("NOOP " + String(repeating: "x", count: 100_000) + "\r\nNOOP\r\n", cut: 1000)
    #expect(play.replies.dropFirst(before.count) == "500 5.5.6 Line too long\r\n250 2.0.0 Ok\r\n")
  }
  @Test(arguments: [998, 999])
  func linesOfTheMessageHaveALimit(_ length: Int) {
    var play = SMTPServerPlay()
    play.send("HELO a\r\nMAIL FROM:<>\r\nRCPT TO:<bob@b.example>\r\nDATA\r\n")
    #expect(play.code(String(repeating: "y", count: length) + "\r\n.") == (length == 998 ? 250 : 500))
    #expect(play.code("NOOP") == 250)
  }
  @Test func aMessageHasALimit() {
    var play = SMTPServerPlay { $0.messageByteLimit = 1000 }
    play.send("HELO a\r\nMAIL FROM:<>\r\nRCPT TO:<bob@b.example>\r\nDATA\r\n")
    #expect(play.code(String(repeating: "yyyyyyyyyyyyyyyyyyyy\r\n", count: 100) + ".") == 552)
    #expect(play.code("NOOP") == 250)
  }
  @Test func recipientsHaveALimit() {
    var play = SMTPServerPlay { $0.recipientLimit = 2 }
    play.send("HELO a\r\nMAIL FROM:<>\r\nRCPT TO:<bob@b.example>\r\nRCPT TO:<tim@b.example>\r\n")
    #expect(play.code("RCPT TO:<pickle@b.example>") == 452)
  }
  @Test func aClientThatOnlyErrsIsLeft() {
    var play = SMTPServerPlay()
    play.send(String(repeating: "XYZZY\r\n", count: 100))
    #expect(play.isClosed)
    #expect(play.replies.hasSuffix("421 4.7.0 Too many errors\r\n"))
  }
  @Test func aMessageThatCannotBeKeptIsNoLoss() {
    var play = SMTPServerPlay()
    play.custody = .failed
    play.send("HELO a\r\nMAIL FROM:<>\r\nRCPT TO:<bob@b.example>\r\nDATA\r\nx\r\n.\r\n")
    #expect(play.replies.hasSuffix("452 4.3.1 Insufficient system storage\r\n"))
  }
  @Test func aMessageThatGoesInCirclesIsStopped() {
    var play = SMTPServerPlay()
    play.send("HELO a\r\nMAIL FROM:<>\r\nRCPT TO:<bob@b.example>\r\nDATA\r\n")
    #expect(play.code(String(repeating: "Received: by x; y\r\n", count: 50) + "\r\nx\r\n.") == 554)
  }

  // MARK: BDAT

  @Test(arguments: [1, 4, Int.max])
  func aMessageInChunks(_ cut: Int) {
    var play = SMTPServerPlay()
    play.send("EHLO a\r\nMAIL FROM:<a@a.example>\r\nRCPT TO:<bob@b.example>\r\n")
    play.send("BDAT 14\r\nSubject: x\r\n\r\nBDAT 8 LAST\r\n.\r\nabc\r\n", cut: cut)
    #expect(play.messages.first?.text.hasSuffix("Subject: x\r\n\r\n.\r\nabc\r\n") == true)
    #expect(play.code("NOOP") == 250)
  }
  @Test func chunksThatNobodyWantsAreRead() {
    var play = SMTPServerPlay()
    play.send("EHLO a\r\n")
    let before = play.replies.count
    play.send("BDAT 6 LAST\r\nNOOP\r\nNOOP\r\n")
    #expect(play.replies.dropFirst(before) == "503 5.5.1 Bad sequence of commands\r\n250 2.0.0 Ok\r\n")
  }
  @Test func aBareLineFeedInChunksIsRefused() {
    var play = SMTPServerPlay()
    play.send("EHLO a\r\nMAIL FROM:<a@a.example>\r\nRCPT TO:<bob@b.example>\r\nBDAT 8 LAST\r\na\n.\r\nb\r\n")
    #expect(play.messages.isEmpty)
    #expect(play.replies.contains("550 5.6.11"))
  }

  // MARK: TLS

  @Test func whatCameBehindSTARTTLSIsNotAnswered() {
    var play = SMTPServerPlay { $0.offersTLS = true }
    play.send("EHLO a\r\nSTARTTLS\r\nMAIL FROM:<eve@c.example>\r\nRCPT TO:<bob@b.example>\r\n")
    #expect(play.replies.hasSuffix("220 2.0.0 Ready to start TLS\r\n"))
    // The state is that of the beginning (RFC 3207 §4.2).
    #expect(play.code("MAIL FROM:<a@a.example>") == 503)
    #expect(!play.say("EHLO a").contains("STARTTLS"))
    #expect(play.code("STARTTLS") == 503)
  }
  @Test func nobodyLogsInBeforeTLSWhereItIsRequired() {
    var play = SMTPServerPlay(.submission) {
      $0.offersTLS = true
      $0.requiresTLSForLogin = true
    }
    #expect(!play.say("EHLO a").contains("AUTH"))
    #expect(play.code("AUTH PLAIN AGJvYgBodW50ZXIy") == 538)
    _ = play.code("STARTTLS")
    #expect(play.say("EHLO a").contains("AUTH SCRAM-SHA-256 CRAM-MD5 PLAIN LOGIN"))
    #expect(play.code("AUTH PLAIN AGJvYgBodW50ZXIy") == 235)
  }

  // MARK: Submission

  @Test func submissionNeedsALogin() {
    var play = SMTPServerPlay(.submission)
    _ = play.code("EHLO a")
    #expect(play.code("MAIL FROM:<bob@b.example>") == 530)
    #expect(play.code("AUTH PLAIN AGJvYgBodW50ZXIy") == 235)
    #expect(play.code("MAIL FROM:<tim@b.example>") == 553)
    #expect(play.code("MAIL FROM:<bob@b.example>") == 250)
    #expect(play.code("RCPT TO:<eve@c.example>") == 250)
    #expect(play.code("DATA") == 354)
    #expect(play.code("Subject: x\r\n\r\nx\r\n.") == 250)
    let text = play.messages.first?.text ?? ""
    #expect(text.contains("with ESMTPA id ") && text.contains("\r\nDate: ") && text.contains("\r\nMessage-ID: <"))
  }
  @Test(arguments: [
    ("AUTH PLAIN", ["334", "AGJvYgBodW50ZXIy"], 235), ("AUTH LOGIN", ["334", "Ym9i", "334", "aHVudGVyMg=="], 235),
    ("AUTH LOGIN Ym9i", ["334", "aHVudGVyMg=="], 235), ("AUTH LOGIN", ["334", "Ym9i", "334", "d3Jvbmc="], 535),
    ("AUTH PLAIN AGV2ZQBodW50ZXIy", [], 535), ("AUTH PLAIN", ["334", "*"], 501), ("AUTH PLAIN", ["334", "!!"], 501),
    ("AUTH PLAIN Zm9v", [], 501), ("AUTH FOO", [], 504), ("AUTH", [], 501), ("AUTH PLAIN =", [], 501),
    ("AUTH CRAM-MD5 Zm9v", [], 501), ("auth plain", ["334", "AGJvYkBiLmV4YW1wbGUAaHVudGVyMg=="], 235),
  ])
  func logins(_ first: String, _ rest: [String], _ code: Int) {
    var play = SMTPServerPlay(.submission)
    _ = play.code("EHLO a")
    var line = first
    var steps = rest
    while !steps.isEmpty {
      #expect(play.say(line).hasPrefix(steps.removeFirst()))
      line = steps.removeFirst()
    }
    #expect(play.code(line) == code)
    #expect(play.code("NOOP") == 250)
    #expect((play.session.user == "bob@b.example") == (code == 235))
  }
  @Test func guessingIsSlowedAndEnds() {
    var play = SMTPServerPlay(.submission)
    _ = play.code("EHLO a")
    for _ in 0..<5 { _ = play.code("AUTH PLAIN AGJvYgB3cm9uZw==") }
    #expect(play.pauses == [1, 2, 3, 4, 5].map { $0 * 500_000_000 })
    #expect(play.isClosed)
  }
}
