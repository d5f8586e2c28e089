internal import Bytes
internal import MailProtocols

/// Mailbox names on the wire: UTF-8 for who enabled it (RFC 9051 §5.1), else modified UTF-7 (RFC 3501 §5.1.3).
extension IMAPServerSession {
  private var usesUTF8: Bool { extensions.isRevision2 || extensions.isUTF8 }

  /// Takes a mailbox name; nil for one that no folder can have.
  func mailbox(_ arguments: inout IMAPArguments) throws(IMAPSyntaxError) -> String? {
    folderName(try arguments.astring())
  }
  func folderName(_ octets: [UInt8]) -> String? {
    let name = usesUTF8 ? String(validating: octets, as: UTF8.self) : ModifiedUTF7.decode(octets)
    return name.flatMap { FolderName.canonical($0) }
  }
  /// What a LIST response says of a name that the client gave in another form (RFC 9051 §6.3.9.7); empty where it did
  /// not, or does not know IMAP4rev2.
  ///
  ///     S: * LIST () "/" INBOX ("OLDNAME" ("inbox"))
  func oldName(_ octets: [UInt8], of name: String) -> String {
    guard extensions.isRevision2, !name.utf8.elementsEqual(octets) else { return "" }
    return " (\"OLDNAME\" (\(wireName(octets.span.text()))))"
  }
  /// Tells what a mailbox is called whose name was given in another form (RFC 9051 §5.1, §6.3.4).
  mutating func tellName(_ octets: [UInt8], _ name: String, attributes: String = "") {
    let oldName = oldName(octets, of: name)
    if !oldName.isEmpty { untagged("LIST (\(attributes)) \"/\" \(wireName(name))\(oldName)") }
  }
  /// The name as an atom or a quoted string.
  func wireName(_ name: String) -> String {
    let name = transcribed(name)
    let isAtom = !name.isEmpty && name.utf8.allSatisfy { $0 != 93 && $0 < 128 && IMAPServerSession.isAtomOctet($0) }
    if isAtom, name.uppercased() != "NIL" { return name }
    return "\"" + name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
  /// The name in the form that patterns of LIST are compared with.
  func transcribed(_ name: String) -> String { usesUTF8 ? name : ModifiedUTF7.encode(name) }

  private static func isAtomOctet(_ octet: UInt8) -> Bool {
    ASCII.isLetter(octet) || ASCII.isDigit(octet) || "-_.@/:+=$!&,#'~^|?;".utf8.contains(octet)
  }
}
