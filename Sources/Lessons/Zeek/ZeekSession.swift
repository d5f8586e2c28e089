internal import Bytes

/// One SMTP conversation told again as Zeek's SMTP script hears it (`scripts/base/protocols/smtp/main.zeek`): which
/// transactions it makes of commands and replies, and when it logs them.
///
///     first line heard ─▶ a transaction ─ MAIL ─▶ the one before is logged if it is active, and another begins
///                              │
///                              ├─ MAIL, RCPT, STARTTLS accepted ─▶ it is active
///                              └─ the reply to the message ──────▶ it is logged, and another begins
///     end of the connection ─▶ it is logged if it is active
///
/// So a connection without a mail transaction leaves no line, and one that turns to TLS leaves one.
package struct ZeekSession {
  private let connection: ZeekConnection
  private let begin: String
  private var lines = ""
  private var transaction: ZeekTransaction?
  private var helo: String?
  /// Messages whose end was answered.
  private var messageCount = 0
  private var messages: ArraySlice<Fact>
  /// Messages of which no command was captured.
  private var stray: [Fact] = []
  private var hasMessage = false
  /// Whether DATA was not refused, and no message has ended since.
  private var isInData = false
  /// The frame of the MAIL command to which the next message belongs; 0 when none was captured.
  private var mailFrame = 0

  /// The lines of a conversation; none where it is no SMTP.
  package static func lines(_ conversation: Fact) -> String {
    guard conversation["protocol"]?.string == "smtp" else { return "" }
    var session = ZeekSession(conversation)
    for exchange in conversation["exchanges"]?.elements ?? [] { session.hear(exchange) }
    session.finish()
    return session.lines
  }
  private init(_ conversation: Fact) {
    connection = ZeekConnection(conversation)
    begin = conversation["begin"]?.shown ?? ""
    messages = (conversation["messages"]?.elements ?? [])[...]
  }

  private mutating func hear(_ exchange: Fact) {
    let request = exchange["request"]
    let verb = request?["verb"]?.string ?? ""
    if let request { hear(request, verb, isRefused: isRefused(exchange)) }
    let isLastChunk = verb == "BDAT" && request?["line"]?.shown.uppercased().hasSuffix(" LAST") == true
    for reply in exchange["replies"]?.elements ?? [] {
      guard let time = reply["time"]?.shown, let text = lastReply(reply) else { continue }
      var heard = transaction ?? new(time)
      heard.lastReply = text
      if verb == "STARTTLS", reply["code"]?.integer == 220 {
        heard.isProtected = true
        heard.isActive = true
      }
      transaction = heard
      // A dot behind a DATA that was refused is a command like another, and an unknown one.
      if isLastChunk || verb == "." && (isInData || hasMessage) {
        messageCount += 1
        log()
        mailFrame = 0
        isInData = false
        transaction = new(time)
      }
    }
  }
  private mutating func hear(_ request: Fact, _ verb: String, isRefused: Bool) {
    let time = request["time"]?.shown ?? begin
    let argument = Self.argument(request["line"]?.shown ?? "")
    var heard = transaction ?? new(time)
    switch verb {
    case "HELO", "EHLO", "LHLO":
      helo = argument
      heard.helo = argument
    case "MAIL" where argument.lowercased().hasPrefix("from:"):
      transaction = heard
      log()
      if heard.isActive { heard = new(time) }
      if let address = ZeekAddresses.found(in: argument).first { heard.mailFrom = address }
      heard.isActive = true
      if mailFrame == 0 || !isRefused { mailFrame = Self.frame(request) }
    case "RCPT" where argument.lowercased().hasPrefix("to:"):
      var recipients = heard.recipients ?? ZeekSet()
      for address in ZeekAddresses.found(in: argument) { recipients.insert(Self.withoutOriginal(address)) }
      heard.recipients = recipients
      heard.isActive = true
    case "DATA" where !isRefused:
      isInData = true
      takeMessage(verb, request, into: &heard)
    case "BDAT", ".": takeMessage(verb, request, into: &heard)
    default: break
    }
    transaction = heard
  }
  /// Finds the message that DATA or BDAT begins, or that a dot ends whose DATA was not captured.
  private mutating func takeMessage(_ verb: String, _ request: Fact, into heard: inout ZeekTransaction) {
    if hasMessage { return }
    let isEnd = verb == "."
    // What belongs to an earlier MAIL, or to none, has no command here that began it.
    while !isEnd, let message = messages.first, Self.frame(message["envelope"]?["from"]) < mailFrame {
      stray.append(message)
      messages.removeFirst()
    }
    guard let message = messages.first, isEnd || (message["via"]?.string == "BDAT") == (verb == "BDAT") else { return }
    if isEnd, (message["frameRange"]?.elements.first?.integer ?? 0) > Self.frame(request) { return }
    messages.removeFirst()
    Self.read(message, into: &heard)
    hasMessage = true
  }
  /// The first frame that a fact names; 0 when there is none.
  private static func frame(_ fact: Fact?) -> Int { fact?["frames"]?.elements.first?.integer ?? 0 }
  private static func read(_ message: Fact, into heard: inout ZeekTransaction) {
    // Zeek logs no message of which it heard neither MAIL nor RCPT; who looks for mail will not want to miss it.
    heard.isActive = true
    for field in message["fields"]?.elements ?? [] {
      heard.hear(field: field["name"]?.shown.uppercased() ?? "", field["value"]?.shown ?? "")
    }
  }
  private mutating func finish() {
    log()
    for message in stray + messages {
      var heard = new(begin)
      Self.read(message, into: &heard)
      heard.mailFrom = message["envelope"]?["from"]?["path"]?.string
      for path in message["envelope"]?["to"]?.elements ?? [] {
        ZeekTransaction.insert(path["path"]?.shown ?? "", into: &heard.recipients)
      }
      heard.lastReply = message["reply"].flatMap(lastReply)
      transaction = heard
      messageCount += 1
      log()
    }
  }

  private func new(_ time: String) -> ZeekTransaction {
    ZeekTransaction(time: time, depth: messageCount + 1, helo: helo, path: [connection.server, connection.client])
  }
  /// Writes the transaction's line if there is anything to say in it.
  private mutating func log() {
    guard let transaction, transaction.isActive else { return }
    hasMessage = false
    lines += ZeekLog.line(transaction.values(of: connection))
  }

  // MARK: Lines

  /// What follows the command word and blanks.
  private static func argument(_ line: String) -> String {
    let rest = line.utf8.drop { !ASCII.isBlank($0) }.drop { ASCII.isBlank($0) }
    return String(Substring(rest))
  }
  /// An address of RCPT's ORCPT parameter (RFC 3461 §4.2) without its type.
  private static func withoutOriginal(_ address: String) -> String {
    address.replacing("ORCPT=rfc822", with: "")
  }
  private func isRefused(_ exchange: Fact) -> Bool {
    (exchange["replies"]?.elements.last?["code"]?.integer ?? 0) >= 400
  }
  /// `250 2.0.0 Ok: queued as D58BDB0`: the code and the last line's text; nil of what is no reply.
  private func lastReply(_ reply: Fact) -> String? {
    guard let code = reply["code"]?.integer, (100...599).contains(code), let line = reply["lines"]?.elements.last?.shown
    else { return nil }
    var rest = line.utf8.dropFirst(3)
    if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
    return "\(code) \(String(Substring(rest.drop { ASCII.isBlank($0) })))"
  }
}
