package import Bytes

/// A client's command line (RFC 9051 §6, §9), its arguments not yet taken apart.
///
///     C: a1 UID FETCH 1:3 (BODY[])
///
///     command = tag SP (command-any / command-auth / command-nonauth / command-select) CRLF
package struct IMAPCommand: BitwiseCopyable, Equatable, Sendable {
  /// What is commanded; `UID FETCH` is `fetch`.
  package enum Name: UInt8, BitwiseCopyable, Sendable {
    case capability, noOperation, logout, startTLS, authenticate, login, enable, select, examine, create, delete
    case rename, subscribe, unsubscribe, list, lsub, namespace, status, append, idle, close, unselect, expunge
    case search, fetch, store, copy, move, id, unknown
    /// Of IMAP4rev1 alone (RFC 3501 §6.4.1).
    case check
    /// Both sides compress what follows (RFC 4978).
    case compress
  }
  package var tag: OctetRange
  package var name: Name
  package var isUID: Bool
  /// The name as it stands, with `UID` before it.
  package var nameRange: OctetRange
  package var arguments: OctetRange

  /// Reads a line without its end of line; nil when there is no tag and name.
  package static func parse(_ line: Span<UInt8>) -> IMAPCommand? {
    let tag = line.word(from: 0)
    guard !tag.isEmpty, tag.lower == 0, tag.count <= 64, line[0] != UInt8(ascii: "*"), line[0] != UInt8(ascii: "+")
    else { return nil }
    for offset in tag.lower..<tag.upper where !isTagOctet(line[offset]) { return nil }
    var name = line.word(from: tag.upper)
    guard !name.isEmpty, ASCII.isLetter(line[name.lower]) || line[name.lower] == UInt8(ascii: "X") else { return nil }
    let start = name.lower
    let isUID = line.extracting(line.bounds(name)).equalsIgnoringCase("uid")
    if isUID {
      let next = line.word(from: name.upper)
      if !next.isEmpty { name = next }
    }
    return IMAPCommand(
      tag: tag, name: recognise(line.extracting(line.bounds(name))), isUID: isUID,
      nameRange: OctetRange(start, name.upper),
      arguments: line.trimmed(OctetRange(name.upper, line.count)))
  }
  /// Writes a command with its CRLF; the arguments are written as they are.
  package static func encode(tag: String, name: String, arguments: String, into writer: inout ByteWriter) {
    writer.append(string: tag)
    writer.append(ASCII.space)
    writer.append(string: name)
    if !arguments.isEmpty {
      writer.append(ASCII.space)
      writer.append(string: arguments)
    }
    writer.append("\r\n")
  }
  /// tag = 1*<any ASTRING-CHAR except "+">
  private static func isTagOctet(_ octet: UInt8) -> Bool {
    switch octet {
    case 0...32, 127...255, UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "{"), UInt8(ascii: "%"),
      UInt8(ascii: "*"), UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "+"):
      false
    default: true
    }
  }
  private static func recognise(_ word: Span<UInt8>) -> Name {
    guard word.count >= 2, word.count <= 12 else { return .unknown }
    switch ASCII.lowercased(word[0]) {
    case UInt8(ascii: "a"):
      return word.equalsIgnoringCase("authenticate")
        ? .authenticate : word.equalsIgnoringCase("append") ? .append : .unknown
    case UInt8(ascii: "c"):
      if word.equalsIgnoringCase("capability") { return .capability }
      if word.equalsIgnoringCase("copy") { return .copy }
      if word.equalsIgnoringCase("create") { return .create }
      if word.equalsIgnoringCase("check") { return .check }
      if word.equalsIgnoringCase("compress") { return .compress }
      return word.equalsIgnoringCase("close") ? .close : .unknown
    case UInt8(ascii: "d"): return word.equalsIgnoringCase("delete") ? .delete : .unknown
    case UInt8(ascii: "e"):
      if word.equalsIgnoringCase("examine") { return .examine }
      if word.equalsIgnoringCase("enable") { return .enable }
      return word.equalsIgnoringCase("expunge") ? .expunge : .unknown
    case UInt8(ascii: "f"): return word.equalsIgnoringCase("fetch") ? .fetch : .unknown
    case UInt8(ascii: "i"):
      return word.equalsIgnoringCase("idle") ? .idle : word.equalsIgnoringCase("id") ? .id : .unknown
    case UInt8(ascii: "l"):
      if word.equalsIgnoringCase("login") { return .login }
      if word.equalsIgnoringCase("logout") { return .logout }
      if word.equalsIgnoringCase("list") { return .list }
      return word.equalsIgnoringCase("lsub") ? .lsub : .unknown
    case UInt8(ascii: "m"): return word.equalsIgnoringCase("move") ? .move : .unknown
    case UInt8(ascii: "n"):
      return word.equalsIgnoringCase("noop")
        ? .noOperation : word.equalsIgnoringCase("namespace") ? .namespace : .unknown
    case UInt8(ascii: "r"): return word.equalsIgnoringCase("rename") ? .rename : .unknown
    case UInt8(ascii: "s"):
      if word.equalsIgnoringCase("select") { return .select }
      if word.equalsIgnoringCase("search") { return .search }
      if word.equalsIgnoringCase("store") { return .store }
      if word.equalsIgnoringCase("status") { return .status }
      if word.equalsIgnoringCase("starttls") { return .startTLS }
      return word.equalsIgnoringCase("subscribe") ? .subscribe : .unknown
    case UInt8(ascii: "u"):
      return word.equalsIgnoringCase("unselect")
        ? .unselect : word.equalsIgnoringCase("unsubscribe") ? .unsubscribe : .unknown
    default: return .unknown
    }
  }
}
