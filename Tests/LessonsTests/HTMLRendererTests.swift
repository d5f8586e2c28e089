import Foundation
import TestSupport
import Testing

@testable import Lessons

/// The parts of a page, from facts that a sender chose to do harm with.
@Suite struct HTMLRendererTests {
  private func fact(_ json: String) throws -> Fact { try FactParser.parse(Array(json.utf8).span) }
  private func conversation(_ more: String = "") throws -> Fact {
    try fact(
      #"{"protocol":"smtp","stream":3,"client":{"address":"2001:db8::2","port":40000},"#
        + #""server":{"address":"192.0.2.1","port":25},"begin":1.5,"end":2.25,"frameRange":[7,9]\#(more)}"#)
  }
  private func answer(_ lines: [Answer.Line], cannotTell: String? = nil, why: String = "So it is.") -> Answer {
    let question = Question(name: "q", ask: "What <is> it?", why: why, rfcs: [:], sections: [])
    return Answer(question: question, rfc: "RFC 5321 §3.1", lines: lines, cannotTell: cannotTell)
  }
  private func line(_ label: String, _ text: String, frame: Int = 0, beginsElement: Bool = false) -> Answer.Line {
    var evidence = Evidence()
    evidence.frames = [frame]
    return Answer.Line(label: label, text: text, evidence: evidence, beginsElement: beginsElement)
  }
  private func page(_ lines: [Answer.Line]) throws -> String {
    HTMLRenderer(level: 2).conversation(try conversation(), answers: [answer(lines)], anchor: "c1")
  }

  @Test(arguments: [
    ("a & b", "a &amp; b"), ("<script>", "&lt;script&gt;"), (#""'"#, "&quot;&#39;"), ("&amp;", "&amp;amp;"),
    ("a\0b\u{1B}[2J", #"a\x00b\x1b[2J"#), ("a\tb\r\nc", "a    b⏎c"), ("\u{202E}", #"\u{202e}"#), ("\u{85}", #"\x85"#),
    ("größe €", "größe €"), ("\u{FFFE}\u{FFFF}", #"\u{fffe}\u{ffff}"#), ("]]>", "]]&gt;"), ("", ""),
  ])
  func escapes(_ text: String, _ expected: String) { #expect(HTML.escaped(text) == expected) }

  @Test(arguments: [
    ("RFC 5321 §3.1", #"<a href="https://www.rfc-editor.org/rfc/rfc5321#section-3.1">RFC 5321 §3.1</a>"#),
    ("RFC 8446 appendix E", #"<a href="https://www.rfc-editor.org/rfc/rfc8446#appendix-E">RFC 8446 appendix E</a>"#),
    ("RFC 822", #"<a href="https://www.rfc-editor.org/rfc/rfc822">RFC 822</a>"#), ("[MS-NLMP] §3.3", "[MS-NLMP] §3.3"),
    (
      "see <RFC 1>, RFC 22 §4\">",
      #"see &lt;<a href="https://www.rfc-editor.org/rfc/rfc1">RFC 1</a>&gt;, <a href="https://www.rfc-editor.org/rfc/rfc22#section-4">RFC 22 §4</a>&quot;&gt;"#
    ), ("RFC 1234567", "RFC 1234567"), ("", ""),
  ])
  func linksRFCs(_ text: String, _ expected: String) { #expect(HTMLReference.linked(text) == expected) }

  @Test func showsWhoTalks() throws {
    let page = HTMLRenderer(level: 2).conversation(try conversation(), answers: [], anchor: "c1")
    #expect(
      page.contains("<h2 id=\"c1-title\"><span class=\"protocol\">SMTP</span> [2001:db8::2]:40000 → 192.0.2.1:25</h2>"))
    #expect(page.contains("tcp.stream 3 · frames 7–9 · 750 ms"))
  }
  @Test func aLineWithoutALabelGoesOnWithTheOneAbove() throws {
    let page = try page([line("to", "a", frame: 4), line("", "b", frame: 4), line("<from>", "c", frame: 5)])
    #expect(
      page.contains(
        """
        <div><dt>to</dt><dd><span class="value">a</span><span class="frames">frame 4</span></dd>\
        <dd><span class="value">b</span></dd></div>
        <div><dt>&lt;from&gt;</dt><dd><span class="value">c</span><span class="frames">frame 5</span></dd></div>
        """))
  }
  @Test func whatCannotBeToldIsSaidWithItsReason() throws {
    let page = HTMLRenderer(level: 3).conversation(
      try conversation(), answers: [answer([], cannotTell: "<b> is missing")], anchor: "c1")
    #expect(page.contains("<strong>cannot tell</strong>, because &lt;b&gt; is missing</p>"))
    #expect(page.contains("<h4><span class=\"number\">1</span> What &lt;is&gt; it?</h4>") && !page.contains("<dl>"))
  }
  @Test(arguments: [(24, false), (25, true)]) func longTextsAreFoldedUp(_ count: Int, _ isFolded: Bool) throws {
    let text = (0..<count).map { "line \($0)" }.joined(separator: "\n")
    let page = try page([line("text", text + "\n \n")])
    #expect(page.contains("<details><summary>\(count) lines</summary><pre") == isFolded)
    #expect(page.contains("<pre class=\"value\">\n\(text)</pre>"))
  }
  @Test func aLongLineIsFoldedUp() throws {
    #expect(try page([line("text", String(repeating: "x", count: 2_001))]).contains("<summary>2001 octets</summary>"))
    #expect(try !page([line("text", String(repeating: "x", count: 2_000))]).contains("<summary>"))
  }
  /// A browser takes away a line end behind `<pre>`; the text's own one stays.
  @Test func aTextMayBeginWithAnEmptyLine() throws {
    #expect(try page([line("text", "\nx")]).contains("<pre class=\"value\">\n\nx</pre>"))
  }

  @Test func remarksStandBehindTheAnswers() throws {
    let more = """
      ,"gaps":[{"by":"client","byteCount":12,"frame":8}],"omitted":4,"anomalies":[
       {"name":"x","by":"client","text":"octets differ","frame":9,"count":2,"earlierFrame":7,"earlier":"<a>","later":"b\\u0000"},
       {"name":"y","by":"client","text":"retransmission","frame":9,"isCommon":true}]
      """
    let page = HTMLRenderer(level: 2).conversation(try conversation(more), answers: [], anchor: "c1")
    #expect(page.contains("12 octets of the client were not captured</span><span class=\"frames\">frame 8"))
    #expect(page.contains("octets differ (2 times)") && page.contains("&lt;a&gt;</span><span class=\"frames\">frame 7"))
    #expect(
      page.contains(#"b\x00"#) && !page.contains("retransmission") && page.contains("4 further facts were left out"))
  }
  @Test func theContentsHaveABound() throws {
    var contents = HTMLContents()
    var page = ""
    contents.write(anchor: "c0") { page += $0 }
    #expect(page.isEmpty)
    let conversation = try conversation()
    for number in 0..<HTMLContents.limit + 3 { contents.append(conversation, anchor: "c\(number)") }
    contents.write(anchor: "c0") { page += $0 }
    #expect(page.components(separatedBy: "<tr><td>").count == HTMLContents.limit + 1)
    #expect(
      page.contains("<caption>10003 conversations</caption>") && page.contains("<p>3 more have no line here.</p>"))
    #expect(page.contains("<a href=\"#c0\">[2001:db8::2]:40000 → 192.0.2.1:25</a></td><td>7–9</td><td>750 ms</td>"))
  }
  /// The browser knows the style by its digest alone: with a wrong one the page would stand there bare.
  @Test func theStyleHasTheDigestThatThePolicyNames() throws {
    let hexadecimal = plainSHA256(Array(HTMLStyle.sheet.utf8))
    let octets = stride(from: 0, to: 64, by: 2).compactMap { place in
      UInt8(hexadecimal.dropFirst(place).prefix(2), radix: 16)
    }
    #expect(Data(octets).base64EncodedString() == HTMLStyle.digest)
    #expect(HTMLPage.beginning(title: "t", program: "p").contains("<style>\(HTMLStyle.sheet)</style>"))
    #expect(!HTMLStyle.sheet.contains { "<&".contains($0) })
  }
}
