internal import Bytes
internal import Packets

/// An answer in the one form that all its spellings have in common.
package enum AnswerForm {
  /// What "the capture does not tell" looks like.
  private static let cannotTellWords: Set<String> = [
    "cannot tell", "can not tell", "can't tell", "cant tell", "not in the capture", "it cannot be told", "unknown",
    "not visible",
  ]
  package static func isCannotTell(_ text: String) -> Bool {
    let bare = bare(text).lowercased().replacing("’", with: "'")
    return cannotTellWords.contains(bare.last == "." ? String(bare.dropLast()) : bare)
  }

  /// The common form of one value; nil when the text is no such value at all.
  package static func canonical(_ text: String, _ kind: AnswerKind) -> String? {
    let bare = bare(text)
    if bare.isEmpty { return nil }
    switch kind {
    case .address: return address(bare)
    case .port, .number, .frame: return number(bare)
    case .code: return code(bare)
    case .text: return words(bare)
    case .word: return words(bare.lowercased())
    case .host:
      let name = bare.lowercased()
      return name.last == "." ? String(name.dropLast()) : name
    case .mailbox: return mailbox(bare)
    case .base64: return bare.filter { !$0.isWhitespace }
    case .choice, .order, .list: return bare
    }
  }
  /// Whether two texts are the same answer.
  package static func isEqual(_ given: String, _ expected: String, _ kind: AnswerKind) -> Bool {
    guard let form = canonical(given, kind), let right = canonical(expected, kind) else { return false }
    if form == right { return true }
    // The whole line was copied, and the value stands behind its name.
    if let value = behindName(bare(given), kind), canonical(value, kind) == right { return true }
    guard case .base64(orDecoded: true) = kind, let octets = Base64.decode(Array(right.utf8).span) else { return false }
    // PLAIN's parts are parted by NUL (RFC 4616 §2); people write what they can see.
    return octets == Array(bare(given).replacing("\\0", with: "\0").utf8)
  }
  /// What stands behind the name of a field or the verb of a login: `Subject: Notes`, `PASS secret`, `AUTH PLAIN AGFs…`.
  private static func behindName(_ text: String, _ kind: AnswerKind) -> String? {
    let name: Substring? =
      switch kind {
      case .text, .word, .host: text.prefixMatch(of: #/[A-Za-z][A-Za-z\-]*:\s+|(?i:USER|PASS)\s+/#)?.0
      case .base64: text.prefixMatch(of: #/(?i:AUTH)\s+[A-Za-z0-9\-]+\s+/#)?.0
      case .address, .port, .number, .frame, .code, .mailbox, .choice, .order, .list: nil
      }
    return name.map { String(text.dropFirst($0.count)) }
  }
  /// Letters of options: `B, A, D`, `BAD`, `B > A > D`, `1. B 2. A 3. D`.
  package static func letters(_ text: String) -> [String] {
    text.uppercased().unicodeScalars.filter { (65...90).contains($0.value) }.map { String($0) }
  }

  /// Without quotes, backticks and line ends that were copied along.
  private static func bare(_ text: String) -> String {
    var text = text.trimmingBlanks
    for end in ["\\r\\n", "<CRLF>", "⏎"] where text.hasSuffix(end) {
      text = String(text.dropLast(end.count)).trimmingBlanks
    }
    for (open, close) in [("`", "`"), ("\"", "\""), ("'", "'"), ("“", "”"), ("**", "**")]
    where text.count >= open.count + close.count && text.hasPrefix(open) && text.hasSuffix(close) {
      text = String(text.dropFirst(open.count).dropLast(close.count)).trimmingBlanks
    }
    return text
  }
  private static func words(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
  /// `[2001:DB8::1]`, `192.0.2.1:587`, `192.0.2.1 port 587` name an address, too.
  private static func address(_ text: String) -> String? {
    var word = String(text.split(whereSeparator: { $0 == " " || $0 == "," }).first ?? "")
    if word.hasPrefix("["), let close = word.firstIndex(of: "]") { word = String(word[..<close].dropFirst()) }
    if let address = IPAddress(word) { return address.description }
    let parts = word.split(separator: ":", omittingEmptySubsequences: false)
    return parts.count == 2 ? IPAddress(String(parts[0]))?.description : nil
  }
  /// `587`, `port 587`, `587 (submission)`, `frame 6`.
  private static func number(_ text: String) -> String? {
    let runs = text.split { !($0.isASCII && $0.isNumber) }
    guard runs.count == 1, let number = Int(runs[0]) else { return nil }
    return String(number)
  }
  /// `221`, `221 2.0.0 Bye`, `code 221`.
  private static func code(_ text: String) -> String? {
    let runs = text.split { !($0.isASCII && $0.isNumber) }
    return runs.first { $0.count == 3 }.map(String.init)
  }
  private static func mailbox(_ text: String) -> String? {
    var text = text
    if let open = text.lastIndex(of: "<"), let close = text.lastIndex(of: ">"), open < close {
      text = String(text[text.index(after: open)..<close])
    }
    // `From: vera@example.org`, `USER vera@example.org`: what has the sign is the address.
    let words = text.split(whereSeparator: \.isWhitespace).filter { $0.contains("@") }
    if words.count == 1, let word = words.first { text = String(word.split(separator: ":").last ?? word) }
    guard let sign = text.lastIndex(of: "@") else { return text.contains(" ") ? nil : text }
    return text[..<sign] + text[sign...].lowercased()
  }
}
