import Bytes
import Testing

@testable import MailSystem

/// What servers say in RFC 9051's own examples, read by the client.
@Suite struct IMAPClientTranscriptTests {
  /// A device that was logged in before it came, and has asked for one thing.
  private func device(_ operation: IMAPOperation) -> IMAPClientPlay {
    var device = IMAPClientPlay { $0.enabledExtensions = ["IMAP4rev2"] }
    _ = device.hear("* PREAUTH [CAPABILITY IMAP4rev2 ENABLE] ready\r\n* ENABLED IMAP4rev2\r\na1 OK enabled\r\n")
    device.perform(operation)
    return device
  }
  private func outcome(_ operation: IMAPOperation, _ lines: [String]) -> IMAPOutcome? {
    for cut in [1, Int.max] {
      var device = self.device(operation)
      _ = device.hear(lines.map { "\($0)\r\n" }.joined(), cut: cut)
      if cut == Int.max { return device.outcomes.first }
      #expect(device.outcomes.count == 1)
    }
    return nil
  }
  /// RFC 9051 §6.3.2.
  @Test func select() {
    let outcome = outcome(
      .select("INBOX", isReadOnly: false),
      [
        "* 172 EXISTS", "* OK [UIDVALIDITY 3857529045] UIDs valid", "* OK [UIDNEXT 4392] Predicted next UID",
        "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)",
        "* OK [PERMANENTFLAGS (\\Deleted \\Seen \\*)] Limited", "* LIST () \"/\" INBOX",
        "a2 OK [READ-WRITE] SELECT completed",
      ])
    #expect(outcome?.messageCount == 172 && outcome?.status == .ok)
    #expect(outcome?.text == "[READ-WRITE] SELECT completed")
  }
  /// RFC 9051 §6.3.9.8.
  @Test func list() {
    let outcome = outcome(
      .list("*"),
      [
        "* LIST (\\Marked \\NoInferiors \\Subscribed) \"/\" \"inbox\"", "* LIST (\\Subscribed) \"/\" \"Fruit/Banana\"",
        "* LIST (\\Subscribed \\NonExistent) \"/\" \"Fruit/Peach\"", "* LIST (\\Noselect) \"/\" \"\"",
        "* LIST () \"/\" \"Tofu\" (\"CHILDINFO\" (\"SUBSCRIBED\"))", "a2 OK done",
      ])
    #expect(outcome?.folders.map(\.name) == ["inbox", "Fruit/Banana", "Fruit/Peach", "", "Tofu"])
    #expect(outcome?.folders[0].attributes == ["\\Marked", "\\NoInferiors", "\\Subscribed"])
  }
  /// RFC 9051 §6.3.11, §6.4.4.4.
  @Test func statusAndSearch() {
    let status = outcome(.status("blurdybloop"), ["* STATUS blurdybloop (MESSAGES 231 UIDNEXT 44292)", "a2 OK STATUS"])
    #expect(status?.counts == ["MESSAGES": 231, "UIDNEXT": 44_292])
    let search = outcome(.search("FLAGGED"), ["* ESEARCH (TAG \"a2\") ALL 2,10:11", "a2 OK SEARCH completed"])
    #expect(search?.found == [2, 10, 11])
    let old = outcome(.search("FLAGGED"), ["* SEARCH 2 84 882", "a2 OK SEARCH completed"])
    #expect(old?.found == [2, 84, 882])
    let none = outcome(.search("FLAGGED"), ["* ESEARCH (TAG \"a2\")", "a2 OK SEARCH completed, nothing found"])
    #expect(none?.found == [])
  }
  /// RFC 9051 §8: a sample IMAP4rev2 connection.
  @Test func fetch() {
    let header = "Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\r\nFrom: Terry Gray <gray@cac.washington.edu>\r\n\r\n"
    let outcome = outcome(
      .fetch("12", [.headers]),
      [
        "* 12 FETCH (FLAGS (\\Seen) INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" RFC822.SIZE 4286 "
          + "ENVELOPE (\"Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\" \"IMAP4rev2 WG mtg summary and minutes\" "
          + "((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) NIL NIL NIL NIL NIL NIL \"<B27397-0100000@cac.example>\")"
          + " BODY (\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 3028 92)"
          + " BODY[HEADER] {\(header.utf8.count)}\r\n\(header))",
        "* 13 FETCH (BODY[TEXT] NIL BODY[1]<4> \"a \\\"b\\\"\" UID 17)", "a2 OK FETCH completed",
      ])
    #expect(outcome?.messages.count == 2)
    #expect(outcome?.messages[0].flags == ["\\Seen"] && outcome?.messages[0].byteCount == 4286)
    #expect(outcome?.messages[0].sections["BODY[HEADER]"] == Array(header.utf8))
    #expect(outcome?.messages[1].uid == 17)
    #expect(outcome?.messages[1].sections["BODY[1]<4>"] == Array("a \"b\"".utf8))
    #expect(outcome?.messages[1].sections["BODY[TEXT]"] == .some(nil))
  }
  /// RFC 9051 §6.3.12: a literal waits for the server's word.
  @Test func append() {
    let mail = "Date: Mon, 7 Feb 1994 21:52:25 -0800 (PST)\r\n\r\nHello Joe\r\n"
    var device = self.device(.append(Array(mail.utf8), to: "saved-messages", flags: ["\\Seen"]))
    #expect(device.said.hasSuffix("a2 APPEND saved-messages (\\Seen) {\(mail.utf8.count)}\r\n"))
    #expect(device.hear("+ Ready for literal data\r\n") == "\(mail)\r\n")
    _ = device.hear("a2 OK [APPENDUID 38505 3955] APPEND completed\r\n")
    #expect(device.outcomes.first?.text == "[APPENDUID 38505 3955] APPEND completed")

    device = self.device(.append(Array(mail.utf8), to: "fooBar", flags: []))
    #expect(device.hear("a2 NO [TRYCREATE] no such mailbox\r\n") == "")
    #expect(device.outcomes.first?.status == .no && device.session.isAtRest)
  }
  /// RFC 9051 §6.4.3, §6.4.8, §7.1.5.
  @Test func expungeMoveAndBye() {
    let expunge = outcome(.expunge, ["* 3 EXPUNGE", "* 3 EXPUNGE", "* 5 EXPUNGE", "a2 OK EXPUNGE completed"])
    #expect(expunge?.status == .ok)
    let move = outcome(
      .move("42:69", to: "foo"), ["* OK [COPYUID 432432 42:69 1202:1229]", "* 22 EXPUNGE", "a2 OK Done"])
    #expect(move?.text == "Done")
    var device = self.device(.noOperation)
    _ = device.hear("* BYE Autologout; idle for too long\r\n")
    #expect(device.news == [.goodbye("Autologout; idle for too long")] && device.isClosed)
  }
}
