import Bytes
import Testing

@testable import MailSystem

/// RFC 9051 §6.4.4.
@Suite struct IMAPSearchTests {
  /// Of 1 to 4: Smith's flagged; a German one, encoded; an old one, deleted; a multipart with base64 within.
  private static let messages = [
    "From: Smith <s@a.test>\r\nTo: fred@b.test\r\nSubject: Meeting\r\nDate: Mon, 7 Feb 1994 21:52:25 -0800\r\n\r\nYes.\r\n",
    "From: =?utf-8?q?J=C3=BCrgen?= <j@b.test>\r\nCc: kim@c.test\r\nSubject: =?utf-8?b?R3LDvMOfZQ==?=\r\n"
      + "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nsch=F6n\r\n",
    "From: old@a.test\r\nBcc: x@d.test\r\nDate: Tue, 1 Feb 2000 00:00:00 +0000\r\n\r\nsmith is named here\r\n",
    "From: m@a.test\r\nX-Odd: Value Here\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
      + "Content-Transfer-Encoding: base64\r\n\r\naGlkZGVuIHdvcmRz\r\n--b\r\nContent-Type: image/png\r\n\r\nhiddenpicture\r\n--b--\r\n",
  ]
  private static func play(isRevision2: Bool = false) -> IMAPServerPlay {
    var play = IMAPServerPlay.selected(messages: messages, isRevision2: isRevision2)
    play.send("a STORE 1 FLAGS.SILENT (\\Flagged \\Seen)\r\nb STORE 3 FLAGS.SILENT (\\Deleted $Junk)\r\n")
    play.send("c STORE 4 +FLAGS.SILENT (\\Answered \\Draft)\r\n")
    return play
  }

