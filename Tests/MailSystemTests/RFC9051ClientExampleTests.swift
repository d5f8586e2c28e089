import Testing

@testable import MailSystem

/// What servers say in the examples of RFC 9051, read by the client: it has to bear all of it (§7). What an operation
/// makes of its own responses stands in `IMAPClientTranscriptTests`.
@Suite struct RFC9051ClientExampleTests {
  /// The examples that are a server's response alone.
  static let responses: [RFCExample] = [
    RFCExample("4.5 LIST NIL", "S: * LIST () \"/\" NIL\nS: * LIST () \"/\" \"NIL\""),
    RFCExample("4.5 FETCH NIL", "S: * 1 FETCH (BODY[1] NIL)\nS: * 1 FETCH (BODY[1] \"NIL\")"),
    RFCExample("6.3.9.3", "S: * LIST (\\Subscribed \\NonExistent) \"/\" \"Fruit/Peach\""),
    RFCExample("6.3.9.7 deleted", "S: * LIST (\\NonExistent) \".\" \"INBOX.DeletedMailbox\""),
    RFCExample("6.3.9.7 renamed", "S: * LIST () \"/\" \"NewMailbox\" (\"OLDNAME\" (\"OldMailbox\"))"),
    RFCExample("7.1.4", "S: * PREAUTH IMAP4rev2 server logged in as Smith"),
    RFCExample("7.2.1", "S: * ENABLED CONDSTORE QRESYNC"),
    RFCExample("7.2.2", "S: * CAPABILITY STARTTLS AUTH=GSSAPI IMAP4rev2 LOGINDISABLED\n XPIG-LATIN"),
    RFCExample("7.3.1 Noselect", "S: * LIST (\\Noselect) \"/\" ~/Mail/foo"),
    RFCExample(
      "7.3.1 extended",
      #"""
      S: * LIST (\Marked) ":" Tables (tablecloth (("edge" "lacy")
          ("color" "red")) Sample "text")
      S: * LIST () ":" Tables:new (tablecloth ("edge" "lacy")
          Sample ("text" "more text"))
      """#),
    RFCExample("7.3.2", "S: * NAMESPACE ((\"\" \"/\")) ((\"~\" \"/\")) NIL"),
    RFCExample("7.3.3", "S: * STATUS blurdybloop (MESSAGES 231 UIDNEXT 44292)"),
    RFCExample("7.3.4 UID", "S: * ESEARCH UID COUNT 17 ALL 4:18,21,28"),
    RFCExample("7.3.4 TAG", "S: * ESEARCH (TAG \"a567\") UID COUNT 17 ALL 4:18,21,28"),
    RFCExample("7.3.4", "S: * ESEARCH COUNT 18 ALL 1:17,21"),
    RFCExample("7.3.5", "S: * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)"),
    RFCExample("7.4.1", "S: * 23 EXISTS"), RFCExample("7.5.1", "S: * 44 EXPUNGE"),
    RFCExample(
      "7.5.2 BODYSTRUCTURE text",
      #"S: * 1 FETCH (BODYSTRUCTURE ("TEXT" "PLAIN" ("CHARSET" "US-ASCII") NIL NIL "7BIT" 2279 48))"#),
    RFCExample(
      "7.5.2 BODYSTRUCTURE multipart",
      #"""
      S: * 1 FETCH (BODYSTRUCTURE (("TEXT" "PLAIN" ("CHARSET" "US-ASCII") NIL NIL "7BIT" 1152 23)
       ("TEXT" "PLAIN" ("CHARSET" "US-ASCII" "NAME" "cc.diff")
       "<960723163407.20117h@cac.washington.edu>" "Compiler diff"
       "BASE64" 4554 73) "MIXED"))
      """#),
    RFCExample("7.5.2", "S: * 23 FETCH (FLAGS (\\Seen) RFC822.SIZE 44827 UID 447)"),
  ]
  /// A device that is logged in, and has asked for one thing.
  private func device(_ operation: IMAPOperation) -> IMAPClientPlay {
    var device = IMAPClientPlay { $0.enabledExtensions = ["IMAP4rev2"] }
    _ = device.hear("* PREAUTH [CAPABILITY IMAP4rev2 ENABLE] ready\r\n* ENABLED IMAP4rev2\r\na1 OK enabled\r\n")
    device.perform(operation)
    return device
  }
  /// The untagged responses of an example, in its order.
  private static func untagged(_ example: RFCExample) -> [String] {
    let lines = example.steps.compactMap { step in if case .server(let line) = step { line } else { nil } }
    return IMAPMeaning.responses(in: lines.map { "\($0)\r\n" }.joined()).filter {
      $0.hasPrefix("* ") && !$0.hasPrefix("* BYE") && !$0.contains("...")
    }
  }

  /// Whatever a server says while an operation is under way, the operation ends as its tagged response says.
  @Test(arguments: responses + RFC9051ExampleTests.examples.map(\.example), [Int.max, 1])
  func clientBearsWhatServersSay(_ example: RFCExample, _ cut: Int) {
    let responses = Self.untagged(example)
    var device = self.device(.noOperation)
    for response in responses { _ = device.hear("\(response)\r\n", cut: cut) }
    #expect(!device.isClosed && device.outcomes.isEmpty, "\(example.id)")
    _ = device.hear("a2 OK done\r\n", cut: cut)
    #expect(device.outcomes.map(\.status) == [.ok] && device.outcomes.first?.text == "done", "\(example.id)")
    #expect(!device.isClosed && device.session.isAtRest)
  }
  @Test(arguments: [Int.max, 1]) func aMailboxMayBeCalledNIL(_ cut: Int) {
    var device = self.device(.list("*"))
    _ = device.hear("* LIST () \"/\" NIL\r\n* LIST () \"/\" \"NIL\"\r\na2 OK done\r\n", cut: cut)
    #expect(device.outcomes.first?.folders.map(\.name) == ["NIL", "NIL"])
  }
  @Test(arguments: [Int.max, 1]) func anAbsentBodyIsNotTheWordNIL(_ cut: Int) {
    var device = self.device(.fetch("1:2", [.message]))
    _ = device.hear("* 1 FETCH (BODY[1] NIL)\r\n* 2 FETCH (BODY[1] \"NIL\")\r\na2 OK done\r\n", cut: cut)
    #expect(device.outcomes.first?.messages[0].sections["BODY[1]"] == .some(nil))
    #expect(device.outcomes.first?.messages[1].sections["BODY[1]"] == Array("NIL".utf8))
  }
  @Test(arguments: [Int.max, 1]) func tagsWithExtendedDataAreFolders(_ cut: Int) {
    var device = self.device(.list("*"))
    for response in Self.responses.first(where: { $0.id == "7.3.1 extended" }).map(Self.untagged) ?? [] {
      _ = device.hear("\(response)\r\n", cut: cut)
    }
    _ = device.hear("a2 OK done\r\n")
    #expect(device.outcomes.first?.folders.map(\.name) == ["Tables", "Tables:new"])
    #expect(device.outcomes.first?.folders.map(\.separator) == [":", ":"])
  }
}
