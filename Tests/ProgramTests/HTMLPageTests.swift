import Foundation
import Packets
import TestSupport
import Testing

/// `mailwire analyze --format html`: a page that another's parsers take apart, that answers what the JSON document does,
/// and in which no mail does any harm.
@Suite(.enabled(if: Peer.python3.isExpected, "skipped: python3 is not installed"))
struct HTMLPageTests {
  private static let login = "Captures/smtp/auth-login.pcapng"

  /// Has `check-page.py` look at a page, beside a document when there is one; returns the page's text.
  @discardableResult private static func check(_ page: Data, _ document: Data? = nil) throws -> String {
    let folder = try TemporaryFolder()
    try page.write(to: URL(filePath: "\(folder.path)/page.html"))
    try document?.write(to: URL(filePath: "\(folder.path)/document.json"))
    let script = Repository.root.appending(path: "Tests/ProgramTests/check-page.py").path
    let files = ["\(folder.path)/page.html"] + (document == nil ? [] : ["\(folder.path)/document.json"])
    let run = try Program.run([script] + files, program: try #require(Peer.python3.url))
    #expect(run.status == 0, "\(run.diagnostics.prefix(2_000))")
    return run.text
  }
  private static func page(_ arguments: [String], input: Data? = nil) throws -> Program.Run {
    try Program.run(["analyze", "--format", "html"] + arguments, input: input)
  }

  @Test(arguments: Repository.captures)
  func answersWhatTheDocumentAnswers(_ capture: String) throws {
    let run = try Self.page(["Captures/\(capture)"])
    #expect(run.status == 0 && run.diagnostics.isEmpty, "\(run.diagnostics)")
    try Self.check(run.output, try Program.run(["analyze", "--json", "Captures/\(capture)"]).output)
    // The summary is the page of text's, but that it does not tell whose folder the capture was in.
    let text = try Program.run(["analyze", "Captures/\(capture)"]).text
    let tally = try #require(text.split(separator: "\n").last { $0.hasPrefix("Captures/") })
    let name = try #require(capture.split(separator: "/").last)
    #expect(run.text.contains("<p>\(tally.replacing("Captures/\(capture)", with: name))</p>"))
    #expect(!run.text.contains("Captures/"))
  }
  @Test func severalCapturesAreOnePage() throws {
    let run = try Self.page([Self.login, "missing.pcap", "Captures/pop3/keep.pcapng", Self.login])
    let text = try Self.check(run.output)
    #expect(run.status == 2 && text.contains("4 captures") && text.contains("missing.pcap: No such file"))
    #expect(run.text.contains("<h2>keep.pcapng</h2>") && run.text.components(separatedBy: "<article").count > 3)
  }
  @Test func whereNoCaptureCanBeOpenedThereIsNoPage() throws {
    let run = try Self.page(["missing.pcap"])
    #expect(run.status == 2 && run.output.isEmpty && run.diagnostics.contains("No such file"))
  }
  @Test func damageIsToldInThePage() throws {
    let whole = try Data(contentsOf: Repository.root.appending(path: Self.login))
    let cut = try Self.page(["-"], input: whole.dropLast(203))
    #expect(cut.status == 2)
    #expect(try Self.check(cut.output).contains("The capture could not be read whole: cut short: the record at offset"))
    let noise = try Self.page(["-"], input: Data("Dear Bob,\nthis is no capture at all.\n".utf8))
    #expect(noise.status == 2)
    #expect(try Self.check(noise.output).contains("it looks like a text file"))
  }
  @Test func saysThatThereIsNoMail() throws {
    let run = try Self.page(["-f", "port 9", Self.login])
    #expect(run.status == 0 && run.diagnostics.isEmpty)
    #expect(try Self.check(run.output).contains("No mail conversation in this capture."))
  }
  /// Whoever interrupts the reading gets a page that is whole, and says that the capture was not.
  @Test func anInterruptedPageIsWhole() throws {
    let folder = try TemporaryFolder()
    let pipe = "\(folder.path)/pipe"
    #expect(unsafe mkfifo(pipe, 0o600) == 0)
    let live = try LiveRun(["analyze", "--format", "html", Self.login, pipe])
    try live.await("1 SMTP")
    try live.awaitSleep()
    #expect(live.interrupt() == 130)
    #expect(try Self.check(Data(live.output.utf8)).contains("Interrupted: what was found until then is shown."))
  }
  @Test func refusesAListInAPage() throws {
    let run = try Self.page(["--anomalies", Self.login])
    #expect(
      run.status == 2 && run.output.isEmpty && run.diagnostics.contains("--anomalies is a list"), "\(run.diagnostics)")
  }

