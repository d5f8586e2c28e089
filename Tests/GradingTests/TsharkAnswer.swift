import Foundation

/// An answer to a question of an exercise as tshark's fields give it.
struct TsharkAnswer {
  /// nil where the right answer is `cannot tell`.
  var values: [String]?
  /// Frames that show it.
  var frames: [Int] = []
  /// Of a question of order: the frame of each option, as the exercise lists them.
  var order: [Int] = []

  init(_ value: String?, _ row: TsharkView.Row? = nil) {
    values = value.map { [$0] }
    frames = row.map { [$0.frame] } ?? []
  }
  init(all values: [String]) { self.values = values }
  init(frame row: TsharkView.Row?) { self.init(row.map { "\($0.frame)" } ?? "no such frame", row) }
  init(order rows: [TsharkView.Row?]) {
    values = []
    order = rows.map { $0?.frame ?? 0 }
  }

  private static func decoded(_ text: String) -> String {
    Data(base64Encoded: text).map { String(decoding: $0, as: UTF8.self) } ?? "no base64: \(text)"
  }
  /// User name and password of what AUTH PLAIN sends (RFC 4616 §2).
  private static func plain(_ text: String) -> [String] {
    decoded(text).split(separator: "\0", omittingEmptySubsequences: false).map(String.init)
  }
  private static func last(_ words: String?) -> String {
    (words?.split(separator: " ").last.map(String.init) ?? "").filter { $0 != "\"" }
  }
  /// `653` of `… {653}`
  private static func literal(_ row: TsharkView.Row?) -> String? {
    row?.all("imap.line").lazy.compactMap { $0.split(separator: "{").last?.split(separator: "}").first }.first {
      $0.allSatisfy(\.isNumber)
    }.map(String.init)
  }
  private static func number(_ text: String?) -> String? {
    text?.split(separator: " ").first { $0.allSatisfy(\.isNumber) }.map(String.init)
  }
  /// The host that greets: the word behind 220.
  private static func host(_ stream: [TsharkView.Row]) -> String? {
    stream.byServer.spoken.first?.lines.first?.split(separator: " ").dropFirst().first.map(String.init)
  }

  /// By exercise and question.
  static let all: [String: @Sendable (TsharkView) -> TsharkAnswer] =
    architecture.merging(ends) { $1 }.merging(logins) { $1 }.merging(messages) { $1 }.merging(access) { $1 }
    .merging(exams) { $1 }

