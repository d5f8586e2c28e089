import Testing

@testable import Grading

/// What an exercise demands besides the standard: how often, how soon, and behind what something is said.
extension ProgramJudgeTests {
  private func dialogue(_ pairs: [(String, String)]) -> [Said] {
    [.server("220 ready\r\n")] + pairs.flatMap { [.client("\($0)\r\n"), .server("\($1)\r\n")] }
  }
  private static let later = [("RCPT TO:<b@b.example>", "450 later")]

  /// As often as it may, and no more; whoever gives up behind the last try has done enough.
  @Test(arguments: [(1, false), (2, true), (3, false)]) func triesAreCounted(_ count: Int, _ isRight: Bool) throws {
    let said = dialogue((0..<count).flatMap { _ in Self.later } + [("QUIT", "221 bye")])
    let result = try judge("- { rule: retry, tries: 2 }", said)[0]
    #expect((result.verdict == .passed) == isRight, "\(result.feedback)")
    #expect((result.feedback.mistake == .triesForEver) == (count == 3))
    // Where nobody counts, one try more is enough.
    #expect(try judge("- { rule: retry }", said)[0].verdict == .failed)
  }
  @Test func theTimeBeforeTheNextTryIsMeasured() throws {
    let again = dialogue(Self.later + Self.later + [("QUIT", "221 bye")])
    #expect(try judge("- { rule: pauses, pause: 0.0009 }", again)[0].verdict == .passed)
    let result = try judge("- { rule: pauses, pause: 0.002 }", again)[0]
    #expect(result.verdict == .failed && result.feedback.found == "the next try at once")
    #expect(result.feedback.place?.frame == 6)
    #expect(try judge("- { rule: pauses, pause: 0.002 }", Self.polite)[0].verdict == .notRun)
  }
  /// Behind 5yz the same sender is not named once more; another one may be.
  @Test func aRefusedSenderIsNotNamedAgain() throws {
    let refused = [("HELO me", "250 hello"), ("MAIL FROM:<a@a.example>", "550 no")]
    let end = [("QUIT", "221 bye")]
    let again = try judge("- { rule: code }", dialogue(refused + [("MAIL FROM:<a@a.example>", "550 no")] + end))[0]
    #expect(again.feedback.mistake == .goesOnAfterRefusal && again.feedback.place?.frame == 8)
    #expect(
      try judge("- { rule: code }", dialogue(refused + [("MAIL FROM:<b@a.example>", "250 ok")] + end))[0].verdict
        == .passed)
    #expect(try judge("- { rule: code }", dialogue(refused + end))[0].verdict == .passed)
  }
  @Test func whatIsToBeAnsweredIsAwaited() throws {
    let checks = "- { rule: commands, commands: [HELO, QUIT], answered: true }"
    #expect(try judge(checks, Self.polite)[0].verdict == .passed)
    let together = try judge(
      checks, [.server("220 ready\r\n"), .client("HELO me\r\nQUIT\r\n"), .server("250 hello\r\n221 bye\r\n")])[0]
    #expect(together.verdict == .failed && together.feedback.found == "QUIT at once")
    let half = try judge(
      checks,
      [
        .server("220 ready\r\n"), .client("HELO me\r\n"), .server("250-hello\r\n"), .client("QUIT\r\n"),
        .server("250 you\r\n221 bye\r\n"),
      ])[0]
    #expect(half.verdict == .failed && half.feedback.place?.frame == 6)
  }
  @Test func oneMessageHasOneTransaction() throws {
    let checks = "- { rule: envelope, to: [b@b.example, c@c.example] }"
    let (mail, message) = (
      ("MAIL FROM:<a@a.example>", "250 ok"), [("DATA", "354 go"), ("x: y\r\n\r\nx\r\n.", "250 ok")]
    )
    let recipients = [("RCPT TO:<b@b.example>", "250 ok"), ("RCPT TO:<c@c.example>", "550 no")]
    #expect(try judge(checks, dialogue([mail] + recipients + message))[0].verdict == .passed)
    let each = [mail, recipients[0]] + message + [mail, recipients[1]]
    let result = try judge(checks, dialogue(each))[0]
    #expect(result.feedback.mistake == .transactionForEach && result.feedback.found == "MAIL FROM:<a@a.example>")
    #expect(
      try judge("- { rule: envelope, to: [b@b.example] }", dialogue([mail, recipients[0]] + message))[0].verdict
        == .passed)
  }
  /// In base64, and nowhere else, a line has at most 76 characters (RFC 2045 §6.8).
  @Test(arguments: [("base64", 76, true), ("base64", 80, false), ("BASE64", 400, false), ("8bit", 400, true)])
  func linesOfBase64AreShorter(_ encoding: String, _ count: Int, _ isRight: Bool) throws {
    let line = String(repeating: "QUJD", count: count / 4)
    let message = "Content-Transfer-Encoding: \(encoding)\r\n\r\n\(line)\r\nQUJD\r\n."
    let said = dialogue([
      ("MAIL FROM:<a@a.example>", "250 ok"), ("RCPT TO:<b@b.example>", "250 ok"), ("DATA", "354 go"),
      (message, "250 ok"),
    ])
    let result = try judge("- { rule: limits }", said)[0]
    #expect((result.verdict == .passed) == isRight, "\(result.feedback)")
    if !isRight { #expect(result.feedback.found == "\(count) characters" && result.feedback.place != nil) }
  }
  /// Behind a reply of several lines, whoever goes on too early may have taken each of them for a reply; nobody is told that it
  /// reads nothing who may have.
  @Test func aLineForACommandIsNoReply() throws {
    func reason(_ said: [Said]) throws -> String? { try judge("- { rule: wait-reply }", said)[0].feedback.reason }
    let long = Said.server("250-hello\r\n250-SIZE\r\n250 HELP\r\n")
    let end: [Said] = [.server("250 ok\r\n"), .server("221 bye\r\n")]
    let opening: [Said] = [.server("220 ready\r\n"), .client("EHLO me\r\n"), long]
    let behind = try reason(opening + [.client("NOOP\r\n"), .client("QUIT\r\n")] + end)
    #expect(behind?.contains("The one to EHLO has 3 lines") == true, "\(behind ?? "")")
    let together = try reason(opening + [.client("NOOP\r\nQUIT\r\n")] + end)
    #expect(together == StudentMistake.sendsEverythingAtOnce.words)
    let atOnce = try reason(
      [
        .server("220 ready\r\n"), .client("EHLO me\r\n"), .client("NOOP\r\n"), .client("QUIT\r\n"), long,
      ] + end)
    #expect(atOnce == StudentMistake.sendsEverythingAtOnce.words)
  }
  /// What came before what it should come behind was said.
  @Test func anotherOrderIsNoSilence() throws {
    let result = try judge("- { rule: commands, commands: [QUIT, HELO] }", Self.polite)[0]
    #expect(result.feedback.found == "HELO me first" && result.feedback.expected == "QUIT, and then HELO")
  }
  @Test func aCrashIsNoWaiting() throws {
    let result = try judge("- { rule: finish }", Self.polite, ending: .signalled(11))[0]
    #expect(result.feedback.mistake == .crashed && !result.feedback.why.contains("for ever"))
    #expect(result.feedback.hint?.contains("complain") == true)
  }
  /// An exit status tells of a refusal, too, when the program has taken its leave.
  @Test(arguments: [("550 no", "QUIT", true), ("250 ok", "QUIT", false), ("550 no", "NOOP", false)])
  func aRefusalMayEndWithAStatus(_ reply: String, _ last: String, _ isRight: Bool) throws {
    let said = dialogue([("HELO me", "250 hello"), ("MAIL FROM:<a@a.example>", reply), (last, "221 bye")])
    let result = try judge("- { rule: finish }", said, ending: .exited(26))[0]
    #expect((result.verdict == .passed) == isRight, "\(result.feedback)")
  }
}
