import Bytes
import Testing

@testable import MailSystem

/// RFC 9051 §6.3.
@Suite struct IMAPFolderTests {
  private static func play(isRevision2: Bool = false) -> IMAPServerPlay {
    var play = IMAPServerPlay.loggedIn(isRevision2: isRevision2)
    play.send("a CREATE foo/bar/baz\r\nb CREATE \"Entw&APw-rfe\"\r\nc SUBSCRIBE foo/bar\r\n")
    return play
  }
  /// The names that LIST tells, with what else it says of them if `isWhole`.
  private func listed(_ answer: String) -> [String] {
    answer.replacing("\r\n", with: "\n").split(separator: "\n").filter { $0.hasPrefix("* L") }.map {
      String($0.split(separator: "\"/\" ", maxSplits: 1).last ?? "")
    }
  }

  @Test(arguments: [
    ("LIST \"\" *", ["Drafts", "Entw&APw-rfe", "INBOX", "Junk", "Sent", "Trash", "foo", "foo/bar", "foo/bar/baz"]),
    ("LIST \"\" %", ["Drafts", "Entw&APw-rfe", "INBOX", "Junk", "Sent", "Trash", "foo"]),
    ("LIST \"\" inbox", ["INBOX"]),
    ("LIST \"\" \"foo/%\"", ["foo/bar"]), ("LIST foo/ *", ["foo/bar", "foo/bar/baz"]), ("LIST \"\" %/%", ["foo/bar"]),
    ("LIST \"\" *r", ["foo/bar"]), ("LIST \"\" nothing", []), ("LIST \"\" (INBOX S*)", ["INBOX", "Sent"]),
    ("LIST (SUBSCRIBED) \"\" *", ["Drafts", "INBOX", "Junk", "Sent", "Trash", "foo/bar"]),
    ("LIST \"\" f*z", ["foo/bar/baz"]),
    ("LIST (SPECIAL-USE) \"\" *", ["Drafts", "Junk", "Sent", "Trash"]), ("LIST \"\" \"\"", ["\"\""]),
    ("LIST (SUBSCRIBED RECURSIVEMATCH) \"\" foo", ["foo (\"CHILDINFO\" (\"SUBSCRIBED\"))"]),
    ("LIST \"\" Entw*", ["Entw&APw-rfe"]),
    ("LSUB \"\" *", ["Drafts", "INBOX", "Junk", "Sent", "Trash", "foo/bar"]), ("LSUB \"\" f%", ["foo"]),
  ])
  func lists(_ command: String, _ names: [String]) {
    var play = Self.play()
    let answer = play.say(command)
    #expect(listed(answer) == names)
    #expect(answer.hasSuffix("t OK \(command.prefix(4)) completed\r\n"))
  }
  @Test(arguments: [
    ("LIST \"\" Sent", "* LIST (\\HasNoChildren \\Sent) \"/\" Sent\r\n"),
    ("LIST \"\" foo", "* LIST (\\HasChildren) \"/\" foo\r\n"),
    ("LIST \"\" foo/bar RETURN (SUBSCRIBED CHILDREN)", "* LIST (\\HasChildren \\Subscribed) \"/\" foo/bar\r\n"),
    (
      "LIST \"\" INBOX RETURN (STATUS (MESSAGES UIDNEXT))",
      "* LIST (\\HasNoChildren) \"/\" INBOX\r\n* STATUS INBOX (MESSAGES 2 UIDNEXT 3)\r\n"
    ),
    ("LIST (RECURSIVEMATCH) \"\" *", "t BAD"), ("LIST (FOO) \"\" *", "t BAD"), ("LIST \"\"", "t BAD"),
    ("LIST", "t BAD"),
    ("LIST \"\" * RETURN (FOO)", "t BAD"), ("LIST \"\" * x", "t BAD"), ("LIST \"\" ()", "t BAD"),
    ("LSUB \"\" (a)", "t BAD"),
    ("LSUB \"\" f%", "* LSUB (\\Noselect) \"/\" foo\r\n"), ("NAMESPACE", "* NAMESPACE ((\"\" \"/\")) NIL NIL\r\nt OK"),
    (
      "STATUS INBOX (MESSAGES UNSEEN DELETED SIZE UIDVALIDITY)",
      "* STATUS INBOX (MESSAGES 2 UNSEEN 2 DELETED 0 SIZE 149 UIDVALIDITY 100)\r\nt OK"
    ),
    ("STATUS inbox (HIGHESTMODSEQ)", "* STATUS INBOX (HIGHESTMODSEQ 3)\r\nt OK"),
    ("STATUS nothing (MESSAGES)", "t NO [NONEXISTENT]"),
    ("STATUS INBOX ()", "t BAD"), ("STATUS INBOX (FOO)", "t BAD"), ("STATUS INBOX", "t BAD"),
    ("CREATE foo", "t NO [ALREADYEXISTS]"), ("CREATE INBOX", "t NO [ALREADYEXISTS]"), ("CREATE new/", "t OK"),
    ("CREATE ../x", "t NO [CANNOT]"), ("CREATE \"\"", "t NO [CANNOT]"), ("CREATE {3+}\r\na\nb", "t NO [CANNOT]"),
    ("CREATE", "t BAD"),
    ("CREATE a b", "t BAD"), ("CREATE &", "t NO [CANNOT]"), ("CREATE {3+}\r\nE\u{fc}", "t NO [CANNOT]"),
    ("DELETE foo", "t NO [HASCHILDREN]"), ("DELETE INBOX", "t NO [CANNOT]"),
    ("DELETE nothing", "t NO [NONEXISTENT]"), ("DELETE foo/bar/baz", "t OK"), ("RENAME foo zap", "t OK"),
    ("RENAME foo foo/x", "t NO [CANNOT]"), ("RENAME foo Sent", "t NO [ALREADYEXISTS]"),
    ("RENAME nothing x", "t NO [NONEXISTENT]"),
    ("RENAME foo", "t BAD"), ("RENAME INBOX old", "t OK"), ("SUBSCRIBE nothing", "t NO [NONEXISTENT]"),
    ("UNSUBSCRIBE Sent", "t OK"),
    ("SUBSCRIBE", "t BAD"), ("ENABLE CONDSTORE FOO", "* ENABLED CONDSTORE\r\nt OK"), ("ENABLE", "t BAD"),
    ("SELECT nothing", "t NO [NONEXISTENT]"), ("SELECT", "t BAD"), ("SELECT INBOX (FOO)", "t BAD"),
    ("EXAMINE INBOX", "* 2 EXISTS"),
    ("APPEND nothing {1+}\r\nx", "t NO [TRYCREATE]"), ("APPEND Sent {0+}\r\n", "t BAD"), ("APPEND Sent x", "t BAD"),
    ("APPEND Sent (\\Foo) {1+}\r\nx", "t BAD"), ("APPEND Sent (\\Recent) {1+}\r\nx", "t BAD"),
    ("APPEND Sent () \"17-Jul-1996 02:44:25 -0700\" {1+}\r\nx", "t OK [APPENDUID 103 1]"),
    ("APPEND Sent \"x\" {1+}\r\nx", "t BAD"),
    ("APPEND Sent {1+}\r\nx {1+}\r\ny", "t BAD"), ("CLOSE", "t BAD"), ("EXPUNGE", "t BAD"), ("FETCH 1 FLAGS", "t BAD"),
    ("STORE 1 FLAGS ()", "t BAD"), ("COPY 1 Sent", "t BAD"), ("UID MOVE 1 Sent", "t BAD"), ("UNSELECT", "t BAD"),
  ])
  func commands(_ command: String, _ answer: String) {
    var play = Self.play()
    let said = play.say(command)
    #expect(said.hasPrefix(answer), "\(said)")
  }
  @Test func subscriptionsOutliveFolders() {
    var play = Self.play()
    _ = play.say("RENAME foo/bar other")
    #expect(play.say("LIST (SUBSCRIBED) \"\" f*").hasPrefix("* LIST (\\NonExistent \\Subscribed) \"/\" foo/bar\r\n"))
  }
  @Test func namesAreUTF8ForThoseWhoSaySo() {
    var play = Self.play(isRevision2: true)
    #expect(play.say("LIST \"\" E*").hasPrefix("* LIST (\\HasNoChildren) \"/\" Entw&APw-rfe\r\n"))
    #expect(play.say("CREATE \"Gr\u{fc}\u{df}e\"").hasPrefix("t OK"))
    #expect(
      play.say("STATUS \"Gr\u{fc}\u{df}e\" (MESSAGES)").hasPrefix("* STATUS \"Gr\u{fc}\u{df}e\" (MESSAGES 0)\r\n"))
  }
  /// RFC 9051 §5.1, §6.3.4: names are Net-Unicode, whatever form they come in, and the client is told.
  @Test func namesAreComposed() {
    var play = IMAPServerPlay.loggedIn(isRevision2: true)
    #expect(
      Array(play.say("CREATE \"Gru\u{308}n\"").utf8)
        == Array("* LIST () \"/\" \"Gr\u{fc}n\" (\"OLDNAME\" (\"Gru\u{308}n\"))\r\nt OK CREATE completed\r\n".utf8))
    #expect(play.say("CREATE \"Bl\u{fc}te\"") == "t OK CREATE completed\r\n")
    #expect(
      Array(play.say("LIST \"\" G*").utf8)
        == Array("* LIST (\\HasNoChildren) \"/\" \"Gr\u{fc}n\"\r\nt OK LIST completed\r\n".utf8))
    #expect(play.say("SELECT \"Gru\u{308}n\"").contains("\" (\"OLDNAME\" (\"Gru\u{308}n\"))\r\n"))
    #expect(play.say("SELECT inbox").contains("* LIST () \"/\" INBOX (\"OLDNAME\" (inbox))\r\n"))
    #expect(play.say("EXAMINE INBOX").contains("* LIST () \"/\" INBOX\r\n"))
    let told = "(\"OLDNAME\" (\"Gru\u{308}n\"))\r\n"
    #expect(
      Array(play.say("RENAME \"Bl\u{fc}te\" \"Blu\u{308}te\"").prefix(4).utf8) == Array("t NO".utf8),
      "both are one name")
    #expect(
      play.say("APPEND \"Gru\u{308}n\" {11+}\r\nSubject: a\r\n").contains("* LIST () \"/\" \"Gr\u{fc}n\" " + told))
    #expect(play.say("DELETE \"Gru\u{308}n\"").contains("* LIST (\\NonExistent) \"/\" \"Gr\u{fc}n\" " + told))
    #expect(play.say("RENAME \"Bl\u{fc}te\" \"Gru\u{308}n\"").contains("* LIST () \"/\" \"Gr\u{fc}n\" " + told))
    // Who knows only IMAP4rev1 is told nothing of it.
    var old = IMAPServerPlay.loggedIn()
    #expect(!old.say("SELECT inbox").contains("OLDNAME"))
  }
  /// RFC 9051 §6.3.9.3, §6.3.9.6: a name above selected ones is told where they are not, even one that nothing has;
  /// STATUS is for what was selected; and a subscribed name without a folder makes nobody a parent.
  @Test func namesAboveSelectedOnes() {
    var play = Self.play()
    #expect(
      play.say("LIST (SUBSCRIBED RECURSIVEMATCH) \"\" f* RETURN (STATUS (MESSAGES))")
        == "* LIST (\\HasChildren \\Subscribed) \"/\" foo/bar\r\n* STATUS foo/bar (MESSAGES 0)\r\nt OK LIST completed\r\n"
    )
    #expect(
      play.say("LIST (SUBSCRIBED RECURSIVEMATCH) \"\" f% RETURN (STATUS (MESSAGES))")
        == "* LIST (\\HasChildren) \"/\" foo (\"CHILDINFO\" (\"SUBSCRIBED\"))\r\nt OK LIST completed\r\n")
    play.send("a DELETE foo/bar/baz\r\nb DELETE foo/bar\r\n")
    #expect(
      play.say("LIST (SUBSCRIBED RECURSIVEMATCH) \"\" f%")
        == "* LIST (\\HasNoChildren) \"/\" foo (\"CHILDINFO\" (\"SUBSCRIBED\"))\r\nt OK LIST completed\r\n")
    play.send("c DELETE foo\r\n")
    #expect(
      play.say("LIST (SUBSCRIBED RECURSIVEMATCH) \"\" f%")
        == "* LIST (\\NonExistent) \"/\" foo (\"CHILDINFO\" (\"SUBSCRIBED\"))\r\nt OK LIST completed\r\n")
  }
  @Test func selectingForThoseOfRevision2() {
    var play = IMAPServerPlay.loggedIn(isRevision2: true)
    #expect(
      play.say("SELECT Sent")
        == "* 0 EXISTS\r\n* OK [UIDVALIDITY 103] UIDs valid\r\n* OK [UIDNEXT 1] predicted next UID\r\n"
        + "* FLAGS (\\Answered \\Deleted \\Draft \\Flagged \\Seen)\r\n"
        + "* OK [PERMANENTFLAGS (\\Answered \\Deleted \\Draft \\Flagged \\Seen \\*)] flags that stay\r\n"
        + "* OK [HIGHESTMODSEQ 1] highest\r\n* LIST (\\Sent) \"/\" Sent\r\nt OK [READ-WRITE] SELECT completed\r\n")
    let examined = play.say("EXAMINE INBOX")
    #expect(examined.hasPrefix("* OK [CLOSED]"))
    #expect(examined.contains("[PERMANENTFLAGS ()]"))
    #expect(examined.hasSuffix("t OK [READ-ONLY] EXAMINE completed\r\n"))
    // A mailbox that cannot be selected leaves none selected.
    #expect(play.say("SELECT nothing").hasPrefix("* OK [CLOSED]"))
    #expect(play.say("FETCH 1 FLAGS").hasPrefix("t BAD"))
  }
  /// A pattern of wildcards costs its length times the name's, not more.
  @Test func hostilePatternsEnd() {
    let pattern = IMAPListPattern(String(repeating: "*a", count: 400) + "b")
    #expect(!pattern.matches(String(repeating: "a", count: 200)))
    #expect(IMAPListPattern("%*%").matches("a/b"))
    #expect(!IMAPListPattern("%%").matches("a/b"))
  }
}