  private static let architecture: [String: @Sendable (TsharkView) -> TsharkAnswer] = [
    "A1.sender-agent": { TsharkAnswer($0.stream(587).client, $0.stream(587).syn) },
    "A1.sending-server": { TsharkAnswer($0.stream(25).client, $0.stream(25).syn) },
    "A1.receiving-server": { TsharkAnswer($0.stream(25).server, $0.stream(25).synAck) },
    "A1.recipient-agent": { TsharkAnswer($0.stream(110).client, $0.stream(110).syn) },
    "A2.order": { view in
      let access = view.stream(110) + view.stream(143)
      return TsharkAnswer(order: [
        view.stream(587).syn, view.stream(587).acceptance, view.stream(25).syn, view.stream(25).acceptance, access.syn,
        access.byServer.first { $0.lines.contains { $0.hasPrefix("Subject: ") } },
      ])
    },
    "A2.submission": { TsharkAnswer(frame: $0.stream(587).syn) },
    "A2.queued": { TsharkAnswer(frame: $0.stream(587).acceptance) },
    "A2.relay": { TsharkAnswer(frame: $0.stream(25).syn) },
    "A2.relay-client": { TsharkAnswer($0.stream(25).client, $0.stream(25).syn) },
    "A2.delivered": { TsharkAnswer(frame: $0.stream(25).acceptance) },
    "A2.access": { TsharkAnswer($0.stream(110).isEmpty ? $0.stream(143).isEmpty ? "none" : "imap" : "pop3") },
    "A3.accepted": { TsharkAnswer(frame: $0.stream(587).acceptance) },
    "A3.code": { view in
      let refusal = view.stream(25).first { $0["smtp.response.code"].first.map { "45".contains($0) } == true }
      return TsharkAnswer(
        refusal?.all("smtp.response.code").first { $0.hasPrefix("4") || $0.hasPrefix("5") }, refusal)
    },
    "A3.meaning": { view in
      let codes = view.stream(25).flatMap { $0.all("smtp.response.code") }
      return TsharkAnswer(
        codes.first { $0.hasPrefix("4") || $0.hasPrefix("5") }?.hasPrefix("5") == true ? "return" : "keep")
    },
    "A3.retry": { TsharkAnswer(frame: $0.streams(25).last { !$0.having("smtp.eom").isEmpty }?.syn) },
    "A3.delivered": { view in
      let reply = view.streams(25).last { !$0.having("smtp.eom").isEmpty }?.acceptance
      return TsharkAnswer(reply?["smtp.response.code"], reply)
    },
    "A4.submit": { Self.direction($0.stream(587)) }, "A4.relay": { Self.direction($0.stream(25)) },
    "A4.fetch-pop3": { Self.direction($0.stream(110)) }, "A4.fetch-imap": { Self.direction($0.stream(143)) },
    "W10.submission-port": { view in
      TsharkAnswer(view.rows.first { $0["smtp.req.command"] == "AUTH" }?["tcp.dstport"])
    },
    "W10.login": { view in
      let auth = view.stream(587).having("smtp.req.command", "AUTH").first
      let isOnRelay = !view.stream(25).having("smtp.req.command", "AUTH").isEmpty
      return TsharkAnswer(auth == nil ? isOnRelay ? "relay" : "none" : isOnRelay ? "both" : "submission", auth)
    },
    "W10.received": { view in
      TsharkAnswer("\(view.stream(110).byServer.lines.count { $0.hasPrefix("Received:") })")
    },
    "W10.sent-received": { view in
      TsharkAnswer("\(view.stream(587).byClient.lines.count { $0.hasPrefix("Received:") })")
    },
    "W10.top": { view in
      let lines = view.stream(110).byServer.lines.drop { !$0.hasPrefix("Received:") }
      let words = lines.prefix(4).joined(separator: " ").split(whereSeparator: \.isWhitespace).map(String.init)
      let by = words.firstIndex(of: "by").map { words[$0 + 1] }
      return TsharkAnswer(
        by == Self.host(view.stream(25)) ? "recipient" : by == Self.host(view.stream(587)) ? "sender" : "agent")
    },
  ]
  /// Whether the side that opens the connection has the message, or wants it; the SYN shows it.
  private static func direction(_ stream: [TsharkView.Row]) -> TsharkAnswer {
    let message = stream.first { $0.lines.contains { $0.hasPrefix("Subject: ") } }
    return TsharkAnswer(message.map { stream.isByClient($0) ? "push" : "pull" } ?? "no message", stream.syn)
  }

