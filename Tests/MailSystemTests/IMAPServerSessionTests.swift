import Bytes
import Testing

@testable import MailSystem

@Suite struct IMAPServerSessionTests {
  private static let script =
    "a1 LOGIN bob {7}\r\nhunter2\r\na2 SELECT INBOX\r\na3 FETCH 1 BODY[]\r\na4 UID FETCH 2 (FLAGS BODY.PEEK[TEXT]<1.3>)\r\n"
    + "a5 APPEND Drafts (\\Draft) {16+}\r\nSubject: x\r\n\r\ny\n\r\na6 NOOP\r\nbad\r\na7 LOGOUT\r\n"

  /// The smallest whole conversation, however its octets are cut.
  @Test(arguments: [Int.max, 1, 3, 10])
  func fromGreetingToLogout(_ cut: Int) {
    var play = IMAPServerPlay()
    #expect(play.text.hasPrefix("* OK [CAPABILITY IMAP4rev2 IMAP4rev1 LITERAL+ SASL-IR AUTH=SCRAM-SHA-256 "))
    play.replies = []
    play.send(Self.script, cut: cut)
    let lines = play.text.replacing("\r\n", with: "\n").split(separator: "\n").map(String.init)
    #expect(
      lines.filter { !$0.contains("CAPABILITY") } == [
        "+ ready for the literal", "* 2 EXISTS", "* 2 RECENT", "* OK [UNSEEN 1] first unseen message",
        "* OK [UIDVALIDITY 100] UIDs valid", "* OK [UIDNEXT 3] predicted next UID",
        "* FLAGS (\\Answered \\Deleted \\Draft \\Flagged \\Seen)",
        "* OK [PERMANENTFLAGS (\\Answered \\Deleted \\Draft \\Flagged \\Seen \\*)] flags that stay",
        "* OK [HIGHESTMODSEQ 3] highest", "a2 OK [READ-WRITE] SELECT completed", "* 1 FETCH (BODY[] {60}",
        "From: Terry Gray <gray@cac.example>", "Subject: one", "first", " FLAGS (\\Seen \\Recent))",
        "a3 OK FETCH completed", "* 2 FETCH (UID 2 FLAGS (\\Recent) BODY[TEXT]<1> {3}", "eco)", "a4 OK FETCH completed",
        "a5 OK [APPENDUID 101 1] APPEND completed", "a6 OK done", "* BAD a tag and a command are expected",
        "* BYE imap.b.example signing off", "a7 OK LOGOUT completed",
      ])
    #expect(play.isClosed)
  }
}
