import Testing

@testable import Grading

/// Which spellings are the same answer, and which are not.
@Suite struct AnswerFormTests {
  @Test(arguments: [
    ("192.0.2.1", "192.0.2.1", AnswerKind.address), ("`192.0.2.1`", "192.0.2.1", .address),
    ("192.0.2.1:587", "192.0.2.1", .address), ("192.0.2.1 port 587", "192.0.2.1", .address),
    ("2001:DB8:0:0:0:0:0:1", "2001:db8::1", .address), ("[2001:db8::1]", "2001:db8::1", .address),
    ("port 587", "587", .port), ("587 (submission)", "587", .port), ("0587", "587", .port),
    ("221 2.0.0 Bye", "221", .code), ("code 221", "221", .code), ("frame 7", "7", .frame),
    ("EHLO  laptop ", "EHLO laptop", .text), ("\"EHLO laptop\"", "EHLO laptop", .text),
    ("EHLO laptop\\r\\n", "EHLO laptop", .text), ("uidl", "UIDL", .word),
    ("MAIL.Example.ORG.", "mail.example.org", .host),
    ("<alice@Example.ORG>", "alice@example.org", .mailbox),
    ("Alice <alice@example.org>", "alice@example.org", .mailbox),
    (" YWxp Y2U=", "YWxpY2U=", .base64(orDecoded: false)), ("alice", "YWxpY2U=", .base64(orDecoded: true)),
    ("\\0a\\0b", "AGEAYg==", .base64(orDecoded: true)),
  ])
  func areTheSame(_ given: String, _ expected: String, _ kind: AnswerKind) {
    #expect(AnswerForm.isEqual(given, expected, kind))
  }
  @Test(arguments: [
    ("192.0.2.10", "192.0.2.1", AnswerKind.address), ("laptop", "192.0.2.1", .address), ("", "192.0.2.1", .address),
    ("25", "587", .port), ("587 or 25", "587", .port), ("99999999999999999999999", "587", .port),
    ("ehlo laptop", "EHLO laptop", .text), ("Alice@example.org", "alice@example.org", .mailbox),
    ("ywxpy2u=", "YWxpY2U=", .base64(orDecoded: false)), ("alice", "YWxpY2U=", .base64(orDecoded: false)),
    ("22", "221", .code),
  ])
  func areNotTheSame(_ given: String, _ expected: String, _ kind: AnswerKind) {
    #expect(!AnswerForm.isEqual(given, expected, kind))
  }
  @Test(arguments: ["cannot tell", "Cannot tell.", "can’t tell", "`cannot tell`", "not in the capture"])
  func sayThatNobodyCanTell(_ text: String) { #expect(AnswerForm.isCannotTell(text)) }
  @Test(arguments: ["", "tell", "I cannot tell you more than 587"]) func sayNoSuchThing(_ text: String) {
    #expect(!AnswerForm.isCannotTell(text))
  }
}

/// What an answer cites.
@Suite struct CitedEvidenceTests {
  @Test(arguments: [
    ("7", CitedEvidence.frames([7])), ("frame 7", .frames([7])), ("Frames 7, 9-11", .frames([7, 9, 10, 11])),
    ("frame no. 7", .frames([7])), ("#7 and #8", .frames([7, 8])), ("", .nothing), ("-", .nothing),
    ("frame 7, octets 54-122", .octets(frame: 7, 54...122)), ("[7, 54, 69]", .octets(frame: 7, 54...122)),
    ("frame.number == 7", .filter("frame.number == 7")),
    ("smtp.req.command == \"AUTH\"", .filter("smtp.req.command == \"AUTH\"")),
    ("I saw it at 7", .unreadable("I saw it at 7")), ("1-999999", .unreadable("1-999999")),
    ("99999999999999999999", .unreadable("99999999999999999999")),
    ("[7, 9223372036854775807, 9223372036854775807]", .unreadable("[7, 9223372036854775807, 9223372036854775807]")),
  ])
  func isRead(_ text: String, _ cited: CitedEvidence) { #expect(CitedEvidence(text) == cited) }
}