  private static let ends: [String: @Sendable (TsharkView) -> TsharkAnswer] = [
    "W1.client-address": { TsharkAnswer($0.stream(587).client, $0.stream(587).syn) },
    "W1.client-port": { TsharkAnswer($0.stream(587).clientPort, $0.stream(587).syn) },
    "W1.server-address": { TsharkAnswer($0.stream(587).server, $0.stream(587).synAck) },
    "W1.server-port": { TsharkAnswer($0.stream(587).serverPort, $0.stream(587).synAck) },
    "W1.syn": { TsharkAnswer(frame: $0.stream(587).syn) },
    "W2.first-speaker": { view in
      let stream = view.stream(587)
      return TsharkAnswer(stream.spoken.first.map { stream.isByClient($0) ? "client" : "server" })
    },
    "W2.server-first": {
      TsharkAnswer($0.stream(587).byServer.spoken.first?.lines[0], $0.stream(587).byServer.spoken.first)
    },
    "W2.server-code": { TsharkAnswer($0.stream(587).having("smtp.response.code").first?["smtp.response.code"]) },
    "W2.client-first": {
      TsharkAnswer($0.stream(587).byClient.spoken.first?.lines[0], $0.stream(587).byClient.spoken.first)
    },
    "W2.answer-lines": { view in
      let stream = view.stream(587)
      let answer = stream.answer(to: stream.having("smtp.req.command", "EHLO").first)
      return TsharkAnswer("\(answer?.all("smtp.rsp.parameter").count ?? 0)", answer)
    },
    "W5.how": { view in
      let stream = view.stream(25)
      if let reset = stream.first(where: { $0.flag("reset") }) { return TsharkAnswer("reset", reset) }
      guard let finish = stream.first(where: { $0.flag("fin") }) else { return TsharkAnswer("open") }
      return TsharkAnswer(stream.having("smtp.req.command", "QUIT").isEmpty ? "hang-up" : "order", finish)
    },
    "W5.quit": { view in
      TsharkAnswer(view.stream(25).having("smtp.req.command", "QUIT").first.map { "\($0.frame)" })
    },
    "W5.goodbye": { view in
      let stream = view.stream(25)
      return TsharkAnswer(stream.answer(to: stream.having("smtp.req.command", "QUIT").first)?["smtp.response.code"])
    },
    "W5.first-to-close": { view in
      let stream = view.stream(25)
      if let reset = stream.first(where: { $0.flag("reset") }) { return TsharkAnswer("nobody", reset) }
      let finish = stream.first { $0.flag("fin") }
      return TsharkAnswer(finish.map { stream.isByClient($0) ? "client" : "server" } ?? "nobody", finish)
    },
    "W5.lost": { TsharkAnswer($0.stream(25).having("smtp.req.command", "DATA").isEmpty ? "none" : "lost") },
    "W9.streams": { view in
      TsharkAnswer("\(Set(view.rows.having("smtp.response.code").map { $0["tcp.stream"] }).count)")
    },
    "W9.first-port": { TsharkAnswer($0.stream(587, 0).clientPort, $0.stream(587, 0).syn) },
    "W9.first-sender": { view in
      TsharkAnswer(
        view.stream(587, 0).paths("MAIL").first, view.stream(587, 0).having("smtp.req.command", "MAIL").first)
    },
    "W9.second-sender": { view in
      TsharkAnswer(
        view.stream(587, 1).paths("MAIL").first, view.stream(587, 1).having("smtp.req.command", "MAIL").first)
    },
    "W9.second-subject": { TsharkAnswer($0.stream(587, 1).having("imf.subject").first?["imf.subject"]) },
  ]

