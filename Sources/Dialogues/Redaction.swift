internal import Bytes

/// How secrets are kept from the eye when that was asked for, in every form of the output.
enum Redaction {
  static var mask: StaticString { "********" }

  /// A client's line that carries a secret: only the words before it are left (`PASS`, `AUTH PLAIN`, `a1 LOGIN`), of an
  /// answer to a challenge nothing.
  static func append(
    _ line: Span<UInt8>, of dissected: DissectedProtocol, isAnswer: Bool, to writer: inout ByteWriter
  ) {
    var shown = 0
    if !isAnswer {
      let isOneWord = dissected == .pop3 && line.startsIgnoringCase(with: "pass")
      shown = line.word(from: 0).upper
      if !isOneWord { shown = line.word(from: shown).upper }
    }
    for offset in 0..<shown
    where ASCII.isLetter(line[offset]) || ASCII.isDigit(line[offset]) || line[offset] == 32 || line[offset] == 45 {
      writer.append(line[offset])
    }
    if shown > 0 { writer.append(ASCII.space) }
    writer.append(mask)
  }
  /// Whether a form's field of this name carries a password.
  static func isPassword(_ name: String) -> Bool {
    switch name.lowercased() {
    case "password", "passwd", "pass", "pwd", "_pass": true
    default: false
    }
  }
}
