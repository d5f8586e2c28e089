/// The parts of an answer that names several: a line with commas, a list in Markdown, or words with anything between them.
///
///     a@example.org, b@example.org
///     - a@example.org
///     - b@example.org
///     a@example.org and b@example.org
package enum AnswerParts {
  package static func of(_ text: String, _ kind: AnswerKind) -> [String] {
    text.split { $0 == "," || $0 == ";" || $0.isNewline }
      .flatMap { divided(withoutBullet(String($0).trimmingBlanks), kind) }.filter { !$0.isEmpty }
  }
  /// `- a`, `* a`, `1. a`, `2) a`.
  private static func withoutBullet(_ line: String) -> String {
    let bullet = line.prefixMatch(of: #/(?:[\-*•]|\d{1,2}[.)])\s+/#)?.0
    return String(line.dropFirst(bullet?.count ?? 0))
  }
  /// What is one word cannot have others in it, so signs and blanks part it.
  private static func divided(_ part: String, _ kind: AnswerKind) -> [String] {
    guard isOneWord(part, kind) else { return [part] }
    return part.split { $0.isWhitespace || $0 == "/" || $0 == "&" || $0 == "+" }.map(String.init)
      .filter { $0.lowercased() != "and" }
  }
  private static func isOneWord(_ part: String, _ kind: AnswerKind) -> Bool {
    switch kind {
    case .address, .port, .number, .frame, .code, .word, .host: true
    // A name may stand before an address, and a local part may hold such signs (RFC 5321 §4.1.2).
    case .mailbox: part.count { $0 == "@" } > 1
    case .text, .base64, .choice, .order, .list: false
    }
  }
}
