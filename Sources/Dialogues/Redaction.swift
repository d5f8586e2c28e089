internal import Bytes
internal import MailProtocols

/// How secrets are kept from the eye when that was asked for, in every form of the output.
enum Redaction {
  static var mask: StaticString { "********" }

  /// A client's line without its secret; nil where all of it may be shown.
  ///
  ///     PASS ********      AUTH PLAIN ********      a1 LOGIN ********      GET /login?user=bob&password=********
  ///
  /// Of a line that is no command nothing is left: it may be an answer whose challenge was not captured, or the end of a
  /// line whose beginning was not.
  static func redacted(_ line: Span<UInt8>, _ record: Record, of dissected: DissectedProtocol) -> String? {
    if dissected == .http, record.ordinal > 0 { return WebRedaction.redacted(line) }
    guard let hidden = hiddenPart(of: line, record, dissected) else { return nil }
    return hidden.lower == 0 ? "\(mask)" : line.extracting(0..<hidden.lower).text() + " \(mask)"
  }
  /// What of a client's line is a secret or may be one: all of it, or what follows its first words.
  static func hiddenPart(of line: Span<UInt8>, _ record: Record, _ dissected: DissectedProtocol) -> OctetRange? {
    let shown: Int?
    switch dissected {
    case .smtp: shown = record.code == 0 ? shownCount(ofSMTP: line) : 0
    case .pop3: shown = record.code == 0 ? shownCount(ofPOP3: line) : 0
    case .imap where record.code == 0: shown = shownCount(ofIMAP: line)
    // DONE ends IDLE and is no secret.
    case .imap: shown = !record.flags.contains(.isSecret) && line.equalsIgnoringCase("done") ? nil : 0
    // A line that begins no message may be the end of anything.
    case .http: shown = record.ordinal == 0 ? 0 : nil
    case .tls: shown = nil
    }
    return shown.map { OctetRange(min($0, line.count), line.count) }
  }

  // MARK: How much of a command may be shown; nil for all of it

  private static func shownCount(ofSMTP line: Span<UInt8>) -> Int? {
    switch SMTPCommand<OctetRange>.parse(line) {
    case .authenticate(let mechanism, let response): shownCount(line, mechanism, response)
    case .unknown: isExtension(line.extracting(line.bounds(line.word(from: 0)))) ? nil : 0
    case .hello, .extendedHello, .localHello, .mail, .recipient, .data, .binaryData, .reset, .noOperation, .quit,
      .verify, .expand, .help, .startTLS:
      nil
    }
  }
  private static func shownCount(ofPOP3 line: Span<UInt8>) -> Int? {
    switch POP3Command<OctetRange>.parse(line) {
    case .password: line.word(from: 0).upper
    case .apop(let name, _): name.upper
    case .authenticate(let mechanism?, let response): shownCount(line, mechanism, response)
    case .unknown: isExtension(line.extracting(line.bounds(line.word(from: 0)))) ? nil : 0
    case .user, .status, .list, .retrieve, .delete, .top, .uniqueIDListing, .capability, .startTLS, .authenticate,
      .noOperation, .reset, .quit:
      nil
    }
  }
  private static func shownCount(ofIMAP line: Span<UInt8>) -> Int? {
    guard let command = IMAPCommand.parse(line) else { return 0 }
    switch command.name {
    case .login: return command.nameRange.upper
    case .authenticate:
      let mechanism = line.word(from: command.nameRange.upper)
      let response = line.word(from: mechanism.upper)
      return shownCount(line, mechanism, response.isEmpty ? nil : response)
    case .id: return SecretName.isSpelled(in: line, from: command.nameRange.upper) ? command.nameRange.upper : nil
    case .unknown: return isExtension(line.extracting(line.bounds(command.nameRange))) ? nil : 0
    default: return nil
    }
  }
  /// Of a login the words before the response; where the first is no mechanism's name (RFC 4422 §3.1), it may be the
  /// response itself.
  ///
  ///     sasl-mech = 1*20mech-char       mech-char = UPPER-ALPHA / DIGIT / HYPHEN / UNDERSCORE
  private static func shownCount(_ line: Span<UInt8>, _ mechanism: OctetRange, _ response: OctetRange?) -> Int? {
    isMechanism(line.extracting(line.bounds(mechanism)))
      ? response.map { _ in mechanism.upper } : line.word(from: 0).upper
  }
  static func isMechanism(_ name: Span<UInt8>) -> Bool {
    if SASLResponse.Mechanism.parse(name) != .other { return true }
    guard name.count <= 20 else { return false }
    var hasUpper = false
    var hasLower = false
    for offset in 0..<name.count {
      let octet = name[offset]
      guard ASCII.isLetter(octet) || ASCII.isDigit(octet) || octet == 45 || octet == 95 else { return false }
      if ASCII.isLetter(octet), octet & 0x20 == 0 { hasUpper = true }
      if ASCII.isLetter(octet), octet & 0x20 != 0 { hasLower = true }
    }
    // Clients write it in either case, but hardly in both.
    return !(hasUpper && hasLower)
  }
  /// Commands of extensions that are not taken apart here and carry no password.
  private static func isExtension(_ word: Span<UInt8>) -> Bool {
    switch word.text().lowercased() {
    // SMTP: RFC 1985, RFC 2645, RFC 2033, RFC 821, and what Postfix adds.
    case "etrn", "atrn", "lhlo", "turn", "send", "soml", "saml", "xforward": true
    // POP3: RFC 1939's predecessors, RFC 6856.
    case "last", "lang", "utf8": true
    // IMAP: RFC 5256, RFC 9208, RFC 4314, RFC 5464, RFC 4978, RFC 5465, RFC 8508.
    case "sort", "uid sort", "thread", "uid thread", "getquota", "getquotaroot", "setquota", "getacl", "setacl",
      "deleteacl", "listrights", "myrights", "getmetadata", "compress", "notify", "xlist", "replace", "uid replace":
      true
    default: false
    }
  }
}
