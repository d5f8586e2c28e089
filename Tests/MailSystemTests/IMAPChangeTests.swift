import Bytes
import Testing

@testable import MailSystem

/// STORE, EXPUNGE, COPY, MOVE, IDLE, and two sessions on one account (RFC 9051 §6.4, §7.5.1).
@Suite struct IMAPChangeTests {
  private static let messages = (1...4).map { "Subject: \($0)\r\n\r\nbody \($0)\r\n" }

  @Test(arguments: [
    ("STORE 1 +FLAGS (\\Deleted)", "* 1 FETCH (FLAGS (\\Deleted \\Recent))\r\nt OK STORE completed\r\n"),
    ("STORE 1 FLAGS \\Seen \\flagged $X", "* 1 FETCH (FLAGS ($X \\Flagged \\Seen \\Recent))\r\nt OK"),
    ("STORE 2:3 -FLAGS (\\Seen)", "* 2 FETCH (FLAGS (\\Recent))\r\n* 3 FETCH (FLAGS (\\Recent))\r\nt OK"),
    ("STORE 1 +FLAGS.SILENT (\\Seen)", "t OK"),
    ("UID STORE 4 +FLAGS (a)", "* 4 FETCH (UID 4 FLAGS (a \\Recent))\r\nt OK"),
    ("STORE 1 FLAGS ()", "* 1 FETCH (FLAGS (\\Recent))\r\nt OK"), ("STORE 5 FLAGS ()", "t BAD"),
    ("UID STORE 5 FLAGS ()", "t OK"),
    ("STORE 1 FLAGS", "t BAD"), ("STORE 1 FLAGS (\\Recent)", "t BAD"), ("STORE 1 FLAGS (\\Foo)", "t BAD"),
    ("STORE 1", "t BAD"),
    ("STORE 1 FLAGS (a", "t BAD"), ("STORE 1 *FLAGS (a)", "t BAD"), ("STORE 1 FLAGS (\"a\")", "t BAD"),
    ("STORE 1 (UNCHANGEDSINCE 1) FLAGS (a)", "t OK [MODIFIED 1] conditional STORE failed\r\n"),
    ("UID STORE 1:2 (UNCHANGEDSINCE 2) FLAGS.SILENT (a)", "* 1 FETCH (UID 1 MODSEQ (6))\r\nt OK [MODIFIED 2]"),
    ("STORE 1 (FOO 1) FLAGS (a)", "t BAD"), ("COPY 1:2 Sent", "t OK [COPYUID 103 1:2 1:2] COPY completed\r\n"),
    ("COPY 1 nothing", "t NO [TRYCREATE]"), ("COPY 9 Sent", "t BAD"), ("UID COPY 9 Sent", "t OK"), ("COPY 1", "t BAD"),
    ("COPY 1 INBOX", "* 5 EXISTS\r\n* 1 RECENT\r\n"), ("UID COPY 2,4 Sent", "t OK [COPYUID 103 2,4 1:2] COPY"),
    ("COPY $ Sent", "t OK"),
    ("MOVE 2:3 Sent", "* OK [COPYUID 103 2:3 1:2] moved\r\n* 2 EXPUNGE\r\n* 2 EXPUNGE\r\nt OK MOVE completed\r\n"),
    ("UID MOVE 9 Sent", "t OK"), ("MOVE 1 nothing", "t NO [TRYCREATE]"), ("CHECK", "t OK"), ("NOOP", "t OK"),
    ("EXPUNGE", "t OK"),
    ("EXPUNGE 1", "t BAD"), ("UID EXPUNGE", "t BAD"), ("UID EXPUNGE 0", "t BAD"), ("UID EXPUNGE 1", "t OK"),
    ("UNSELECT", "t OK"),
    ("CLOSE x", "t BAD"), ("ENABLE CONDSTORE", "t BAD"), ("DELETE INBOX", "t NO [CANNOT]"),
  ])
  func commands(_ command: String, _ answer: String) {
    var play = IMAPServerPlay.selected(messages: Self.messages)
    let said = play.say(command).replacing("* 5 RECENT", with: "* 1 RECENT")
    #expect(said.hasPrefix(answer), "\(said)")
  }
  @Test(arguments: ["STORE 1 FLAGS ()", "EXPUNGE", "UID EXPUNGE 1", "MOVE 1 Sent"])
  func whatWasExaminedIsNotChanged(_ command: String) {
    var play = IMAPServerPlay.loggedIn()
    _ = play.say("EXAMINE INBOX")
    #expect(play.say(command).hasPrefix("t NO [CANNOT]"))
    #expect(play.say("COPY 1 Sent").hasPrefix("t OK"))
    #expect(play.say("CLOSE").hasPrefix("t OK"))
    #expect(play.say("STATUS INBOX (MESSAGES)").contains("MESSAGES 2"))
  }
  @Test func expungingTellsNumbersAsTheyBecome() {
    var play = IMAPServerPlay.selected(messages: Self.messages)
    _ = play.say("STORE 1,3:4 +FLAGS (\\Deleted)")
    #expect(play.say("UID EXPUNGE 1:3") == "* 1 EXPUNGE\r\n* 2 EXPUNGE\r\nt OK EXPUNGE completed\r\n")
    #expect(play.say("EXPUNGE") == "* 2 EXPUNGE\r\nt OK EXPUNGE completed\r\n")
    #expect(play.say("FETCH 1 UID").hasPrefix("* 1 FETCH (UID 2)"))
  }
  @Test(arguments: [("CLOSE", "MESSAGES 3"), ("UNSELECT", "MESSAGES 4"), ("SELECT Sent", "MESSAGES 4")])
  func closingRemovesInSilence(_ command: String, _ status: String) {
    var play = IMAPServerPlay.selected(messages: Self.messages)
    _ = play.say("STORE 2 +FLAGS.SILENT (\\Deleted)")
    #expect(!play.say(command).contains("EXPUNGE"))
    #expect(play.say("STATUS INBOX (MESSAGES)").contains(status))
  }
  @Test func whatIsAppendedToTheSelectedMailboxIsToldAtOnce() {
    var play = IMAPServerPlay.selected()
    #expect(
      play.say("APPEND INBOX (\\Seen) {1+}\r\nx")
        == "* 3 EXISTS\r\n* 3 RECENT\r\nt OK [APPENDUID 100 3] APPEND completed\r\n")
  }
  @Test func whatAnotherSessionDoesIsTold() {
    var one = IMAPServerPlay.selected(messages: Self.messages)
    var two = IMAPServerPlay.loggedIn()
    one.withStore(of: &two) { _ = $0.say("SELECT INBOX") }
    #expect(two.text.contains("* 0 RECENT"))
    one.withStore(of: &two) { two in
      _ = two.say("STORE 4 +FLAGS (\\Flagged)")
      _ = two.say("STORE 2 +FLAGS.SILENT (\\Deleted)")
      _ = two.say("EXPUNGE")
      _ = two.say("APPEND INBOX {1+}\r\nx")
    }
    // Numbers stay while they are used (RFC 9051 §7.5.1).
    #expect(
      one.say("FETCH 3 UID")
        == "* 3 FETCH (UID 3)\r\n* 5 EXISTS\r\n* 4 RECENT\r\n* 4 FETCH (FLAGS (\\Flagged \\Recent))\r\nt OK FETCH completed\r\n"
    )
    #expect(one.say("FETCH 2 BODY[]").hasSuffix("t NO [EXPUNGEISSUED] some of the messages are gone\r\n"))
    #expect(one.say("STORE 2 +FLAGS (\\Seen)") == "t NO [EXPUNGEISSUED] some of the messages are gone\r\n")
    #expect(one.say("SEARCH UID 2:3") == "* SEARCH 2 3\r\nt OK SEARCH completed\r\n")
    #expect(one.say("COPY 1:2 Sent") == "* 2 EXPUNGE\r\nt NO [EXPUNGEISSUED] some of the messages are gone\r\n")
    #expect(one.say("FETCH 4 UID").hasPrefix("* 4 FETCH (UID 5)"))
    #expect(one.say("NOOP") == "t OK done\r\n")
  }
  @Test func withUIDsNumbersMayChange() {
    var one = IMAPServerPlay.selected(messages: Self.messages)
    var two = IMAPServerPlay.loggedIn()
    one.withStore(of: &two) { $0.send("a SELECT INBOX\r\nb STORE 1 +FLAGS (\\Deleted)\r\nc EXPUNGE\r\n") }
    #expect(one.say("UID FETCH 2 UID") == "* 2 FETCH (UID 2)\r\n* 1 EXPUNGE\r\nt OK FETCH completed\r\n")
  }
  /// A silent STORE is silent about what this session did, not about what another did meanwhile (RFC 9051 §6.4.6).
  @Test func silenceIsOnlyAboutOnesOwnChanges() {
    var one = IMAPServerPlay.selected()
    var two = IMAPServerPlay.loggedIn()
    one.withStore(of: &two) { $0.send("a SELECT INBOX\r\nb STORE 1 +FLAGS (\\Flagged)\r\n") }
    #expect(
      one.say("STORE 1:2 +FLAGS.SILENT (\\Seen)")
        == "* 1 FETCH (FLAGS (\\Flagged \\Seen \\Recent))\r\nt OK STORE completed\r\n")
  }
  @Test func idlingIsBeingTold() {
    var one = IMAPServerPlay.selected(isRevision2: true)
    var two = IMAPServerPlay.loggedIn()
    #expect(one.poll() == "")
    #expect(one.say("IDLE") == "+ idling\r\n")
    #expect(one.poll() == "")
    one.withStore(of: &two) { $0.send("a SELECT INBOX\r\nb STORE 2 +FLAGS (\\Seen)\r\nc APPEND INBOX {1+}\r\nx\r\n") }
    #expect(one.poll() == "* 3 EXISTS\r\n* 2 FETCH (UID 2 FLAGS (\\Seen))\r\n")
    one.withStore(of: &two) { $0.send("d STORE 1 +FLAGS (\\Deleted)\r\ne EXPUNGE\r\n") }
    #expect(one.answer("done\r\n") == "* 1 EXPUNGE\r\nt OK IDLE terminated\r\n")
    #expect(one.say("IDLE") == "+ idling\r\n")
    #expect(one.answer("NOOP\r\n") == "t BAD expected DONE\r\n")
    #expect(one.answer("a IDLE\r\nDONE\r\nb NOOP\r\n") == "+ idling\r\na OK IDLE terminated\r\nb OK done\r\n")
    #expect(one.say("IDLE x").hasPrefix("t BAD"))
  }
  @Test func aMailboxThatIsDeletedTakesItsSessionsWithIt() {
    var one = IMAPServerPlay.loggedIn()
    _ = one.say("CREATE x")
    _ = one.say("SELECT x")
    #expect(one.say("DELETE x").hasPrefix("t NO [INUSE]"))
    var two = IMAPServerPlay.loggedIn()
    one.withStore(of: &two) { _ = $0.say("DELETE x") }
    #expect(one.say("NOOP") == "* BYE [UNAVAILABLE] the selected mailbox was deleted\r\n")
    #expect(one.isClosed)
  }
  @Test func changesAreCountedForThoseWhoAsk() {
    var play = IMAPServerPlay.loggedIn()
    _ = play.say("SELECT INBOX (CONDSTORE)")
    #expect(
      play.say("STORE 1 +FLAGS (\\Seen)")
        == "* 1 FETCH (FLAGS (\\Seen \\Recent) MODSEQ (4))\r\nt OK STORE completed\r\n")
    #expect(play.say("STORE 2 +FLAGS.SILENT (\\Seen)").hasPrefix("* 2 FETCH (MODSEQ (5))\r\nt OK"))
    #expect(
      play.say("FETCH 1:2 FLAGS (CHANGEDSINCE 4)").hasPrefix("* 2 FETCH (FLAGS (\\Seen \\Recent) MODSEQ (5))\r\nt OK"))
  }
}
