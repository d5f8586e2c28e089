internal import Bytes
internal import MailProtocols

/// The mail transaction: MAIL, RCPT, DATA or BDAT (RFC 5321 §3.3).
extension SMTPServerSession {
  /// Why MAIL cannot be obeyed now.
  func refusalOfMail(_ violation: SMTPDialogue.Violation?) -> SMTPAnswer? {
    if helloName == nil { return SMTPAnswer(503, "5.5.1", "Say EHLO or HELO first") }
    if envelope != nil { return SMTPAnswer(503, "5.5.1", "A transaction is under way") }
    if configuration.service == .submission, user == nil { return SMTPAnswer(530, "5.7.0", "Authentication required") }
    return violation == nil ? nil : .badSequence
  }
  mutating func beginTransaction(_ line: [UInt8], _ range: OctetRange, _ parameters: OctetRange) {
    guard isBracketed(line, range, behind: "from") else {
      return refuse(SMTPAnswer(501, "5.5.4", "Syntax: MAIL FROM:<address>"))
    }
    guard let parameters = SMTPParameter.parseList(line.span.extracting(line.span.bounds(parameters))) else {
      return refuse(.syntax)
    }
    guard isExtended || parameters.isEmpty else { return refuse(SMTPAnswer(555, "5.5.4", "Parameters need EHLO")) }
    let isInternationalized = parameters.contains { $0.keyword == "SMTPUTF8" }
    let text = line.span.extracting(line.span.bounds(range))
    let path = SMTPPath.parse(text, allowsUTF8: isInternationalized)
    guard text.isEmpty || path != nil else { return refuse(SMTPAnswer(501, "5.1.7", "Bad sender address syntax")) }
    var envelope = Envelope(from: path)
    if let answer = apply(parameters, to: &envelope) { return refuse(answer) }
    if let user, path?.text.lowercased() != user.lowercased(), path != nil {
      return refuse(SMTPAnswer(553, "5.7.1", "Sender address is not \(user)'s"))
    }
    self.envelope = envelope
    reply(250, "2.1.0", "Ok")
  }
  private func apply(_ parameters: [SMTPParameter], to envelope: inout Envelope) -> SMTPAnswer? {
    var seen: Set<String> = []
    for parameter in parameters {
      guard seen.insert(parameter.keyword).inserted else { return .syntax }
      switch (parameter.keyword, parameter.value) {
      case ("SIZE", let value?):
        // size-value ::= 1*20DIGIT (RFC 1870 §5)
        guard value.utf8.count <= 20, value.utf8.allSatisfy(ASCII.isDigit) else { return .syntax }
        guard let size = UInt64(value), size <= UInt64(configuration.messageByteLimit) else {
          return SMTPAnswer(552, "5.3.4", "Message size exceeds fixed limit")
        }
      case ("BODY", let value?):
        switch value.uppercased() {
        case "7BIT": break
        case "8BITMIME": envelope.isEightBit = true
        default: return .syntax
        }
      case ("SMTPUTF8", nil): envelope.isInternationalized = true
      case ("RET", let value?):
        guard let content = Envelope.ReturnedContent(rawValue: value.uppercased()) else { return .syntax }
        envelope.returnedContent = content
      case ("ENVID", let value?):
        guard value.utf8.count <= 100, XText.decode(value) != nil else { return .syntax }
        envelope.identifier = value
      case ("AUTH", let value?):
        // Whoever is named, nothing follows from it here (RFC 4954 §5).
        guard XText.decode(value) != nil else { return .syntax }
      default: return SMTPAnswer(555, "5.5.4", "MAIL parameter \(parameter.keyword) unrecognized")
      }
    }
    return nil
  }

