import Testing

@testable import Lessons

/// What becomes of a conversation in Zeek's log, from its facts.
@Suite struct ZeekSessionTests {
  private func exchange(_ frame: Int, _ line: String?, _ replies: [String], verb: String? = nil) -> String {
    let verb = verb ?? line?.split(separator: " ").first.map { $0.uppercased() } ?? ""
    let request = line.map {
      #""request":{"verb":"\#(verb)","line":"\#($0)","time":\#(frame).5,"frames":[\#(frame)]},"#
    }
    let answers = replies.map { reply in
      let lines = reply.split(separator: "|").map { "\"\($0)\"" }.joined(separator: ",")
      return #"{"code":\#(reply.prefix(3)),"lines":[\#(lines)],"time":\#(frame).75}"#
    }
    return "{\(request ?? "")\"replies\":[\(answers.joined(separator: ","))]}"
  }
  private func message(_ mail: Int, _ frame: Int, _ fields: [(String, String)] = [], via: String = "DATA") -> String {
    let fields = fields.map { #"{"name":"\#($0.0)","value":"\#($0.1)"}"# }.joined(separator: ",")
    let from = mail > 0 ? #""from":{"path":"a@b.example","frames":[\#(mail)]},"# : ""
    return
      #"{"via":"\#(via)","envelope":{\#(from)"to":[]},"fields":[\#(fields)],"frameRange":[\#(frame),\#(frame)]}"#
  }
  private func lines(_ exchanges: [String], _ messages: [String] = []) throws -> [[String: String]] {
    let json = """
      {"protocol":"smtp","client":{"address":"192.0.2.2","port":40000},"server":{"address":"192.0.2.1","port":25},
       "begin":0.25,"exchanges":[\(exchanges.joined(separator: ","))],"messages":[\(messages.joined(separator: ","))]}
      """
    let fact = try FactParser.parse(Array(json.utf8).span)
    return ZeekSession.lines(fact).split(separator: "\n").map { line in
      let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      #expect(columns.count == ZeekLog.fields.count)
      return Dictionary(uniqueKeysWithValues: zip(ZeekLog.fields.map(\.name), columns))
    }
  }
  private var hello: [String] {
    [exchange(1, nil, ["220 mail.example ESMTP"]), exchange(2, "EHLO [192.0.2.2]", ["250-mail.example|250 HELP"])]
  }
  private func transaction(_ frame: Int, to recipient: String = "c@d.example") -> [String] {
    [
      exchange(frame, "MAIL FROM:<a@b.example> SIZE=3", ["250 ok"]),
      exchange(frame + 1, "RCPT TO:<\(recipient)>", ["250 ok"]), exchange(frame + 2, "DATA", ["354 go"]),
      exchange(frame + 4, ".", ["250-2.0.0 Ok|250 2.0.0 queued as 7"]),
    ]
  }
  private var quit: String { exchange(90, "QUIT", ["221 bye"]) }

  @Test func aMessageIsALine() throws {
    let line = try #require(try lines(hello + transaction(3) + [quit], [message(3, 6, [("subject", "Hi")])]).first)
    #expect(line["ts"] == "1.750000" && line["id.orig_h"] == "192.0.2.2" && line["id.resp_p"] == "25")
    #expect(line["helo"] == "[192.0.2.2]" && line["mailfrom"] == "a@b.example" && line["rcptto"] == "c@d.example")
    #expect(line["last_reply"] == "250 2.0.0 queued as 7" && line["path"] == "192.0.2.1,192.0.2.2")
    #expect(line["subject"] == "Hi" && line["date"] == "-" && line["tls"] == "F" && line["trans_depth"] == "1")
  }
  @Test func everyMessageIsALineOfItsOwn() throws {
    let found = try lines(
      hello + transaction(3) + transaction(13, to: "e@f.example") + [quit],
      [message(3, 6, [("Subject", "one")]), message(13, 16, [("Subject", "two")])])
    #expect(found.map { $0["subject"] } == ["one", "two"] && found.map { $0["trans_depth"] } == ["1", "2"])
    #expect(found.map { $0["rcptto"] } == ["c@d.example", "e@f.example"])
    // The second begins where the first was answered.
    #expect(found.map { $0["ts"] } == ["1.750000", "7.750000"])
    #expect(Set(found.map { $0["uid"] }).count == 1)
  }
  @Test func whoSendsNothingLeavesNoLine() throws { #expect(try lines(hello + [quit]).isEmpty) }
  @Test func theTurnToTLSIsALine() throws {
    let line = try #require(try lines(hello + [exchange(3, "STARTTLS", ["220 go ahead"])]).first)
    #expect(line["tls"] == "T" && line["last_reply"] == "220 go ahead" && line["mailfrom"] == "-")
    #expect(try lines(hello + [exchange(3, "STARTTLS", ["454 not now"])]).isEmpty)
  }
  @Test func aRefusedTransactionIsALine() throws {
    let found = try lines(
      hello + [
        exchange(3, "MAIL FROM:<a@b.example>", ["250 ok"]), exchange(4, "RCPT TO:<x@y.example>", ["550 no"]),
        exchange(5, "DATA", ["554 no valid recipients"]), exchange(6, ".", ["500 what?"]), quit,
      ])
    #expect(found.map { $0["rcptto"] } == ["x@y.example"] && found.map { $0["last_reply"] } == ["221 bye"])
  }
  /// MAIL without the answer to the message before it: that one is logged first, and was not counted.
  @Test func anUnansweredMessageIsALine() throws {
    let found = try lines(
      hello + transaction(3).dropLast() + transaction(13),
      [message(3, 6, [("Subject", "one")]), message(13, 16, [("Subject", "two")])])
    #expect(found.map { $0["subject"] } == ["one", "two"] && found.map { $0["trans_depth"] } == ["1", "1"])
    #expect(found.map { $0["ts"] } == ["1.750000", "13.500000"])
  }
  @Test func chunksAreOneMessage() throws {
    let found = try lines(
      hello + transaction(3).dropLast(2) + [
        exchange(5, "BDAT 3", ["250 chunk"]), exchange(6, "bdat 0 last", ["250 queued"], verb: "BDAT"), quit,
      ], [message(3, 5, [("Subject", "chunks")], via: "BDAT")])
    #expect(found.map { $0["subject"] } == ["chunks"] && found.map { $0["last_reply"] } == ["250 queued"])
  }
  /// Zeek would not log it; its sender's words are in the capture, and who looks for mail should find it.
  @Test func aMessageWithoutItsCommandsIsALine() throws {
    let found = try lines(transaction(13), [message(0, 2, [("Subject", "stray")]), message(13, 16)])
    #expect(found.map { $0["subject"] } == ["-", "stray"] && found.map { $0["mailfrom"] } == ["a@b.example", "-"])
  }
  @Test func emptyAndForeignPathsAreNone() throws {
    let found = try lines(
      hello + [
        exchange(3, "MAIL FROM:<>", ["250 ok"]), exchange(4, "RCPT TO:<postmaster>", ["250 ok"]),
        exchange(5, "RCPT FOR:<a@b.example>", ["501 what?"]),
      ])
    #expect(found.map { $0["mailfrom"] } == ["-"] && found.map { $0["rcptto"] } == ["(empty)"])
  }
  @Test func theHeaderIsReadAsZeekReadsIt() throws {
    let fields = [
      ("Received", "from b (b.example [192.0.2.9]) by a"), ("Received", "from c ([192.0.2.8])\\tby b ([2001:DB8::1])"),
      ("Received", "by c with SMTP id 10.9.8.7x"), ("Received", "from d (192.0.2.7)"),
      ("To", "one@b.example, two@b.example"),
      ("to", "one@b.example"), ("Cc", "\\\"Doe, J\\\" <j@b.example>"), ("X-Originating-IP", "[192.0.2.77]"),
      ("X-Mailer", "first"), ("User-Agent", "second"), ("Message-ID", "<1@b>"), ("In-Reply-To", "<0@b>"),
      ("Reply-To", "r@b.example"), ("From", "-"), ("Date", "(empty)"), ("Subject", ""),
    ]
    let line = try #require(try lines(hello + transaction(3), [message(3, 6, fields)]).first)
    #expect(line["path"] == "192.0.2.1,192.0.2.2,192.0.2.9,2001:db8::1,192.0.2.7")
    #expect(line["first_received"] == "from d (192.0.2.7)" && line["second_received"] == "by c with SMTP id 10.9.8.7x")
    #expect(line["to"] == "one@b.example,two@b.example" && line["cc"] == #""Doe\x2c J" <j@b.example>"#)
    #expect(line["x_originating_ip"] == "192.0.2.77" && line["user_agent"] == "second" && line["msg_id"] == "<1@b>")
    #expect(line["in_reply_to"] == "<0@b>" && line["reply_to"] == "r@b.example")
    #expect(line["from"] == #"\x2d"# && line["date"] == #"\x28empty)"# && line["subject"] == "(empty)")
  }
  @Test func otherProtocolsGiveNoLine() throws {
    let fact = try FactParser.parse(Array(#"{"protocol":"pop3","exchanges":[],"messages":[{}]}"#.utf8).span)
    #expect(ZeekSession.lines(fact).isEmpty)
  }
}