  private static let logins: [String: @Sendable (TsharkView) -> TsharkAnswer] = [
    "W3.login-user-base64": { view in
      let row = view.rows.having("smtp.auth.username").first
      return TsharkAnswer(row?["smtp.auth.username"], row)
    },
    "W3.login-user": { view in
      let row = view.rows.having("smtp.auth.username").first
      return TsharkAnswer(row.map { decoded($0["smtp.auth.username"]) }, row)
    },
    "W3.login-password": { view in
      let row = view.rows.having("smtp.auth.password").first
      return TsharkAnswer(row.map { decoded($0["smtp.auth.password"]) }, row)
    },
    "W3.plain-base64": { view in
      let row = view.rows.having("smtp.auth.username_password").first
      return TsharkAnswer(row?["smtp.auth.username_password"], row)
    },
    "W3.plain-password": { view in
      let row = view.rows.having("smtp.auth.username_password").first
      return TsharkAnswer(row.map { plain($0["smtp.auth.username_password"])[2] }, row)
    },
    "W3.result": { view in
      let row = view.rows.having("smtp.auth.username_password").first
      let stream = view.rows.filter { $0["tcp.stream"] == row?["tcp.stream"] }
      return TsharkAnswer(stream.answer(to: row)?["smtp.response.code"])
    },
    "W3.protection": { TsharkAnswer($0.rows.having("tls.record").isEmpty ? "nothing" : "tls") },
    "W11.offer": { view in
      TsharkAnswer(frame: view.stream(587).clear.first { $0.all("smtp.rsp.parameter").contains("STARTTLS") })
    },
    "W11.ask": { TsharkAnswer(frame: $0.stream(587).byClient.first { $0.lines.contains("STARTTLS") }) },
    "W11.code": { view in
      let stream = view.stream(587)
      return TsharkAnswer(
        stream.answer(to: stream.byClient.first { $0.lines.contains("STARTTLS") })?["smtp.response.code"])
    },
    // In clear there is none.
    "W11.password": {
      TsharkAnswer($0.stream(587).clear.having("smtp.auth.username_password").first?["smtp.auth.username_password"])
    },
    "W11.server-name": { view in
      let row = view.stream(587).having("tls.handshake.extensions_server_name").first
      return TsharkAnswer(row?["tls.handshake.extensions_server_name"], row)
    },
    "W11.inside": { view in
      let inside = view.stream(587).byClient.filter { !$0["tls.record"].isEmpty }.having("smtp.req.command")
      return TsharkAnswer(inside.first?["smtp.req.command"])
    },
    "W11.subject": { TsharkAnswer($0.stream(587).having("imf.subject").first?["imf.subject"]) },
    "W11.recipient": { TsharkAnswer($0.stream(587).paths("RCPT").first) },
    "W6.mechanisms": { line($0.stream(587), "AUTH") }, "W6.size-line": { line($0.stream(587), "SIZE") },
    "W6.used": { view in
      let row = view.stream(587).having("smtp.req.command", "AUTH").first
      return TsharkAnswer(row?["smtp.req.parameter"].split(separator: " ").first.map(String.init), row)
    },
    "W6.count": { view in
      let stream = view.stream(587)
      let answer = stream.answer(to: stream.having("smtp.req.command", "EHLO").first)
      return TsharkAnswer("\(answer?.all("smtp.rsp.parameter").count ?? 0)")
    },
    "W6.tls": { view in
      let stream = view.stream(587)
      let answer = stream.answer(to: stream.having("smtp.req.command", "EHLO").first)
      return TsharkAnswer(answer?.all("smtp.rsp.parameter").contains("STARTTLS") == true ? "yes" : "no", answer)
    },
    "W7.password": { view in
      let row = view.rows.having("smtp.response.code", "535").first
      return TsharkAnswer(row?["smtp.response.code"], row)
    },
    "W7.password-sent": { view in
      let row = view.rows.having("smtp.auth.username_password").first
      return TsharkAnswer(row.map { plain($0["smtp.auth.username_password"])[2] }, row)
    },
    "W7.recipient-line": { refused($0, "550") }, "W7.order-line": { refused($0, "503") },
    "W7.cause": { TsharkAnswer($0.rows.having("smtp.response.code", "503").isEmpty ? "unknown" : "order") },
  ]
  /// The line of the answer to EHLO in which a keyword stands.
  private static func line(_ stream: [TsharkView.Row], _ keyword: String) -> TsharkAnswer {
    let answer = stream.answer(to: stream.having("smtp.req.command", "EHLO").first)
    return TsharkAnswer(answer?.lines.first { $0.dropFirst(4).hasPrefix(keyword) }, answer)
  }
  /// The command before the reply with a code.
  private static func refused(_ view: TsharkView, _ code: String) -> TsharkAnswer {
    guard let reply = view.rows.having("smtp.response.code", code).first else {
      return TsharkAnswer("no reply \(code)")
    }
    let command = view.rows.last {
      $0.frame < reply.frame && $0["tcp.stream"] == reply["tcp.stream"] && !$0.all("smtp.command_line").isEmpty
    }
    return TsharkAnswer(command?.all("smtp.command_line").last, command)
  }

