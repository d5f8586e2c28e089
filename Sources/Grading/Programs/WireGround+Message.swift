internal import Bytes
internal import MailProtocols
internal import MailSystem

/// Rules about what a client brings: the envelope, the message, the login.
extension WireGround {
  /// The first message that was ended, else the one that was begun.
  private var message: (talk: Talk, exchange: Talk.Exchange)? {
    if let whole = exchanges.first(where: { $0.exchange.kind == .message }) { return whole }
    return talks.lazy.compactMap { talk in talk.unfinished.flatMap { $0.kind == .message ? (talk, $0) : nil } }.first
  }
  private static let noMessage = Finding.notRun("The dialogue did not come to a message.")

  func envelope(_ parameters: RuleParameters) -> Finding {
    guard exchanges.contains(where: { $0.exchange.verb == "MAIL" }) else {
      return talks.isEmpty
        ? .notRun("There is no connection.") : stopped(expected: "MAIL FROM:<…>", "Your program never said MAIL.")
    }
    if let from = parameters.from {
      let named = exchanges.filter { $0.exchange.verb == "MAIL" }
      guard named.contains(where: { Self.address($0.exchange.line.text) == from.lowercased() }) else {
        let first = named[0]
        return .failed(
          expected: "MAIL FROM:<\(from)>", found: first.exchange.line.text, "The sender is another.",
          at: first.talk.place(first.exchange.line))
      }
    }
    let said = exchanges.filter { $0.exchange.verb == "RCPT" }
    let addresses = said.compactMap { Self.address($0.exchange.line.text) }
    for recipient in parameters.recipients where !addresses.contains(recipient.lowercased()) {
      if said.isEmpty, exchanges.filter({ $0.exchange.verb == "MAIL" }).count > 1 {
        let second = exchanges.filter { $0.exchange.verb == "MAIL" }[1]
        return .failed(
          expected: "RCPT TO:<\(recipient)>", found: second.exchange.line.text,
          StudentMistake.mailInsteadOfRecipient.words, at: second.talk.place(second.exchange.line),
          .mailInsteadOfRecipient)
      }
      if said.isEmpty { return stopped(expected: "RCPT TO:<\(recipient)>", "Your program never said RCPT.") }
      return .failed(
        expected: "RCPT TO:<\(recipient)>", found: said.map(\.exchange.line.text).joined(separator: ", "),
        "One of the recipients is missing.", at: said.last.map { $0.talk.place($0.exchange.line) })
    }
    let wanted = Set(parameters.recipients.map { $0.lowercased() })
    if !wanted.isEmpty,
      let other = said.first(where: { Self.address($0.exchange.line.text).map { !wanted.contains($0) } ?? false })
    {
      return .failed(
        expected: parameters.recipients.map { "<\($0)>" }.joined(separator: ", "), found: other.exchange.line.text,
        "Nobody asked for this recipient.", at: other.talk.place(other.exchange.line))
    }
    return transactionForEach(parameters.recipients) ?? .passed
  }
  func end() -> Finding {
    let whole = exchanges.first { $0.exchange.kind == .message }
    if let whole, whole.talk.unfinished?.kind != .message { return .passed }
    guard let (talk, open) = message else {
      if exchanges.contains(where: { $0.exchange.verb == "DATA" && $0.exchange.reply?.status == "354" }) {
        return .failed(
          expected: "a message, ended by \\r\\n.\\r\\n", found: "nothing", StudentMistake.expects250AfterDATA.words,
          at: nil,
          .expects250AfterDATA)
      }
      return Self.noMessage
    }
    let octets = Array(talk.client.octets[open.range])
    let lines = talk.client.lines.filter { $0.range.lowerBound >= open.range.lowerBound }
    func wrong(_ mistake: StudentMistake, _ line: WireLine?) -> Finding {
      let shown = line ?? lines.last
      return .failed(
        expected: "\\r\\n.\\r\\n", found: Spot.escaped(octets.suffix(24)), mistake.words,
        at: shown.map { talk.place($0, marked: $0.octets.count..<($0.octets.count + 1)) }, mistake)
    }
    if let first = lines.first?.text.word, first == "QUIT" || first == "RSET" {
      return wrong(.expects250AfterDATA, lines.first)
    }
    if let line = lines.first(where: { $0.ending == .lineFeed }) { return wrong(.bareLineFeed, line) }
    if let last = lines.last, last.ending == .none {
      if last.text.contains("\\r\\n") { return missingLineEnd(talk, last) }
      return last.octets == [ASCII.dot]
        ? wrong(.missingLineEnd, last) : wrong(isStuck ? .waitsInsideMessage : .missingEndOfMessage, last)
    }
    if lines.contains(where: { $0.text.word == "QUIT" }) { return wrong(.missingEndOfMessage, lines.last) }
    if hasCrashed { return stopped(expected: "\\r\\n.\\r\\n", "The message was not ended.") }
    return wrong(isStuck ? .waitsInsideMessage : .missingEndOfMessage, lines.last)
  }
  /// Where the body begins: behind the first empty line; nil where there is none.
  private static func bodyStart(_ message: [UInt8]) -> Int? {
    if message.starts(with: [13, 10]) { return 2 }
    return message.firstRange(of: [13, 10, 13, 10]).map(\.upperBound)
  }
  /// The header's fields by their names in lower case; nil when what stands there is no header.
  private static func fields(_ message: [UInt8]) -> [(name: String, value: String)]? {
    let head = message[..<(bodyStart(message) ?? message.count)]
    var fields: [(name: String, value: String)] = []
    for line in String(decoding: head, as: UTF8.self).split(separator: "\r\n") {
      if line.first == " " || line.first == "\t", !fields.isEmpty {
        fields[fields.count - 1].value += line.trimmingBlanks
        continue
      }
      guard let colon = line.firstIndex(of: ":"), !line[..<colon].isEmpty,
        line[..<colon].utf8.allSatisfy({ $0 > 32 && $0 < 127 })
      else { return nil }
      fields.append((line[..<colon].lowercased(), line[line.index(after: colon)...].trimmingBlanks))
    }
    return fields
  }
  func headers(_ parameters: RuleParameters) -> Finding {
    guard let (talk, exchange) = message else { return Self.noMessage }
    let message = talk.message(exchange)
    let lines = talk.client.lines.filter { exchange.range.contains($0.range.lowerBound) }
    func wrong(_ expected: String, _ reason: String, _ mistake: StudentMistake? = nil, _ line: WireLine?) -> Finding {
      .failed(
        expected: expected, found: line.map { Spot.escaped($0.octets.prefix(60)) } ?? "nothing", reason,
        at: line.map { talk.place($0) }, mistake)
    }
    guard let fields = Self.fields(message), !fields.isEmpty else {
      return wrong(
        "From: …, then more fields, an empty line, and the body", StudentMistake.noHeader.words, .noHeader, lines.first)
    }
    guard Self.bodyStart(message) != nil else {
      return wrong("an empty line behind the header", "Nothing divides the header from the body.", nil, lines.last)
    }
    for name in ["from", "date"] where !fields.contains(where: { $0.name == name }) {
      let shown = name.prefix(1).uppercased() + name.dropFirst()
      return wrong(
        "a field \(shown): …", "The header lacks the field \(shown), which every message has.", nil, lines.first)
    }
    if let subject = parameters.subject, !fields.contains(where: { $0.name == "subject" && $0.value == subject }) {
      let line = lines.first { $0.text.lowercased().hasPrefix("subject") }
      return wrong("Subject: \(subject)", "The subject is another, or missing.", nil, line)
    }
    return .passed
  }
  func body(_ parameters: RuleParameters) -> Finding {
    guard let (talk, exchange) = message else { return Self.noMessage }
    let message = talk.message(exchange)
    let structure = MIMEStructure.parse(message.span)
    let part = structure.isMultipart ? structure.parts.first { $0.isText } ?? structure : structure
    // An empty header section ends with the empty line (RFC 5322 §2.1); without that line, too, all of it is the body.
    let hasHeader = Self.fields(message).map { !$0.isEmpty } ?? false
    let start = message.starts(with: [13, 10]) ? 2 : 0
    let octets = hasHeader ? part.decodedBody(message.span) ?? Array(message[part.body]) : Array(message[start...])
    guard let expected = parameters.body ?? parameters.file.flatMap({ testCase.files[$0] }) else {
      return octets.contains { $0 > 32 } ? .passed : .failed(expected: "a body", found: "nothing", "The body is empty.")
    }
    let (wanted, found) = (Self.lines(expected), Self.lines(String(decoding: octets, as: UTF8.self)))
    if wanted == found { return .passed }
    let index = zip(wanted, found).prefix { $0 == $1 }.count
    let (right, wrong) = (
      wanted.indices.contains(index) ? wanted[index] : "the end of the body",
      found.indices.contains(index) ? found[index] : "the end of the message"
    )
    let lines = talk.client.lines.filter { exchange.range.contains($0.range.lowerBound) }
    let isAtEnd = !found.indices.contains(index)
    // Decoded lines stand nowhere as they are; of the others, the one at this place is meant and not one that reads the same.
    let head = hasHeader || start > 0 ? (lines.firstIndex { $0.octets.isEmpty } ?? -1) + 1 : 0
    let same = lines.dropFirst(head + index).dropLast().first { $0.text == wrong || $0.text == "." + wrong }
    let line = isAtEnd ? lines.last : same
    let isStuffing = right.hasPrefix(".") && (right.dropFirst() == wrong || isAtEnd)
    return .failed(
      expected: right.isEmpty ? "an empty line" : right,
      found: wrong.isEmpty ? "an empty line" : String(wrong.prefix(100)),
      isStuffing ? StudentMistake.dotNotDoubled.words : "Line \(index + 1) of the body is another.",
      at: line.map { talk.place($0) }, isStuffing ? .dotNotDoubled : nil)
  }
  /// Lines without their ends, and without empty ones at the end.
  static func lines(_ text: String) -> [String] {
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }
  func attachment(_ parameters: RuleParameters) -> Finding {
    guard let (talk, exchange) = message else { return Self.noMessage }
    let octets = talk.message(exchange)
    let structure = MIMEStructure.parse(octets.span)
    let line = talk.client.lines.first {
      exchange.range.contains($0.range.lowerBound) && $0.text.lowercased().hasPrefix("content-type")
    }
    guard structure.isMultipart else {
      return .failed(
        expected: "Content-Type: multipart/mixed", found: line?.text ?? "no Content-Type", "The message has no parts.",
        at: line.map { talk.place($0) })
    }
    let wanted = Array((parameters.file.flatMap { testCase.files[$0] } ?? "").utf8)
    let bodies = structure.leaves.map { $0.decodedBody(octets.span) ?? Array(octets[$0.body]) }
    func same(_ body: [UInt8]) -> Bool {
      body == wanted
        || Self.lines(String(decoding: body, as: UTF8.self)) == Self.lines(String(decoding: wanted, as: UTF8.self))
    }
    if bodies.contains(where: same) { return .passed }
    return .failed(
      expected: "a part that is \(parameters.file ?? "the file"), \(wanted.count) octets",
      found: "parts of \(bodies.map { "\($0.count)" }.joined(separator: ", ")) octets",
      "No part of the message is the file, once it is decoded.", at: line.map { talk.place($0) })
  }
  func auth(_ parameters: RuleParameters) -> Finding {
    if talks.isEmpty { return .notRun("There is no connection.") }
    guard let (talk, auth) = exchanges.first(where: { $0.exchange.verb == "AUTH" }) else {
      return stopped(expected: "AUTH LOGIN", "Your program never said AUTH.")
    }
    guard let begin = talk.exchanges.firstIndex(of: auth) else { return .passed }
    let responses = talk.exchanges[(begin + 1)...].prefix { $0.kind == .response }
    let steps = [auth] + responses
    for step in responses {
      if let asked = step.awaited, asked.lastFrame >= step.firstFrame {
        return .failed(
          expected: "334, and then the answer", found: "the answer before 334", StudentMistake.passwordTooEarly.words,
          at: talk.place(step.line), .passwordTooEarly)
      }
      if step.line.text != "*", Base64.decode(step.line.octets.span) == nil {
        return .failed(
          expected: "base64", found: step.line.text, StudentMistake.notBase64.words, at: talk.place(step.line),
          .notBase64)
      }
    }
    let words = auth.line.text.split(separator: " ").map(String.init)
    if words.count > 3 {
      return .failed(
        expected: "AUTH \(words[1])", found: auth.line.text, StudentMistake.passwordTooEarly.words,
        at: talk.place(auth.line),
        .passwordTooEarly)
    }
    if words.count > 1, words[1].uppercased() == "LOGIN" {
      let initial = words.count > 2 ? [words[2]] : []
      let given = (initial + responses.map(\.line.text)).map {
        Base64.decode(Array($0.utf8).span).map { String(decoding: $0, as: UTF8.self) } ?? $0
      }
      let wanted = [("the user name", parameters.user), ("the password", parameters.password)]
      for (index, (name, value)) in wanted.enumerated() {
        guard let value else { continue }
        guard given.indices.contains(index) else {
          return stopped(expected: "\(name) behind 334", "Your program never sent \(name).")
        }
        let step = steps[min(index + 1 - initial.count, steps.count - 1)]
        if given[index] != value {
          return .failed(
            expected: "\(value), in base64", found: given[index], "This is not \(name).", at: talk.place(step.line))
        }
      }
    }
    guard let last = steps.last, let reply = last.reply else {
      return stopped(expected: "235", "The login did not come to its end.")
    }
    let behind = talk.exchanges[(begin + steps.count)...]
    if !reply.isPositive, let next = behind.first, !["QUIT", "AUTH", "RSET", "NOOP"].contains(next.verb) {
      return .failed(
        expected: "QUIT behind '\(reply.text.prefix(60))'", found: next.line.text,
        StudentMistake.goesOnAfterRefusal.words,
        at: talk.place(next.line), .goesOnAfterRefusal)
    }
    if let mail = talk.exchanges[..<begin].first(where: { $0.verb == "MAIL" }) {
      return .failed(
        expected: "AUTH before MAIL", found: mail.line.text, "The login comes before the message.",
        at: talk.place(mail.line))
    }
    return .passed
  }
}
