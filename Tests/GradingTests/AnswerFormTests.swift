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
    ("Subject: Notes: one", "Notes: one", .text), ("PASS lino-bedi", "lino-bedi", .text),
    ("From: vera@Example.org", "vera@example.org", .mailbox), ("USER vera@example.org", "vera@example.org", .mailbox),
    ("MAIL FROM:<vera@example.org>", "vera@example.org", .mailbox),
    ("From:vera@example.org", "vera@example.org", .mailbox),
    ("AUTH PLAIN AGEAYg==", "AGEAYg==", .base64(orDecoded: false)),
  ])
  func areTheSame(_ given: String, _ expected: String, _ kind: AnswerKind) {
    #expect(AnswerForm.isEqual(given, expected, kind))
  }
  @Test(arguments: [
    ("192.0.2.10", "192.0.2.1", AnswerKind.address), ("laptop", "192.0.2.1", .address), ("", "192.0.2.1", .address),
    ("25", "587", .port), ("587 or 25", "587", .port), ("99999999999999999999999", "587", .port),
    ("ehlo laptop", "EHLO laptop", .text), ("Alice@example.org", "alice@example.org", .mailbox),
    ("ywxpy2u=", "YWxpY2U=", .base64(orDecoded: false)), ("alice", "YWxpY2U=", .base64(orDecoded: false)),
    ("22", "221", .code), ("a@example.org b@example.org", "b@example.org", .mailbox),
    ("EHLO: laptop", "EHLO laptop", .text), ("Notes", "Subject: Notes", .text),
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

/// The parts of an answer that names several.
@Suite struct AnswerPartsTests {
  @Test(arguments: [
    "a@x.org, b@x.org", "- a@x.org\n- b@x.org", "* a@x.org\n* b@x.org", "1. a@x.org\n2. b@x.org",
    "a@x.org and b@x.org", "a@x.org & b@x.org", "a@x.org b@x.org", "a@x.org/b@x.org", "a@x.org; b@x.org",
    "<a@x.org>, RCPT TO:<b@x.org>", "A <a@x.org>\nB <b@x.org>", "RCPT TO:<a@x.org>\nRCPT TO:<b@x.org>",
  ])
  func areFoundHoweverTheyAreWritten(_ text: String) {
    let forms = AnswerParts.of(text, .mailbox).map { AnswerForm.canonical($0, .mailbox) }
    #expect(forms == ["a@x.org", "b@x.org"])
  }
  @Test func stayTogetherWhereTheyMay() {
    #expect(AnswerParts.of("a/b&c@x.org", .mailbox) == ["a/b&c@x.org"])
    #expect(AnswerParts.of("* 5 EXISTS and more\n- x", .text) == ["5 EXISTS and more", "x"])
    #expect(AnswerParts.of("QUIT, ehlo AUTH/mail", .word) == ["QUIT", "ehlo", "AUTH", "mail"])
    #expect(AnswerParts.of("25 and 587", .port) == ["25", "587"])
  }
}

/// What an answer cites.
@Suite struct CitedEvidenceTests {
  @Test(arguments: [
    ("7", CitedEvidence.frames([7])), ("frame 7", .frames([7])), ("Frames 7, 9-11", .frames([7, 9, 10, 11])),
    ("frame no. 7", .frames([7])), ("#7 and #8", .frames([7, 8])), ("", .nothing), ("-", .nothing),
    ("frame 7, octets 54-122", .octets([.init(frame: 7, range: 54...122)])),
    ("[7, 54, 69]", .octets([.init(frame: 7, range: 54...122)])),
    (
      "frame 9, octets 54-86; frame 11, octets 54-85",
      .octets([.init(frame: 9, range: 54...86), .init(frame: 11, range: 54...85)])
    ),
    // As the worksheet itself prints it, and in the signs of Markdown.
    ("`frame 7`", .frames([7])), ("*frame 75*", .frames([75])), ("| frame 75 |", .frames([75])),
    ("**Frames** `7`, `9`", .frames([7, 9])), ("\"frame 7\"", .frames([7])), ("> frame 7", .frames([7])),
    ("`smtp.req.command == \"AUTH\"`", .filter("smtp.req.command == \"AUTH\"")),
    ("`frame 7, octets 54-122`", .octets([.init(frame: 7, range: 54...122)])),
    // Frames in a sentence.
    ("frame 1 (the SYN)", .frames([1])), ("Frame 1: SYN", .frames([1])), ("See frame 75", .frames([75])),
    ("frame 9 / frame 11", .frames([9, 11])), ("frames 9/11", .frames([9, 11])),
    ("in frames 9 to 11 (AUTH) and packet no. 14", .frames([9, 10, 11, 14])),
    ("tcp SYN, frame 3", .frames([3])), ("smtp contains \"RCPT\"", .filter("smtp contains \"RCPT\"")),
    ("frame.number == 7", .filter("frame.number == 7")),
    ("smtp.req.command == \"AUTH\"", .filter("smtp.req.command == \"AUTH\"")),
    ("I saw it at 7", .unreadable("I saw it at 7")), ("1-999999", .unreadable("1-999999")),
    ("99999999999999999999", .unreadable("99999999999999999999")),
    ("[7, 9223372036854775807, 9223372036854775807]", .unreadable("[7, 9223372036854775807, 9223372036854775807]")),
  ])
  func isRead(_ text: String, _ cited: CitedEvidence) { #expect(CitedEvidence(text) == cited) }
}
