import Testing

/// The examples are only as good as the comparison: it must see what differs, and pass over what may.
@Suite struct IMAPAnswerComparisonTests {
  @Test(arguments: [
    ("* LIST (\\Noselect) \"/\" \"foo\"", "* LIST (\\HasChildren \\NonExistent) \"/\" foo"),
    ("* LIST () \"/\" \"inbox\"", "* LIST (\\HasNoChildren) \"/\" INBOX"),
    ("* 12 FETCH (FLAGS (\\Seen \\Deleted))", "* 12 FETCH (UID 4 FLAGS (\\deleted \\Seen))"),
    ("* 1 FETCH (BODY[] {3}\r\na)b)", "* 1 FETCH (BODY[] \"a)b\")"), ("* 2 FETCH ....", "* 2 FETCH (FLAGS ())"),
    ("* ESEARCH (TAG \"a\") ALL 1:3 COUNT 3", "* ESEARCH (TAG \"a\") COUNT 3 ALL 1,2:3"),
    ("* OK [UIDNEXT 7] Predicted", "* OK [UIDNEXT 8] next"), ("a OK done", "a OK [READ-WRITE] ok"),
    ("a NO [CANNOT] x", "a NO [CANNOT] y"), ("a OK [COPYUID 1 2:3 4:5] x", "a OK [COPYUID 9 2:3 4:5] y"),
    ("* CAPABILITY IMAP4rev2 STARTTLS X", "* CAPABILITY STARTTLS Y IMAP4rev2"), ("+ ready", "+ "),
  ])
  func theSame(_ expected: String, _ answered: String) {
    #expect(IMAPAnswerComparison.faults(expected: [expected], answered: "\(answered)\r\n") == [])
  }
  @Test(arguments: [
    ("* LIST () \"/\" foo", "* LIST () \"/\" Foo"), ("* LIST () \"/\" foo", "* LIST (\\Subscribed) \"/\" foo"),
    ("* LIST (\\Subscribed) \"/\" foo", "* LIST () \"/\" foo"),
    ("* LIST () \"/\" foo", "* LIST () \"/\" foo (\"CHILDINFO\" (\"SUBSCRIBED\"))"),
    ("* 12 FETCH (FLAGS (\\Seen))", "* 12 FETCH (FLAGS (\\Seen \\Deleted))"),
    ("* 12 FETCH (FLAGS (\\Seen))", "* 13 FETCH (FLAGS (\\Seen))"),
    ("* 1 FETCH (BODY[] \"a\")", "* 1 FETCH (BODY[] \"A\")"), ("* 2 FETCH ....", "* 3 FETCH (FLAGS ())"),
    ("* ESEARCH (TAG \"a\") ALL 1:3", "* ESEARCH (TAG \"a\") ALL 1:4"),
    ("* ESEARCH (TAG \"a\") ALL 1", "* ESEARCH (TAG \"b\") ALL 1"),
    ("* ESEARCH (TAG \"a\") ALL 1", "* ESEARCH (TAG \"a\") UID ALL 1"),
    ("* ESEARCH (TAG \"a\")", "* ESEARCH (TAG \"a\") ALL 1"), ("* STATUS a (MESSAGES 1)", "* STATUS a (MESSAGES 2)"),
    ("* OK [UIDNEXT 7] Predicted", "* OK [UIDVALIDITY 7] next"), ("a OK done", "b OK done"), ("a OK done", "a NO done"),
    ("a NO [CANNOT] x", "a NO x"), ("a OK [COPYUID 1 2:3 4:5] x", "a OK [COPYUID 1 2:3 4:6] y"),
    ("* CAPABILITY IMAP4rev2", "* CAPABILITY IMAP4rev2 STARTTLS"), ("* 3 EXISTS", "* 4 EXISTS"),
    ("a OK done", "* 3 EXPUNGE\r\na OK done"), ("a OK done", "* LIST () \"/\" foo\r\na OK done"),
    ("* OK [PERMANENTFLAGS ()] none", "* OK [PERMANENTFLAGS (\\Seen)] some"),
  ])
  func notTheSame(_ expected: String, _ answered: String) {
    #expect(IMAPAnswerComparison.faults(expected: [expected], answered: "\(answered)\r\n") != [])
  }
  @Test func expungedNumbersHaveAnOrder() {
    let expected = ["* 3 EXPUNGE", "* 5 EXPUNGE"]
    #expect(IMAPAnswerComparison.faults(expected: expected, answered: "* 3 EXPUNGE\r\n* 5 EXPUNGE\r\n") == [])
    #expect(IMAPAnswerComparison.faults(expected: expected, answered: "* 5 EXPUNGE\r\n* 3 EXPUNGE\r\n") != [])
  }
}
