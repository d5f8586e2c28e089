import Bytes
@testable import Dialogues
import Testing

@testable import Lessons

@Suite struct LadderTests {
  private static let scene = Scene(
    stream: 7, dissected: .smtp, clientAddress: "192.0.2.2", clientPort: 40_000, serverAddress: "192.0.2.1",
    serverPort: 25)
  private func step(
    _ kind: Step.Kind, of dissected: DissectedProtocol = .smtp, fromClient: Bool = true, _ line: String,
    verb: String = "", code: String = ""
  ) -> Step {
    var scene = Self.scene
    scene.dissected = dissected
    return Step(
      scene: scene, kind: kind, isFromClient: fromClient, frame: 12, lastFrame: 12, nanoseconds: 1_250_000, line: line,
      verb: verb, code: code)
  }

  @Test(arguments: [60, 80, 100, 132])
  func everyRowIsAsWideAsThePage(_ width: Int) {
    let renderer = LadderRenderer(LadderRenderer.Look(width: width, showsTransport: true))
    var continued = step(.reply, fromClient: false, "250-SIZE 10240000", verb: "EHLO", code: "250")
    continued.isContinuation = true
    var message = step(.message, "", verb: "DATA")
    message.decoded = [Step.Decoded(label: "Subject", text: "日本語の件名 " + String(repeating: "lang ", count: 40))]
    let steps = [
      step(.request, "EHLO laptop.crepes.example", verb: "EHLO"), continued, message,
      step(.reply, fromClient: false, "250 " + String(repeating: "x", count: 300), verb: "MAIL", code: "250"),
      step(.request, "", verb: ""), step(.synchronize, ""), step(.gap, ""), step(.protection, "mail.example.org"),
      step(.remark, "a line is longer than its limit and was cut"),
    ]
    for step in steps {
      let rows = renderer.rows(step).split(separator: "\n")
      #expect(!rows.isEmpty)
      for row in rows { #expect(Columns.count(String(row)) == width, "\(row)") }
    }
    #expect(renderer.heading(Self.scene).split(separator: "\n").allSatisfy { $0.count <= width })
  }
  @Test func longAddressesTakeTwoLines() {
    var scene = Self.scene
    scene.clientAddress = "2001:db8:1111:2222:3333:4444:5555:6666"
    scene.serverAddress = "2001:db8::1"
    let lines = LadderRenderer(LadderRenderer.Look()).heading(scene).split(separator: "\n")
    #expect(lines.count == 3 && lines.allSatisfy { $0.count <= 80 })
    #expect(lines[1].hasSuffix("client [2001:db8:1111:2222:3333:4444:5555:6666]:40000"))
    #expect(lines[2].hasSuffix("server [2001:db8::1]:25"))
  }
  @Test func aRowShowsTimeFrameAndDirection() {
    let renderer = LadderRenderer(LadderRenderer.Look())
    let rows = renderer.rows(step(.request, "QUIT", verb: "QUIT")).split(separator: "\n")
    #expect(rows[0].hasPrefix("     1.3     12  ├─ QUIT ──") && rows[0].hasSuffix("──▶"))
    #expect(rows[1].contains("the client wants to end the conversation"))
    let reply = renderer.rows(step(.reply, fromClient: false, "221 Bye", verb: "QUIT", code: "221"))
    #expect(reply.contains("  ◀─ 221 Bye ──") && reply.contains("──┤\n"))
  }
  @Test(arguments: [
    (Int64.min, "0.0"), (0, "0.0"), (49_999, "0.0"), (50_000, "0.1"), (99_999_949_999, "99999.9"),
    (99_999_950_000, "100 s"), (.max, "9223372036 s"),
  ])
  func timesOfARow(_ nanoseconds: Int64, _ shown: String) {
    #expect(LadderRenderer.milliseconds(nanoseconds) == shown)
  }
  @Test func nothingFromAPacketActs() {
    let hostile = "250 \u{1B}[2J\r\u{7}\u{202E}\u{9B}31m <b>;#%%{init}$$"
    var told = step(.reply, fromClient: false, hostile, verb: "MAIL", code: "250")
    told.decoded = [Step.Decoded(label: hostile, text: hostile)]
    let mermaid = MermaidRenderer(isFull: true, showsTransport: true)
    for page in [LadderRenderer(LadderRenderer.Look()).rows(told), mermaid.diagram(Self.scene, [told])] {
      for scalar in page.unicodeScalars { #expect(scalar == "\n" || !Unprintable.contains(scalar)) }
    }
  }
  @Test(arguments: [
    ("a;b", "a#59;b"), ("#1", "#35;1"), ("100%%{x}", "100#37;#37;#123;x#125;"), ("<br/>", "#60;br/#62;"),
    ("", "#32;"), ("wrap: x", "wrap#58; x"), ("nowrap:", "nowrap#58;"), ("Re: Crêpes", "Re: Crêpes"),
    ("style x:<y>", "#115;tyle x:#60;y#62;"), ("classDef", "#99;lassDef"),
    ("$$x$$", "#36;#36;x#36;#36;"),
  ])
  func mermaidTakesTextForText(_ text: String, _ written: String) { #expect(MermaidRenderer.escaped(text) == written) }

  @Test func mermaidKnowsHostsAgain() {
    let renderer = MermaidRenderer(isFull: false, showsTransport: false)
    _ = renderer.diagram(Self.scene, [])
    var next = Self.scene
    (next.clientAddress, next.serverAddress) = ("192.0.2.1", "192.0.2.3")
    let diagram = renderer.diagram(next, [step(.request, "QUIT", verb: "QUIT")])
    #expect(!diagram.contains("sequenceDiagram"))
    #expect(diagram.contains("participant H3 as 192.0.2.3") && !diagram.contains("participant H2"))
    #expect(diagram.contains("H2->>H3: QUIT"))
  }

  /// A scan of a whole network: what it costs to know a host again does not grow with the hosts.
  @Test func mermaidKnowsManyHosts() {
    var last = ""
    let renderer = MermaidRenderer(isFull: false, showsTransport: false)
    let report = LadderReport(.mermaid(renderer)) { last = $0 }
    let conversation = Array(#"{"stream":7}"#.utf8)
    func time(_ numbers: Range<Int>) -> Duration {
      ContinuousClock().measure {
        for number in numbers {
          var step = step(.request, "QUIT", verb: "QUIT")
          step.scene.clientAddress = "10.0.\(number >> 8).\(number & 255)"
          report.receive(step)
          report.receive(conversation.span, .smtp)
        }
      }
    }
    let first = time(0..<5_000)
    _ = time(5_000..<60_000)
    #expect(time(60_000..<65_000) < first * 3 + .seconds(1))
    #expect(last.hasPrefix("  Note over H65001,H2: ") && report.shownCount == 65_000)
  }
  /// Steps are kept until their conversation ends: those that are not shown are not kept, and what those that are take in
  /// memory is bounded and told, in both forms.
  @Test(arguments: [false, true]) func aReportKeepsWhatItShows(isMermaid: Bool) throws {
    var page = ""
    let form =
      isMermaid
      ? LadderReport.Form.mermaid(MermaidRenderer(isFull: false, showsTransport: false))
      : .text(LadderRenderer(LadderRenderer.Look()))
    let report = LadderReport(form, byteLimit: 20_000) { page += $0 }
    for _ in 0..<1_000 { report.receive(step(.retransmission, "")) }
    for number in 0..<100 { report.receive(step(.request, "NOOP \(number) " + String(repeating: "x", count: 1_000))) }
    let conversation = Array(#"{"stream":7,"omitted":3}"#.utf8)
    report.receive(conversation.span, .smtp)
    #expect(page.contains("NOOP 9 ") && !page.contains("NOOP 20 "))
    let shownCount = (0..<100).count { page.contains("NOOP \($0) ") }
    #expect(page.contains("\(100 - shownCount) further steps were left out"))
    #expect(page.contains("3 further facts were left out"))
    // The next conversation has the room again.
    report.receive(step(.request, "NOOP again"))
    report.receive(conversation.span, .smtp)
    #expect(page.contains("NOOP again"))
  }

  @Test(arguments: [
    (Step.Kind.reply, "250 ok", "RCPT", "250", "the recipient is accepted"),
    (.reply, "250 ok", ".", "250", "now responsible"),
    (.reply, "599 no", "MAIL", "599", "refused for good"), (.reply, "451 later", "RCPT", "451", "try later"),
    (.request, "BOGUS", "BOGUS", "", "no command"), (.request, "AUTH LOGIN", "AUTH LOGIN", "", "one by one"),
    (.request, "AUTH GSSAPI", "AUTH GSSAPI", "", "logs in"), (.reply, "421 bye", "", "421", "closes the connection"),
    (.reply, "501 bad", "MAIL", "501", "arguments are wrong"),
    (.reply, "501 no", "AUTH LOGIN", "501", "arguments are wrong"),
    (.reply, "501 no", "AUTH *", "501", "the client has given the login up (RFC 4954 §4)"),
    (.answer, "*", "*", "", "the client gives the login up"),
  ])
  func smtpIsExplained(_ kind: Step.Kind, _ line: String, _ verb: String, _ code: String, _ words: String) throws {
    let meaning = try #require(
      MeaningTable.meaning(of: step(kind, fromClient: kind == .request, line, verb: verb, code: code)))
    #expect(meaning.sentence.contains(words), "\(meaning.sentence)")
  }
  /// `AUTH` alone asks for a list, as CAPA does.
  @Test(arguments: [
    (Step.Kind.request, "AUTH", "AUTH", "", "which ways to log in are there?"),
    (.reply, "+OK", "AUTH", "+OK", "the next lines tell the ways to log in"),
    (.reply, "-ERR what?", "AUTH", "-ERR", "refused (RFC 1939 §3)"),
    (.request, "AUTH GSSAPI", "AUTH GSSAPI", "", "the client logs in"),
    (.reply, "+OK in", "AUTH PLAIN", "+OK", "the login is accepted"),
    (.reply, "-ERR no", "AUTH PLAIN", "-ERR", "the login is refused"),
    (.answer, "*", "*", "", "the client gives the login up"),
    (.reply, "-ERR no", "AUTH *", "-ERR", "the client has given the login up (RFC 5034 §4)"),
  ])
  func pop3IsExplained(_ kind: Step.Kind, _ line: String, _ verb: String, _ code: String, _ words: String) throws {
    let meaning = try #require(MeaningTable.meaning(of: step(kind, of: .pop3, line, verb: verb, code: code)))
    #expect(meaning.sentence.hasPrefix(words), "\(meaning.sentence)")
  }
  @Test func whatAListHoldsIsExplained() {
    var listed = step(.reply, of: .pop3, "PLAIN", verb: "AUTH")
    listed.isContinuation = true
    #expect(MeaningTable.meaning(of: listed)?.words == "a way to log in")
  }
  /// What a server says of its own accord answers nothing that was asked (RFC 9051 §7).
  @Test(arguments: [
    (Step.Kind.reply, "* BYE autologout", "", "*", "the server says goodbye and closes the connection"),
    (.reply, "* BYE see you", "LOGOUT", "*", "the server says goodbye and closes the connection"),
    (.reply, "* 2 FETCH (FLAGS (\\Seen))", "IDLE", "*", "news: flags of a message have changed"),
    (.reply, "* 2 FETCH (FLAGS (\\Seen))", "", "*", "news: flags of a message have changed"),
    (.reply, "* 2 FETCH (FLAGS (\\Seen))", "UID STORE", "*", "the flags that a message has now"),
    (.reply, "* 2 FETCH (FLAGS (\\Seen))", "UID FETCH", "*", "what was asked of a message"),
    (.reply, "a OK in", "AUTHENTICATE PLAIN", "OK", "the login is accepted"),
    (.reply, "a BAD no", "AUTHENTICATE *", "BAD", "the client has given the login up (RFC 9051 §6.2.2)"),
    (.answer, "*", "*", "", "the client gives the login up"),
  ])
  func imapIsExplained(_ kind: Step.Kind, _ line: String, _ verb: String, _ code: String, _ words: String) throws {
    let meaning = try #require(MeaningTable.meaning(of: step(kind, of: .imap, line, verb: verb, code: code)))
    #expect(meaning.sentence.hasPrefix(words), "\(meaning.sentence)")
  }
  @Test(arguments: [
    (DissectedProtocol.smtp, "220 hello", "220", "the server greets: it is ready"),
    (.smtp, "554 no", "554", "the server greets: it takes no mail"),
    (.pop3, "+OK hello", "+OK", "the server greets: it is ready"),
    (.imap, "* OK hello", "*", "the server greets: it is ready"),
    (.imap, "* BYE no", "*", "the server does not want this conversation"),
  ])
  func greetingsAreExplained(_ dissected: DissectedProtocol, _ line: String, _ code: String, _ words: String) {
    var greeting = step(.reply, of: dissected, line, code: code)
    greeting.isGreeting = true
    #expect(MeaningTable.meaning(of: greeting)?.words == words)
  }
  @Test func theTablesAreRead() {
    for (table, least) in [
      (SMTPMeanings.table, 80), (POP3Meanings.table, 50), (IMAPMeanings.table, 80), (HTTPMeanings.table, 35),
      (TransportMeanings.table, 8),
    ] {
      #expect(table.count >= least, "\(table.count)")
      for meaning in table.all {
        #expect(!meaning.words.isEmpty && meaning.words.count <= 70, "\(meaning.words)")
        #expect(meaning.rfc.isEmpty || meaning.rfc.hasPrefix("RFC "), "\(meaning.rfc)")
        #expect(!meaning.words.hasSuffix("."), "\(meaning.words)")
      }
    }
  }
}
