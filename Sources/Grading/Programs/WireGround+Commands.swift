internal import Bytes
internal import MailProtocols

/// Rules about the commands of a client: how they are spelled, in which order, and what follows from their replies.
extension WireGround {
  private static let smtpVerbs: Set<String> = [
    "HELO", "EHLO", "MAIL", "RCPT", "DATA", "RSET", "NOOP", "QUIT", "VRFY", "EXPN", "HELP", "AUTH", "STARTTLS", "BDAT",
  ]
  var hasSaidNothing: Finding? {
    if talks.isEmpty { return .notRun("There is no connection.") }
    return talks.allSatisfy { $0.client.octets.isEmpty } ? .notRun("Your program said nothing.") : nil
  }
  func crlf() -> Finding {
    if let nothing = hasSaidNothing { return nothing }
    for talk in talks {
      if let pickle = pickled(talk, .client) { return pickle }
      for line in talk.client.lines {
        if let finding = endOfString(talk, line) { return finding }
        switch line.ending {
        case .crlf: break
        case .lineFeed:
          return .failed(
            expected: "\(Spot.escaped(line.octets.prefix(60)))\\r\\n",
            found: "\(Spot.escaped(line.octets.prefix(60)))\\n",
            StudentMistake.bareLineFeed.words,
            at: talk.place(line, marked: line.octets.count..<(line.octets.count + 1)),
            .bareLineFeed)
        case .none: return missingLineEnd(talk, line)
        }
        if let place = line.octets.firstIndex(of: ASCII.carriageReturn) {
          return .failed(
            expected: "\\r and \\n together", found: "\\r alone", "A \\r stands in the middle of a line.",
            at: talk.place(line, marked: place..<(place + 1)))
        }
      }
    }
    return .passed
  }
  func syntax() -> Finding {
    if let nothing = hasSaidNothing { return nothing }
    for (talk, exchange) in exchanges where exchange.kind == .command {
      let text = exchange.line.text
      switch exchange.verb {
      case "MAIL":
        if let finding = path(talk, exchange, keyword: "FROM") { return finding }
      case "RCPT":
        if let finding = path(talk, exchange, keyword: "TO") { return finding }
      case "HELO", "EHLO":
        if text.dropFirst(4).trimmingBlanks.isEmpty {
          return .failed(
            expected: "\(exchange.verb) and the name of your host", found: text,
            "\(exchange.verb) tells the server who you are.",
            at: talk.place(exchange.line, marked: exchange.line.octets.count..<exchange.line.octets.count))
        }
      default:
        guard exchange.reply?.status == "500", !Self.smtpVerbs.contains(exchange.verb), !isText(talk, exchange) else {
          continue
        }
        if let finding = endOfString(talk, exchange.line) { return finding }
        return .failed(
          expected: "a command of SMTP", found: String(text.prefix(60)), "The server does not know this command.",
          at: talk.place(exchange.line))
      }
    }
    return exchanges.isEmpty ? .notRun("Your program said no whole line.") : spaceBehindColon ?? .passed
  }
  /// What is not as the standard spells it, and every server bears (RFC 5321 §3.3).
  private var spaceBehindColon: Finding? {
    for (talk, exchange) in exchanges where exchange.verb == "MAIL" || exchange.verb == "RCPT" {
      let octets = exchange.line.octets
      guard let colon = octets.firstIndex(of: UInt8(ascii: ":")), octets[colon...].dropFirst().first == ASCII.space
      else {
        continue
      }
      return .passed(
        "A space stands behind the colon. Most servers bear it; the standard has none there, and some servers refuse it.",
        at: talk.place(exchange.line, marked: (colon + 1)..<(colon + 2)))
    }
    return nil
  }
  /// What is wrong with `MAIL FROM:<…>` or `RCPT TO:<…>`; nil when nothing is.
  private func path(_ talk: Talk, _ exchange: Talk.Exchange, keyword: String) -> Finding? {
    let text = exchange.line.text
    let expected = "\(exchange.verb) \(keyword):<address>"
    func wrong(_ from: Int, _ mistake: StudentMistake = .missingColonOrBrackets) -> Finding {
      .failed(
        expected: expected, found: String(text.prefix(80)), mistake.words,
        at: talk.place(exchange.line, marked: from..<(from + 1)), mistake)
    }
    let rest = text.dropFirst(4)
    let word = rest.drop { $0 == " " }
    let blanks = rest.count - word.count
    if exchange.verb == "MAIL", word.uppercased().hasPrefix("TO") { return wrong(4 + blanks, .mailInsteadOfRecipient) }
    guard blanks > 0, word.uppercased().hasPrefix(keyword) else { return wrong(4) }
    let behind = word.dropFirst(keyword.count)
    let colon = 4 + blanks + keyword.count
    guard behind.hasPrefix(":") else { return wrong(colon) }
    // A blank behind the colon is no fault, but a remark.
    let address = behind.dropFirst().drop { $0 == " " }
    let begin = colon + 1 + (behind.count - 1 - address.count)
    guard address.hasPrefix("<") else { return wrong(begin) }
    guard let close = address.firstIndex(of: ">") else { return wrong(begin + address.utf8.count) }
    let more = address[address.index(after: close)...]
    if !more.isEmpty, !more.hasPrefix(" ") { return wrong(begin + address[...close].utf8.count) }
    return nil
  }
  func order(_ parameters: RuleParameters) -> Finding {
    if let nothing = hasSaidNothing {
      return parameters.commands.isEmpty || talks.isEmpty
        ? nothing
        : stopped(
          expected: parameters.commands.first ?? "a command", "Your program said nothing.")
    }
    for talk in talks {
      var (greeted, sender, recipients) = (false, false, 0)
      for exchange in talk.exchanges {
        let isGood = exchange.reply?.isPositive ?? false
        switch exchange.verb {
        case "HELO", "EHLO": greeted = greeted || isGood
        case "MAIL":
          if !greeted, exchange.reply != nil { return early(talk, exchange, "HELO or EHLO") }
          if sender {
            return .failed(
              expected: recipients == 0 ? "RCPT TO:<…>" : "DATA", found: exchange.line.text,
              recipients == 0 ? StudentMistake.mailInsteadOfRecipient.words : "There is a sender already.",
              at: talk.place(exchange.line), recipients == 0 ? .mailInsteadOfRecipient : nil)
          }
          sender = isGood
        case "RCPT":
          if !sender { if isRefused(talk, "MAIL") { break } else { return early(talk, exchange, "MAIL") } }
          recipients += isGood ? 1 : 0
        case "DATA":
          if recipients == 0 {
            if isRefused(talk, "RCPT") || isRefused(talk, "MAIL") {
              break
            } else {
              return early(talk, exchange, "RCPT")
            }
          }
        case "MESSAGE", "RSET": (sender, recipients) = (false, 0)
        default: break
        }
      }
    }
    return missing(parameters.commands) ?? .passed
  }
  private func isRefused(_ talk: Talk, _ verb: String) -> Bool {
    talk.exchanges(verb).contains { $0.reply.map { !$0.isPositive } ?? true }
  }
  private func early(_ talk: Talk, _ exchange: Talk.Exchange, _ first: String) -> Finding {
    .failed(
      expected: "\(first) before \(exchange.verb)", found: exchange.line.text,
      "\(exchange.verb) came before \(first) was done.", at: talk.place(exchange.line))
  }
  func commands(_ parameters: RuleParameters) -> Finding {
    if talks.isEmpty { return .notRun("There is no connection.") }
    if let lacking = missing(parameters.commands) { return lacking }
    return (parameters.isAnswered ? hasty(parameters.commands) : nil) ?? .passed
  }
  /// The first of the commands that came before the whole reply to the one before it; nil when none did.
  private func hasty(_ commands: [String]) -> Finding? {
    var rest = exchanges[...]
    var before: Talk.Exchange?
    for command in commands {
      let forms = command.split(separator: "|").map { $0.word }
      guard let found = rest.firstIndex(where: { Self.matches($0.exchange, forms, trial.spoken) }) else { return nil }
      let (talk, exchange) = rest[found]
      if let before, (before.reply.map { !$0.isWhole || $0.lastFrame >= exchange.firstFrame }) ?? true {
        return .failed(
          expected: "the whole reply to \(before.line.text), and then \(exchange.line.text)",
          found: "\(exchange.line.text) at once", "What was asked for had not come yet.",
          at: talk.place(exchange.line))
      }
      before = exchange
      rest = rest[(found + 1)...]
    }
    return nil
  }
  /// The first of the commands that was not said behind those before it; nil when all were.
  func missing(_ commands: [String]) -> Finding? {
    var rest = exchanges[...]
    var before: Talk.Exchange?
    for command in commands {
      let forms = command.split(separator: "|").map { $0.word }
      guard let found = rest.firstIndex(where: { Self.matches($0.exchange, forms, trial.spoken) }) else {
        let early = exchanges.first { Self.matches($0.exchange, forms, trial.spoken) }
        if let early, let before {
          return .failed(
            expected: "\(before.line.text), and then \(command.replacing("|", with: " or "))",
            found: "\(early.exchange.line.text) first", "The order is another.",
            at: early.talk.place(early.exchange.line))
        }
        return stopped(expected: command, "Your program never said \(command.replacing("|", with: " or ")).")
      }
      before = rest[found].exchange
      rest = rest[(found + 1)...]
    }
    return nil
  }
  private static func matches(_ exchange: Talk.Exchange, _ forms: [String], _ spoken: TrialProtocol) -> Bool {
    if forms.contains(exchange.verb) { return true }
    var words = exchange.line.text.split(separator: " ").map { $0.uppercased() }
    if spoken == .imap, !words.isEmpty { words.removeFirst() }
    let text = words.joined(separator: " ")
    return exchange.kind == .command && forms.contains { text == $0 || text.hasPrefix($0 + " ") }
  }
  /// Whether a line that looks like a command is a line of a message that the server never asked for.
  private func isText(_ talk: Talk, _ exchange: Talk.Exchange) -> Bool {
    guard let index = talk.exchanges.firstIndex(of: exchange) else { return false }
    return talk.exchanges[..<index].contains { $0.verb == "DATA" && $0.reply?.status != "354" }
  }
  func code(_ parameters: RuleParameters) -> Finding {
    if talks.isEmpty { return .notRun("There is no connection.") }
    for talk in talks {
      if let finding = trial.spoken == .smtp ? code(talk) : login(talk) { return finding }
    }
    guard let lacking = missing(parameters.commands) else { return .passed }
    let replies = exchanges.compactMap(\.exchange.reply)
    guard lacking.mistake == nil || lacking.mistake == .crashed || lacking.mistake == .hung, !replies.isEmpty,
      replies.allSatisfy(\.isPositive)
    else { return lacking }
    let last = exchanges.last
    var finding = lacking
    finding.mistake = .readsTextNotCode
    finding.reason = StudentMistake.readsTextNotCode.words
    finding.found = "nothing more behind '\(last?.exchange.reply?.text ?? "")'"
    finding.place = last.map { $0.talk.place($0.exchange.line) }
    return finding
  }
  /// Behind a login that was refused, nothing but another one or the end (RFC 1939 §4, RFC 9051 §3.1).
  private func login(_ talk: Talk) -> Finding? {
    for (before, next) in zip(talk.exchanges, talk.exchanges.dropFirst()) {
      guard ["PASS", "LOGIN", "APOP"].contains(before.verb), let reply = before.reply, !reply.isPositive,
        !["QUIT", "USER", "APOP", "AUTH", "LOGIN", "LOGOUT", "CAPABILITY", "CAPA"].contains(next.verb)
      else { continue }
      return .failed(
        expected: "the end behind '\(reply.text.prefix(60))'", found: next.line.text,
        StudentMistake.goesOnAfterRefusal.words, at: talk.place(next.line), .goesOnAfterRefusal)
    }
    return nil
  }
  private func code(_ talk: Talk) -> Finding? {
    func goesOn(_ exchange: Talk.Exchange, _ reply: Talk.Reply) -> Finding {
      .failed(
        expected: "QUIT behind '\(reply.text.prefix(60))'", found: String(exchange.line.text.prefix(60)),
        StudentMistake.goesOnAfterRefusal.words, at: talk.place(exchange.line), .goesOnAfterRefusal)
    }
    var mail: Talk.Reply?
    var sender: [UInt8] = []
    var refused: Talk.Reply?
    var accepted = 0
    for (index, exchange) in talk.exchanges.enumerated() {
      if let greeting = talk.greeting, !greeting.isPositive, !["QUIT"].contains(exchange.verb) {
        return goesOn(exchange, greeting)
      }
      if index > 0, let before = talk.exchanges[index - 1].reply, before.status == "421", exchange.verb != "QUIT" {
        return goesOn(exchange, before)
      }
      switch exchange.verb {
      case "MAIL":
        if let mail, mail.isPermanent, exchange.line.octets == sender { return goesOn(exchange, mail) }
        (mail, sender) = (exchange.reply, exchange.line.octets)
        (accepted, refused) = (0, nil)
      case "RCPT":
        if let mail, !mail.isPositive { return goesOn(exchange, mail) }
        if exchange.reply?.isPositive == true { accepted += 1 } else { refused = exchange.reply }
      case "DATA":
        if let mail, !mail.isPositive { return goesOn(exchange, mail) }
        if accepted == 0, let refused { return goesOn(exchange, refused) }
        let next = talk.exchanges.indices.contains(index + 1) ? talk.exchanges[index + 1] : nil
        guard let reply = exchange.reply else { break }
        if reply.status == "354" {
          if let finding = afterPermission(talk, exchange, next) { return finding }
        } else if let next, !Self.smtpVerbs.contains(next.verb) {
          return .failed(
            expected: "QUIT or RSET behind '\(reply.text.prefix(60))'", found: String(next.line.text.prefix(60)),
            StudentMistake.sendsBodyUnasked.words, at: talk.place(next.line), .sendsBodyUnasked)
        }
      default: break
      }
    }
    return nil
  }
  /// Behind 354 comes the message, and nothing else.
  private func afterPermission(_ talk: Talk, _ data: Talk.Exchange, _ next: Talk.Exchange?) -> Finding? {
    let first: WireLine?
    if let next, next.kind == .message {
      first = talk.client.lines.first { $0.range.lowerBound == next.range.lowerBound }
    } else if let unfinished = talk.unfinished, unfinished.kind == .message {
      first = talk.client.lines.first { $0.range.lowerBound == unfinished.range.lowerBound }
    } else {
      first = nil
    }
    guard let first else {
      return .failed(
        expected: "the message behind 354", found: "nothing", StudentMistake.expects250AfterDATA.words,
        at: talk.place(data.line), .expects250AfterDATA)
    }
    let text = first.text.word
    guard text == "QUIT" || text == "RSET" || text == "DATA" || text.hasPrefix("MAIL FROM:<") else { return nil }
    return .failed(
      expected: "the message behind 354", found: first.text, StudentMistake.expects250AfterDATA.words,
      at: talk.place(first), .expects250AfterDATA)
  }
  func tags() -> Finding {
    if let nothing = hasSaidNothing { return nothing }
    for talk in talks {
      var seen: Set<String> = []
      for exchange in talk.exchanges {
        let tag = exchange.line.text.split(separator: " ").first.map(String.init) ?? ""
        if tag.isEmpty || tag == "*" || tag == "+" || !seen.insert(tag).inserted {
          return .failed(
            expected: "a tag that no command before has had", found: tag.isEmpty ? "no tag" : tag,
            seen.contains(tag) ? "Two commands have the tag \(tag)." : "This is no tag.",
            at: talk.place(exchange.line, marked: 0..<max(1, tag.utf8.count)))
        }
        if ["LOGIN", "SELECT", "FETCH", "LOGOUT", "CAPABILITY"].contains(tag.uppercased()) {
          return .failed(
            expected: "a tag, then \(tag.uppercased())", found: exchange.line.text, "The command has no tag.",
            at: talk.place(exchange.line, marked: 0..<tag.utf8.count))
        }
      }
    }
    return exchanges.isEmpty ? .notRun("Your program said no whole line.") : .passed
  }
  func lines() -> Finding {
    if talks.isEmpty { return .notRun("There is no connection.") }
    for talk in talks {
      for side in WireConnection.Side.allCases {
        if let pickle = pickled(talk, side) { return pickle }
        let speech = talk.connection[side]
        let isMessage = { (place: Int) in
          side == .client && talk.exchanges.contains { $0.kind == .message && $0.range.contains(place) }
        }
        if let odd = speech.octets.indices.first(where: { index in
          let octet = speech.octets[index]
          return (octet < 32 || octet > 126) && octet != 13 && octet != 10 && octet != 9 && !isMessage(index)
        }) {
          return .failed(
            expected: "lines of text", found: Spot.escaped(speech.octets[odd...].prefix(16)),
            "What the \(side == .client ? "client" : "server") sends is no text.",
            at: Spot.place(speech, max(0, odd - 20)..<min(speech.octets.count, odd + 40), marked: odd..<(odd + 1)))
        }
      }
    }
    return .passed
  }
}