  // MARK: Hostile senders

  private static func capture(_ dialogues: [[(client: String, server: String)]]) -> Data {
    let frames = dialogues.enumerated().flatMap { index, exchanges in
      var dialogue = Dialogue(client: Host("192.0.2.2", UInt16(10_000 + index)))
      dialogue.open()
      dialogue.server("220 ready\r\n")
      for (client, server) in exchanges {
        dialogue.client(client + "\r\n")
        dialogue.server(server + "\r\n")
      }
      dialogue.close()
      return dialogue.frames
    }
    return Data(TestSupport.capture(frames))
  }
  private static let harm = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'onmouseover='alert(1)",
    "</pre></details><h1>Mine</h1>",
    "</title><style>*{display:none}</style>", "&lt;b&gt; &#60;b&#62; &amp;", "]]><!--", "<?php ?>",
    "\u{202E}gpj.exe\u{2066}",
    "\u{1B}[2J\u{1B}]0;t\u{7}", "a\0b", "\u{FFFE}\u{FFFF}\u{85}\u{2028}", "javascript:alert(1)",
    "<a href=\"http://evil.example/\">x</a>",
  ]
  private static func mail(_ text: String) -> [(String, String)] {
    let login = Data("\0\(text)\0\(text)".utf8).base64EncodedString()
    let name = text.utf8.map { String(format: "%%%02X", $0) }.joined()
    let message =
      "Subject: \(text)\r\nFrom: \(text)\r\nTo: \(text)\r\nDate: \(text)\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
      + "--b\r\n\r\n\(text)\r\n\r\n--b\r\nContent-Type: \(text)\r\n"
      + "Content-Disposition: attachment; filename*=utf-8''\(name)\r\n\r\nx\r\n--b--\r\n."
    return [
      ("EHLO \(text)", "250 \(text)"), ("AUTH PLAIN \(login)", "235 \(text)"), ("MAIL FROM:<\(text)>", "250 ok"),
      ("RCPT TO:<\(text)>", "250 ok"), ("DATA", "354 go"), (message, "250 \(text)"), ("QUIT", "221 \(text)"),
    ]
  }
  /// Whatever a sender writes wherever something is shown, the parser finds no element that the program did not write.
  @Test(arguments: harm) func mailDoesNoHarm(_ text: String) throws {
    let run = try Self.page(["-"], input: Self.capture([Self.mail(text)]))
    #expect(run.status == 0)
    let shown = try Self.check(run.output)
    if text.utf8.allSatisfy({ $0 >= 32 && $0 < 127 }) {
      // It is there to be read, many times.
      #expect(shown.components(separatedBy: text).count > 5, "\(shown)")
    }
    #expect(!run.text.contains("<script") && !run.text.contains("<img") && !run.text.contains("evil.example/\""))
  }
  @Test func aFileNameDoesNoHarm() throws {
    let folder = try TemporaryFolder()
    let file = "\(folder.path)/<img src=x>'\".pcap"
    try Self.capture([Self.mail("x")]).write(to: URL(filePath: file))
    for arguments in [[file], [file, file], [file, "<b>\u{1B}"]] {
      #expect(try Self.check(try Self.page(arguments).output).contains("<img src=x>'\".pcap"))
    }
  }

  // MARK: Many conversations

  /// So many that the table of contents is known too late to stand before them.
  @Test func ofManyTheContentsStandAtTheEnd() throws {
    let run = try Self.page(["-"], input: Self.capture((0..<400).map { Self.mail("message \($0)") }))
    #expect(run.status == 0 && run.output.count > 1 << 20)
    try Self.check(run.output)
    let contents = try #require(run.text.range(of: "<nav "))
    let first = try #require(run.text.range(of: "<article "))
    #expect(contents.lowerBound > first.lowerBound && run.text.contains("stands at the end"))
    #expect(run.text.components(separatedBy: "<article ").count == 401)
    #expect(run.text.contains("<caption>400 conversations</caption>"))
  }
}
