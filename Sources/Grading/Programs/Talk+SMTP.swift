internal import Bytes
internal import MailProtocols

extension Talk {
  /// The replies of an SMTP server (RFC 5321 §4.2), the last perhaps cut.
  static func smtpReplies(_ speech: WireSpeech) -> [Reply] {
    var replies: [Reply] = []
    var lines: [WireLine] = []
    for line in speech.lines {
      lines.append(line)
      guard let reply = SMTPReply.parse(line.octets.span) else {
        replies.append(Reply(status: "", lines: lines, isWhole: line.ending != .none))
        lines = []
        continue
      }
      if reply.isLast {
        replies.append(Reply(status: String(reply.code), lines: lines, isWhole: line.ending != .none))
        lines = []
      }
    }
    if let line = lines.first {
      replies.append(Reply(status: String(line.text.prefix(3)), lines: lines, isWhole: false))
    }
    return replies
  }
  mutating func readSMTP() {
    var replies = Self.smtpReplies(server)[...]
    greeting = replies.popFirst()
    var awaited = greeting
    var lines = client.lines[...]
    /// What the next line is.
    var kind = Kind.command
    while let line = lines.first, exchanges.count < TrialLimits.exchangeCount {
      switch kind {
      case .command, .response:
        lines.removeFirst()
        let isResponse = kind == .response
        var exchange = Exchange(
          kind: kind, line: line, verb: isResponse ? "RESPONSE" : line.verb, range: line.range,
          firstFrame: line.firstFrame, reply: nil, awaited: awaited)
        if line.ending == .none {
          unfinished = exchange
          continue
        }
        exchange.reply = replies.popFirst()
        awaited = exchange.reply
        exchanges.append(exchange)
        kind = .command
        if exchange.verb == "DATA", exchange.reply?.status == "354" { kind = .message }
        if exchange.verb == "AUTH" || isResponse, exchange.reply?.status == "334" { kind = .response }
      case .message:
        kind = .command
        let start = line.range.lowerBound
        let firstFrame = line.firstFrame
        var end: WireLine?
        var last = line
        var wasWhole = true
        while let next = lines.popFirst() {
          last = next
          // The dot ends a message only between two CRLF (RFC 5321 §4.1.1.4).
          if next.ending == .crlf, next.octets == [ASCII.dot], wasWhole {
            end = next
            break
          }
          wasWhole = next.ending == .crlf
        }
        var exchange = Exchange(
          kind: .message, line: last, verb: "MESSAGE", range: start..<last.range.upperBound, firstFrame: firstFrame,
          reply: nil, awaited: awaited)
        guard end != nil else {
          unfinished = exchange
          continue
        }
        exchange.reply = replies.popFirst()
        awaited = exchange.reply
        exchanges.append(exchange)
      }
    }
    unasked = Array(replies)
  }
  /// A message as it was meant: without the dots of its stuffing and without its end (RFC 5321 §4.5.2).
  package func message(_ exchange: Exchange) -> [UInt8] {
    var message: [UInt8] = []
    let end = exchange.line.octets == [ASCII.dot] ? exchange.line.range.lowerBound : exchange.range.upperBound
    for line in client.lines where line.range.lowerBound >= exchange.range.lowerBound && line.range.lowerBound < end {
      message += line.octets.first == ASCII.dot ? line.octets.dropFirst() : line.octets[...]
      if line.ending != .none { message += [13, 10] }
    }
    return message
  }
}
