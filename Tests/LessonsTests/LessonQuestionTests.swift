import Testing

@testable import Lessons

@Suite struct LessonQuestionTests {
  private func fact(_ json: String) throws -> Fact {
    let octets = Array(json.utf8)
    return try FactParser.parse(octets.span)
  }
  private func answer(_ name: String, _ json: String) throws -> Answer {
    let conversation = try fact(json)
    return try #require(
      LessonQuestions.all.filter { $0.name == name }.compactMap { $0.answer(from: conversation) }.first)
  }
  private func lines(_ answer: Answer) -> [String] { answer.lines.map { "\($0.label): \($0.text)" } }

  private func login(_ protocol: String, _ credentials: String) -> String {
    #"{"protocol":"\#(`protocol`)","opening":{"client":{"lines":["x"]}},"credentials":[\#(credentials)]}"#
  }
  private static let base64 = "Base64 is an encoding, not encryption: whoever sees the packets reads the password."
  private static let clear = "The password travels in clear: whoever sees the packets reads it."
  private static let digest =
    "The password does not travel, only a digest that proves it; a weak password can be guessed by it."
  private static let ticket = "The password does not travel; a ticket proves who the user is."
  private static let token = "No password travels, but a token that serves as one: whoever sees the packets can use it."

  @Test(arguments: [
    ("smtp", "PLAIN", #""AGEAYg==""#, base64, "RFC 4954 §4"),
    ("smtp", "LOGIN", #""YQ==","Yg==""#, base64, "RFC 4954 §4"),
    ("pop3", "PLAIN", #""AGEAYg==""#, base64, "RFC 5034 §4"), ("pop3", "USER/PASS", "", clear, "RFC 1939 §7"),
    ("pop3", "APOP", #""c4c9""#, digest, "RFC 1939 §7"), ("imap", "LOGIN", "", clear, "RFC 9051 §6.2.3"),
    ("imap", "LOGIN", #""YQ==","Yg==""#, base64, "RFC 9051 §6.2"), ("smtp", "CRAM-MD5", #""x""#, digest, "RFC 2195 §2"),
    ("imap", "SCRAM-SHA-256", #""x""#, digest, "RFC 5802 §3"), ("smtp", "NTLM", #""x""#, digest, "[MS-NLMP] §3.3"),
    ("smtp", "GSSAPI", #""x""#, ticket, "RFC 4752 §3.1"), ("smtp", "XOAUTH2", #""x""#, token, "RFC 6750 §5.2"),
    ("http", "Basic", #""x""#, base64, "RFC 7617 §2"), ("http", "form", "", clear, "RFC 9112 §11.4"),
    ("http", "Digest", "", digest, "RFC 7616 §3.4"), ("http", "Bearer", #""x""#, token, "RFC 6750 §5.2"),
    ("smtp", "EXTERNAL", #""=""#, "What proves who the user is depends on the mechanism.", "RFC 4954 §4"),
  ])
  func whyAPasswordCanBeRead(
    _ spoken: String, _ mechanism: String, _ encoded: String, _ why: String, _ rfc: String
  ) throws {
    let answer = try answer("credentials", login(spoken, #"{"mechanism":"\#(mechanism)","encoded":[\#(encoded)]}"#))
    #expect(answer.question.why == why)
    #expect(answer.rfc == rfc)
  }
  @Test func reasonsAreSaidOnceEach() throws {
    let plain = #"{"mechanism":"PLAIN","encoded":["x"]}"#
    let answer = try answer(
      "credentials", login("smtp", plain + #",{"mechanism":"CRAM-MD5","encoded":["x"]},"# + plain))
    #expect(answer.question.why == Self.base64 + " " + Self.digest)
    #expect(answer.rfc == "RFC 4954 §4, RFC 2195 §2")
  }
  @Test func aTokenIsCalledSo() throws {
    let answer = try answer("credentials", login("http", #"{"mechanism":"Bearer","encoded":["mF_9"]}"#))
    #expect(lines(answer) == ["mechanism: Bearer", "token: mF_9"])
  }
  /// Who spoke first is not told by one side alone; that a password is empty is something to see.
  @Test func nothingIsSaidOfASideThatWasNotCaptured() throws {
    let answer = try answer(
      "first-messages",
      #"{"protocol":"smtp","client":{"synFrame":1},"opening":{"first":"client","client":{"lines":["EHLO c"]}}}"#)
    #expect(lines(answer) == ["client: EHLO c"])
    #expect(answer.cannotTell == "the server's side: nothing of it was captured")
  }
  @Test func anEmptyPasswordIsShownAsEmpty() throws {
    let answer = try answer(
      "credentials", login("pop3", #"{"mechanism":"USER/PASS","username":"bob","password":"","encoded":[]}"#))
    #expect(lines(answer) == ["mechanism: USER/PASS", "user name: bob", "password: (empty)"])
    let other = try self.answer(
      "credentials", login("smtp", #"{"mechanism":"LOGIN","username":"","password":"x","encoded":[]}"#))
    #expect(lines(other) == ["mechanism: LOGIN", "user name: (empty)", "password: x"])
  }
  @Test func aLostQuitIsSaidToBe() throws {
    let answer = try answer(
      "disconnection",
      #"{"protocol":"smtp","closing":{"how":"finished","finishes":[],"resets":[],"quit":{"replies":["#
        + #"{"code":221,"lines":["221 bye"],"frames":[9],"bytes":[[9,54,9]]}]}}}"#)
    #expect(
      lines(answer) == [
        "client says: QUIT itself was not captured", "server says: 221 bye", "ends: in order: both sides sent FIN",
      ])
    #expect(answer.lines[1].evidence.frames == [9])
  }
  @Test func behindATunnelALoginMayHide() throws {
    let answer = try answer(
      "credentials",
      #"{"protocol":"http","opening":{"client":{"lines":["x"]}},"client":{"synFrame":1},"credentials":[],"#
        + #""anomalies":[{"name":"tunnel","by":"server","text":"…","frame":5}]}"#)
    #expect(answer.lines.isEmpty && answer.cannotTell?.contains("from frame 5 on") == true)
  }

  /// The empty path that errors are sent with is shown (RFC 5321 §4.5.5).
  @Test(arguments: [("", "from <>"), ("a@x", "from <a@x>")])
  func theReversePath(_ path: String, _ expected: String) throws {
    let answer = try answer(
      "message",
      #"{"protocol":"smtp","messages":[{"via":"DATA","envelope":{"from":{"path":"\#(path)","frames":[7]},"#
        + #""to":[{"path":"b@x","code":250,"frames":[9]}]},"byteCount":3,"fields":[]}]}"#)
    let envelope = try #require(answer.lines.first { $0.label == "envelope" })
    #expect(envelope.text == expected && envelope.evidence.frames == [7])
    #expect(answer.lines.filter { $0.label == "envelope" }.count == 1)
  }
  /// RFC 5321 §3.8: a server that closes the connection says 421 without being asked.
  @Test func whatNobodyAskedForStandsAlone() throws {
    let answer = try answer(
      "message",
      #"{"protocol":"smtp","messages":[],"exchanges":["#
        + #"{"request":{"verb":"DATA","line":"DATA","bytes":[[37,54,6]]},"replies":[{"code":554,"lines":["554 none"]}]},"#
        + #"{"replies":[{"code":421,"lines":["421 closing"]}]}]}"#)
    #expect(lines(answer) == ["refused: DATA", ": 554 none", "server says: 421 closing"])
    #expect(answer.lines.map(\.beginsElement) == [true, false, true])
  }
  /// Of header fields the names compare in any case (RFC 5322 §1.2.2); of other things they do not.
  @Test func namesOfHeaderFields() throws {
    let answer = try answer(
      "message",
      #"{"protocol":"smtp","messages":[{"via":"DATA","envelope":{"to":[]},"byteCount":3,"fields":["#
        + #"{"name":"from","value":"a@x"},{"name":"DATE","value":"today"},{"name":"CC","value":"c@x"}]}]}"#)
    #expect(lines(answer).filter { $0.hasPrefix("From") || $0.hasPrefix("Date") || $0.hasPrefix("Cc") }.count == 3)
    let parts = try fact(#"{"parts":[{"name":"A.txt"},{"name":"a.txt"}]}"#)
    #expect(try Selector("parts[name=a.txt]").matches(in: parts).count == 1)
  }
  @Test(arguments: [
    (true, 0, nil), (false, 10, "not whole: 10 octets were not captured"),
    (false, 0, "not whole: its end was not captured, or its content was read no further"),
  ])
  func whatIsMissingOfABody(_ isComplete: Bool, _ gap: Int, _ expected: String?) throws {
    let answer = try answer(
      "message",
      #"{"protocol":"http","messages":[{"via":"response","label":"200 OK","byteCount":20,"gapByteCount":\#(gap),"#
        + #""isComplete":\#(isComplete),"fields":[],"parts":[{"path":"1"}]}]}"#)
    #expect(answer.lines.first { $0.label == "missing" }?.text == expected)
  }
  @Test(arguments: [("1.000000000", "1.250000000", ["250 ms"]), ("1.0", "3.5", ["2.5 s"]), ("9.0", "1.0", [])])
  func howLongAConversationWas(_ begin: String, _ end: String, _ shown: [String]) throws {
    #expect(TextRenderer.extent(try fact(#"{"begin":\#(begin),"end":\#(end)}"#)) == shown)
  }
  /// Thousands of logins of one conversation: what it costs to gather their evidence grows with their number.
  @Test func theEvidenceOfManyLinesIsGatheredOnce() {
    let count = 100_000
    var lines: [Answer.Line] = []
    for frame in 0..<count {
      var evidence = Evidence()
      evidence.frames = [frame, frame / 2]
      evidence.bytes = [[frame, 54, 8], [frame / 2, 54, 8]]
      lines.append(Answer.Line(label: "user name", text: "alice", evidence: evidence))
    }
    let answer = Answer(question: LessonQuestions.all[0], rfc: "", lines: lines)
    var evidence = Evidence()
    let time = ContinuousClock().measure { evidence = answer.evidence }
    #expect(evidence.frames == Array(0..<count))
    #expect(evidence.bytes.count == count && evidence.bytes.first == [0, 54, 8])
    #expect(time < .seconds(10))
  }
  @Test func aQuestionsOwnReasons() throws {
    let file = """
      {"questions": [{"name": "q", "ask": "?", "why": "else", "rfc": "RFC 1",
        "reasons": [{"when": ["a"], "text": "because"}, {"when": ["a=1"], "text": "of one", "rfc": "RFC 2"}],
        "answer": [{"lines": [{"label": "l", "text": "t"}]}]}]}
      """
    let question = try #require(try QuestionFile.parse(file).first)
    let (one, two, none) = (try fact(#"{"a":1}"#), try fact(#"{"a":2}"#), try fact("{}"))
    #expect(question.answer(from: one)?.question.why == "because of one")
    #expect(question.answer(from: one)?.rfc == "RFC 1, RFC 2")
    #expect(question.answer(from: two)?.question.why == "because")
    #expect(question.answer(from: none)?.question.why == "else" && question.answer(from: none)?.rfc == "RFC 1")
  }
}