  private static let messages: [String: @Sendable (TsharkView) -> TsharkAnswer] = [
    "W4.envelope-sender": { view in
      TsharkAnswer(view.stream(25).paths("MAIL").first, view.stream(25).having("smtp.req.command", "MAIL").first)
    },
    "W4.header-sender": { TsharkAnswer($0.stream(25).having("imf.from").first?["imf.from"]) },
    "W4.recipients": { TsharkAnswer(all: $0.stream(25).paths("RCPT")) },
    "W4.hidden": { view in
      let named = view.stream(25).having("imf.to").first?["imf.to"] ?? ""
      let hidden = view.stream(25).paths("RCPT").first { !named.contains($0) }
      return TsharkAnswer(
        hidden,
        view.stream(25).having("smtp.req.command", "RCPT").first { $0.lines.contains { $0.contains(hidden ?? "?") } })
    },
    "W4.subject": { TsharkAnswer($0.stream(25).having("imf.subject").first?["imf.subject"]) },
    "W4.dots": { view in
      let line = view.stream(25).byClient.lines.first { $0.contains(" pounds of ") }
      return TsharkAnswer("\((line?.prefix { $0 == "." }.count ?? 0) - 1)")
    },
    "W4.end": { view in TsharkAnswer(frame: view.stream(25).byClient.first { $0.lines.contains(".") }) },
    "W4.taken": { TsharkAnswer($0.stream(25).acceptance?["smtp.response.code"]) },
    "W8.repeated": { view in
      var seen: Set<Int> = []
      let isAgain = view.stream(587).byClient.spoken.contains { row in
        let begin = Int(row["tcp.seq"]) ?? 0
        let octets = Set(begin..<begin + row["tcp.payload"].count / 2)
        defer { seen.formUnion(octets) }
        return !seen.isDisjoint(with: octets)
      }
      return TsharkAnswer(isAgain ? "yes" : "no")
    },
    "W8.subject": { TsharkAnswer($0.stream(587).having("imf.subject").first?["imf.subject"]) },
    "W8.whole": { view in
      let reply = view.stream(587).byServer.first { $0.lines.contains { $0.contains("queued as") } }
      return TsharkAnswer(reply == nil ? "no" : "yes", reply)
    },
    "W8.acknowledged": { view in
      TsharkAnswer(frame: view.stream(587).byServer.first { $0.lines.contains { $0.contains("queued as") } })
    },
  ]

