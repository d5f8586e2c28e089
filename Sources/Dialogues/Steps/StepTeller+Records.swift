internal import Bytes
internal import MailProtocols
internal import WebProtocols

/// From a record to a step.
extension StepTeller {
  func tell(_ record: Record, _ text: Span<UInt8>, _ telling: inout Telling) {
    guard let dissected = telling.scene?.dissected else { return }
    switch record.kind {
    case .superseded, .pieces: break
    case .request: tellRequest(record, text, dissected, &telling)
    case .reply: tellReply(record, text, dissected, &telling)
    case .message, .field, .part, .partEnd, .text, .messageEnd: tellMessage(record, text, dissected, &telling)
    case .gap:
      guard var step = step(.gap, record, telling) else { return }
      step.byteCount = Int(clamping: record.number)
      sink.receive(step)
    case .anomaly:
      guard var step = step(.remark, record, telling), let anomaly = Anomaly(rawValue: record.word) else { return }
      step.line = "\(anomaly.description)"
      sink.receive(step)
    case .protected:
      guard var step = step(.protection, record, telling) else { return }
      step.line = step.isFromClient ? text.text() : TLSAgreement(number: record.number).text
      if record.code >= Record.alertOffset {
        step.code = "alert"
        step.line = "\(TLSAlert.name(UInt8(truncatingIfNeeded: record.code - Record.alertOffset)))"
      }
      sink.receive(step)
    case .decrypted: tellDecryption(record, telling)
    }
  }
  private func tellDecryption(_ record: Record, _ telling: Telling) {
    guard var step = step(.protection, record, telling) else { return }
    if let obstacle = TLSSession.Obstacle(rawValue: record.word) {
      step.code = "unreadable"
      step.line = "\(obstacle.text)"
    } else {
      step.code = "read"
      step.line = TLSAgreement(number: record.number).text
    }
    sink.receive(step)
  }

  // MARK: The client's lines

  private func tellRequest(
    _ record: Record, _ line: Span<UInt8>, _ dissected: DissectedProtocol, _ telling: inout Telling
  ) {
    let isAnswer = record.code == 1 && dissected != .http
    guard var step = step(isAnswer ? .answer : .request, record, telling) else { return }
    let isSecret = record.flags.contains(.isSecret)
    let redacted = masksPasswords ? Redaction.redacted(line, record, of: dissected) : nil
    if masksPasswords { telling.echoes.note(line, record, of: dissected) }
    step.line = redacted ?? line.text()
    if record.code == Record.tail, dissected != .http {
      step.verb = ""
    } else if isAnswer {
      // DONE ends IDLE and is no secret; everything else answers a challenge.
      if isSecret { step.decoded = decodeAnswer(line, &telling) }
      step.verb = line.equals("*") ? "*" : isSecret ? telling.login.name : "DONE"
    } else {
      step.verb = redacted == "\(Redaction.mask)" ? "?" : Self.verb(of: line, dissected)
      telling.login.isOpen = false
      if isSecret || step.verb == "AUTH" || step.verb == "AUTHENTICATE" {
        step.decoded = openLogin(line, &step, dissected, &telling)
      }
      if dissected == .http { step.decoded = decodeQuery(line) }
    }
    if isAnswer {
      // What ends IDLE is answered as IDLE.
      if isSecret { remember("\(dissected == .imap ? "AUTHENTICATE" : "AUTH") \(step.verb)", record.ordinal, &telling) }
    } else {
      remember(step.verb, record.ordinal, &telling)
    }
    sink.receive(step)
  }
  /// The command word in capitals: `MAIL`, `UID FETCH`.
  private static func verb(of line: Span<UInt8>, _ dissected: DissectedProtocol) -> String {
    var verb = line.word(from: 0)
    if dissected == .imap, let command = IMAPCommand.parse(line) { verb = command.nameRange }
    return line.extracting(line.bounds(verb)).text().uppercased()
  }

  // MARK: The server's lines

  private func tellReply(
    _ record: Record, _ line: Span<UInt8>, _ dissected: DissectedProtocol, _ telling: inout Telling
  ) {
    guard var step = step(.reply, record, telling) else { return }
    step.line = (masksPasswords ? telling.echoes.redacted(line) : nil) ?? line.text()
    step.isGreeting = record.flags.contains(.isGreeting)
    step.verb = step.isGreeting ? "" : verb(record.ordinal, telling)
    switch dissected {
    case .smtp, .http: step.code = record.code > 0 ? String(record.code) : ""
    case .pop3: step.code = record.flags.contains(.isStatus) ? Self.status(line) : ""
    case .imap:
      step.code = Self.status(line)
      if step.code != "+", step.code != "*", let end = line.firstOffset(of: ASCII.space) {
        step.code = Self.status(line.extracting((end + 1)...))
      }
    case .tls: break
    }
    switch dissected {
    case .smtp:
      step.isContinuation = telling.isMidReply
      telling.isMidReply = !record.flags.contains(.isLast)
    case .pop3: step.isContinuation = !record.flags.contains(.isStatus)
    case .imap, .http, .tls: break
    }
    if step.code == "334" || step.code == "+" && (telling.login.isOpen || step.verb.isEmpty) {
      step.decoded = decodeChallenge(line, &telling)
    } else {
      telling.challenge.removeAll()
    }
    sink.receive(step)
    for message in telling.withheld { sink.receive(message) }
    telling.withheld.removeAll()
  }
  private static func status(_ line: Span<UInt8>) -> String {
    line.extracting(line.bounds(line.word(from: 0))).text().uppercased()
  }
}
