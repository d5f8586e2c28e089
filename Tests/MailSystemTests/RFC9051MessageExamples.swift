@testable import MailSystem

/// RFC 9051 §6.3.12, §6.3.13 and §6.4 without SEARCH: messages.
enum RFC9051MessageExamples {
  private typealias Difference = RFCExample.Difference
  /// Eleven messages, of which 3, 4, 7 and 11 are deleted, as the note of §6.4.3 says.
  private static let expunged = RFCFolder("INBOX", count: 11) { number, message in
    if [3, 4, 7, 11].contains(number) { message.flags = ["\\Deleted"] }
  }
  /// Messages 2 to 4 have the UIDs 304, 319 and 320.
  private static let copied = RFCFolder("INBOX", count: 5) { number, message in
    message.uid = [300, 304, 319, 320, 321][Int(number) - 1]
  }

  static let all: [IMAPExample] = [
    IMAPExample(
      "6.3.12 synchronizing", folders: [RFCFolder("saved-messages")],
      script: #"""
        C: A003 APPEND saved-messages (\Seen) {326}
        S: + Ready for literal data
        C: Date: Mon, 7 Feb 1994 21:52:25 -0800 (PST)
        C: From: Fred Foobar <foobar@Blurdybloop.example>
        C: Subject: afternoon meeting
        C: To: mooch@owatagu.siam.edu.example
        C: Message-Id: <B27397-0100000@Blurdybloop.example>
        C: MIME-Version: 1.0
        C: Content-Type: TEXT/PLAIN; CHARSET=US-ASCII
        C:
        C: Hello Joe, do you think we can meet at 3:30 tomorrow?
        C:
        S: A003 OK APPEND completed
        """#),
    // The separator is `.` in the RFC.
    IMAPExample(
      "6.3.12 APPENDUID", .selected("INBOX"),
      folders: [
        copied, RFCFolder("saved-messages", uidNext: 3955), RFCFolder("meeting", uidNext: 3956), RFCFolder("funny"),
      ],
      differences: [
        Difference("* NO [UIDNOTSTICKY] Non-persistent UIDs", because: "UIDs persist here, as §7.1 says they SHOULD")
      ],
      script: #"""
        C: A003 APPEND saved-messages (\Seen) {297+}
        C: Date: Mon, 7 Feb 1994 21:52:25 -0800 (PST)
        C: From: Fred Foobar <foobar@example.com>
        C: Subject: afternoon meeting
        C: To: mooch@example.com
        C: Message-Id: <B27397-0100000@example.com>
        C: MIME-Version: 1.0
        C: Content-Type: TEXT/PLAIN; CHARSET=US-ASCII
        C:
        C: Hello Joe, do you think we can meet at 3:30 tomorrow?
        C:
        S: A003 OK [APPENDUID 38505 3955] APPEND completed
        C: A004 COPY 2:4 meeting
        S: A004 OK [COPYUID 38505 304,319:320 3956:3958] Done
        C: A005 UID COPY 305:310 meeting
        S: A005 OK No matching messages, so nothing copied
        C: A006 COPY 2 funny
        S: A006 OK Done
        C: A007 SELECT funny
        S: * 1 EXISTS
        S: * OK [UIDVALIDITY 3857529045] Validity session-only
        S: * OK [UIDNEXT 2] Predicted next UID
        S: * NO [UIDNOTSTICKY] Non-persistent UIDs
        S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
        S: * OK [PERMANENTFLAGS (\Deleted \Seen)] Limited
        S: * LIST () "/" funny
        S: A007 OK [READ-WRITE] SELECT completed
        """#),
    IMAPExample(
      "6.3.13", folders: [RFCFolder("INBOX", count: 3)],
      differences: [
        Difference("* 3 EXISTS", occurrence: 2, because: "behind EXPUNGE it is not necessary to send EXISTS (§7.5.1)"),
        Difference("* 2 EXISTS", because: "behind EXPUNGE it is not necessary to send EXISTS (§7.5.1)"),
      ],
      happenings: [
        "...time passes; new mail arrives...": { $0.deliver() },
        "...another client expunges message 2 now...": { $0.expungeElsewhere(2) },
        "...time passes; another client expunges message 3...": { $0.expungeElsewhere(3) },
      ],
      script: #"""
        C: A001 SELECT INBOX
        S: * FLAGS (\Deleted \Seen \Flagged)
        S: * OK [PERMANENTFLAGS (\Deleted \Seen \Flagged)] Limited
        S: * 3 EXISTS
        S: * OK [UIDVALIDITY 1]
        S: * OK [UIDNEXT 1]
        S: * LIST () "/" INBOX
        S: A001 OK [READ-WRITE] SELECT completed
        C: A002 IDLE
        S: + idling
        ...time passes; new mail arrives...
        S: * 4 EXISTS
        C: DONE
        S: A002 OK IDLE terminated
        ...another client expunges message 2 now...
        C: A003 FETCH 4 ALL
        S: * 4 FETCH (...)
        S: A003 OK FETCH completed
        C: A004 IDLE
        S: * 2 EXPUNGE
        S: * 3 EXISTS
        S: + idling
        ...time passes; another client expunges message 3...
        S: * 3 EXPUNGE
        S: * 2 EXISTS
        ...time passes; new mail arrives...
        S: * 3 EXISTS
        C: DONE
        S: A004 OK IDLE terminated
        C: A005 FETCH 3 ALL
        S: * 3 FETCH (...)
        S: A005 OK FETCH completed
        C: A006 IDLE
        S: + idling
        """#),
    IMAPExample(
      "6.4.1", .selected("INBOX"), folders: [expunged],
      script: #"""
        C: A341 CLOSE
        S: A341 OK CLOSE completed
        """#),
    IMAPExample(
      "6.4.2", .selected("INBOX"), folders: [expunged],
      script: #"""
        C: A342 UNSELECT
        S: A342 OK Unselect completed
        """#),
    IMAPExample(
      "6.4.3", .selected("INBOX"), folders: [expunged],
      script: #"""
        C: A202 EXPUNGE
        S: * 3 EXPUNGE
        S: * 3 EXPUNGE
        S: * 5 EXPUNGE
        S: * 8 EXPUNGE
        S: A202 OK EXPUNGE completed
        """#),
    IMAPExample(
      "6.4.5", .selected("INBOX"), folders: [RFCFolder("INBOX", count: 5)],
      script: #"""
        C: A654 FETCH 2:4 (FLAGS BODY[HEADER.FIELDS (DATE FROM)])
        S: * 2 FETCH ....
        S: * 3 FETCH ....
        S: * 4 FETCH ....
        S: A654 OK FETCH completed
        """#),
    IMAPExample(
      "6.4.6", .selected("INBOX"),
      folders: [
        RFCFolder("INBOX", count: 5) { number, message in
          message.flags = number == 2 ? ["\\Seen"] : number == 4 ? ["\\Flagged", "\\Seen"] : []
        }
      ],
      script: #"""
        C: A003 STORE 2:4 +FLAGS (\Deleted)
        S: * 2 FETCH (FLAGS (\Deleted \Seen))
        S: * 3 FETCH (FLAGS (\Deleted))
        S: * 4 FETCH (FLAGS (\Deleted \Flagged \Seen))
        S: A003 OK STORE completed
        """#),
    IMAPExample(
      "6.4.7", .selected("INBOX"), folders: [copied, RFCFolder("MEETING", uidNext: 3956)],
      script: #"""
        C: A003 COPY 2:4 MEETING
        S: A003 OK [COPYUID 38505 304,319:320 3956:3958] COPY completed
        """#),
    // With all 28 of the EXPUNGE responses.
    IMAPExample(
      "6.4.8", .selected("INBOX"),
      folders: [
        RFCFolder("INBOX", count: 52) { number, message in message.uid = number + (number < 22 ? 0 : 20) },
        RFCFolder("foo", uidNext: 1202),
      ],
      script: "C: a UID MOVE 42:69 foo\nS: * OK [COPYUID 432432 42:69 1202:1229]\n"
        + String(repeating: "S: * 22 EXPUNGE\n", count: 28) + "S: a OK Done"),
    IMAPExample(
      "6.4.9 EXPUNGE", .selected("INBOX"),
      folders: [
        RFCFolder("INBOX", count: 7) { number, message in
          message.uid = 2997 + number
          message.flags = number == 2 || (3...5).contains(number) ? ["\\Deleted"] : []
        }
      ],
      script: #"""
        C: A003 UID EXPUNGE 3000:3002
        S: * 3 EXPUNGE
        S: * 3 EXPUNGE
        S: * 3 EXPUNGE
        S: A003 OK UID EXPUNGE completed
        """#),
    IMAPExample(
      "6.4.9 FETCH", .selected("INBOX"),
      folders: [
        RFCFolder("INBOX", count: 26) { number, message in
          let uids: [UInt32: UInt32] = [23: 4_827_313, 24: 4_827_943, 25: 4_828_442, 26: 4_828_500]
          message.uid = uids[number] ?? number
          message.flags = ["\\Seen"]
        }
      ],
      script: #"""
        C: A999 UID FETCH 4827313:4828442 FLAGS
        S: * 23 FETCH (FLAGS (\Seen) UID 4827313)
        S: * 24 FETCH (FLAGS (\Seen) UID 4827943)
        S: * 25 FETCH (FLAGS (\Seen) UID 4828442)
        S: A999 OK UID FETCH completed
        """#),
  ]
}