  private static let access: [String: @Sendable (TsharkView) -> TsharkAnswer] = [
    "P1.user": { pop($0, "USER") }, "P1.password": { pop($0, "PASS") },
    "P1.count": { view in
      let answer = view.stream(110).answer(to: view.stream(110).having("pop.request.command", "LIST").first)
      return TsharkAnswer(number(answer?["pop.response.description"]), answer)
    },
    "P1.size": { view in
      let answer = view.stream(110).answer(to: view.stream(110).having("pop.request.command", "LIST").first)
      return TsharkAnswer(answer?.lines[1].split(separator: " ").last.map(String.init), answer)
    },
    "P1.subject": { view in
      let second = view.stream(110).having("pop.request.command", "RETR").dropFirst().first
      let answer = view.stream(110).answer(to: second)
      let line = answer?.lines.first { $0.hasPrefix("Subject: ") }
      return TsharkAnswer(line.map { String($0.dropFirst(9)) }, answer)
    },
    "P1.end": { TsharkAnswer(frame: $0.stream(110).having("pop.request.command", "QUIT").first) },
    "P2.deletes": { TsharkAnswer($0.stream(110).having("pop.request.command", "DELE").isEmpty ? "no" : "yes") },
    "P2.quits": { TsharkAnswer($0.stream(110).having("pop.request.command", "QUIT").isEmpty ? "no" : "yes") },
    "P2.left": { view in
      let verbs = Set(view.stream(110).flatMap { $0.all("pop.request.command") })
      return TsharkAnswer(verbs.isSuperset(of: ["DELE", "QUIT"]) ? "gone" : "kept")
    },
    "P2.found": { TsharkAnswer("\($0.stream(110, 1).having("pop.request.command", "RETR").count)") },
    "P3.command": { view in
      let row = view.stream(110, 1).having("pop.request.command", "UIDL").first
      return TsharkAnswer(row?["pop.request.command"], row)
    },
    "P3.id-office": { uniqueID($0.stream(110, 0)) }, "P3.id-home": { uniqueID($0.stream(110, 1)) },
    "P3.twice": { view in
      TsharkAnswer("\(view.streams(110).flatMap { $0 }.having("pop.request.command", "RETR").count)")
    },
    "I1.password": { view in
      let row = view.stream(143).having("imap.request.password").first
      return TsharkAnswer(row?["imap.request.password"].filter { $0 != "\"" }, row)
    },
    "I1.select-tag": {
      TsharkAnswer($0.stream(143).request("SELECT")?["imap.request_tag"], $0.stream(143).request("SELECT"))
    },
    "I1.select-answer": { view in
      let tag = view.stream(143).request("SELECT")?["imap.request_tag"]
      return TsharkAnswer(frame: view.stream(143).having("imap.response_tag", tag).first)
    },
    "I1.exists": { view in
      let answer = view.stream(143).answer(to: view.stream(143).request("SELECT"))
      return TsharkAnswer(answer?.all("imap.line").first { $0.hasSuffix("EXISTS") }, answer)
    },
    "I1.literal": {
      TsharkAnswer(literal($0.stream(143).answer(to: $0.stream(143).having("imap.request.command", "FETCH").last)))
    },
    "I1.bye": { view in
      let lines = view.stream(143).answer(to: view.stream(143).request("LOGOUT"))?.all("imap.line") ?? []
      return TsharkAnswer(lines.first?.hasPrefix("* BYE") == true ? "bye" : "ok")
    },
    "I2.before": { view in
      let answer = view.stream(143).answer(to: view.stream(143).request("FETCH"))
      return TsharkAnswer(answer?.lines.contains { $0.contains("FLAGS ()") } == true ? "none" : "seen", answer)
    },
    "I2.sets": { view in
      let row = view.stream(143).having("imap.request.command", "FETCH").last
      return TsharkAnswer(row?["imap.line"], row)
    },
    "I2.after": { view in
      let answer = view.stream(143, 1).answer(to: view.stream(143, 1).request("FETCH"))
      return TsharkAnswer(frame: answer?.lines.contains { $0.contains("\\Seen") } == true ? answer : nil)
    },
    "I3.folder": { view in
      TsharkAnswer(last(view.stream(143).request("CREATE")?["imap.line"]), view.stream(143).request("CREATE"))
    },
    "I3.move": { view in
      let row = view.stream(143).byClient.first { $0.lines[0].uppercased().contains(" MOVE ") }
      return TsharkAnswer(row?["imap.line"], row)
    },
    "I3.gone": { view in
      let stream = view.stream(143)
      let answer = stream.answer(to: stream.byClient.spoken.first { $0.lines[0].uppercased().contains(" MOVE ") })
      return TsharkAnswer(answer?.lines.contains { $0.hasSuffix(" EXPUNGE") } == true ? "expunge" : "none", answer)
    },
    "I3.home-list": { TsharkAnswer(frame: $0.stream(143, 1).answer(to: $0.stream(143, 1).request("LIST"))) },
    "I3.home-message": { view in
      let answer = view.stream(143, 1).answer(to: view.stream(143, 1).request("SELECT"))
      return TsharkAnswer(number(answer?.all("imap.line").first { $0.hasSuffix("EXISTS") }), answer)
    },
    "I4.full": { view in
      let lines = view.stream(143).having("imap.request.command", "FETCH").flatMap { $0.all("imap.line") }
      return TsharkAnswer(lines.contains { $0.contains("HEADER.FIELDS") } ? "header" : "all")
    },
    "I4.pop-octets": { view in
      let answer = view.stream(110).answer(to: view.stream(110).having("pop.request.command", "RETR").first)
      return TsharkAnswer(number(answer?["pop.response.description"]), answer)
    },
    "I4.imap-octets": { view in
      let answer = view.stream(143).answer(to: view.stream(143).request("FETCH"))
      return TsharkAnswer(literal(answer), answer)
    },
  ]
  private static func pop(_ view: TsharkView, _ verb: String) -> TsharkAnswer {
    let row = view.stream(110).having("pop.request.command", verb).first
    return TsharkAnswer(row?["pop.request.parameter"], row)
  }
  private static func uniqueID(_ stream: [TsharkView.Row]) -> TsharkAnswer {
    let answer = stream.answer(to: stream.having("pop.request.command", "UIDL").first)
    return TsharkAnswer(answer?.lines[1], answer)
  }

  // MARK: Exams

