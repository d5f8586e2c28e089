/// The mailbox that MAIL or RCPT names.
extension WireGround {
  /// The address in lower case, with or without its brackets; `"alice"@…` is `alice@…` (RFC 5321 §4.1.2).
  ///
  ///     C: MAIL FROM:<"alice"@example.com> SIZE=100
  static func address(_ text: String) -> String? {
    guard let colon = text.firstIndex(of: ":") else { return text.split(separator: " ").last.map { $0.lowercased() } }
    let path = text[text.index(after: colon)...].drop { $0 == " " || $0 == "<" }
    guard path.first == "\"" else {
      return path.split(separator: ">").first?.split(separator: " ").first.map { $0.filter { $0 != "<" }.lowercased() }
    }
    var rest = path.dropFirst()
    var localPart = ""
    while let character = rest.popFirst(), character != "\"" {
      // A backslash says that the next is meant as it is.
      localPart.append(character == "\\" ? rest.popFirst() ?? character : character)
    }
    return (localPart + rest.prefix { $0 != ">" && $0 != " " }).lowercased()
  }

  /// Several recipients of one message stand behind one MAIL (RFC 5321 §3.3); nil where they do.
  func transactionForEach(_ recipients: [String]) -> Finding? {
    let wanted = Set(recipients.map { $0.lowercased() })
    var named: Set<String> = []
    var again: (talk: Talk, exchange: Talk.Exchange)?
    for (talk, exchange) in exchanges {
      switch exchange.verb {
      case "MAIL":
        if !named.isEmpty, again == nil { again = (talk, exchange) }
        named = []
      case "RCPT":
        if let address = Self.address(exchange.line.text) { named.insert(address) }
        if named.isSuperset(of: wanted) { return nil }
      default: break
      }
    }
    guard wanted.count > 1, let (talk, exchange) = again else { return nil }
    return .failed(
      expected: "one MAIL, and then \(recipients.map { "RCPT TO:<\($0)>" }.joined(separator: ", "))",
      found: exchange.line.text, StudentMistake.transactionForEach.words, at: talk.place(exchange.line),
      .transactionForEach)
  }
}
