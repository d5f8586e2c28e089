internal import Bytes
internal import MailProtocols

/// What `* 12 FETCH` says of a message (RFC 9051 §7.5.2).
///
///     S: * 12 FETCH (UID 30 FLAGS (\Seen) RFC822.SIZE 44827 BODY[] {342}…)
///
///     message-data = nz-number SP "FETCH" SP "(" (msg-att-dynamic / msg-att-static) *(SP …) ")"
enum IMAPFetchResponse {
  /// nil where no list stands, or an item has no value.
  static func parse(_ octets: [UInt8], number: UInt32, from offset: Int) -> IMAPOutcome.Message? {
    var tokens = IMAPTokens(from: offset)
    guard case .open? = tokens.next(octets.span) else { return nil }
    var message = IMAPOutcome.Message(number: number)
    while let name = tokens.next(octets.span) {
      if name == .close { return message }
      guard let value = tokens.next(octets.span), value != .close else { return nil }
      let word = text(name, octets).uppercased()
      if value == .open {
        let list = takeList(&tokens, octets)
        if word == "FLAGS" { message.flags = list }
        continue
      }
      switch word {
      case "UID": message.uid = UInt32(text(value, octets))
      case "RFC822.SIZE": message.byteCount = Int(text(value, octets))
      case _ where word.hasPrefix("BODY["):
        let isNil = if case .atom = value { text(value, octets).uppercased() == "NIL" } else { false }
        message.sections[word] = .some(isNil ? nil : IMAPTokens.value(value, of: octets.span))
      default: break
      }
    }
    return nil
  }
  /// The words of a list whose parenthesis has been taken; lists within it are passed over.
  private static func takeList(_ tokens: inout IMAPTokens, _ octets: [UInt8]) -> [String] {
    var words: [String] = []
    var depth = 1
    while depth > 0, let token = tokens.next(octets.span) {
      switch token {
      case .open: depth += 1
      case .close: depth -= 1
      case .atom, .quoted, .literal: if depth == 1 { words.append(text(token, octets)) }
      }
    }
    return words
  }
  private static func text(_ token: IMAPTokens.Token, _ octets: [UInt8]) -> String {
    IMAPTokens.value(token, of: octets.span).span.text()
  }
}
