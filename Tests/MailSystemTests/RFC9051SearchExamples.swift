import MailProtocols

@testable import MailSystem

/// RFC 9051 §6.4.4: SEARCH, its results saved and not.
enum RFC9051SearchExamples {
  /// 1 January 2007: since every day that the examples name.
  private static let late = MessageDate(secondsSinceEpoch: 1_167_609_600)
  private static let early = MessageDate(secondsSinceEpoch: 700_000_000)
  /// So many messages; those of `numbers` are later than all days of the examples, and the others earlier.
  private static func folder(_ count: Int, late numbers: Set<UInt32>, _ flags: [String] = []) -> [RFCFolder] {
    [
      RFCFolder("INBOX", count: count) { number, message in
        message.date = numbers.contains(number) ? late : early
        if numbers.contains(number) { message.flags = flags }
      }
    ]
  }
  private static func flagged(_ numbers: Set<UInt32>, of count: Int, _ flag: String) -> [RFCFolder] {
    folder(count, late: numbers, [flag])
  }
  /// The messages that examples 1 and 2 of §6.4.4.4 find, with their UIDs.
  private static let headers = [
    RFCFolder("INBOX", count: 882) { number, message in
      message.uid = number < 2 ? number : number + (number < 84 ? 12 : number < 882 ? 16 : 233)
      message.date = late
      if [2, 84, 882].contains(number) { message.flags = ["\\Flagged"] }
    }
  ]
  private static func text(_ words: String) -> String { "Subject: x\r\nFrom: fred@foobar.example\r\n\r\n\(words)\r\n" }