  /// What tshark's commands and replies leave of a transaction: 0 none, 1 a sender, 2 a recipient, too (RFC 5321 §4.1.4).
  private static func transaction(_ stream: [TsharkView.Row]) -> Int {
    var state = 0
    for row in stream.having("smtp.req.command") {
      let isTaken = stream.answer(to: row)?["smtp.response.code"] == "250"
      switch row["smtp.req.command"] {
      case "EHLO", "RSET": state = 0
      case "MAIL": state = isTaken ? 1 : state
      case "RCPT": state = isTaken ? 2 : state
      default: break
      }
    }
    return state
  }
  /// How many messages of three are left, with QUIT or without.
  private static func left(_ stream: [TsharkView.Row], afterQuit: Bool) -> String {
    "\(3 - (afterQuit ? stream.having("pop.request.command", "DELE").count : 0))"
  }
  private static func hasQuit(_ view: TsharkView) -> Bool {
    !view.stream(110).having("pop.request.command", "QUIT").isEmpty
  }
  private static func bug(_ view: TsharkView) -> String {
    let stream = view.stream(25)
    if stream.having("smtp.req.command", "MAIL").count > 1 { return "verb" }
    if !stream.having("smtp.response.code", "550").isEmpty { return "refused" }
    return stream.byClient.lines.contains { $0.hasPrefix("Subject:") } ? "dot" : "header"
  }
  private static func buggyFrame(_ view: TsharkView) -> TsharkView.Row? {
    let stream = view.stream(25)
    switch bug(view) {
    case "verb": return stream.having("smtp.req.command", "MAIL").last
    case "refused": return stream.having("smtp.req.command", "DATA").first
    default: return stream.byClient.first { $0.lines.contains(".") }
    }
  }
  private static let exams: [String: @Sendable (TsharkView) -> TsharkAnswer] = [
    "E1.data": { TsharkAnswer(transaction($0.stream(25)) == 2 ? "354" : "503") },
    "E1.rcpt": { TsharkAnswer(transaction($0.stream(25)) > 0 ? "250" : "503") },
    "E1.mail": { TsharkAnswer(transaction($0.stream(25)) > 0 ? "503" : "250") },
    "E1.undone": { view in
      let stream = view.stream(25)
      let sender = stream.having("smtp.req.command", "MAIL")
      let row = sender.count > 1 ? sender.first : stream.having("smtp.req.command", "RCPT").last
      return TsharkAnswer(row?.all("smtp.command_line").last, row)
    },
    "E2.first": { view in
      let stream = view.stream(110)
      let answer = stream.answer(to: stream.having("pop.request.command", "UIDL").first)
      let marked = hasQuit(view) ? stream.having("pop.request.command", "DELE").map { $0["pop.request.parameter"] } : []
      let left = answer?.lines.dropFirst().first { line in !marked.contains(String(line.prefix { $0 != " " })) }
      return TsharkAnswer(left, answer)
    },
    "E2.found": { TsharkAnswer(left($0.stream(110), afterQuit: hasQuit($0))) },
    "E2.decides": { view in
      let client = view.stream(110).byClient
      return TsharkAnswer(
        frame: client.having("pop.request.command", "QUIT").first ?? client.first { $0.flag("fin") || $0.flag("reset") }
      )
    },
    "E2.otherwise": { TsharkAnswer(left($0.stream(110), afterQuit: !hasQuit($0))) },
    "E2.number": { view in
      let marked = view.stream(110).having("pop.request.command", "DELE").map { $0["pop.request.parameter"] }
      if !hasQuit(view) { return TsharkAnswer("3") }
      return TsharkAnswer(marked.contains("3") ? "gone" : "\(3 - marked.count)")
    },
    "E3.bug": { TsharkAnswer(bug($0)) }, "E3.frame": { TsharkAnswer(frame: buggyFrame($0)) },
    "E3.answer": { TsharkAnswer($0.stream(25).answer(to: buggyFrame($0))?.lines[0]) },
    "E3.names": { view in
      let stream = view.stream(25)
      let second = stream.having("smtp.req.command", "MAIL").dropFirst().first
      let row = second ?? stream.having("smtp.req.command", "RCPT").first
      return TsharkAnswer(row?.all("smtp.command_line").last, row)
    },
    "E3.taken": { view in
      TsharkAnswer("\(view.stream(25).byServer.count { $0.lines.contains { $0.contains("queued as") } })")
    },
  ]
}
