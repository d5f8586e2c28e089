internal import Bytes
internal import Ciphers
internal import MailProtocols

/// Who is there, and what the server can (RFC 9051 §6.1, §6.2, §6.3.1).
extension IMAPServerSession {
  /// What CAPABILITY says; what is part of IMAP4rev2 is named for those who know only IMAP4rev1.
  var capabilities: String {
    var names = ["IMAP4rev2", "IMAP4rev1"]
    names.append(configuration.acceptsLongNonSynchronizingLiterals ? "LITERAL+" : "LITERAL-")
    if user == nil {
      names.append("SASL-IR")
      if configuration.offersTLS, !isProtected { names.append("STARTTLS") }
      if mayLogIn {
        names += configuration.mechanisms.map { "AUTH=\($0.rawValue)" }
      } else {
        names.append("LOGINDISABLED")
      }
    }
    names += [
      "ENABLE", "ID", "IDLE", "NAMESPACE", "UNSELECT", "UIDPLUS", "MOVE", "ESEARCH", "SEARCHRES", "LIST-EXTENDED",
      "LIST-STATUS", "SPECIAL-USE", "CHILDREN", "CONDSTORE", "BINARY", "STATUS=SIZE", "UTF8=ACCEPT",
      "APPENDLIMIT=\(configuration.messageByteCount)",
    ]
    return names.joined(separator: " ")
  }
  private var mayLogIn: Bool { isProtected || !configuration.requiresTLSForLogin }

  mutating func tellCapabilities(_ arguments: IMAPArguments) throws(IMAPSyntaxError) -> IMAPCompletion {
    try arguments.end()
    untagged("CAPABILITY \(capabilities)")
    return .ok("CAPABILITY completed")
  }
  /// BYE comes first (RFC 9051 §6.1.3).
  mutating func logOut(_ arguments: IMAPArguments, _ tag: String) throws(IMAPSyntaxError) -> IMAPCompletion? {
    try arguments.end()
    untagged("BYE \(configuration.hostName) signing off")
    complete(tag, .ok("LOGOUT completed"))
    hangUp()
    return nil
  }
  /// RFC 2971: id_params_list = "(" *(string SP nstring) ")" / nil
  mutating func identify(_ arguments: inout IMAPArguments) throws(IMAPSyntaxError) -> IMAPCompletion {
    try arguments.space()
    if arguments.next == UInt8(ascii: "(") {
      var count = 0
      try arguments.list { (arguments) throws(IMAPSyntaxError) in
        let isName = count % 2 == 0
        if isName { _ = try arguments.string() } else { _ = try arguments.nilOrString() }
        count += 1
        guard count <= 60 else { throw arguments.failure("at most 30 fields") }
      }
      guard count % 2 == 0 else { throw arguments.failure("a value for each field") }
    } else if try arguments.nilOrString() != nil {
      throw arguments.failure("NIL or a list")
    }
    try arguments.end()
    untagged("ID (\"name\" \"mailwire\")")
    return .ok("ID completed")
  }
  mutating func startTLS(_ arguments: IMAPArguments, _ tag: String) throws(IMAPSyntaxError) -> IMAPCompletion? {
    try arguments.end()
    guard configuration.offersTLS, !isProtected else { return .bad("TLS is not offered") }
    // What came behind the command came in clear (RFC 9051 §6.2.1).
    reader.removeAll()
    complete(tag, .ok("begin TLS"))
    ask(.startTLS, .protection)
    return nil
  }
  mutating func logIn(
    _ arguments: inout IMAPArguments, _ tag: String, _ store: inout some MailStore
  ) throws(IMAPSyntaxError) -> IMAPCompletion? {
    try arguments.space()
    let name = try arguments.astring()
    try arguments.space()
    let password = try arguments.astring()
    try arguments.end()
    guard mayLogIn else { return .no("[PRIVACYREQUIRED] TLS is required first") }
    let account = String(validating: name, as: UTF8.self).flatMap { directory.account(named: $0) }
    let isRight = DigestAlgorithm.areEqual(account?.password ?? [0], password)
    return judge(isRight ? account?.name : nil, tag, &store)
  }
  mutating func authenticate(
    _ arguments: inout IMAPArguments, _ tag: String, _ store: inout some MailStore
  ) throws(IMAPSyntaxError) -> IMAPCompletion? {
    try arguments.space()
    let name = try arguments.atom()
    var initial: [UInt8]?
    if arguments.skip(ASCII.space) {
      let text = arguments.take { $0 > 32 && $0 < 127 }
      guard let decoded = text.span.equals("=") ? [] : Base64.decode(text.span), !text.isEmpty else {
        throw arguments.failure("an initial response in base64")
      }
      initial = decoded
    }
    try arguments.end()
    guard mayLogIn else { return .no("[PRIVACYREQUIRED] TLS is required first") }
    guard let mechanism = SASLMechanism(rawValue: name.uppercased()), configuration.mechanisms.contains(mechanism)
    else { return .no("[CANNOT] no such mechanism") }
    var exchange = SASLServer(
      mechanism, directory: directory, host: configuration.hostName, nonce: octetSource.take(18), now: now)
    let outcome = exchange.begin(initialResponse: initial)
    self.exchange = exchange
    openTag = tag
    return follow(outcome, &store)
  }
  /// The client answered a challenge.
  mutating func receiveResponse(_ line: [UInt8], _ store: inout some MailStore) {
    dialogue.heardContinuation()
    guard var exchange, !line.span.equals("*"), let response = Base64.decode(line.span) else {
      self.exchange = nil
      return complete(openTag, .bad(line.span.equals("*") ? "authentication cancelled" : "expected base64"))
    }
    let outcome = exchange.receive(response)
    self.exchange = exchange
    if let completion = follow(outcome, &store) { complete(openTag, completion) }
  }
  private mutating func follow(_ outcome: SASLServer.Outcome, _ store: inout some MailStore) -> IMAPCompletion? {
    switch outcome {
    case .challenge(let challenge):
      output.append("+ ".utf8)
      output.append(Base64.encode(challenge.span))
      output.append("\r\n".utf8)
      _ = dialogue.heardContinuationRequest()
      return nil
    case .succeeded(let user): return judge(user, openTag, &store)
    case .failed: return judge(nil, openTag, &store)
    case .malformed:
      exchange = nil
      return .bad("malformed authentication data")
    }
  }
  private mutating func judge(_ user: String?, _ tag: String, _ store: inout some MailStore) -> IMAPCompletion? {
    exchange = nil
    guard let user else {
      failedLoginCount += 1
      ask(.pause(Int64(failedLoginCount) * IMAPServerLimits.failedLoginDelay), .refusal(tag: tag))
      return nil
    }
    store.open(account: user)
    self.user = user
    return .ok("[CAPABILITY \(capabilities)] you have logged in")
  }
  /// RFC 9051 §6.3.1; what is not known is passed over.
  mutating func enable(_ arguments: inout IMAPArguments) throws(IMAPSyntaxError) -> IMAPCompletion {
    var enabled: [String] = []
    repeat {
      try arguments.space()
      let name = try arguments.atom().uppercased()
      switch name {
      case "IMAP4REV2":
        extensions.isRevision2 = true
        enabled.append("IMAP4rev2")
      case "UTF8=ACCEPT":
        extensions.isUTF8 = true
        enabled.append("UTF8=ACCEPT")
      case "CONDSTORE":
        extensions.isConditionalStore = true
        enabled.append("CONDSTORE")
      default: break
      }
    } while arguments.next != nil
    untagged((["ENABLED"] + enabled).joined(separator: " "))
    return .ok("ENABLE completed")
  }
}
