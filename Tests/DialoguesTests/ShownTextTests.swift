import TestSupport
import Testing

@testable import Dialogues

/// Which of a message's texts is shown, and in which charset it is read: the same to who reads the answers and to who
/// follows the dialogue.
@Suite struct ShownTextTests {
  private static func script(_ message: String) -> Script {
    Script(
      "text", port: 25,
      [
        server("220 mail.example.org ESMTP\r\n"), client("EHLO x\r\n"), server("250 ok\r\n"),
        client("MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n"),
        server("250 ok\r\n250 ok\r\n354 go\r\n"), client("Subject: text\r\n\(message).\r\n"), server("250 ok\r\n"),
      ])
  }
  /// A multipart of `subtype`; each part is its header fields, without the line end of the last, and its body.
  private static func multipart(_ subtype: String, _ parts: [(fields: String, body: String)]) -> String {
    "Content-Type: multipart/\(subtype); boundary=b\r\n\r\n"
      + parts.map { "--b\r\n\($0.fields)\r\n\r\n\($0.body)\r\n" }.joined() + "--b--\r\n"
  }
  private static let plain = "Content-Type: text/plain"
  private static let html = "Content-Type: text/html"
  private static let file = "Content-Type: text/plain\r\nContent-Disposition: inline; filename=log.txt"
  private static let calendar = "Content-Type: text/calendar; method=REQUEST"
  private static let base64 = "\r\nContent-Transfer-Encoding: base64"

  private func expect(_ message: String, _ kind: String, _ content: String) throws {
    for cut in [lines, { [$0] }, { $0.map { [$0] } }] as [([UInt8]) -> [[UInt8]]] {
      let dialogue = Self.script(message).dialogue(cut)
      let text = try #require(try conversations(dialogue).first?.messages.first?.text)
      #expect(text.kind == kind && text.content == content)
      #expect(try steps(dialogue).first { $0.kind == .message }?.text == content)
    }
  }

  /// A part says in its own header in which charset its text is (RFC 2045 §5.2), the multipart around it does not.
  @Test func textIsReadInTheCharsetOfItsPart() throws {
    let koi = ("\(Self.plain); charset=koi8-r\(Self.base64)", "8NLJ18XULCDiz8Ih")
    try expect(Self.multipart("mixed", [koi]), "plain", "Привет, Боб!")
    try expect(Self.multipart("alternative", [("\(Self.html); charset=utf-8", "<p>"), koi]), "plain", "Привет, Боб!")
  }
  /// RFC 2046 §5.1.4: the alternatives say the same, but some mailers leave the plain one empty.
  @Test(arguments: ["", "\r\n", " \t\r\n\r\n"]) func anEmptyTextIsNotPreferred(_ blank: String) throws {
    try expect(Self.multipart("alternative", [(Self.plain, blank), (Self.html, "<p>Hi</p>")]), "html", "<p>Hi</p>")
    try expect(Self.multipart("alternative", [(Self.html, "<p>Hi</p>"), (Self.plain, blank)]), "html", "<p>Hi</p>")
    try expect(Self.multipart("mixed", [(Self.plain, blank), (Self.plain, "two")]), "plain", "two")
    try expect(Self.multipart("mixed", [(Self.plain, blank), ("Content-Type: image/png", "x")]), "plain", blank)
  }
  /// What has a file name is a file (RFC 2183 §2.3), and the message's text only where there is no other.
  @Test func aFileIsNotPreferred() throws {
    try expect(Self.multipart("mixed", [(Self.file, "log"), (Self.plain, "Hi")]), "plain", "Hi")
    try expect(Self.multipart("mixed", [(Self.file, "log"), (Self.html, "<p>")]), "html", "<p>")
    try expect(Self.multipart("mixed", [("\(Self.plain); name*0=a.txt", "log"), (Self.plain, "Hi")]), "plain", "Hi")
    try expect(Self.multipart("mixed", [(Self.plain, "Hi"), (Self.file, "log")]), "plain", "Hi")
    try expect(Self.multipart("mixed", [(Self.file, "log"), ("Content-Type: image/png", "x")]), "plain", "log")
  }
  /// Text of a subtype that is not known here is read like plain text (RFC 2046 §4.1.4), where there is nothing better.
  @Test func otherTextIsShownToo() throws {
    try expect("\(Self.calendar)\r\n\r\nBEGIN:VCALENDAR\r\n", "plain", "BEGIN:VCALENDAR\r\n")
    try expect(Self.multipart("alternative", [(Self.calendar, "BEGIN"), (Self.html, "<p>")]), "html", "<p>")
    try expect(Self.multipart("alternative", [(Self.html, "<p>"), (Self.calendar, "BEGIN")]), "html", "<p>")
    try expect(Self.multipart("mixed", [(Self.file, "log"), (Self.calendar, "BEGIN")]), "plain", "BEGIN")
  }
}
