@testable import MailSystem

/// RFC 9051 §6.3.1 to §6.3.8: ENABLE, and folders one at a time.
enum RFC9051FolderExamples {
  private typealias Difference = RFCExample.Difference
  /// What is in the middle of a hierarchy is a folder here like any other (§6.3.4: superior names are created).
  private static let selectable = "every name of the hierarchy can be selected here: \\Noselect is never needed"

  static let all: [IMAPExample] = [
    IMAPExample(
      "6.3.1 unknown extension",
      differences: [
        Difference(
          "* ENABLED X-GOOD-IDEA", ours: "* ENABLED CONDSTORE",
          because: "X-GOOD-IDEA is fictitious, and CONDSTORE is supported here")
      ],
      script: #"""
        C: t1 CAPABILITY
        S: * CAPABILITY IMAP4rev2 ID LITERAL+ X-GOOD-IDEA
        S: t1 OK foo
        C: t2 ENABLE CONDSTORE X-GOOD-IDEA
        S: * ENABLED X-GOOD-IDEA
        S: t2 OK foo
        C: t3 CAPABILITY
        S: * CAPABILITY IMAP4rev2 ID LITERAL+ X-GOOD-IDEA
        S: t3 OK foo again
        """#),
    IMAPExample(
      "6.3.1 CONDSTORE",
      script: #"""
        C: a1 ENABLE CONDSTORE
        S: * ENABLED CONDSTORE
        S: a1 OK Conditional Store enabled
        """#),
    IMAPExample(
      "6.3.2 SELECT", folders: [RFCFolder("INBOX", uidNext: 4392, count: 172)],
      script: #"""
        C: A142 SELECT INBOX
        S: * 172 EXISTS
        S: * OK [UIDVALIDITY 3857529045] UIDs valid
        S: * OK [UIDNEXT 4392] Predicted next UID
        S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
        S: * OK [PERMANENTFLAGS (\Deleted \Seen \*)] Limited
        S: * LIST () "/" INBOX
        S: A142 OK [READ-WRITE] SELECT completed
        """#),
    IMAPExample(
      "6.3.2 CLOSED",
      folders: [RFCFolder("INBOX", uidNext: 4392, count: 172), RFCFolder("Drafts", uidNext: 102, count: 5)],
      script: #"""
        C: A142 SELECT INBOX
        S: * 172 EXISTS
        S: * OK [UIDVALIDITY 3857529045] UIDs valid
        S: * OK [UIDNEXT 4392] Predicted next UID
        S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
        S: * OK [PERMANENTFLAGS (\Deleted \Seen \*)] Limited
        S: A142 OK [READ-WRITE] SELECT completed
        ...some time later...
        C: A143 SELECT Drafts
        S: * OK [CLOSED] Previous mailbox is now closed
        S: * 5 EXISTS
        S: * OK [UIDVALIDITY 9877410381] UIDs valid
        S: * OK [UIDNEXT 102] Predicted next UID
        S: * LIST () "/" Drafts
        S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
        S: * OK [PERMANENTFLAGS (\Deleted \Seen \Answered
            \Flagged \Draft \*)] System flags and keywords allowed
        S: A143 OK [READ-WRITE] SELECT completed
        """#),
    IMAPExample(
      "6.3.3", folders: [RFCFolder("INBOX"), RFCFolder("blurdybloop", uidNext: 4392, count: 17)],
      script: #"""
        C: A932 EXAMINE blurdybloop
        S: * 17 EXISTS
        S: * OK [UIDVALIDITY 3857529045] UIDs valid
        S: * OK [UIDNEXT 4392] Predicted next UID
        S: * LIST () "/" blurdybloop
        S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
        S: * OK [PERMANENTFLAGS ()] No permanent flags permitted
        S: A932 OK [READ-ONLY] EXAMINE completed
        """#),
    // "NonNormalized" stands for a name in another normal form than NFC, as the RFC says.
    IMAPExample(
      "6.3.4",
      script: #"""
        C: A003 CREATE owatagusiam/
        S: A003 OK CREATE completed
        C: A004 CREATE owatagusiam/blurdybloop
        S: A004 OK CREATE completed
        """#
          + "\nC: A005 CREATE \"Entwu\u{308}rfe\"\nS: * LIST () \"/\" \"Entw\u{fc}rfe\" (\"OLDNAME\" (\"Entwu\u{308}rfe\"))\n"
          + "S: A005 OK CREATE completed"),
    IMAPExample(
      "6.3.5 inferior names",
      folders: ["blurdybloop", "foo", "foo/bar"].map { RFCFolder($0) },
      differences: [
        Difference("* LIST (\\Noselect) \"/\" foo", ours: "* LIST () \"/\" foo", because: selectable)
      ],
      script: #"""
        C: A682 LIST "" *
        S: * LIST () "/" blurdybloop
        S: * LIST (\Noselect) "/" foo
        S: * LIST () "/" foo/bar
        S: A682 OK LIST completed
        C: A683 DELETE blurdybloop
        S: A683 OK DELETE completed
        C: A684 DELETE foo
        S: A684 NO Name "foo" has inferior hierarchical names
        C: A685 DELETE foo/bar
        S: A685 OK DELETE Completed
        C: A686 LIST "" *
        S: * LIST (\Noselect) "/" foo
        S: A686 OK LIST completed
        C: A687 DELETE foo
        S: A687 OK DELETE Completed
        """#),
    IMAPExample(
      "6.3.6 RENAME",
      folders: ["blurdybloop", "foo", "foo/bar"].map { RFCFolder($0) },
      differences: [
        Difference("* LIST (\\Noselect) \"/\" foo", ours: "* LIST () \"/\" foo", because: selectable),
        Difference("* LIST (\\Noselect) \"/\" zowie", ours: "* LIST () \"/\" zowie", because: selectable),
      ],
      script: #"""
        C: A682 LIST "" *
        S: * LIST () "/" blurdybloop
        S: * LIST (\Noselect) "/" foo
        S: * LIST () "/" foo/bar
        S: A682 OK LIST completed
        C: A683 RENAME blurdybloop sarasoop
        S: A683 OK RENAME completed
        C: A684 RENAME foo zowie
        S: A684 OK RENAME Completed
        C: A685 LIST "" *
        S: * LIST () "/" sarasoop
        S: * LIST (\Noselect) "/" zowie
        S: * LIST () "/" zowie/bar
        S: A685 OK LIST completed
        """#),
    // The separator is `.` in the RFC.
    IMAPExample(
      "6.3.6 INBOX", folders: [RFCFolder("INBOX", count: 3), RFCFolder("INBOX/bar")],
      script: #"""
        C: Z432 LIST "" *
        S: * LIST () "/" INBOX
        S: * LIST () "/" INBOX/bar
        S: Z432 OK LIST completed
        C: Z433 RENAME INBOX old-mail
        S: Z433 OK RENAME completed
        C: Z434 LIST "" *
        S: * LIST () "/" INBOX
        S: * LIST () "/" INBOX/bar
        S: * LIST () "/" old-mail
        S: Z434 OK LIST completed
        """#),
    IMAPExample(
      "6.3.6 subscription", folders: [RFCFolder("X")], subscriptions: ["X"],
      script: #"""
        C: 1001 RENAME X Y
        S: 1001 OK
        C: 1002 SUBSCRIBE Y
        S: 1002 OK
        C: 1003 UNSUBSCRIBE X
        S: 1003 OK
        """#),
    // The name is `#news.comp.mail.mime` in the RFC; here `#` begins no name (§5.1.2.1).
    IMAPExample(
      "6.3.7", folders: [RFCFolder("news.comp.mail.mime")],
      script: #"""
        C: A002 SUBSCRIBE news.comp.mail.mime
        S: A002 OK SUBSCRIBE completed
        """#),
    IMAPExample(
      "6.3.8", folders: [RFCFolder("news.comp.mail.mime")], subscriptions: ["news.comp.mail.mime"],
      script: #"""
        C: A002 UNSUBSCRIBE news.comp.mail.mime
        S: A002 OK UNSUBSCRIBE completed
        """#),
  ]
}
