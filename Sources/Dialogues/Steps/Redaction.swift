internal import Bytes

/// How secrets are kept from the eye when that was asked for.
enum Redaction {
  static let mask = "********"

  /// A client's line that carries a secret: only the words before it are left (`PASS`, `AUTH PLAIN`, `a1 LOGIN`).
  static func line(_ line: Span<UInt8>, of dissected: DissectedProtocol, isAnswer: Bool) -> String {
    if isAnswer { return mask }
    let isTwoWords = dissected != .pop3 || !line.startsIgnoringCase(with: "pass")
    var shown = line.word(from: 0).upper
    if isTwoWords { shown = line.word(from: shown).upper }
    var kept = ""
    for offset in 0..<shown
    where ASCII.isLetter(line[offset]) || ASCII.isDigit(line[offset]) || line[offset] == 32 || line[offset] == 45 {
      kept.unicodeScalars.append(Unicode.Scalar(line[offset]))
    }
    return kept.isEmpty ? mask : kept + " " + mask
  }
  /// Whether a form's field of this name carries a password.
  static func isPassword(_ name: String) -> Bool {
    switch name.lowercased() {
    case "password", "passwd", "pass", "pwd", "_pass": true
    default: false
    }
  }
}
