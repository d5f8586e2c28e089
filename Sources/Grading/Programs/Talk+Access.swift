internal import Bytes
internal import MailProtocols

extension Talk {
  /// Whether a positive reply to a POP3 command has more lines, up to a dot (RFC 1939 §3).
  static func hasManyLines(_ line: WireLine) -> Bool {
    switch line.verb {
    case "RETR", "TOP", "CAPA": true
    case "LIST", "UIDL": line.text.split(separator: " ").count == 1
    default: false
    }
  }
  mutating func readPOP3() {
    var lines = server.lines[...]
    greeting = Self.popReply(&lines, hasManyLines: false)
    var awaited = greeting
    var isResponse = false
    for line in client.lines.prefix(TrialLimits.exchangeCount) {
      var exchange = Exchange(
        kind: isResponse ? .response : .command, line: line, verb: isResponse ? "RESPONSE" : line.verb,
        range: line.range, firstFrame: line.firstFrame, reply: nil, awaited: awaited)
      guard line.ending != .none else { return unfinished = exchange }
      exchange.reply = Self.popReply(&lines, hasManyLines: !isResponse && Self.hasManyLines(line))
      awaited = exchange.reply
      isResponse = (exchange.verb == "AUTH" || isResponse) && exchange.reply?.status == "+"
      exchanges.append(exchange)
    }
    while let reply = Self.popReply(&lines, hasManyLines: false) { unasked.append(reply) }
  }
  /// A status of POP3, and the lines behind a positive one where there have to be some.
  static func popReply(_ lines: inout ArraySlice<WireLine>, hasManyLines: Bool) -> Reply? {
    guard let first = lines.popFirst() else { return nil }
    let word = first.text.split(separator: " ", omittingEmptySubsequences: false).first.map(String.init) ?? ""
    var reply = Reply(status: word, lines: [first], isWhole: first.ending != .none)
    guard hasManyLines, word == "+OK" else { return reply }
    reply.isWhole = false
    while !reply.isWhole, let line = lines.popFirst() {
      reply.lines.append(line)
      reply.isWhole = line.octets == [ASCII.dot] && line.ending == .crlf
    }
    return reply
  }
  /// The lines of a reply that has many, without the dots of their stuffing, the status and the end.
  static func content(_ reply: Reply) -> [String] {
    reply.lines.dropFirst().filter { $0.octets != [ASCII.dot] }.map {
      String(decoding: $0.octets.first == ASCII.dot ? $0.octets.dropFirst() : $0.octets[...], as: UTF8.self)
    }
  }
  /// IMAP's commands with their literals, each with what was answered up to its tagged response (RFC 9051 §2.2).
  mutating func readIMAP() {
    let responses = Self.imapResponses(server)
    greeting = responses.first
    var rest = responses.dropFirst()
    var awaited = greeting
    let speech = client
    var start = 0
    while start < speech.octets.count, exchanges.count < TrialLimits.exchangeCount {
      let end = speech.octets[start...].firstIndex(of: ASCII.lineFeed).map { $0 + 1 } ?? speech.octets.count
      let line = WireLine(speech, start..<end)
      let words = line.text.split(separator: " ").map(String.init)
      var exchange = Exchange(
        kind: .command, line: line, verb: words.count > 1 ? words[1].uppercased() : line.verb, range: start..<end,
        firstFrame: line.firstFrame, reply: nil, awaited: awaited)
      guard line.ending != .none else { return unfinished = exchange }
      var reply: Reply?
      let tag = words.first ?? ""
      while let next = rest.popFirst() {
        var gathered = reply ?? Reply(status: "", lines: [], isWhole: false)
        gathered.lines += next.lines
        let first = next.lines.first?.text.split(separator: " ").first.map(String.init) ?? ""
        gathered.status = next.status
        reply = gathered
        if first == tag || first == "+" || (first != "*" && words.count < 2) {
          reply?.isWhole = next.isWhole
          break
        }
      }
      exchange.reply = reply
      awaited = reply
      exchanges.append(exchange)
      start = end
    }
    unasked = Array(rest)
  }
  /// Responses of an IMAP server, each with its literals.
  static func imapResponses(_ speech: WireSpeech) -> [Reply] {
    var replies: [Reply] = []
    var start = 0
    while start < speech.octets.count {
      var end = start
      var isWhole = false
      while true {
        guard let feed = speech.octets[end...].firstIndex(of: ASCII.lineFeed) else {
          end = speech.octets.count
          break
        }
        let text = speech.octets[end..<feed].filter { $0 != ASCII.carriageReturn }
        end = feed + 1
        guard let literal = IMAPLiteral.parse(endOf: text.span) else {
          isWhole = true
          break
        }
        end += Int(clamping: min(literal.byteCount, UInt64(speech.octets.count)))
        if end >= speech.octets.count {
          end = speech.octets.count
          break
        }
      }
      let line = WireLine(speech, start..<end)
      let words = line.text.split(separator: " ", maxSplits: 2).map(String.init)
      let status = words.first == "+" ? "+" : words.count > 1 ? words[1].uppercased() : ""
      replies.append(Reply(status: status, lines: [line], isWhole: isWhole))
      start = end
    }
    return replies
  }
}

extension Talk.Reply {
  /// Whether a line of a message in it begins with the tag, as a tagged response does (RFC 9051 §4.3).
  func isMistakable(for tag: String) -> Bool {
    lines.contains { $0.octets.firstRange(of: Array("\r\n\(tag) ".utf8)) != nil }
  }
}