  mutating func addRecipient(_ line: [UInt8], _ range: OctetRange, _ parameters: OctetRange) {
    guard isBracketed(line, range, behind: "to") else {
      return refuse(SMTPAnswer(501, "5.5.4", "Syntax: RCPT TO:<address>"))
    }
    guard var envelope, let parameters = SMTPParameter.parseList(line.span.extracting(line.span.bounds(parameters)))
    else { return refuse(.syntax) }
    let text = line.span.extracting(line.span.bounds(range))
    let isPostmaster = text.equalsIgnoringCase("postmaster")
    let path =
      isPostmaster
      ? SMTPPath(localPart: "postmaster", domain: directory.mainDomain)
      : SMTPPath.parse(text, allowsUTF8: envelope.isInternationalized)
    guard let path else { return refuse(SMTPAnswer(501, "5.1.3", "Bad recipient address syntax")) }
    var recipient = Envelope.Recipient(path)
    if let answer = apply(parameters, to: &recipient) { return refuse(answer) }
    switch directory.resolve(path) {
    case .local: break
    case .unknown: return refuse(SMTPAnswer(550, "5.1.1", "<\(path.text)>: no such user here"))
    case .foreign:
      guard user != nil else { return refuse(SMTPAnswer(550, "5.7.1", "<\(path.text)>: relaying denied")) }
    }
    guard envelope.recipients.count < configuration.recipientLimit else {
      return refuse(SMTPAnswer(452, "4.5.3", "Too many recipients"))
    }
    envelope.recipients.append(recipient)
    self.envelope = envelope
    reply(250, "2.1.5", "Ok")
  }
  private func apply(_ parameters: [SMTPParameter], to recipient: inout Envelope.Recipient) -> SMTPAnswer? {
    var seen: Set<String> = []
    for parameter in parameters {
      guard isExtended, seen.insert(parameter.keyword).inserted else { return .syntax }
      switch (parameter.keyword, parameter.value) {
      case ("NOTIFY", let value?):
        guard let notifications = Envelope.Notifications(notify: value) else { return .syntax }
        recipient.notifications = notifications
      case ("ORCPT", let value?):
        // original-recipient-address = addr-type ";" xtext (RFC 3461 §4.2)
        let parts = value.split(separator: ";", maxSplits: 1)
        guard value.utf8.count <= 500, parts.count == 2, XText.decode(String(parts[1])) != nil else { return .syntax }
        recipient.originalRecipient = value
      default: return SMTPAnswer(555, "5.5.4", "RCPT parameter \(parameter.keyword) unrecognized")
      }
    }
    return nil
  }
  /// Whether a path stands as the grammar has it: a colon behind the keyword, and angle brackets around the path.
  /// Blanks behind the colon are let pass, as everybody does.
  private func isBracketed(_ line: [UInt8], _ range: OctetRange, behind keyword: StaticString) -> Bool {
    let opening = range.lower - 1
    guard opening > 0, line[opening] == UInt8(ascii: "<"), range.upper < line.count,
      line[range.upper] == UInt8(ascii: ">"),
      range.upper + 1 == line.count || ASCII.isBlank(line[range.upper + 1])
    else { return false }
    let before = line.span.extracting(5..<opening)
    let word = before.trimmed(OctetRange(0, before.count))
    let text = before.extracting(before.bounds(word))
    return text.count == keyword.utf8CodeUnitCount + 1 && text.startsIgnoringCase(with: keyword)
      && text[text.count - 1] == UInt8(ascii: ":")
  }

  // MARK: DATA

  mutating func beginMessage() {
    guard let envelope, chunks == nil else { return refuse(.badSequence) }
    guard !envelope.recipients.isEmpty else { return refuse(SMTPAnswer(554, "5.5.1", "No valid recipients")) }
    receiver = MessageReceiver(byteLimit: configuration.messageByteLimit)
    reply(354, nil, "End data with <CR><LF>.<CR><LF>")
  }
  mutating func stepMessage() -> Bool {
    guard !input.isEmpty, var receiver else { return false }
    // Moved, so that what was taken is not copied for each piece that comes.
    self.receiver = nil
    input.take { receiver.receive($0) }
    guard receiver.isOver else {
      self.receiver = receiver
      return false
    }
    dialogue.heardEndOfMessage()
    finish(receiver.octets, receiver.fault)
    return true
  }

  // MARK: BDAT (RFC 3030)

