internal import MailProtocols

/// How a client writes strings: quoted, so that no literal has to be waited for (RFC 9051 §4.3).
enum IMAPQuoted {
  /// nil for what no quoted string can hold: NUL, CR, LF, and without IMAP4rev2 what is not ASCII.
  static func encode(_ text: String, mayHoldUTF8: Bool = false) -> String? {
    guard text.utf8.allSatisfy({ $0 != 0 && $0 != 10 && $0 != 13 && ($0 < 128 || mayHoldUTF8) }) else { return nil }
    return "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
  }
  /// A folder's name: an atom where it may be one, else quoted; in modified UTF-7 where the server knows no other way
  /// (RFC 3501 §5.1.3).
  static func mailbox(_ name: String, isRevision2: Bool) -> String? {
    let name = isRevision2 ? name : ModifiedUTF7.encode(name)
    let isAtom = !name.isEmpty && name.utf8.allSatisfy { isAtomOctet($0) }
    return isAtom ? name : encode(name, mayHoldUTF8: isRevision2)
  }
  private static func isAtomOctet(_ octet: UInt8) -> Bool {
    switch octet {
    case 48...57, 65...90, 97...122, 45, 46, 47, 95: true
    default: false
    }
  }
}
