import Bytes
import Testing

@testable import MailSystem

/// RFC 9051 §6.1, §6.2.
@Suite struct IMAPLoginTests {
  @Test(arguments: [
    ("LOGIN bob hunter2", "t OK [CAPABILITY"), ("login \"bob@b.example\" \"hunter2\"", "t OK"),
    ("LOGIN bob wrong", "t NO [AUTHENTICATIONFAILED]"), ("LOGIN bob", "t BAD"), ("LOGIN", "t BAD"),
    ("LOGIN bob hunter2 x", "t BAD"), ("LOGIN  bob hunter2", "t BAD"), ("LOGIN bob hunter2 ", "t BAD"),
    ("LOGIN {3+}\r\nbob {7+}\r\nhunter2", "t OK"), ("LOGIN (bob) hunter2", "t BAD"),
    ("AUTHENTICATE PLAIN AGJvYgBodW50ZXIy", "t OK"),
    ("AUTHENTICATE plain AGJvYgB3cm9uZw==", "t NO [AUTHENTICATIONFAILED]"),
    ("AUTHENTICATE PLAIN !", "t BAD"), ("AUTHENTICATE PLAIN", "+ \r\n"), ("AUTHENTICATE FOO", "t NO"),
    ("AUTHENTICATE", "t BAD"), ("AUTHENTICATE PLAIN =", "t BAD"), ("AUTHENTICATE CRAM-MD5", "+ PD"),
    ("AUTHENTICATE CRAM-MD5 AGJvYg==", "t BAD"), ("STARTTLS", "t BAD"),
    ("CAPABILITY", "* CAPABILITY IMAP4rev2 IMAP4rev1"),
    ("CAPABILITY x", "t BAD"), ("NOOP", "t OK"), ("ID NIL", "* ID (\"name\" \"mailwire\")\r\nt OK"),
    ("ID (\"name\" \"sodr\" \"os\" NIL)", "* ID"), ("ID (\"name\")", "t BAD"), ("ID", "t BAD"), ("ID \"x\"", "t BAD"),
    ("LOGOUT", "* BYE imap.b.example signing off\r\nt OK"), ("XYZZY", "t BAD"), ("UID", "t BAD"), ("UID NOOP", "t BAD"),
    ("FETCH 1 FLAGS", "t BAD"), ("SELECT INBOX", "t BAD"), ("CHECK", "t BAD"), ("ENABLE CONDSTORE", "t BAD"),
    ("LIST \"\" *", "t BAD"), ("IDLE", "t BAD"), ("APPEND INBOX {1+}\r\nx", "t BAD"),
  ])
  func beforeLogin(_ command: String, _ answer: String) {
    var play = IMAPServerPlay()
    #expect(play.say(command).hasPrefix(answer))
  }
  @Test(arguments: ["LOGIN bob hunter2", "AUTHENTICATE PLAIN AGJvYgBodW50ZXIy", "STARTTLS"])
  func nobodyLogsInTwice(_ command: String) {
    var play = IMAPServerPlay.loggedIn()
    #expect(play.say(command).hasPrefix("t BAD"))
  }
  @Test func anExchangeGoesOnByLines() {
    var play = IMAPServerPlay()
    #expect(play.say("AUTHENTICATE LOGIN") == "+ VXNlcm5hbWU6\r\n")
    #expect(play.answer("Ym9i\r\n") == "+ UGFzc3dvcmQ6\r\n")
    #expect(play.answer("aHVudGVyMg==\r\n").hasPrefix("t OK [CAPABILITY"))
    #expect(play.session.user == "bob@b.example")
  }
  @Test(arguments: ["*", "!!", ""])
  func anExchangeIsGivenUp(_ line: String) {
    var play = IMAPServerPlay()
    _ = play.say("AUTHENTICATE PLAIN")
    #expect(play.answer("\(line)\r\n").hasPrefix("t BAD"))
    #expect(play.say("NOOP") == "t OK done\r\n")
  }
  @Test func anOverlongResponseEndsTheExchangeOnly() {
    var play = IMAPServerPlay()
    _ = play.say("AUTHENTICATE PLAIN")
    #expect(play.answer(String(repeating: "A", count: 50_000) + "\r\n").hasPrefix("t BAD"))
    #expect(play.say("NOOP") == "t OK done\r\n")
  }
  @Test func unknownUsersLookLikeWrongPasswords() {
    var answers: Set<String> = []
    for command in ["LOGIN bob wrong", "LOGIN nobody hunter2", "AUTHENTICATE PLAIN AG5vYm9keQBodW50ZXIy"] {
      var play = IMAPServerPlay()
      answers.insert(play.say(command))
      #expect(play.pauses == [500_000_000])
    }
    #expect(answers == ["t NO [AUTHENTICATIONFAILED] user name or password wrong\r\n"])
  }
  @Test func guessingIsSlowedAndEnds() {
    var play = IMAPServerPlay()
    for _ in 0..<5 { _ = play.say("LOGIN bob wrong") }
    #expect(play.pauses == [500_000_000, 1_000_000_000, 1_500_000_000, 2_000_000_000, 2_500_000_000])
    #expect(play.text.hasSuffix("* BYE too many wrong passwords\r\n"))
    #expect(play.isClosed)
    #expect(play.say("LOGIN bob hunter2") == "")
  }
  @Test func nothingInClearWhereTLSIsRequired() {
    var play = IMAPServerPlay {
      $0.offersTLS = true
      $0.requiresTLSForLogin = true
    }
    #expect(play.text.contains(" STARTTLS LOGINDISABLED "))
    #expect(!play.text.contains("AUTH="))
    #expect(play.say("LOGIN bob hunter2").hasPrefix("t NO [PRIVACYREQUIRED]"))
    #expect(play.say("AUTHENTICATE PLAIN AGJvYgBodW50ZXIy").hasPrefix("t NO [PRIVACYREQUIRED]"))
    // What comes behind STARTTLS in the same segment is not answered.
    #expect(play.answer("a STARTTLS\r\nb LOGIN bob hunter2\r\n") == "a OK begin TLS\r\n")
    let capabilities = play.say("CAPABILITY")
    #expect(capabilities.contains("AUTH=SCRAM-SHA-256"))
    #expect(!capabilities.contains("STARTTLS"))
    #expect(!capabilities.contains("LOGINDISABLED"))
    #expect(play.say("LOGIN bob hunter2").hasPrefix("t OK"))
    #expect(play.say("STARTTLS").hasPrefix("t BAD"))
  }
  @Test(arguments: [
    "", " ", "a", "* NOOP", "+ NOOP", "a+b NOOP", "(a) NOOP", "\"a\" NOOP", "a  NOOP", "a\tNOOP", " a NOOP",
  ])
  func whatHasNoTagIsAnsweredUntaggedOrBAD(_ line: String) {
    var play = IMAPServerPlay()
    let answer = play.answer("\(line)\r\n")
    #expect(answer.hasPrefix("* BAD ") || answer.hasPrefix("a BAD "))
    #expect(play.say("NOOP") == "t OK done\r\n")
  }
  @Test func errorsAreCounted() {
    var play = IMAPServerPlay()
    for _ in 0..<60 { play.send("nonsense\r\n") }
    #expect(play.isClosed)
    #expect(play.text.hasSuffix("* BYE too many errors\r\n"))
  }
  @Test func theServersOwnGoodbyes() {
    var play = IMAPServerPlay()
    play.session.expire()
    let goodbye = play.session.takeOutput()
    #expect(goodbye.span.text() == "* BYE you have been idle for too long\r\n")
    #expect(play.session.takeAction() == .close)
    play.session.shutDown()
    #expect(play.session.takeOutput().isEmpty)
  }
}