  mutating func beginChunk(_ byteCount: UInt64, isLast: Bool) {
    // What was announced comes, whatever the answer will be.
    if chunks == nil { chunks = ChunkReceiver(byteLimit: configuration.messageByteLimit) }
    chunks?.isLast = isLast
    if byteCount == 0 { endChunk() }
  }
  mutating func stepChunk(_ rest: UInt64) -> Bool {
    guard !input.isEmpty, var chunks else { return false }
    self.chunks = nil
    var taken = 0
    input.take { octets in
      taken = Int(min(rest, UInt64(octets.count)))
      chunks.receive(octets.extracting(0..<taken))
      return taken
    }
    self.chunks = chunks
    dialogue.heardChunk(taken)
    guard case .command = dialogue.clientSpeech else { return false }
    endChunk()
    return true
  }
  private mutating func endChunk() {
    guard let envelope, !envelope.recipients.isEmpty else {
      chunks = nil
      return refuse(envelope == nil ? .badSequence : SMTPAnswer(554, "5.5.1", "No valid recipients"))
    }
    guard let chunks else { return }
    guard !chunks.isTooLarge else {
      endTransaction()
      return refuse(SMTPAnswer(552, "5.3.4", "Message size exceeds fixed limit"))
    }
    if chunks.isLast { return finish(chunks.octets, chunks.fault) }
    reply(250, "2.0.0", "Ok, \(chunks.octets.count) octets received")
  }

  // MARK: The end

  private mutating func finish(_ message: [UInt8], _ fault: MessageReceiver.Fault?) {
    guard let envelope else { return refuse(.badSequence) }
    endTransaction()
    switch fault {
    case nil: break
    case .tooLarge: return refuse(SMTPAnswer(552, "5.3.4", "Message size exceeds fixed limit"))
    case .lineTooLong: return refuse(SMTPAnswer(500, "5.6.0", "A line of the message is longer than 1000 octets"))
    case .bareLineFeed, .bareCarriageReturn:
      return refuse(SMTPAnswer(550, "5.6.11", "A line of the message ends in a bare LF or CR instead of CRLF"))
    case .nul: return refuse(SMTPAnswer(550, "5.6.0", "The message contains a NUL"))
    }
    let id = octetSource.takeName(12)
    guard TraceFields.hopCount(message) < SMTPServerLimits.hopCount else {
      return refuse(SMTPAnswer(554, "5.4.6", "Too many hops"))
    }
    var fields = traceField(id, envelope)
    if user != nil { fields += SubmissionFields.missing(in: message, id: id, host: configuration.hostName, at: now) }
    ask(.take(envelope, message: Array(fields.utf8) + message, id: id), waiting: .custody(id: id))
  }
  /// `Received:` (RFC 5321 §4.4; its protocol names: RFC 3848, RFC 6531 §4.3).
  private func traceField(_ id: String, _ envelope: Envelope) -> String {
    var name = envelope.isInternationalized ? "UTF8SMTP" : isExtended ? "ESMTP" : "SMTP"
    if isProtected { name += "S" }
    if user != nil { name += "A" }
    let only = envelope.recipients.count == 1 ? "\r\n\tfor <\(envelope.recipients[0].path.text)>" : ""
    let date = MessageDate(secondsSinceEpoch: now.nanoseconds / 1_000_000_000).encode()
    return "Received: from \(helloName ?? "unknown") ([\(clientAddress)])\r\n\tby \(configuration.hostName)"
      + " with \(name) id \(id)\(only); \(date)\r\n"
  }
}

extension Envelope.Notifications {
  /// The value of NOTIFY (RFC 3461 §4.1); nil where the grammar forbids it.
  init?(notify value: String) {
    var set: Envelope.Notifications = []
    for word in value.uppercased().split(separator: ",", omittingEmptySubsequences: false) {
      switch word {
      case "NEVER": set.insert(.never)
      case "SUCCESS": set.insert(.success)
      case "FAILURE": set.insert(.failure)
      case "DELAY": set.insert(.delay)
      default: return nil
      }
    }
    if set.contains(.never), set != .never { return nil }
    self = set
  }
}
