import Dialogues
import Foundation
import Packets
import TestSupport
import Testing

/// `mailwire analyze --format zeek`, by column, against the facts that JSON tells of the same captures.
@Suite struct ZeekTests {
  private static let names = [
    "ts", "uid", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p", "trans_depth", "helo", "mailfrom", "rcptto",
    "date",
    "from", "to", "cc", "reply_to", "msg_id", "in_reply_to", "subject", "x_originating_ip", "first_received",
    "second_received", "last_reply", "path", "user_agent", "tls",
  ]
  /// The records of a log whose heading is right, by their fields' names.
  private static func records(_ log: String) throws -> [[String: String]] {
    let lines = log.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.last == "" && lines.first == #"#separator \x09"#)
    #expect(lines.contains { $0 == "#fields\t\(names.joined(separator: "\t"))" })
    return lines.dropLast().filter { !$0.hasPrefix("#") }.map { line in
      let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      #expect(columns.count == names.count, "\(line)")
      return Dictionary(zip(names, columns)) { first, _ in first }
    }
  }
  private static func records(of arguments: [String], input: Data? = nil) throws -> [[String: String]] {
    let run = try Program.run(["analyze", "--format", "zeek"] + arguments, input: input)
    #expect(run.status == 0, "\(run.diagnostics)")
    return try records(run.text)
  }
  private static func plain(_ text: String) -> String {
    text.replacing("\\x09", with: "\t").replacing("\\\\", with: "\\")
  }

  @Test(arguments: Repository.captures)
  func everyMessageIsTold(_ capture: String) throws {
    let records = try Self.records(of: ["-q", "Captures/\(capture)"])
    let smtp = try Program.analyze(path: "Captures/\(capture)").filter { $0.protocol == "smtp" }
    for conversation in smtp {
      let own = records.filter {
        $0["id.orig_h"] == conversation.client.address && $0["id.orig_p"] == "\(conversation.client.port)"
          && $0["id.resp_h"] == conversation.server.address && $0["id.resp_p"] == "\(conversation.server.port)"
      }
      let lines = (conversation.exchanges ?? []).compactMap { $0.request?.line.uppercased() }
      let isHeard = lines.contains { $0.hasPrefix("MAIL FROM:") || $0.hasPrefix("RCPT TO:") || $0 == "STARTTLS" }
      #expect(own.isEmpty != isHeard, "tcp.stream \(conversation.stream)")
      #expect(Set(own.map { $0["uid"] }).count <= 1)
      #expect(own.count >= conversation.messages.count)
      let whole = own.filter { $0["msg_id"] != "-" }
      #expect(whole.count == conversation.messages.count)
      for (record, message) in zip(whole, conversation.messages) { try compare(record, message, conversation) }
    }
    #expect(records.allSatisfy { record in smtp.contains { "\($0.client.port)" == record["id.orig_p"] } })
  }
  private func compare(_ record: [String: String], _ message: Conversation.Message, _ conversation: Conversation) throws
  {
    func field(_ name: String) -> String? { message.fields.last { $0.name.lowercased() == name }?.value }
    for (column, name) in [
      ("subject", "subject"), ("date", "date"), ("from", "from"), ("msg_id", "message-id"), ("reply_to", "reply-to"),
      ("in_reply_to", "in-reply-to"), ("user_agent", "x-mailer"), ("first_received", "received"),
    ] where column != "user_agent" || field("user-agent") == nil {
      #expect(record[column].map(Self.plain) == field(name) ?? "-", "\(column)")
    }
    let envelope = try #require(message.envelope)
    #expect(record["mailfrom"] == envelope.from?.path)
    #expect(record["rcptto"]?.split(separator: ",").map(String.init) == envelope.to.map(\.path))
    let reply = try #require(message.reply?.lines.last)
    #expect(record["last_reply"] == reply)
    let path = record["path"]?.split(separator: ",").map(String.init) ?? []
    #expect(Array(path.prefix(2)) == [conversation.server.address, conversation.client.address])
    let time = try #require(record["ts"].flatMap(Double.init))
    #expect(time >= conversation.begin - 0.000_001 && time <= conversation.end + 0.000_001 && record["tls"] == "F")
  }

  private static func capture(_ message: String, mail: String = "MAIL FROM:<a@b.example>") -> Data {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.server("220 ready\r\n")
    for (command, reply) in [
      ("EHLO x", "250 ok"), (mail, "250 ok"), ("RCPT TO:<c@d.example>", "250 ok"), ("DATA", "354 go"),
    ] {
      dialogue.client(command + "\r\n")
      dialogue.server(reply + "\r\n")
    }
    dialogue.client(message + "\r\n.\r\n")
    dialogue.server("250 ok\r\n")
    dialogue.close()
    return Data(TestSupport.capture(dialogue.frames))
  }
  /// What a sender writes parts no columns and no lines, and acts on no terminal.
  @Test func whatASenderWritesStaysInItsColumn() throws {
    let message =
      "Subject: a\tb, c\0\u{1B}[2J \\x41\r\n\tfolded\r\nTo: \"Doe, J\" <x@y.example>\r\nCc: -\r\nFrom: \u{202E}evil\r\n\r\n#fields\r\n"
    let run = try Program.run(["analyze", "--format", "zeek", "-"], input: Self.capture(message))
    let records = try Self.records(run.text)
    #expect(records.map { $0["subject"] } == [#"a\x09b, c\x00\x1b[2J \\x41\x09folded"#])
    #expect(records.map { $0["to"] } == [#""Doe\x2c J" <x@y.example>"#] && records.map { $0["cc"] } == [#"\x2d"#])
    #expect(records.map { $0["from"] } == [#"\xe2\x80\xaeevil"#])
    #expect(run.output.allSatisfy { $0 >= 32 && $0 != 127 || $0 == 9 || $0 == 10 })
  }
  @Test func severalCapturesAreOneLog() throws {
    let names = ["Captures/smtp/auth-login.pcapng", "Captures/pop3/keep.pcapng", "Captures/smtp/auth-login.pcapng"]
    let run = try Program.run(["analyze", "-q", "--format", "zeek"] + names)
    #expect(run.text.components(separatedBy: "#fields").count == 2)
    let records = try Self.records(run.text)
    #expect(records.count == 2 && records[0] == records[1])
  }
  /// No password is in it, so that there is nothing to mask.
  @Test(arguments: Repository.captures) func passwordsAreNot(_ capture: String) throws {
    let open = try Program.run(["analyze", "-q", "--format", "zeek", "Captures/\(capture)"]).text
    for password in ["cherry-clove-22", "clove-maple-42", "butter-cider-68"] {
      #expect(!open.contains(password) && !open.contains(Data(password.utf8).base64EncodedString()))
    }
    let masked = try Program.run(["analyze", "-q", "--mask-passwords", "--format", "zeek", "Captures/\(capture)"]).text
    #expect(masked == open)
  }
  @Test(arguments: [
    ["--format", "zeek", "--anomalies"], ["--format", "zeek", "--questions", "Documentation/questions.md"],
  ])
  func refusesWhatHasNoPlaceInIt(_ options: [String]) throws {
    let run = try Program.run(["analyze"] + options + ["Captures/smtp/auth-login.pcapng"])
    #expect(run.status == 2 && run.output.isEmpty && run.diagnostics.contains("zeek's smtp.log"), "\(run.diagnostics)")
  }
  @Test func aCaptureThatIsNotThereGivesNoLog() throws {
    let run = try Program.run(["analyze", "--format", "zeek", "missing.pcap"])
    #expect(run.status == 2 && run.output.isEmpty)
  }
}
