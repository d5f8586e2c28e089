import Testing

@testable import Grading

/// What a client brings, judged by packets that nobody has sent: its envelope, its message, and how it goes.
extension ProgramJudgeTests {
  private func send(_ message: String, from: String = "MAIL FROM:<alice@example.com>") -> [Said] {
    [
      .server("220 ready\r\n"), .client("HELO me\r\n"), .server("250 hello\r\n"), .client("\(from)\r\n"),
      .server("250 ok\r\n"), .client("RCPT TO:<bob@example.org>\r\n"), .server("250 ok\r\n"), .client("DATA\r\n"),
      .server("354 go\r\n"), .client("\(message)\r\n.\r\n"), .server("250 ok\r\n"), .client("QUIT\r\n"),
      .server("221 bye\r\n"),
    ]
  }
  /// The header section may be empty; the body behind it is unchanged (RFC 5322 §2.1).
  @Test(arguments: ["\r\nI love networks!", "From: a@example.com\r\n\r\nI love networks!", "I love networks!"])
  func theBodyIsFoundWithAndWithoutAHeader(_ message: String) throws {
    let results = try judge("- { rule: headers }\n- { rule: body, body: I love networks! }", send(message))
    #expect(results[0].verdict == .failed && results[1].verdict == .passed, "\(results[1].feedback)")
  }
  /// The line that is another is pointed at, and not one that reads the same.
  @Test(arguments: [
    ("a\r\n\r\nc", "an empty line", "\\r\\n\n    ^"), ("X: y\r\n\r\na\r\nx\r\nx", "x", "x\\r\\n\n^"),
    ("\r\na\r\n..\r\nc", ".", "..\\r\\n\n^^"), ("\r\na\r\nb", "the end of the message", ".\\r\\n\n^"),
  ])
  func theLineThatIsAnotherIsShown(_ message: String, _ found: String, _ excerpt: String) throws {
    let feedback = try judge("- { rule: body, body: \"a\\nb\\nc\" }", send(message))[0].feedback
    #expect(feedback.found == found && feedback.place?.excerpt == excerpt, "\(feedback)")
  }
  @Test(arguments: [
    "MAIL FROM:<alice@example.com>", "MAIL FROM:<\"alice\"@example.com>", "MAIL FROM:<\"al\\ice\"@Example.com> SIZE=9",
    "MAIL FROM: <alice@example.com>", "MAIL FROM:<Alice@example.com>",
  ])
  func theSameSenderIsTheSame(_ spelled: String) throws {
    let checks = "- { rule: envelope, from: alice@example.com, to: [bob@example.org] }\n- { rule: syntax }"
    let results = try judge(checks, send("X: y", from: spelled))
    #expect(results.map(\.verdict) == [.passed, .passed], "\(results[0].feedback)")
    // A space behind the colon costs nothing, and is told.
    let page = FeedbackPage(.all).body(results[1])
    #expect(page.contains("note ") == spelled.contains(": <"), "\(page)")
    #expect(results[1].feedback.place?.excerpt.hasSuffix("\n          ^") == (spelled.contains(": <") ? true : nil))
  }
  @Test(arguments: ["MAIL FROM:<\"bob\"@example.com>", "MAIL FROM:<\"alice@example.com>", "MAIL FROM:<>"])
  func anotherSenderIsAnother(_ spelled: String) throws {
    let checks = "- { rule: envelope, from: alice@example.com }"
    #expect(try judge(checks, send("X: y", from: spelled))[0].verdict == .failed)
  }
  /// Whoever says nothing more and still listens has waited (RFC 9293 §3.6); whoever has closed answers with RST.
  @Test func anEndInOneDirectionIsNoClose() throws {
    let opening = Self.polite.dropLast()
    let half = try judge("- { rule: quit }", opening + [.finish, .server("221 bye\r\n")])
    #expect(half[0].verdict == .passed, "\(half[0].feedback)")
    let whole = try judge("- { rule: quit }", opening + [.finish, .server("221 bye\r\n"), .reset])
    #expect(whole[0].verdict == .failed && whole[0].feedback.found == "QUIT, close")
    let deaf = try judge("- { rule: quit }", opening + [.finish])
    #expect(deaf[0].feedback == whole[0].feedback, "\(deaf[0].feedback)")
  }
}
