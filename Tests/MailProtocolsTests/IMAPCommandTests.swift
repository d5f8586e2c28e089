import Bytes
import Testing

@testable import MailProtocols

@Suite struct IMAPCommandTests {
  private static let names: [(String, IMAPCommand.Name)] = [
    ("CAPABILITY", .capability), ("NOOP", .noOperation), ("LOGOUT", .logout), ("STARTTLS", .startTLS),
    ("AUTHENTICATE", .authenticate), ("LOGIN", .login), ("ENABLE", .enable), ("SELECT", .select),
    ("EXAMINE", .examine), ("CREATE", .create), ("DELETE", .delete), ("RENAME", .rename), ("SUBSCRIBE", .subscribe),
    ("UNSUBSCRIBE", .unsubscribe), ("LIST", .list), ("LSUB", .lsub), ("NAMESPACE", .namespace), ("STATUS", .status),
    ("APPEND", .append), ("IDLE", .idle), ("CLOSE", .close), ("UNSELECT", .unselect), ("EXPUNGE", .expunge),
    ("SEARCH", .search), ("FETCH", .fetch), ("STORE", .store), ("COPY", .copy), ("MOVE", .move), ("ID", .id),
  ]

  @Test(arguments: names) func everyNameInAnyCase(_ text: String, _ name: IMAPCommand.Name) {
    for spelled in [text, text.lowercased(), String(text.prefix(1)) + text.dropFirst().lowercased()] {
      let command = imapCommand("a1 \(spelled) one (two)")
      #expect(command?.name == name)
      #expect(command?.nameText == spelled)
      #expect(command?.arguments == "one (two)")
      #expect(imapCommand("a1 \(spelled)x")?.name == .unknown)
      #expect(imapCommand("a1 \(spelled)")?.arguments == "")
    }
  }

  @Test(arguments: names) func comesBackFromTheWire(_ text: String, _ name: IMAPCommand.Name) throws {
    for (prefix, arguments) in [("", ""), ("", "INBOX"), ("UID ", "1:3 (FLAGS)")] {
      var writer = ByteWriter()
      IMAPCommand.encode(tag: "a1", name: prefix + text, arguments: arguments, into: &writer)
      let wire = writer.withOctets { $0.copied() }
      #expect(wire.suffix(2) == [13, 10])
      let first = try #require(imapCommand(wire.withoutLineEnd))
      #expect(first.name == name)
      #expect(first.isUID == !prefix.isEmpty)
      writer.removeAll()
      IMAPCommand.encode(tag: first.tag, name: first.nameText, arguments: first.arguments, into: &writer)
      #expect(imapCommand(writer.withOctets { $0.copied() }.withoutLineEnd) == first)
    }
  }

  @Test(arguments: [
    ("a1 uid  fetch 1:* BODY[]", "a1", IMAPCommand.Name.fetch, true, "uid  fetch", "1:* BODY[]"),
    ("A.1-b UID", "A.1-b", .unknown, true, "UID", ""), ("7  noop  ", "7", .noOperation, false, "noop", ""),
    ("a1\tLOGIN a b", "a1", .login, false, "LOGIN", "a b"), ("x XAPPLEPUSH", "x", .unknown, false, "XAPPLEPUSH", ""),
    ("] LIST \"\" %", "]", .list, false, "LIST", "\"\" %"),
  ])
  func readsTheUnusual(
    _ line: String, _ tag: String, _ name: IMAPCommand.Name, _ isUID: Bool, _ text: String, _ arguments: String
  ) {
    #expect(
      imapCommand(line)
        == IMAPCommandText(tag: tag, name: name, isUID: isUID, nameText: text, arguments: arguments))
  }

  @Test(arguments: [
    "", "a1", "a1 ", " a1 NOOP", "* OK ready", "+ go on", "+a NOOP", "a+1 NOOP", "a(1 NOOP", "a{1} NOOP", "a\" NOOP",
    "a% NOOP", "a1 1", "a1 (x)", "\u{e9} NOOP", "a\0 NOOP", "DONE", String(repeating: "a", count: 65) + " NOOP",
  ])
  func isNoCommand(_ line: String) { #expect(imapCommand(line) == nil) }

  @Test(arguments: [
    ("{5}", UInt64(5), false), ("a1 LOGIN {5}", 5, false), ("a1 LOGIN {5+}", 5, true), ("{0}", 0, false),
    ("{0005}", 5, false), ("{5-}", 5, true), ("x {9999999999999999999}", 9_999_999_999_999_999_999, false),
    ("{{7}", 7, false),
  ])
  func announcesALiteral(_ line: String, _ byteCount: UInt64, _ isNonSynchronizing: Bool) throws {
    let octets = line.octets
    let literal = try #require(IMAPLiteral.parse(endOf: octets))
    #expect(literal.byteCount == byteCount)
    #expect(literal.isNonSynchronizing == isNonSynchronizing)
    #expect(literal.range.upper == octets.count)
    var writer = ByteWriter()
    literal.encode(into: &writer)
    let wire = writer.withOctets { $0.copied() }.withoutLineEnd
    let again = try #require(IMAPLiteral.parse(endOf: wire))
    #expect(again.byteCount == byteCount)
    #expect(again.isNonSynchronizing == isNonSynchronizing)
  }

  @Test(arguments: [
    "", "}", "{}", "{+}", "{-}", "5}", "{5} ", "{ 5}", "{5 }", "{-5}", "{5++}", "{x}", "5+}", "{99999999999999999999}",
    "{18446744073709551616}", "\0{5}\0",
  ])
  func announcesNone(_ line: String) {
    #expect(IMAPLiteral.parse(endOf: line.octets) == nil)
  }

  @Test func neverTraps() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("IMAPCommandTests.neverTraps: seed \(seed)")
    for line in hostileLines(
      seed: seed, keywords: ["a1 UID FETCH 1", "a UID", "a1", "* 1 FETCH", "+", "a1 OK", "{5}", "{"])
    {
      _ = imapCommand(line)
      _ = IMAPLiteral.parse(endOf: line.span)
      _ = IMAPResponse.parse(line.span)
      _ = imapTokens(line)
    }
  }
}
