import MailProtocols

@testable import MailSystem

/// RFC 9051 §7 and §8: responses, and a sample connection.
enum RFC9051ResponseExamples {
  private typealias Difference = RFCExample.Difference
  /// The client's line that §7.1 abbreviates: so many keywords.
  private static let keywords = (1...250).map { "f\($0)" }.joined(separator: " ")
  private static let archive = RFCFolder("archive/projects/experiment-iv", count: 3)
  private static let header = """
    Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)
    From: Terry Gray <gray@cac.washington.edu>
    Subject: IMAP4rev2 WG mtg summary and minutes
    To: imap@cac.washington.edu
    cc: minutes@CNRI.Reston.VA.US, John Klensin <KLENSIN@MIT.EDU>
    Message-Id: <B27397-0100000@cac.washington.edu>
    MIME-Version: 1.0
    Content-Type: TEXT/PLAIN; CHARSET=US-ASCII


    """.replacing("\n", with: "\r\n")
  /// 92 lines, 3028 octets.
  private static let body =
    String(repeating: String(repeating: "x", count: 31) + "\r\n", count: 91)
    + String(repeating: "x", count: 3028 - 91 * 33 - 2) + "\r\n"

  static let all: [IMAPExample] = codes + responses + [sample]

  private static let codes: [IMAPExample] = [
    IMAPExample(
      "7.1 ALREADYEXISTS", folders: [RFCFolder("this"), RFCFolder("that")],
      script: #"""
        C: o356 RENAME this that
        S: o356 NO [ALREADYEXISTS] Mailbox "that" already exists
        """#),
    IMAPExample(
      "7.1 AUTHENTICATIONFAILED", .notAuthenticated,
      script: #"""
        C: b LOGIN "fred" "foo"
        S: b NO [AUTHENTICATIONFAILED] Authentication failed
        """#),
    // fred acts for bob.
    IMAPExample(
      "7.1 AUTHORIZATIONFAILED", .notAuthenticated,
      differences: [
        Difference(
          "c1 NO [AUTHORIZATIONFAILED] No such authorization-ID", ours: "c1 NO [AUTHENTICATIONFAILED]",
          because: "the code tells who guesses that the password was right; no code is required")
      ],
      script: #"""
        C: c1 AUTHENTICATE PLAIN Ym9iAGZyZWQAYmx1cmR5Ymxvb3A=
        S: c1 NO [AUTHORIZATIONFAILED] No such authorization-ID
        """#),
    IMAPExample(
      "7.1 CANNOT",
      script: #"""
        C: l create "///////"
        S: l NO [CANNOT] Adjacent slashes are not supported
        """#),
    IMAPExample(
      "7.1 EXPUNGEISSUED", .selected("INBOX"),
      folders: [
        RFCFolder("INBOX", count: 42) { number, message in
          if [1, 2, 3, 5, 8, 13, 21, 42].contains(number) { message.text = "From: maria@example.com\r\n\r\nx\r\n" }
        }
      ],
      differences: [
        Difference("h OK [EXPUNGEISSUED] Search completed", ours: "h OK", because: "the code is a hint, not required")
      ],
      happenings: ["...somebody else has issued an EXPUNGE...": { $0.expungeElsewhere(4) }],
      script: #"""
        ...somebody else has issued an EXPUNGE...
        C: h search from maria@example.com
        S: * ESEARCH (TAG "h") ALL 1:3,5,8,13,21,42
        S: h OK [EXPUNGEISSUED] Search completed
        """#),
    // The tag of the answer put right.
    IMAPExample(
      "7.1 HASCHILDREN", folders: [RFCFolder("Notes"), RFCFolder("Notes/2026")],
      script: #"""
        C: m356 DELETE Notes
        S: m356 NO [HASCHILDREN] Mailbox "Notes" has children
            that need to be deleted first
        """#),
    // No name begins with a slash here.
    IMAPExample(
      "7.1 INUSE", .selected("archive/projects/experiment-iv"), folders: [archive],
      script: #"""
        C: g delete "archive/projects/experiment-iv"
        S: g NO [INUSE] Mailbox in use
        """#),
    IMAPExample(
      "7.1 LIMIT", .selected("INBOX"), folders: [RFCFolder("INBOX", count: 42)],
      script: "C: m STORE 42 FLAGS \(keywords)\nS: m NO [LIMIT] At most 32 flags in one mailbox supported"),
    IMAPExample(
      "7.1 NONEXISTENT",
      script: #"""
        C: p RENAME this that
        S: p NO [NONEXISTENT] No such mailbox
        """#),
    IMAPExample(
      "7.1 OVERQUOTA", .selected("INBOX"), folders: [RFCFolder("INBOX", count: 3), RFCFolder("oldmail")],
      script: #"""
        C: n1 uid copy 1:* oldmail
        S: n1 NO [OVERQUOTA] Sorry
        """#
    ).with { $0.limits.byteCount = 200 },
    IMAPExample(
      "7.1 PRIVACYREQUIRED", .notAuthenticated,
      script: #"""
        C: d login "fred" "foo"
        S: d NO [PRIVACYREQUIRED] Connection offers no privacy
        """#
    ).with { $0.configure = { $0.requiresTLSForLogin = true } },
  ]
  private static let responses: [IMAPExample] = [
    IMAPExample(
      "7.1.1", .greeting,
      differences: [
        Difference("* OK [ALERT] System shutdown in 10 minutes", because: "nobody plans to shut this server down")
      ],
      script: #"""
        S: * OK IMAP4rev2 server ready
        C: A001 LOGIN fred blurdybloop
        S: * OK [ALERT] System shutdown in 10 minutes
        S: A001 OK LOGIN Completed
        """#),
    IMAPExample(
      "7.1.2", .selected("INBOX"),
      folders: [RFCFolder("INBOX", count: 200), RFCFolder("owatagusiam"), RFCFolder("blurdybloop")],
      differences: [
        Difference("* NO Disk is 98% full, please delete unnecessary data", because: "a full disk is told when it is"),
        Difference("* NO Disk is 99% full, please delete unnecessary data", because: "a full disk is told when it is"),
      ],
      script: #"""
        C: A222 COPY 1:2 owatagusiam
        S: * NO Disk is 98% full, please delete unnecessary data
        S: A222 OK COPY completed
        C: A223 COPY 3:200 blurdybloop
        S: * NO Disk is 98% full, please delete unnecessary data
        S: * NO Disk is 99% full, please delete unnecessary data
        S: A223 NO COPY failed: disk is full
        """#
    ).with { $0.limits.byteCount = 300 * 50 },
    // With lines for what the RFC abbreviates. No disk crashes here.
    IMAPExample(
      "7.1.3", .selected("INBOX"), folders: [RFCFolder("INBOX", count: 2)],
      differences: [
        Difference("* BAD Disk crash, attempting salvage to a new disk!", because: "no disk crashes here"),
        Difference("* OK Salvage successful, no data lost", because: "no disk crashes here"),
      ],
      script: "C: \(String(repeating: "x", count: 70_000))\nS: * BAD Command line too long\nC:\n"
        + #"""
        S: * BAD Empty command line
        C: A443 EXPUNGE
        S: * BAD Disk crash, attempting salvage to a new disk!
        S: * OK Salvage successful, no data lost
        S: A443 OK Expunge completed
        """#),
    IMAPExample(
      "7.1.5",
      happenings: [
        "...half an hour passes...": { play in
          play.session.expire()
          _ = play.poll()
        }
      ],
      script: #"""
        ...half an hour passes...
        S: * BYE Autologout; idle for too long
        """#),
    IMAPExample(
      "7.6", .notAuthenticated,
      script: #"""
        C: A001 LOGIN {11}
        S: + Ready for additional command text
        C: FRED FOOBAR {7}
        S: + Ready for additional command text
        C: fat man
        S: A001 OK LOGIN completed
        C: A044 BLURDYBLOOP {102856}
        S: A044 BAD No such command as "BLURDYBLOOP"
        """#),
  ]
  /// Without its login, whose numbers are never the same again; with the octets counted anew: the header's 342 and the
  /// body's 3028 are a message of 3370, not of 4286, and the message-ID ends in `.edu`.
  private static let sample = IMAPExample(
    "8",
    folders: [
      RFCFolder("INBOX", count: 18) { number, message in
        guard number == 12 else { return }
        message.flags = ["\\Seen"]
        message.text = header + body
        message.date = .init(secondsSinceEpoch: 837_596_665, zoneMinutes: -420)
      }
    ],
    script: #"""
      C: babc ENABLE IMAP4rev2
      S: * ENABLED IMAP4rev2
      S: babc OK Some capabilities enabled
      C: a002 select inbox
      S: * 18 EXISTS
      S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
      S: * OK [UIDVALIDITY 3857529045] UIDs valid
      S: * LIST () "/" INBOX ("OLDNAME" ("inbox"))
      S: a002 OK [READ-WRITE] SELECT completed
      C: a003 fetch 12 full
      S: * 12 FETCH (FLAGS (\Seen) INTERNALDATE
          "17-Jul-1996 02:44:25 -0700" RFC822.SIZE 3370 ENVELOPE (
          "Wed, 17 Jul 1996 02:23:25 -0700 (PDT)"
          "IMAP4rev2 WG mtg summary and minutes"
          (("Terry Gray" NIL "gray" "cac.washington.edu"))
          (("Terry Gray" NIL "gray" "cac.washington.edu"))
          (("Terry Gray" NIL "gray" "cac.washington.edu"))
          ((NIL NIL "imap" "cac.washington.edu"))
          ((NIL NIL "minutes" "CNRI.Reston.VA.US")
          ("John Klensin" NIL "KLENSIN" "MIT.EDU")) NIL NIL
          "<B27397-0100000@cac.washington.edu>")
          BODY ("TEXT" "PLAIN" ("CHARSET" "US-ASCII") NIL NIL "7BIT"
          3028 92))
      S: a003 OK FETCH completed
      C: a004 fetch 12 body[header]
      S: * 12 FETCH (BODY[HEADER] {342}
      S: Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)
      S: From: Terry Gray <gray@cac.washington.edu>
      S: Subject: IMAP4rev2 WG mtg summary and minutes
      S: To: imap@cac.washington.edu
      S: cc: minutes@CNRI.Reston.VA.US, John Klensin <KLENSIN@MIT.EDU>
      S: Message-Id: <B27397-0100000@cac.washington.edu>
      S: MIME-Version: 1.0
      S: Content-Type: TEXT/PLAIN; CHARSET=US-ASCII
      S:
      S: )
      S: a004 OK FETCH completed
      C: a005 store 12 +flags \deleted
      S: * 12 FETCH (FLAGS (\Seen \Deleted))
      S: a005 OK +FLAGS completed
      C: a006 logout
      S: * BYE IMAP4rev2 server terminating connection
      S: a006 OK LOGOUT completed
      """#)
}
