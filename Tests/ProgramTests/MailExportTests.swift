import Dialogues
import Foundation
import Packets
import TestSupport
import Testing

/// `mailwire export`: messages and attachments as files, from outside.
@Suite struct MailExportTests {
  private struct Listed: Decodable {
    struct Attachment: Decodable {
      var file: String
      var contentType: String
      var byteCount: Int
    }
    var file: String
    var stream: Int
    var message: Int
    var via: String
    var isSection: Bool
    var frameRange: [Int]
    var byteCount: Int
    var gapByteCount: Int
    var isComplete: Bool
    var sha256: String
    var attachments: [Attachment]
  }
  private static let login = "Captures/smtp/auth-login.pcapng"

  private func export(_ arguments: [String], input: Data? = nil) throws -> [Listed] {
    let run = try Program.run(["export", "--format", "ndjson", "-q"] + arguments, input: input)
    #expect(run.status == 0 && run.diagnostics.isEmpty, "\(run.diagnostics)")
    return try run.output.split(separator: 10).map { try JSONDecoder().decode(Listed.self, from: $0) }
  }
  private func octets(_ path: String) throws -> [UInt8] {
    Array(try #require(FileManager.default.contents(atPath: path)))
  }
  private func files(_ folder: String) -> [String] {
    (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []).sorted()
  }

  @Test func showsWhatItWrote() throws {
    let folder = try TemporaryFolder()
    let run = try Program.run(["export", Self.login, "--to", "\(folder.path)/new/mail/"])
    #expect(run.status == 0)
    #expect(
      run.text == """
        \(folder.path)/new/mail/stream0-message1.eml  995 octets, DATA, frame 21
        \(folder.path)/new/mail/stream0-message1/crepes-recipe.txt  129 octets, text/plain

        """)
    #expect(run.diagnostics == "mailwire: \(Self.login): 1 message, 1 attachment\n")
    #expect(
      plainSHA256(try octets("\(folder.path)/new/mail/stream0-message1.eml"))
        == "14347ef062c497c73c238ddfbb02a16c08746d1360e9605c06130d08f5d3a1fd")
    let recipe = String(
      decoding: try octets("\(folder.path)/new/mail/stream0-message1/crepes-recipe.txt"), as: UTF8.self)
    #expect(recipe.hasPrefix("Crepes for four\n\n250 g flour\n") && recipe.utf8.count == 129)
  }
  /// What is written is what is analysed: in number, in octets, in digests, and so are the parts.
  @Test(arguments: Repository.captures) func agreesWithTheAnswers(_ capture: String) throws {
    let folder = try TemporaryFolder()
    let listed = try export(["Captures/\(capture)", "--pieces", "--to", folder.path])
    let told = try Program.conversations(
      Program.run(["analyze", "--format", "ndjson", "Captures/\(capture)"]).output
    ).flatMap { conversation in
      conversation.protocol == "http"
        ? [] : conversation.messages.enumerated().map { (conversation.stream, $0.offset + 1, $0.element) }
    }
    #expect(listed.count == told.count)
    for entry in listed {
      let (_, _, message) = try #require(told.first { $0.0 == entry.stream && $0.1 == entry.message })
      let content = try octets(entry.file)
      #expect(content.count == entry.byteCount && entry.byteCount == message.byteCount)
      #expect(plainSHA256(content) == entry.sha256 && entry.sha256 == message.sha256)
      #expect(entry.via == message.via && entry.isComplete == message.isComplete)
      let parts = message.parts.filter(\.isAttachment)
      #expect(entry.attachments.map(\.byteCount) == parts.map(\.decodedByteCount))
      for attachment in entry.attachments { #expect(try octets(attachment.file).count == attachment.byteCount) }
    }
    #expect(files(folder.path).count { !$0.contains("/") && $0.hasSuffix(".eml") } == listed.count)
  }
  @Test func overwritesNothing() throws {
    let folder = try TemporaryFolder()
    let outside = try TemporaryFolder()
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/stream0-message1.eml", withDestinationPath: "\(outside.path)/victim")
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/stream0-message1", withDestinationPath: outside.path)
    let first = try export([Self.login, "--to", folder.path])
    let second = try export([Self.login, "--to", folder.path])
    #expect(first.map(\.file) == ["\(folder.path)/stream0-message1-2.eml"])
    #expect(second.map(\.file) == ["\(folder.path)/stream0-message1-3.eml"])
    #expect(second[0].attachments.map(\.file) == ["\(folder.path)/stream0-message1-3/crepes-recipe.txt"])
    #expect(try octets(first[0].file) == octets(second[0].file))
    #expect(files(outside.path).isEmpty)
  }
  /// What is there stays, whatever a mailbox is made of, and the list says where the messages are.
  @Test(arguments: ["mbox", "maildir"]) func mailboxesAreNotOverwritten(_ form: String) throws {
    let folder = try TemporaryFolder()
    var listed: [String] = []
    for _ in 0..<3 { listed += try export([Self.login, "--as", form, "--to", folder.path]).map(\.file) }
    let place = form == "mbox" ? "/messages" : "/new/1795399577.stream0-message1"
    let ending = form == "mbox" ? ".mbox" : ".mailwire"
    #expect(listed == ["", "-2", "-3"].map { folder.path + place + $0 + ending })
    let contents = try listed.map(octets)
    #expect(contents[0].count > 900 && contents.allSatisfy { $0 == contents[0] })
    #expect(files(folder.path).count { $0.hasPrefix("tmp/") || $0.hasSuffix(".part") } == 0)
  }
  /// Messages under way keep no file open, however many there are, and neither do their attachments.
  @Test(arguments: ["eml", "mbox", "maildir"]) func manyAtATimeNeedFewFiles(_ form: String) throws {
    let body = String(repeating: "0123456789ABCDEF\r\n", count: 60)
    let head = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Disposition: attachment\r\n\r\n"
    let dialogues = (0..<100).map { index in
      var dialogue = Dialogue(client: Host("192.0.2.2", UInt16(40_000 + index)))
      dialogue.open()
      dialogue.server("220 ready\r\n")
      dialogue.client("MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n")
      dialogue.server("250 ok\r\n250 ok\r\n354 go\r\n")
      dialogue.client(head)
      for _ in 0..<80 { dialogue.client(body) }
      dialogue.client("--b--\r\n.\r\n")
      dialogue.server("250 ok\r\n")
      dialogue.close()
      return dialogue.frames
    }
    let frames = dialogues[0].indices.flatMap { place in dialogues.map { $0[place] } }
    let folder = try TemporaryFolder()
    let capture = "\(folder.path)/capture.pcap"
    try Data(TestSupport.capture(frames)).write(to: URL(filePath: capture))
    let run = try Program.run(
      [
        "-c", #"ulimit -n 24; exec "$@""#, "sh", Program.url.path, "export", capture, "--as", form, "-q", "--to",
        "\(folder.path)/mail",
      ],
      program: URL(filePath: "/bin/sh"))
    let expected = form == "eml" ? 200 : 100
    #expect(run.status == 0 && run.text.split(separator: "\n").count == expected, "\(run.diagnostics)")
    if form == "eml" {
      let sizes = try files("\(folder.path)/mail").filter { $0.hasSuffix(".bin") || $0.hasSuffix(".txt") }
        .map { try octets("\(folder.path)/mail/\($0)").count }
      #expect(sizes == [Int](repeating: body.utf8.count * 80 - 2, count: 100))
    }
  }
  @Test func severalCapturesHaveAFolderEach() throws {
    let folder = try TemporaryFolder()
    let listed = try export([Self.login, "Captures/smtp/auth-plain-relay.pcapng", Self.login, "--to", folder.path])
    let folders = listed.map { URL(filePath: $0.file).deletingLastPathComponent().lastPathComponent }
    #expect(Set(folders) == ["auth-login", "auth-plain-relay", "auth-login-2"])
  }
  @Test func choosesAndReadsAsAnalyzeDoes() throws {
    let folder = try TemporaryFolder()
    let devices = "Captures/imap/two-devices.pcapng"
    let whole = try Data(contentsOf: Repository.root.appending(path: devices))
    let all = try export(["-", "--to", folder.path], input: whole)
    #expect(all.map(\.via) == ["FETCH", "FETCH", "FETCH"] && all.allSatisfy { !$0.isSection })
    #expect(try export([devices, "--stream", "1", "--to", folder.path]).map(\.stream) == [1, 1])
    #expect(try export([devices, "--pieces", "--to", folder.path]).count { $0.isSection } == 2)
    #expect(try export([Self.login, "--no-attachments", "--to", folder.path]).map(\.attachments.count) == [0])
    let keep = try Program.run(["export", "Captures/pop3/keep.pcapng", "--to", folder.path])
    #expect(keep.diagnostics.contains("2 pieces of messages left out (--pieces writes them)") && keep.output.isEmpty)
    let cut = try Program.run(["export", "-", "--to", folder.path], input: whole.dropLast(203))
    #expect(cut.status == 2 && cut.text.contains("FETCH"))
  }
  @Test(arguments: [
    ["export", login], ["export", login, "--to", ""], ["export", "--to", "/tmp/x"],
    ["export", login, "--to", "/dev/null/x"], ["export", login, "--to", "/tmp/x", "--as", "pst"],
    ["export", login, "--to", "/tmp/x", "--mask-passwords"], ["export", "missing.pcap", "--to", "/tmp"],
  ])
  func refusesWhatCannotBe(_ arguments: [String]) throws {
    let run = try Program.run(arguments)
    #expect(run.status == 2 && run.output.isEmpty && run.diagnostics.hasPrefix("mailwire: "), "\(run.diagnostics)")
  }

  // MARK: Hostile senders

  private static func message(_ names: [String]) -> String {
    let parts = names.map {
      "--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; \($0)\r\n\r\nx\r\n"
    }
    return "Subject: s\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + parts.joined() + "--b--\r\n"
  }
  private static func capture(_ messages: [String]) -> Data {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.server("220 ready\r\n")
    for message in messages {
      for command in ["MAIL FROM:<a@b.example>", "RCPT TO:<c@d.example>"] {
        dialogue.client(command + "\r\n")
        dialogue.server("250 ok\r\n")
      }
      dialogue.client("DATA\r\n")
      dialogue.server("354 go\r\n")
      dialogue.client(message + ".\r\n")
      dialogue.server("250 ok\r\n")
    }
    dialogue.close()
    return Data(TestSupport.capture(dialogue.frames))
  }
  @Test(arguments: [
    ("filename=\"../../../etc/passwd\"", "passwd"), ("filename=\"/etc/shadow\"", "shadow"),
    ("filename=\"C:\\\\Windows\\\\win.ini\"", "win.ini"), ("filename=.bashrc", "bashrc"),
    ("filename=\"..\"", "part-1.pdf"),
    ("filename=\"-rf\"", "rf"), ("filename=\"a\u{1b}[2Jb.txt\"", "a_[2Jb.txt"), ("filename=\"con.txt\"", "_con.txt"),
    ("filename=\"\"", "part-1.pdf"), ("filename=\"a/\"", "a"), ("filename=\"x. . \"", "x"),
    ("filename=\"a:b|c?.pdf\"", "a_b_c_.pdf"),
    ("filename*=utf-8''%E2%82%AC%20rates.csv", "€ rates.csv"), ("filename*=utf-8''a%E2%80%AEfdp.exe", "a_fdp.exe"),
    ("filename*=utf-8''a%00b%2Fc", "c"), ("filename=\"=?utf-8?B?Li4vLi4vZXZpbA==?=\"", "evil"),
  ])
  func namesActOnNothing(_ parameter: String, _ expected: String) throws {
    let folder = try TemporaryFolder()
    let inner = "\(folder.path)/inner"
    let listed = try export(["-", "--to", inner], input: Self.capture([Self.message([parameter])]))
    #expect(listed.first?.attachments.map(\.file) == ["\(inner)/stream0-message1/\(expected)"])
    #expect(
      files(folder.path) == [
        "inner", "inner/stream0-message1", "inner/stream0-message1.eml", "inner/stream0-message1/\(expected)",
      ])
    #expect(try octets("\(inner)/stream0-message1/\(expected)") == Array("x".utf8))
  }
  @Test func namesAreShortAndDistinct() throws {
    let folder = try TemporaryFolder()
    let long = "filename*=utf-8''" + String(repeating: "%E2%82%AC", count: 200) + ".txt"
    let names = [long, "filename=same.txt", "filename=same.txt", "filename=\"sa/me.txt\"", "x=y"]
    let listed = try export(["-", "--to", folder.path], input: Self.capture([Self.message(names)]))
    let found = try #require(listed.first).attachments.map { URL(filePath: $0.file).lastPathComponent }
    #expect(found == [String(repeating: "€", count: 38) + ".txt", "same.txt", "same-2.txt", "me.txt", "part-5.pdf"])
  }
  /// What cuts a name leaves its ending, by which programs know what it is; what is too long for one is none.
  @Test(arguments: [
    (String(repeating: "a", count: 116) + ".pdf", String(repeating: "a", count: 116) + ".pdf"),
    (String(repeating: "a", count: 117) + ".pdf", String(repeating: "a", count: 116) + ".pdf"),
    (String(repeating: "a", count: 115) + " bb.pdf", String(repeating: "a", count: 115) + ".pdf"),
    (String(repeating: "a.", count: 100) + "tar.gz", String(repeating: "a.", count: 58) + "a.gz"),
    ("a." + String(repeating: "b", count: 200), "a." + String(repeating: "b", count: 118)),
    (String(repeating: "a", count: 200) + ".\u{1b}x. ", String(repeating: "a", count: 117) + "._x"),
  ])
  func longNamesKeepTheirEndings(_ name: String, _ expected: String) throws {
    let folder = try TemporaryFolder()
    let listed = try export(["-", "--to", folder.path], input: Self.capture([Self.message(["filename=\"\(name)\""])]))
    #expect(listed.first?.attachments.map { URL(filePath: $0.file).lastPathComponent } == [expected])
  }

  // MARK: Mailboxes

  private static let quoting = "Subject: =?utf-8?Q?gr=C3=BC=C3=9Fe?=\r\n\r\nFrom here\r\n>From there\r\n..\r\nlast"
  private func python(_ script: String, _ arguments: [String]) throws -> String {
    let program = try #require(Peer.python3.url)
    let run = try Program.run(["-c", script] + arguments, program: program)
    #expect(run.status == 0, "\(run.diagnostics)")
    return run.text
  }
  @Test(.enabled(if: Peer.python3.isExpected, "skipped: python3 is not installed"))
  func mailProgramsReadTheMailboxes() throws {
    let folder = try TemporaryFolder()
    let capture = Self.capture([Self.quoting + "\r\n", "Subject: second\r\n\r\n"])
    for form in ["mbox", "maildir"] {
      let listed = try export(["-", "--as", form, "--to", "\(folder.path)/\(form)"], input: capture)
      #expect(listed.count == 2 && listed.allSatisfy { $0.attachments.isEmpty })
    }
    let shown = try python(
      """
      import mailbox, sys
      box = mailbox.mbox(sys.argv[1], create=False) if sys.argv[2] == "mbox" else mailbox.Maildir(sys.argv[1], create=False)
      for message in sorted(box, key=lambda message: message["Subject"] == "second"):
        print(message["Subject"], repr(message.get_payload()))
      """, ["\(folder.path)/mbox/messages.mbox", "mbox"])
    #expect(
      shown == """
        =?utf-8?Q?gr=C3=BC=C3=9Fe?= '>From here\\n>>From there\\n.\\nlast\\n'
        second ''

        """)
    let maildir = try python(
      """
      import mailbox, sys
      for message in sorted(mailbox.Maildir(sys.argv[1], create=False), key=lambda message: message["Subject"] == "second"):
        print(message["Subject"], repr(message.get_payload()))
      """, ["\(folder.path)/maildir"])
    #expect(
      maildir == """
        =?utf-8?Q?gr=C3=BC=C3=9Fe?= 'From here\\n>From there\\n.\\nlast\\n'
        second ''

        """)
    #expect(files("\(folder.path)/mbox") == ["messages.mbox"])
    #expect(files("\(folder.path)/maildir").count { $0.hasPrefix("tmp/") } == 0)
    let box = String(decoding: try octets("\(folder.path)/mbox/messages.mbox"), as: UTF8.self)
    #expect(box.hasPrefix("From MAILER-DAEMON Tue Nov 14 22:13:20 2023\nSubject: ") && !box.contains("\r"))
  }
  /// What Python's library finds in the exported messages is what was exported beside them.
  @Test(.enabled(if: Peer.python3.isExpected, "skipped: python3 is not installed"))
  func anotherDecoderFindsTheSameAttachments() throws {
    let folder = try TemporaryFolder()
    let names = ["filename=a.txt", "filename=b.txt\r\nContent-Transfer-Encoding: base64"]
    var message = Self.message(names).replacing("\r\n\r\nx\r\n--b--", with: "\r\n\r\naGVsbG8K\r\nd29ybGQ=\r\n--b--")
    message = message.replacing(
      "--b--",
      with:
        "--b\r\nContent-Type: text/plain; name=c\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=41 =\r\nsoft\r\n--b--"
    )
    let listed = try #require(try export(["-", "--to", folder.path], input: Self.capture([message])).first)
    let found = try python(
      """
      import email, hashlib, sys
      for part in email.message_from_binary_file(open(sys.argv[1], "rb")).walk():
        if part.get_filename(): print(part.get_filename(), hashlib.sha256(part.get_payload(decode=True)).hexdigest())
      """, [listed.file])
    let ours = try listed.attachments.map {
      "\(URL(filePath: $0.file).lastPathComponent) \(plainSHA256(try octets($0.file)))\n"
    }
    #expect(ours.count == 3 && found == ours.joined())
  }
  /// A message larger than what may wait in memory, among others, comes out whole in every form.
  @Test(arguments: ["eml", "mbox", "maildir"]) func largeMessagesAreWhole(_ form: String) throws {
    let folder = try TemporaryFolder()
    let line = String(repeating: "0123456789", count: 7) + "\r\n"
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.server("220 ready\r\n")
    dialogue.client("MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n")
    dialogue.server("250 ok\r\n250 ok\r\n354 go\r\n")
    dialogue.client("Subject: large\r\n\r\n")
    for _ in 0..<200 { dialogue.client(String(repeating: line, count: 20)) }
    dialogue.client(".\r\n")
    dialogue.server("250 ok\r\n")
    dialogue.close()
    let listed = try export(
      ["-", "--as", form, "--to", folder.path], input: Data(TestSupport.capture(dialogue.frames)))
    let entry = try #require(listed.first)
    let content = String(decoding: try octets(entry.file), as: UTF8.self)
    let body = "Subject: large\r\n\r\n" + String(repeating: line, count: 4_000)
    #expect(entry.byteCount == body.utf8.count)
    switch form {
    case "eml": #expect(content == body)
    case "mbox":
      #expect(content == "From MAILER-DAEMON Tue Nov 14 22:13:20 2023\n" + body.replacing("\r\n", with: "\n") + "\n")
    default: #expect(content == body.replacing("\r\n", with: "\n"))
    }
    #expect(files(folder.path).count { $0.hasSuffix(".part") } == 0)
  }
}