  static let all: [IMAPExample] = [
    IMAPExample(
      "6.4.4 MIN COUNT", .selected("INBOX"), folders: flagged([2, 10, 11], of: 12, "\\Flagged"),
      script: #"""
        C: A282 SEARCH RETURN (MIN COUNT) FLAGGED
            SINCE 1-Feb-1994 NOT FROM "Smith"
        S: * ESEARCH (TAG "A282") MIN 2 COUNT 3
        S: A282 OK SEARCH completed
        """#),
    IMAPExample(
      "6.4.4 ALL", .selected("INBOX"), folders: flagged([2, 10, 11], of: 12, "\\Flagged"),
      script: #"""
        C: A283 SEARCH RETURN () FLAGGED
            SINCE 1-Feb-1994 NOT FROM "Smith"
        S: * ESEARCH (TAG "A283") ALL 2,10:11
        S: A283 OK SEARCH completed
        """#),
    IMAPExample(
      "6.4.4 TEXT", .selected("INBOX"),
      folders: [
        RFCFolder("INBOX", count: 50) { number, message in if number == 43 { message.text = text("отпуск") } }
      ],
      script: #"""
        C: A284 SEARCH TEXT "string not in mailbox"
        S: * ESEARCH (TAG "A284")
        S: A284 OK SEARCH completed
        C: A285 SEARCH CHARSET UTF-8 TEXT {12}
        S: + Ready for literal text
        C: отпуск
        S: * ESEARCH (TAG "A285") ALL 43
        S: A285 OK SEARCH completed
        """#),
    IMAPExample(
      "6.4.4 first unseen", .selected("INBOX"),
      folders: [RFCFolder("INBOX", count: 6) { number, message in if number < 4 { message.flags = ["\\Seen"] } }],
      script: #"""
        C: A284 SEARCH RETURN (MIN) UNSEEN
        S: * ESEARCH (TAG "A284") MIN 4
        S: A284 OK SEARCH completed
        """#),
    IMAPExample(
      "6.4.4 UID", .selected("INBOX"),
      folders: [RFCFolder("INBOX", count: 3) { number, message in message.uid = [7, 500, 3800][Int(number) - 1] }],
      script: #"""
        C: A285 UID SEARCH RETURN (MIN MAX) 1:5000
        S: * ESEARCH (TAG "A285") UID MIN 7 MAX 3800
        S: A285 OK SEARCH completed
        """#),
    IMAPExample(
      "6.4.4 COUNT", .selected("INBOX"), folders: flagged(Set(1...15), of: 20, "\\Deleted"),
      script: #"""
        C: A286 SEARCH RETURN (COUNT) DELETED
        S: * ESEARCH (TAG "A286") COUNT 15
        S: A286 OK SEARCH completed
        """#),
    IMAPExample(
      "6.4.4.4 1", .selected("INBOX"), folders: headers,
      script: #"""
        C: A282 SEARCH RETURN (SAVE) FLAGGED SINCE 1-Feb-1994
            NOT FROM "Smith"
        S: A282 OK SEARCH completed, result saved
        C: A283 FETCH $ (UID INTERNALDATE FLAGS BODY.PEEK[HEADER])
        S: * 2 FETCH (UID 14 ...
        S: * 84 FETCH (UID 100 ...
        S: * 882 FETCH (UID 1115 ...
        S: A283 OK completed
        """#),
    IMAPExample(
      "6.4.4.4 2", .selected("INBOX"), folders: headers,
      script: #"""
        C: A282 SEARCH RETURN (SAVE) FLAGGED SINCE 1-Feb-1994
            NOT FROM "Smith"
        C: A283 FETCH $ (UID INTERNALDATE FLAGS BODY.PEEK[HEADER])
        S: A282 OK SEARCH completed
        S: * 2 FETCH (UID 14 ...
        S: * 84 FETCH (UID 100 ...
        S: * 882 FETCH (UID 1115 ...
        S: A283 OK completed
        """#),
    // Both of the RFC's forms of the second command.
    IMAPExample(
      "6.4.4.4 3", .selected("INBOX"),
      folders: [
        RFCFolder("INBOX", count: 5) { number, message in
          message.uid = [17, 18, 900, 901, 902][Int(number) - 1]
          message.date = number == 2 ? early : late
          if number == 5 { message.text = text(String(repeating: "long ", count: 1000)) }
        }
      ],
      script: #"""
        C: A300 SEARCH RETURN (SAVE) SINCE 1-Jan-2004
            NOT FROM "Smith"
        S: A300 OK SEARCH completed
        C: A301 UID SEARCH UID $ SMALLER 4096
        S: * ESEARCH (TAG "A301") UID ALL 17,900,901
        S: A301 OK completed
        C: A301 UID SEARCH $ SMALLER 4096
        S: * ESEARCH (TAG "A301") UID ALL 17,900,901
        S: A301 OK completed
        """#),
    IMAPExample(
      "6.4.4.4 4", .selected("INBOX"),
      folders: [
        RFCFolder("INBOX", count: 3021) { number, message in
          message.date = [882, 1102].contains(number) ? late : early
          if [882, 1102, 3003, 3005, 3006].contains(number) { message.text = text("мать") }
        }
      ],
      script: #"""
        C: P282 SEARCH RETURN (SAVE) SINCE 1-Feb-1994
            NOT FROM "Smith"
        S: P282 OK SEARCH completed
        C: P283 SEARCH CHARSET UTF-8 (OR $ 1,3000:3021) TEXT {8+}
        C: мать
        S: * ESEARCH (TAG "P283") ALL 882,1102,3003,3005:3006
        S: P283 OK completed
        """#),
    // The last command is the comment of the RFC, played: nothing is saved any more.
    IMAPExample(
      "6.4.4.4 5", .selected("INBOX"), folders: folder(10, late: [2, 3]),
      script: #"""
        C: B282 SEARCH RETURN (SAVE) SINCE 1-Feb-1994
            NOT FROM "Smith"
        S: B282 OK SEARCH completed
        C: B283 SEARCH RETURN (SAVE) CHARSET KOI8-R
            (OR $ 1,3000:3021) TEXT {4}
        C: XXXX
        S: B283 NO [BADCHARSET UTF-8] KOI8-R is not supported
        C: B284 SEARCH $
        S: * ESEARCH (TAG "B284")
        S: B284 OK SEARCH completed
        """#),
    IMAPExample(
      "6.4.4.4 6", .selected("INBOX"), folders: folder(4, late: []) + [RFCFolder("Other Messages")],
      script: #"""
        C: E282 SEARCH RETURN (SAVE) SINCE 28-Oct-2006
            NOT FROM "Eric"
        C: E283 COPY $ "Other Messages"
        S: E282 OK SEARCH completed
        S: E283 OK COPY completed, nothing copied
        """#),
    IMAPExample(
      "6.4.4.4 7", .selected("INBOX"), folders: flagged([2, 4], of: 5, "$Junk") + [RFCFolder("Junk")],
      script: #"""
        C: F282 SEARCH RETURN (SAVE) KEYWORD $Junk
        C: F283 COPY $ "Junk"
        C: F284 STORE $ +FLAGS.Silent (\Deleted)
        S: F282 OK SEARCH completed
        S: F283 OK COPY completed
        S: F284 OK STORE completed
        """#),
    IMAPExample(
      "6.4.4.4 8", .selected("INBOX"),
      folders: [
        RFCFolder("INBOX", count: 110) { number, message in
          message.date = late
          let isEric = (3...15).contains(number) || number == 27 || (29...103).contains(number)
          if isEric { message.text = "From: Eric\r\n\r\nx\r\n" }
        }
      ],
      script: #"""
        C: G282 SEARCH RETURN (SAVE) KEYWORD $Junk
        C: G283 SEARCH RETURN (ALL) SINCE 28-Oct-2006
            FROM "Eric"
        S: * ESEARCH (TAG "G283") ALL 3:15,27,29:103
        S: G283 OK SEARCH completed
        S: G282 OK SEARCH completed
        """#),
    // The last command is the comment of the RFC, played: `$` is what the second found.
    IMAPExample(
      "6.4.4.4 9", .selected("INBOX"),
      folders: [
        RFCFolder("INBOX", count: 4) { number, message in
          message.date = late
          if number == 1 { message.flags = ["$Junk"] }
          if number == 3 { message.text = "From: Eric\r\n\r\nx\r\n" }
        }
      ],
      script: #"""
        C: H282 SEARCH RETURN (SAVE) KEYWORD $Junk
        C: H283 SEARCH RETURN (SAVE) SINCE 28-Oct-2006
            FROM "Eric"
        S: H282 OK SEARCH completed
        S: H283 OK SEARCH completed
        C: H284 SEARCH $
        S: * ESEARCH (TAG "H284") ALL 3
        S: H284 OK SEARCH completed
        """#),
    // With the tags put right, and the comments of the RFC played: what `$` is then.
    IMAPExample(
      "6.4.4.4 10", .selected("INBOX"), folders: folder(25, late: Set(10...15).union([2, 21])),
      script: #"""
        C: C282 SEARCH RETURN (ALL) SINCE 12-Feb-2006
            NOT FROM "Smith"
        S: * ESEARCH (TAG "C282") ALL 2,10:15,21
        S: C282 OK SEARCH completed
        C: V282 SEARCH $
        S: * ESEARCH (TAG "V282")
        S: V282 OK
        C: C283 SEARCH RETURN (ALL SAVE) SINCE 12-Feb-2006
            NOT FROM "Smith"
        S: * ESEARCH (TAG "C283") ALL 2,10:15,21
        S: C283 OK SEARCH completed
        C: V283 SEARCH $
        S: * ESEARCH (TAG "V283") ALL 2,10:15,21
        S: V283 OK
        C: C284 SEARCH RETURN (SAVE MIN) SINCE 12-Feb-2006
            NOT FROM "Smith"
        S: * ESEARCH (TAG "C284") MIN 2
        S: C284 OK SEARCH completed
        C: V284 SEARCH $
        S: * ESEARCH (TAG "V284") ALL 2
        S: V284 OK
        C: C285 SEARCH RETURN (MAX SAVE MIN) SINCE
            12-Feb-2006 NOT FROM "Smith"
        S: * ESEARCH (TAG "C285") MIN 2 MAX 21
        S: C285 OK SEARCH completed
        C: V285 SEARCH $
        S: * ESEARCH (TAG "V285") ALL 2,21
        S: V285 OK
        C: C286 SEARCH RETURN (MAX SAVE MIN COUNT)
            SINCE 12-Feb-2006 NOT FROM "Smith"
        S: * ESEARCH (TAG "C286") MIN 2 MAX 21 COUNT 8
        S: C286 OK SEARCH completed
        C: V286 SEARCH $
        S: * ESEARCH (TAG "V286") ALL 2,10:15,21
        S: V286 OK
        C: C287 SEARCH RETURN (ALL SAVE MIN) SINCE
            12-Feb-2006 NOT FROM "Smith"
        S: * ESEARCH (TAG "C287") MIN 2 ALL 2,10:15,21
        S: C287 OK SEARCH completed
        C: V287 SEARCH $
        S: * ESEARCH (TAG "V287") ALL 2,10:15,21
        S: V287 OK
        """#),
  ]
}