  @Test(arguments: [
    ("ALL", "1 2 3 4"), ("ANSWERED", "4"), ("UNANSWERED", "1 2 3"), ("DELETED", "3"), ("UNDELETED", "1 2 4"),
    ("DRAFT", "4"),
    ("UNDRAFT", "1 2 3"), ("FLAGGED", "1"), ("UNFLAGGED", "2 3 4"), ("SEEN", "1"), ("UNSEEN", "2 3 4"),
    ("KEYWORD $junk", "3"), ("UNKEYWORD $Junk", "1 2 4"), ("FROM smith", "1"), ("FROM \"j\u{fc}rgen\"", "2"),
    ("TO fred@", "1"), ("CC KIM", "2"), ("BCC x@", "3"), ("SUBJECT gr\u{fc}\u{df}e", ""),
    ("SUBJECT \"GR\u{dc}\u{df}E\"", "2"),
    ("HEADER X-Odd \"value h\"", "4"), ("HEADER x-odd \"\"", "4"), ("HEADER Date \"\"", "1 3"), ("BODY yes", "1"),
    ("BODY sch{3+}\r\nxyz", ""), ("BODY \"sch\u{f6}n\"", "2"), ("BODY hidden", "4"), ("BODY picture", ""),
    ("BODY smith", "3"),
    ("TEXT smith", "1 3"), ("TEXT \"\"", "1 2 3 4"), ("LARGER 150", "2 4"), ("SMALLER 100", "3"),
    ("SINCE 14-Nov-2023", "1 2 3 4"), ("BEFORE 14-Nov-2023", ""), ("ON 14-Nov-2023", "1 2 3 4"),
    ("SINCE 15-Nov-2023", ""),
    ("SENTON 7-Feb-1994", "1"), ("SENTSINCE 1-Jan-2000", "3"), ("SENTBEFORE 1-Jan-2000", "1"), ("UID 2:3", "2 3"),
    ("UID 9", ""), ("2:3", "2 3"), ("*", "4"), ("9", ""), ("4,1", "1 4"), ("NEW", "2 3 4"), ("RECENT", "1 2 3 4"),
    ("OLD", ""),
    ("NOT SEEN NOT 4", "2 3"), ("OR SEEN DELETED", "1 3"), ("(SEEN FLAGGED) NOT (DELETED)", "1"), ("$", ""),
    ("OR (1 NOT 1) OR 2 (3:4 UNDELETED)", "2 4"), ("FLAGGED SINCE 1-Feb-1994 NOT FROM \"Jones\"", "1"),
    ("CHARSET UTF-8 FROM smith", "1"), ("CHARSET us-ascii FROM {5+}\r\nsmith", "1"),
  ])
  func keys(_ key: String, _ numbers: String) {
    var play = Self.play()
    let answer = play.say("SEARCH \(key)")
    if key.hasPrefix("SUBJECT gr") || key.hasPrefix("BODY sch{") {
      // An atom is ASCII, and ends before a literal.
      #expect(answer.hasPrefix("t BAD"))
    } else {
      #expect(answer == "* SEARCH\(numbers.isEmpty ? "" : " ")\(numbers)\r\nt OK SEARCH completed\r\n")
    }
  }
  @Test(arguments: [
    ("SEARCH RETURN (MIN COUNT) ALL", "* ESEARCH (TAG \"t\") MIN 1 COUNT 4"),
    ("SEARCH RETURN () UNSEEN", "* ESEARCH (TAG \"t\") ALL 2:4"), ("SEARCH UNSEEN", "* ESEARCH (TAG \"t\") ALL 2:4"),
    ("UID SEARCH RETURN (MAX) ALL", "* ESEARCH (TAG \"t\") UID MAX 4"), ("SEARCH 9", "* ESEARCH (TAG \"t\")\r\n"),
    ("SEARCH RETURN (MIN MAX ALL COUNT) 9", "* ESEARCH (TAG \"t\") COUNT 0"), ("SEARCH RETURN (FOO) ALL", "t BAD"),
    ("SEARCH RETURN (SAVE) ALL", "t OK"), ("SEARCH RETURN ALL", "t BAD"), ("SEARCH", "t BAD"), ("SEARCH ", "t BAD"),
    ("SEARCH FOO", "t BAD"), ("SEARCH CHARSET KOI8-R ALL", "t NO [BADCHARSET (US-ASCII UTF-8)]"),
    ("SEARCH RETURN (COUNT) MODSEQ 6", "* ESEARCH (TAG \"t\") COUNT 3 MODSEQ 8"),
  ])
  func results(_ command: String, _ answer: String) {
    var play = Self.play(isRevision2: true)
    #expect(play.say(command).hasPrefix(answer))
  }
  @Test func modificationSequencesAreToldToThoseOfRevision1() {
    var play = Self.play()
    #expect(play.say("SEARCH MODSEQ 7") == "* SEARCH 3 4 (MODSEQ 8)\r\nt OK SEARCH completed\r\n")
    #expect(play.say("SEARCH MODSEQ 99") == "* SEARCH\r\nt OK SEARCH completed\r\n")
  }
  /// RFC 9051 §6.4.4.4: `$` stands for messages, not for numbers.
  @Test func savedResults() {
    var play = Self.play()
    #expect(play.say("SEARCH RETURN (SAVE) UNSEEN") == "t OK SEARCH completed\r\n")
    #expect(
      play.say("UID FETCH $ UID").hasPrefix("* 2 FETCH (UID 2)\r\n* 3 FETCH (UID 3)\r\n* 4 FETCH (UID 4)\r\nt OK"))
    #expect(play.say("SEARCH RETURN (COUNT) $ DELETED").contains(" COUNT 1\r\n"))
    _ = play.say("EXPUNGE")
    #expect(play.say("FETCH $ UID") == "* 2 FETCH (UID 2)\r\n* 3 FETCH (UID 4)\r\nt OK FETCH completed\r\n")
    #expect(play.say("SEARCH RETURN (SAVE MIN) ALL").hasPrefix("* ESEARCH (TAG \"t\") MIN 1\r\n"))
    #expect(play.say("FETCH $ UID") == "* 1 FETCH (UID 1)\r\nt OK FETCH completed\r\n")
    _ = play.say("SEARCH RETURN (SAVE) CHARSET KOI8-R ALL")
    #expect(play.say("FETCH $ UID") == "t OK FETCH completed\r\n")
  }
}
