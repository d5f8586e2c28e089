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
}
